"""The one book of waits that every page reads."""

from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from clockstop.analytics.forecast.expected.waits import ExpectedWaits, expected_file
from clockstop.analytics.lists.book import MonthRow, ProviderWaits
from clockstop.analytics.lists.waits_book import WaitsBook
from clockstop.analytics.published.home import default_home
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.types import Month, Point


class NoDataYet(Exception):  # noqa: N818
    """Nothing has been ingested: there is nothing to show."""


class Place(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def point(self) -> Point: ...


class Places(Protocol):
    def find(self, text: str) -> Place: ...


class Book(Protocol):
    """What pages ask of the waits; `clockstop.analytics.lists` has the real one."""

    @property
    def month(self) -> Month: ...
    @property
    def synthetic(self) -> bool: ...
    @property
    def places(self) -> Places: ...
    def compare(self, function: str) -> tuple[ProviderWaits, ...]: ...
    def provider(self, code: str) -> tuple[ProviderWaits, ...]: ...
    def history(self, code: str, function: str) -> tuple[MonthRow, ...]: ...


def current_book() -> Book:
    """The book of the lake as it stands. Raises NoDataYet if nothing has been ingested."""
    return book_of(settings.CLOCKSTOP_HOME or default_home())


def book_of(home: Path) -> Book:
    """The book of a lake; it is read anew whenever the lake's catalogue changes."""
    return _open(home, Lake(home).version())


@lru_cache(maxsize=1)
def _open(home: Path, _version: int) -> Book:
    try:
        return WaitsBook(Lake(home))
    except NoDataError as error:
        raise NoDataYet from error


def current_waits() -> ExpectedWaits | None:
    """Everybody's wait ahead, from the lake as it stands; None until it was worked out."""
    return waits_of(settings.CLOCKSTOP_HOME or default_home())


def waits_of(home: Path) -> ExpectedWaits | None:
    """Everybody's wait ahead, from a lake; it may be worked out while the site runs."""
    file = _waits_file(home, Lake(home).version())
    return _read_waits(file) if file.exists() else None


@lru_cache(maxsize=1)
def _waits_file(home: Path, _version: int) -> Path:
    return expected_file(Lake(home))


@lru_cache(maxsize=1)
def _read_waits(file: Path) -> ExpectedWaits:
    return ExpectedWaits(file)
