"""The figures of all England as everybody may have them: of the twelve whole months before this.

They change once a month: day by day their differences would tell what one patient did. A reader
has all tables by all groupings, and may hold any against any other: the totals of England are the
same in each; a provider lies in its ICB; who got from one step to the next stands among those who
got that far; who was treated, moved or accepted stands in the tables of weeks saved, of moves and
of distance. What is left out is therefore decided for all of them at once, by the people in them
(``analytics.disclosure``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.core.cache import cache

from clockstop.analytics.disclosure import Cell, Column, Person, Row, left_out
from clockstop.core.disclosure import threshold_on
from clockstop.service.referrals.choice_figures.reading import year_to
from clockstop.service.referrals.choice_figures.showing import ALL, Line, Plain, Shown, told
from clockstop.service.transfers.measures.courses import Course
from clockstop.service.transfers.measures.reading import By, Scope, named
from clockstop.service.transfers.measures.tables import (
    FLOWS,
    Gathered,
    counted,
    gathered,
    way_of,
)

_KEPT_SECONDS = 86_400
# What goes with what where two people change places: a provider lies in its ICB.
_WAYS = (
    (By.ICB, By.PROVIDER),
    (By.SPECIALTY,),
    (By.DEPRIVATION,),
    (By.AGE,),
    (By.ETHNICITY,),
)
Tables = tuple[Shown, ...]


def last_day(today: date) -> date:
    """The last day of the month before: what was done later is in no published figure."""
    return today.replace(day=1) - timedelta(days=1)


def published(by: By, today: date) -> Tables:
    """Every table, counted once a day at most, however often it is asked for."""
    last = last_day(today)
    key = f"mutual-aid-{last}"
    found: dict[By, Tables] | None = cache.get(key)
    if found is None:
        held = gathered(Scope(year_to(last), By.ICB))
        found = held_together(held, threshold_on(last))
        cache.set(key, found, _KEPT_SECONDS)
    return found[by]


def held_together(held: Gathered, threshold: int) -> dict[By, Tables]:
    """The tables of some courses by every grouping, without what any of them would give away."""
    hidden = left_out(list(_people(held)), threshold, everybody=ALL, shown=_is_printed)
    return {by: tuple(_shown(held.by(by), by, hidden)) for by in By}


def _people(held: Gathered) -> Iterator[Person]:
    for course, alone in held.one_by_one():
        counts: dict[Column, int] = {
            (table.title, column): count
            for table in counted(alone)
            for row in table.rows.values()
            for column, count in zip((*table.columns, ALL), (*row, sum(row)), strict=True)
        }
        yield Person(_rows_of(course), counts)


def _rows_of(course: Course) -> tuple[tuple[tuple[By, str], ...], ...]:
    return tuple(tuple((by, course.groups[by]) for by in way) for way in _WAYS)


def _is_printed(row: Row, column: Column) -> bool:
    """Moves between the sectors stand by specialty, in whichever way the rest is grouped."""
    match row, column:
        case (by, _), (title, _) if title == FLOWS:
            return by is By.SPECIALTY
    return True


def _shown(held: Gathered, by: By, hidden: frozenset[Cell]) -> Iterator[Shown]:
    names = {
        way: named({course.groups[way] for course in held.all}, way) for way in {by, By.SPECIALTY}
    }
    for table in counted(held):
        way = way_of(table, by)
        yield told(table, names[way], _lines(table, way, names[way], hidden))


def _lines(table: Plain, way: By, groups: Iterable[str], hidden: frozenset[Cell]) -> Iterator[Line]:
    nobody = (0,) * len(table.columns)
    rows = {group: table.rows.get(group, nobody) for group in groups}
    whole = [sum(column) for column in zip(nobody, *rows.values(), strict=True)]
    for group, counts in ((ALL, whole), *rows.items()):
        row = ALL if group == ALL else (way, group)
        *cells, total = (
            None if (row, (table.title, column)) in hidden else count
            for column, count in zip((*table.columns, ALL), (*counts, sum(counts)), strict=True)
        )
        yield Line(group, tuple(cells), total, None, ())
