"""The areas below: regions of England, ICBs of a region, providers of an ICB."""

from collections.abc import Sequence

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.service.dashboards.panels import (
    Column,
    Panel,
    Row,
    Table,
    by_month,
    measure_column,
    measured,
)
from clockstop.service.dashboards.subject import Subject, address_of, title_of
from clockstop.service.ui import figures
from clockstop.service.ui.charts.spark import spark

_SHOWN = (
    *("incomplete_pathways", "pct_within_18_weeks", "over_52_weeks", "over_65_weeks"),
    *("median_weeks", "p92_weeks"),
)
_BELOW = {
    AreaKind.ENGLAND: "Regions",
    AreaKind.REGION: "Integrated care boards",
    AreaKind.ICB: "Providers",
}


def applies(subject: Subject) -> bool:
    return bool(subject.book.children(subject.area))


def panels(subject: Subject) -> Sequence[Panel]:
    title = _BELOW[subject.area.kind]
    made = [
        _panel(subject, title.lower().replace(" ", "-"), title, subject.book.children(subject.area))
    ]
    if subject.area.kind is AreaKind.ENGLAND:
        boards = [
            icb
            for each in subject.book.children(subject.area)
            for icb in subject.book.children(each)
        ]
        made.append(_panel(subject, "icbs", "Integrated care boards", boards))
    return made


def _panel(subject: Subject, key: str, title: str, areas: Sequence[Area]) -> Panel:
    rows = [_row(subject, area) for area in areas]
    rows.sort(key=lambda row: -(row.values.get("incomplete_pathways") or 0))
    census = figures.day(subject.book.month.census)
    columns = (Column("name", title.removesuffix("s")), *(measure_column(key) for key in _SHOWN))
    table = Table(
        f"{title} at {census}, the longest list first",
        columns,
        tuple(rows),
        spark_heading="Waiting list over time",
    )
    return Panel(key, title, table=table)


def _row(subject: Subject, area: Area) -> Row:
    series = subject.book.series(area, subject.basis)
    latest = series.get(subject.book.month)
    return Row(
        {"code": area.code, "name": title_of(area)} | measured(latest, _SHOWN),
        href=address_of(area) + (subject.query if area.kind is not AreaKind.PROVIDER else ""),
        spark=spark(subject.book.months, by_month(series, "incomplete_pathways")),
    )
