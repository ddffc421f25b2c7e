"""Where an area stands: the list, the long waits, and the targets in force at the census."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clockstop.analytics.lists.measures import Unit
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.analytics.monitoring.standing import judged, long_waits
from clockstop.analytics.published.submitters import MissingSubmitter
from clockstop.core.codes import display_name
from clockstop.service.dashboards.judged import judged_table
from clockstop.service.dashboards.panels import Column, Panel, Row, Table
from clockstop.service.dashboards.subject import Subject, address_of
from clockstop.service.dashboards.trends import Months, charts, key_figures, month_by_month
from clockstop.service.ui import figures

_TARGETS = (
    "A target with a date to come is judged as if it fell due today. Where sources disagree, each "
    "version is shown."
)
_MISSING = (
    "These providers sent figures before. What their waits are now is not known: they are left "
    "out, and the list has not fallen by them. Where more than 5% of a list is missing, the lines "
    "of its charts are broken."
)


def applies(_subject: Subject) -> bool:
    return True


def panels(subject: Subject) -> Sequence[Panel]:
    return tuple(_panels(subject, subject.series()))


def _panels(subject: Subject, series: Months) -> Iterator[Panel]:
    yield key_figures(subject, series)
    yield _targets(subject)
    if ratings := subject.book.ratings(subject.area.code):
        yield _ratings(ratings)
    if missing := subject.book.missing(subject.area):
        yield _missing(subject, missing)
    yield from charts(subject, series)
    yield _long_waits(subject, series)
    yield month_by_month(series)


def _targets(subject: Subject) -> Panel:
    month = subject.book.month
    judgements = judged(subject.book, subject.area, subject.basis)
    return Panel(
        "targets", "National targets", words=(_TARGETS,), table=judged_table(judgements, month)
    )


def _ratings(ratings: Sequence[Mapping[str, Any]]) -> Panel:
    columns = (
        Column("domain", "Question"),
        Column("rating", "Rating"),
        Column("rated_on", "Published"),
        Column("source", "Source"),
    )
    rows = tuple(
        Row(
            {
                "domain": each["domain"].capitalize(),
                "rating": each["rating"],
                "rated_on": figures.day(each["rated_on"]),
                "source": each["source"],
            }
        )
        for each in ratings
    )
    table = Table("Ratings", columns, rows, is_stacked=True)
    return Panel("ratings", "What the regulator says", table=table)


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


def _long_waits(subject: Subject, series: Months) -> Panel:
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
        "How long people have waited",
        table=Table(
            f"How long people had waited at {figures.day(month.census)}",
            columns,
            tuple(
                Row(dict(zip(("waited", "people", "share", "year_ago"), row, strict=True)))
                for row in rows
            ),
        ),
    )
