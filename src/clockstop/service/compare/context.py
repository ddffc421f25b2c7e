"""The state of the data, for the notices on every page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from clockstop.core.types import Month
from clockstop.service.compare.book import NoDataYet, current_book


@dataclass(frozen=True, slots=True)
class DataState:
    synthetic: bool
    month: Month | None


def data_state(_request: HttpRequest) -> dict[str, Any]:
    """``data_state`` in every template; the shell's notices read it."""
    try:
        book = current_book()
    except NoDataYet:
        return {"data_state": DataState(synthetic=False, month=None)}
    return {"data_state": DataState(book.synthetic, book.month)}
