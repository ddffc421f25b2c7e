"""The state of the data, for the notices on every page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from clockstop.core.rulebook import releases
from clockstop.core.types import Month
from clockstop.service.compare.book import NoDataYet, current_book
from clockstop.service.ui import figures


@dataclass(frozen=True, slots=True)
class DataState:
    """``month`` is that of the latest census; made-up figures cannot go out of date."""

    synthetic: bool
    month: Month

    @property
    def census(self) -> str:
        return figures.day(self.month.census)

    @property
    def is_out_of_date(self) -> bool:
        return not self.synthetic and releases.is_out_of_date(self.month, timezone.localdate())

    @property
    def next_month(self) -> str:
        return self.month.plus(1).label


def data_state(_request: HttpRequest) -> dict[str, Any]:
    """``data_state`` in every template, None before any data; the shell's notices read it."""
    try:
        book = current_book()
    except NoDataYet:
        return {"data_state": None}
    return {"data_state": DataState(book.synthetic, book.month)}
