"""The one book of waits that every page reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

if TYPE_CHECKING:
    from clockstop.analytics.lists.book import MissingSubmitter, MonthRow, ProviderWaits
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
    def england(self) -> tuple[MonthRow, ...]: ...
    def missing(self, month: Month) -> tuple[MissingSubmitter, ...]: ...


def current_book() -> Book:
    """The book of the lake as it stands. Raises NoDataYet if nothing has been ingested."""
    return book_of(settings.CLOCKSTOP_HOME)


def book_of(home: Path | None) -> Book:
    raise NoDataYet(home)
