"""Where an area stands: the list, the long waits, and the targets in force at the census."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clockstop.analytics.lists.measures import Unit
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.analytics.monitoring.standing import judged, long_waits
from clockstop.analytics.published.submitters import MissingSubmitter
from clockstop.core.codes import display_name
from clockstop.core.types import Month
from clockstop.service.dashboards.judged import judged_table
from clockstop.service.dashboards.panels import (
    Column,
    Panel,
    Row,
    Table,
    by_month,
    measure_column,
    measured,
)
from clockstop.service.dashboards.subject import Subject, address_of
from clockstop.service.ui import figures
from clockstop.service.ui.charts import Series, line_chart

_MONTHLY = (
    *("incomplete_pathways", "pct_within_18_weeks", "over_52_weeks", "over_65_weeks"),
    *("median_weeks", "p92_weeks", "new_periods", "admitted_stops", "nonadmitted_stops"),
)
_TARGETS = (
    "A target with a date to come is judged as if it fell due today. Where sources disagree, each "
    "version is shown."
)
_MISSING = (
    "These providers sent figures before. What their waits are now is not known: they are left "
    "out, and the list has not fallen by them."
)


def applies(_subject: Subject) -> bool:
    return True


def panels(subject: Subject) -> Sequence[Panel]:
    series = subject.book.series(subject.area, subject.basis)
    return tuple(_panels(subject, series))


def _panels(subject: Subject, series: Mapping[Month, Mapping[str, Any] | None]) -> Iterator[Panel]:
    yield _targets(subject)
    if missing := subject.book.missing(subject.area):
        yield _missing(subject, missing)
    yield Panel(
        "list",
        "The waiting list",
        chart=line_chart(
            "list-chart",
            "People waiting",
            [Series("Waiting list", by_month(series, "incomplete_pathways"))],
            figures.count,
            1.0,
        ),
    )
    yield Panel(
        "within-18-weeks",
        "Within 18 weeks",
        chart=line_chart(
            "within-18-weeks-chart",
            "Share of people waiting who have waited at most 18 weeks",
            [Series("Within 18 weeks", by_month(series, "pct_within_18_weeks"))],
            figures.percent,
            0.001,
        ),
    )
    yield _long_waits(subject, series)
    yield Panel(
        "months",
        "Month by month",
        table=_months(series),
        source="NHS England, consultant-led RTT waiting times, full CSV data file",
    )


def _targets(subject: Subject) -> Panel:
    month = subject.book.month
    judgements = judged(subject.book, subject.area, subject.basis)
    return Panel(
        "targets", "National targets", words=(_TARGETS,), table=judged_table(judgements, month)
    )


def _missing(subject: Subject, missing: Sequence[MissingSubmitter]) -> Panel:
    columns = (
        Column("name", "Provider"),
        Column("last_month", "Last month sent"),
        Column("last_size", "Waiting list then", Unit.PATHWAYS),
    )
    rows = tuple(
        Row(
            {
                "provider": each.provider,
                "name": display_name(each.name),
                "last_month": each.last_month.label,
                "last_size": each.last_size,
            },
            href=address_of(subject.book.area(AreaKind.PROVIDER, each.provider)),
        )
        for each in missing
    )
    month = subject.book.month.label
    caption = f"Providers that sent no figures for {month}, the largest first"
    return Panel(
        "missing", "Figures that are missing", (_MISSING,), table=Table(caption, columns, rows)
    )


def _long_waits(subject: Subject, series: Mapping[Month, Mapping[str, Any] | None]) -> Panel:
    columns = (
        Column("waited", "Waited so far"),
        Column("people", "People", Unit.PATHWAYS),
        Column("share", "Share of the list", Unit.FRACTION),
        Column("year_ago", "A year before", Unit.PATHWAYS),
    )
    month = subject.book.month
    rows = long_waits(series.get(month), series.get(month.plus(-12)))
    return Panel(
        "long-waits",
        "Long waits",
        chart=line_chart(
            "long-waits-chart",
            "People who have waited over 52 weeks, and over 65",
            [
                Series("Over 52 weeks", by_month(series, "over_52_weeks")),
                Series("Over 65 weeks", by_month(series, "over_65_weeks")),
            ],
            figures.count,
            1.0,
        ),
        table=Table(
            f"How long people had waited at {figures.day(month.census)}",
            columns,
            tuple(
                Row(dict(zip(("waited", "people", "share", "year_ago"), row, strict=True)))
                for row in rows
            ),
        ),
    )


def _months(series: Mapping[Month, Mapping[str, Any] | None]) -> Table:
    columns = (Column("month", "Month"), *(measure_column(key) for key in _MONTHLY))
    return Table(
        "Every month, latest first",
        columns,
        tuple(
            Row({"month": month.label} | measured(row, _MONTHLY))
            for month, row in reversed(list(series.items()))
        ),
    )
