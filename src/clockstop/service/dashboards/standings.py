"""Lists beside each other: of every area or specialty the latest figures, and their shape."""

from collections.abc import Mapping, Sequence
from typing import Any

from clockstop.core.types import Month
from clockstop.service.dashboards.panels import Column, Row, Table, measure_column, measured
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures
from clockstop.service.ui.charts.spark import spark

SIZE = "incomplete_pathways"
SHAPE = "Each line runs from its own lowest month to its own highest: it shows shape, not size."
_SHOWN = (SIZE, "pct_within_18_weeks", "over_52_weeks", "median_weeks", "p92_weeks")
_IN_FILES = (
    *("over_65_weeks", "over_78_weeks", "over_104_weeks"),
    *("new_periods", "admitted_stops", "nonadmitted_stops"),
)


def standing_row(
    names: Mapping[str, str],
    latest: Mapping[str, Any] | None,
    months: Sequence[Month],
    sizes: Mapping[Month, float | None],
    href: str,
) -> Row:
    """One list: ``latest`` its figures of the latest month, ``sizes`` its length in every month."""
    return Row(
        dict(names) | measured(latest, (*_SHOWN, *_IN_FILES)), href, spark=spark(months, sizes)
    )


def standings_table(
    subject: Subject,
    title: str,
    first: Column,
    rows: Sequence[Row],
    limit: int | None = None,
    more: Sequence[Column] = (),
) -> Table:
    """The rows below each other at the latest census; a file has more columns than the page.

    ``more`` are columns of the caller's own, after the figures.
    """
    columns = (
        first,
        *(measure_column(key) for key in _SHOWN),
        *more,
        *(measure_column(key, is_shown=False) for key in _IN_FILES),
    )
    caption = f"{title} at {figures.day(subject.book.month.census)}"
    if limit and len(rows) > limit:
        caption += f": the {limit} longest lists of {len(rows)}"
    return Table(caption, columns, tuple(rows), "List over time", limit=limit)
