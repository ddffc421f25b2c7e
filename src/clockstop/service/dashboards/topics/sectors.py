"""Who does the work: NHS trusts, the independent sector, community and GP companies."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clockstop.analytics.lists.measures import Unit
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.core.types import Month, Sector
from clockstop.service.dashboards.panels import Column, Panel, Row, Table, measure_column
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures
from clockstop.service.ui.charts import Series, line_chart

_PARTS = {
    "incomplete_pathways": "the waiting list",
    "admitted_stops": "treatments with admission",
    "nonadmitted_stops": "treatments without admission",
    "new_periods": "new waits",
}
_WHOSE = (
    "The sector is that of the organisation that sends the return: work that a trust hands on to "
    "an independent provider counts as the trust's."
)
_SERIES = (
    "An older series, made with a list of independent providers of its own: set it beside the "
    "figures above, and do not join the two."
)
_Found = Mapping[Sector, Mapping[Month, Mapping[str, Any]]]


def applies(subject: Subject) -> bool:
    return subject.area.kind is not AreaKind.PROVIDER


def panels(subject: Subject) -> Sequence[Panel]:
    return tuple(_panels(subject))


def _panels(subject: Subject) -> Iterator[Panel]:
    found = subject.book.by_sector(subject.area, subject.basis)
    yield Panel(
        "share",
        "The independent sector's share",
        (_WHOSE,),
        chart=line_chart(
            "share-chart",
            "Independent sector's share of treatments",
            [
                Series("With admission", _shares(subject, found, "admitted_stops")),
                Series("Without admission", _shares(subject, found, "nonadmitted_stops")),
            ],
            figures.percent,
            0.001,
        ),
        table=_table(subject, found),
    )
    if subject.area.kind is AreaKind.ENGLAND and subject.book.independent_shares:
        yield _long_view(subject)


def _long_view(subject: Subject) -> Panel:
    months = subject.book.independent_shares
    columns = (
        Column("month", "Month"),
        Column("treatments", "Treatments", Unit.PATHWAYS),
        Column("share", "Independent sector", Unit.FRACTION),
    )
    rows = tuple(
        Row({"month": month.label, "treatments": whole, "share": share})
        for month, (whole, share) in reversed(list(months.items()))
    )
    return Panel(
        "long-view",
        f"Since {min(months).label}",
        (_SERIES,),
        chart=line_chart(
            "long-view-chart",
            "Independent sector's share of all treatments",
            [Series("Independent sector", {month: share for month, (_, share) in months.items()})],
            figures.percent,
            0.001,
        ),
        table=Table("Treatments with and without admission", columns, rows),
        is_folded=True,
        source="The Health Foundation, from NHS England data",
    )


def _shares(subject: Subject, found: _Found, key: str) -> dict[Month, float | None]:
    return {month: _share(found, Sector.INDEPENDENT, month, key) for month in subject.book.months}


def _share(found: _Found, sector: Sector, month: Month, key: str) -> float | None:
    whole = sum(months[month][key] for months in found.values() if month in months)
    mine = found.get(sector, {}).get(month)
    return mine[key] / whole if mine and whole else None


def _table(subject: Subject, found: _Found) -> Table:
    month = subject.book.month
    columns = [Column("sector", "Sector")]
    for key, words in _PARTS.items():
        columns += [
            measure_column(key),
            Column(f"share_of_{key}", f"Share of {words}", Unit.FRACTION),
        ]
    rows = tuple(_row(found, sector, month) for sector in Sector if month in found.get(sector, {}))
    return Table(f"By sector, {month.label}", tuple(columns), rows)


def _row(found: _Found, sector: Sector, month: Month) -> Row:
    figures_of = found[sector][month]
    values: dict[str, Any] = {"sector": sector.label}
    for key in _PARTS:
        values |= {key: figures_of[key], f"share_of_{key}": _share(found, sector, month, key)}
    return Row(values)
