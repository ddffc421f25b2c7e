"""Headline measures month by month: the table, the file and the lines of a history."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from clockstop.analytics.lists.book import MonthRow
from clockstop.analytics.lists.measures import HEADLINE_MEASURES, MEASURES, Measure
from clockstop.core.types import Month
from clockstop.service.ui import figures
from clockstop.service.ui.charts import LineChart, Series, line_chart
from clockstop.service.ui.charts.words import spans


@dataclass(frozen=True, slots=True)
class Line:
    """One month of a table; ``cells`` is None where nothing was sent."""

    month: Month
    cells: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class MonthTable:
    """Months down, latest first; measures across."""

    measures: tuple[Measure, ...]
    lines: tuple[Line, ...]


def month_table(rows: Sequence[MonthRow]) -> MonthTable:
    measures = tuple(MEASURES[key] for key in HEADLINE_MEASURES)
    return MonthTable(measures, tuple(_line(row, measures) for row in reversed(rows)))


def _line(row: MonthRow, measures: Sequence[Measure]) -> Line:
    if row.figures is None:
        return Line(row.month, None)
    values = row.figures
    return Line(row.month, tuple(figures.figure(values.get(m.key), m.unit) for m in measures))


def months_without_figures(rows: Sequence[MonthRow]) -> str:
    """The months that are in the data and for which nothing was sent, in words."""
    return spans([row.month for row in rows], [row.figures is None for row in rows])


def lines_over_time(
    rows: Sequence[MonthRow], slug: str, title: str, **keys: str
) -> LineChart | None:
    """A chart of the named measures, the name of each line by its key; None without figures."""
    unit = MEASURES[next(iter(keys))].unit
    series = [
        Series(name, {row.month: _number(row, key) for row in rows}) for key, name in keys.items()
    ]
    return line_chart(
        slug, title, series, lambda value: figures.figure(value, unit), figures.FINEST[unit]
    )


def _number(row: MonthRow, key: str) -> float | None:
    value = (row.figures or {}).get(key)
    return value if isinstance(value, int | float) else None


def month_csv(rows: Sequence[MonthRow]) -> str:
    """Every month and every measure in full precision; blank where nothing is known."""
    lines = [
        [row.month, *((row.figures or {}).get(key) for key in HEADLINE_MEASURES)] for row in rows
    ]
    return csv_text(("month", *HEADLINE_MEASURES), lines)


def csv_text(heading: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([heading, *lines])
    return text.getvalue()


def csv_response(text: str, filename: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
