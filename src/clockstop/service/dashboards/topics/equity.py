"""Who waits longest: by deprivation, age, ethnicity and sex."""

from collections.abc import Mapping, Sequence
from typing import Any

from clockstop.analytics.lists.measures import Unit
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.analytics.monitoring.equity import DIMENSIONS
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures
from clockstop.service.ui.charts.bars import bar_chart

SOURCE = "NHS England, waiting list minimum data set: demographics (management information)"
_TITLES = {
    "deprivation": "Deprivation",
    "age": "Age",
    "ethnicity": "Ethnicity",
    "sex": "Sex",
}
_DEPRIVATION = {"IMD 1": "1, the most deprived tenth", "IMD 10": "10, the least deprived tenth"}
_ROUNDED = "Figures are rounded to 5; the smallest are not given, to protect people."
_ACUTE = "Waits at NHS acute trusts only."
_OF_ALL = "Of all people waiting in the group."
_COLUMNS = (
    Column("group", "Group"),
    Column("total", "Waiting", Unit.PATHWAYS),
    Column("within_18_share", "Within 18 weeks", Unit.FRACTION, _OF_ALL),
    Column("over_52", "Over 52 weeks", Unit.PATHWAYS),
    Column("over_52_share", "Share over 52 weeks", Unit.FRACTION, _OF_ALL),
)


def applies(subject: Subject) -> bool:
    return subject.book.equity.has(subject.area)


def panels(subject: Subject) -> Sequence[Panel]:
    return tuple(_panel(subject, each) for each in DIMENSIONS)


def _panel(subject: Subject, dimension: str) -> Panel:
    book = subject.book.equity
    groups = [row | {"group": _name(row)} for row in book.groups(subject.area, dimension)]
    day = figures.day(book.week_ending) if book.week_ending else figures.NOT_KNOWN
    whole = _whole(groups)
    words = (_ROUNDED,) if subject.area.kind is AreaKind.ENGLAND else (_ACUTE, _ROUNDED)
    return Panel(
        dimension,
        _TITLES[dimension],
        words,
        chart=bar_chart(
            f"{dimension}-chart",
            "Share of people waiting who have waited at most 18 weeks",
            [(row["group"], row["within_18_share"]) for row in groups],
            figures.percent,
            whole,
            f"Everybody: {figures.percent(whole)}",
        ),
        table=Table(f"{_TITLES[dimension]}, week ending {day}", _COLUMNS, tuple(map(Row, groups))),
        source=SOURCE,
        is_folded=True,
    )


def _name(row: Mapping[str, Any]) -> str:
    """A group as people say it: without the code before an ethnic category."""
    group: str = row["group"]
    if row["dimension"] == "ethnicity":
        return group.split(": ", 1)[-1]
    return _DEPRIVATION.get(group, group.removeprefix("IMD "))


def _whole(groups: Sequence[Mapping[str, Any]]) -> float | None:
    """The share of all groups together, of those that are known."""
    known = [row for row in groups if row["total"] and row["within_18"] is not None]
    total = sum(row["total"] for row in known)
    return sum(row["within_18"] for row in known) / total if total else None
