"""A list month by month: its key figures, its charts, its table; all specialties or one."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from clockstop.analytics.lists.measures import MEASURES, Unit
from clockstop.analytics.monitoring.story import STEADY
from clockstop.core.types import Month
from clockstop.service.dashboards.panels import (
    Card,
    Column,
    Panel,
    Row,
    Table,
    by_month,
    measure_column,
    measured,
)
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures
from clockstop.service.ui.charts import Series, line_chart

SOURCE = "NHS England, consultant-led RTT waiting times, full CSV data file"
_MONTHLY = (
    *("incomplete_pathways", "pct_within_18_weeks", "over_52_weeks", "median_weeks"),
    *("new_periods", "admitted_stops", "nonadmitted_stops"),
)
_IN_FILES = ("over_65_weeks", "over_78_weeks", "over_104_weeks", "p92_weeks")
_KEY = (
    *("incomplete_pathways", "pct_within_18_weeks", "over_52_weeks", "median_weeks"),
    *("treated", "new_periods"),
)
_SPANS = {"month": 1, "year": 12}
_TREATED = "Treated in the month"
_CHARTS = (
    ("list", "The waiting list", "People waiting", {"incomplete_pathways": "Waiting list"}),
    (
        "within-18-weeks",
        "Within 18 weeks",
        "Share of people waiting who have waited at most 18 weeks",
        {"pct_within_18_weeks": "Within 18 weeks"},
    ),
    (
        "over-a-year",
        "Waits of over a year",
        "People who have waited over 52 weeks, and over 65",
        {"over_52_weeks": "Over 52 weeks", "over_65_weeks": "Over 65 weeks"},
    ),
    (
        "joined-and-treated",
        "New waits and treatments",
        "New waits, and waits that ended, in the month",
        {"new_periods": "New waits", "treated": "Treated"},
    ),
)
Months: TypeAlias = Mapping[Month, Mapping[str, Any] | None]


def key_figures(subject: Subject, series: Months) -> Panel:
    """The figures to know of the latest month, each with its change on the month and the year."""
    month = subject.book.month
    now = _with_treated(series.get(month))
    earlier = {span: _before(subject, series, back) for span, back in _SPANS.items()}
    cards = tuple(
        Card(
            _name(key),
            figures.with_unit(now.get(key), _unit(key)),
            tuple(_change(now, before, key, span) for span, before in earlier.items()),
        )
        for key in _KEY
    )
    return Panel("key-figures", f"Key figures, {month.label}", cards=cards)


def _before(subject: Subject, series: Months, back: int) -> dict[str, Any] | None:
    """The figures so many months before; None where providers have fallen silent in between."""
    month = subject.book.month.plus(-back)
    before = _with_treated(series.get(month))
    lost = subject.book.lost(subject.area, month)
    return None if before and lost >= STEADY * before[_MONTHLY[0]] else before


def _change(now: dict[str, Any], before: dict[str, Any] | None, key: str, span: str) -> str:
    if before is None:
        return f"not comparable with a {span} before: providers are missing"
    words = figures.change(now.get(key), before.get(key), _unit(key))
    return f"no figure a {span} before" if words == figures.NOT_KNOWN else f"{words} in a {span}"


def charts(subject: Subject, series: Months) -> Iterator[Panel]:
    """The lines over the months, to stand two by two; broken where too much is missing."""
    missing = subject.book.incomplete(subject.area)
    rows = {
        month: None if month in missing else _with_treated(row) or None
        for month, row in series.items()
    }
    for key, title, caption, lines in _CHARTS:
        unit = _unit(next(iter(lines)))
        drawn = line_chart(
            f"{key}-chart",
            caption,
            [Series(name, by_month(rows, measure)) for measure, name in lines.items()],
            figures.percent if unit is Unit.FRACTION else figures.count,
            figures.FINEST[unit],
        )
        if drawn:
            yield Panel(key, title, chart=drawn, is_half=True)


def month_by_month(series: Months) -> Panel:
    """Every month's figures, the latest first."""
    columns = (
        Column("month", "Month"),
        *(measure_column(key) for key in _MONTHLY),
        *(measure_column(key, is_shown=False) for key in _IN_FILES),
    )
    rows = tuple(
        Row({"month": month.label} | measured(row, (*_MONTHLY, *_IN_FILES)))
        for month, row in reversed(list(series.items()))
    )
    table = Table("Every month, latest first", columns, rows)
    return Panel("months", "Month by month", table=table, source=SOURCE)


def _with_treated(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """A row and the treatments with and without admission together; empty for no row."""
    if row is None:
        return {}
    return {**row, "treated": row["admitted_stops"] + row["nonadmitted_stops"]}


def _name(key: str) -> str:
    return _TREATED if key == "treated" else MEASURES[key].name


def _unit(key: str) -> Unit:
    return Unit.PATHWAYS if key == "treated" else MEASURES[key].unit
