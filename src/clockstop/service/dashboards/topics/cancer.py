"""Cancer waiting times: the three standards, and where they are missed."""

from collections.abc import Iterator, Sequence

from clockstop.analytics.lists.measures import Unit
from clockstop.analytics.monitoring.cancer import STANDARDS
from clockstop.core.types import Month
from clockstop.service.dashboards.judged import targets_table
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures
from clockstop.service.ui.charts import LineChart, Series, line_chart

SOURCE = "NHS England, cancer waiting times by provider"
_TITLES = {
    "cancer_28_day": "Told within 28 days whether it is cancer",
    "cancer_31_day": "Treated within 31 days of the decision to treat",
    "cancer_62_day": "Treated within 62 days of an urgent referral",
}
_NOTE = (
    "People on a cancer pathway are also on the waiting list that the other pages count. "
    "A patient shared by two providers counts half at each."
)


def applies(subject: Subject) -> bool:
    return subject.book.cancer.has(subject.area)


def panels(subject: Subject) -> Sequence[Panel]:
    return tuple(panel for key in STANDARDS for panel in _panels(subject, key))


def _panels(subject: Subject, key: str) -> Iterator[Panel]:
    found = subject.book.cancer.whole(subject.area, key)
    if not found:
        return
    month = max(found)
    shares: dict[Month, float | None] = {each: row["share"] for each, row in found.items()}
    name = key.replace("_", "-")
    yield Panel(
        name,
        _TITLES[key],
        (_NOTE,),
        chart=_chart(name, key, shares),
        table=targets_table(subject, key, shares),
        source=SOURCE,
    )
    parts = _parts(subject, key, month)
    if parts.rows:
        yield Panel(
            f"{name}-parts", f"{_TITLES[key]}: by route and cancer", table=parts, source=SOURCE
        )


def _chart(name: str, key: str, shares: dict[Month, float | None]) -> LineChart | None:
    if len(shares) < 2:  # noqa: PLR2004 - one month makes no line
        return None
    series = [Series("Within the standard", shares)]
    return line_chart(f"{name}-chart", _TITLES[key], series, figures.percent, 0.001)


def _parts(subject: Subject, key: str, month: Month) -> Table:
    columns = (
        Column("part", "Route, stage or cancer"),
        Column("total", "Patients", Unit.PATHWAYS),
        Column("within", "Within the standard", Unit.PATHWAYS),
        Column("share", "Share", Unit.FRACTION),
    )
    rows = tuple(
        Row(
            {
                "part": row["route"].capitalize() if row["breakdown"] == "all" else row["group"],
                "total": row["total"],
                "within": row["within"],
                "share": row["share"],
            }
        )
        for row in subject.book.cancer.parts(subject.area, key, month)
    )
    return Table(f"{_TITLES[key]}, {month.label}", columns, rows)
