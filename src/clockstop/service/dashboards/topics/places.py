"""The areas below: regions of England, the ICBs of a region, the providers of an ICB."""

from collections.abc import Sequence
from dataclasses import replace

from clockstop.analytics.lists.measures import Unit
from clockstop.analytics.monitoring.areas import Area, AreaKind, Basis
from clockstop.service.dashboards.panels import Column, Panel, Row, by_month
from clockstop.service.dashboards.standings import SHAPE, SIZE, standing_row, standings_table
from clockstop.service.dashboards.subject import Subject, title_of

_LEVELS = {
    AreaKind.REGION: "Regions",
    AreaKind.ICB: "Integrated care boards",
    AreaKind.PROVIDER: "Providers",
}
_KEYS = {AreaKind.REGION: "regions", AreaKind.ICB: "icbs", AreaKind.PROVIDER: "providers"}
_LIMIT = 50
_PER_1000 = Column(
    "per_1000_people",
    "Waits for each 1,000 people",
    Unit.PATHWAYS,
    "The list over the people who live there: mid-year estimates of the Office for National "
    "Statistics.",
)
_AT_PROVIDERS = "A provider's list counts everyone who waits there, whoever pays for their care."


def applies(subject: Subject) -> bool:
    return bool(subject.book.children(subject.area))


def panels(subject: Subject) -> Sequence[Panel]:
    """A panel for every level below, from the next down to providers."""
    made, level = [], list(subject.book.children(subject.area))
    while level:
        made.append(_panel(subject, level))
        level = [each for area in level for each in subject.book.children(area)]
    return made


def _panel(subject: Subject, areas: Sequence[Area]) -> Panel:
    kind = areas[0].kind
    title = _LEVELS[kind]
    found = [row for area in areas if (row := _row(subject.of(area)))]
    found.sort(key=lambda row: -(row.values.get(SIZE) or 0))
    first = Column("name", title.removesuffix("s"))
    more = (_PER_1000,) if any(_PER_1000.key in row.values for row in found) else ()
    table = standings_table(subject, title, first, found, _LIMIT, more)
    words = (SHAPE, _AT_PROVIDERS) if kind is AreaKind.PROVIDER else (SHAPE,)
    return Panel(_KEYS[kind], title, words, table=table)


def _row(subject: Subject) -> Row | None:
    """An area's list; None if it never had one."""
    series = subject.series()
    if not any(series.values()):
        return None
    latest = series[subject.book.month]
    gaps = subject.book.incomplete(subject.area)
    row = standing_row(
        {"code": subject.area.code, "name": title_of(subject.area)},
        latest,
        subject.book.months,
        {month: size for month, size in by_month(series, SIZE).items() if month not in gaps},
        subject.address(),
    )
    people = subject.book.people.get((subject.area.kind, subject.area.code))
    if latest is None or people is None or subject.basis is not Basis.COMMISSIONER:
        return row
    rate = latest[SIZE] / people * 1000
    return replace(row, values={**row.values, _PER_1000.key: rate})
