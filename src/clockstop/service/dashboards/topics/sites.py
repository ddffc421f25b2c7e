"""Surgical hubs and community diagnostic centres: what there is, and where."""

from collections.abc import Iterator, Sequence
from typing import Any

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.monitoring.sites import CENTRES, HUBS
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.subject import Subject

_WHERE = (
    "A site is placed in an ICB by its position. The lists are of late 2022: some sites have "
    "opened or changed since."
)
_HUB_KINDS = {
    "integrated": "Part of a hospital",
    "ring_fenced": "Ring-fenced in a hospital",
    "stand_alone": "Stands alone",
    "new": "New",
}


def applies(subject: Subject) -> bool:
    return subject.area.kind is not AreaKind.PROVIDER and any(map(len, _found(subject)))


def panels(subject: Subject) -> Sequence[Panel]:
    hubs, centres = _found(subject)
    hub_columns = (
        Column("name", "Hub"),
        Column("trust", "Trust"),
        Column("kind", "Kind"),
        Column("opened", "Opened"),
    )
    centre_columns = (
        Column("name", "Centre"),
        Column("location", "Place"),
        Column("archetype", "Kind"),
        Column("live", "Open in November 2022"),
    )
    hub_rows = tuple(Row(hub | {"kind": _HUB_KINDS.get(hub["kind"], hub["kind"])}) for hub in hubs)
    centre_rows = tuple(
        Row(centre | {"live": "Yes" if centre["is_live"] else "No"}) for centre in centres
    )
    return (
        Panel(
            "hubs",
            f"{len(hubs)} surgical hubs",
            (_WHERE,),
            table=Table("Surgical hubs, by name", hub_columns, hub_rows),
            source="Getting It Right First Time (GIRFT), December 2022",
        ),
        Panel(
            "centres",
            f"{len(centres)} community diagnostic centres",
            table=Table("Community diagnostic centres, by name", centre_columns, centre_rows),
            source="Getting It Right First Time (GIRFT), November 2022",
        ),
    )


def _found(subject: Subject) -> tuple[list[Any], list[Any]]:
    codes = frozenset(area.code for area in _icbs(subject))
    return subject.book.sites.of(HUBS, codes), subject.book.sites.of(CENTRES, codes)


def _icbs(subject: Subject) -> Iterator[Area]:
    """The ICBs that an area is, or is made of."""
    below = [subject.area]
    while below:
        area = below.pop()
        if area.kind is AreaKind.ICB:
            yield area
        else:
            below += subject.book.children(area)
