"""The headline figures of a month, as commands print them and pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from clockstop.analytics.lists import measures
from clockstop.core.rtt.week_bands import open_band

HEADLINE_KEYS: Final = ("month", *measures.HEADLINE_MEASURES)


def headline(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of ``list_statistics`` as the headline: ``HEADLINE_KEYS`` in order, values ``shown``.

    Raises KeyError if the row lacks one of them.
    """
    month = row["month"]
    return {key: shown(row[key], row.get(f"{key}_open", False), month) for key in HEADLINE_KEYS}


def shown(value: Any, is_open: bool | None, month: str) -> Any:
    """A figure for JSON, CSV and pages: ``"104+"`` for a quantile in the open last band.

    Returns of before April 2021 end at ``"52+"``.
    """
    return f"{open_band(month)}+" if is_open else value
