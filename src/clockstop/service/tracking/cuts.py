"""Who waits how long: numbers and shares within 18 weeks by deprivation, ethnicity, age and sex."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When

from clockstop.core.disclosure import protected, threshold_on
from clockstop.core.rtt.waiting import latest_start_over
from clockstop.service.tracking.cohorts import STANDARD
from clockstop.service.tracking.groups import (
    AGES,
    DECILES,
    NOT_KNOWN,
    SEXES,
    deprivation_name,
    ethnic_categories,
    ethnic_name,
)
from clockstop.service.tracking.querysets import ListEntryQuerySet

LONG = 52
_Groups = dict[Any, tuple[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """A group: how many wait within 18 weeks, longer, and how many of these over 52 weeks.

    None is left out, so that nobody can be found in it. ``asked`` is the group as the filters of
    the list name it.
    """

    name: str
    asked: Mapping[str, str]
    within: int | None
    longer: int | None
    over_a_year: int | None
    all: int | None

    @property
    def share(self) -> float | None:
        """Within 18 weeks; None where it is not known or not shown."""
        return self.within / self.all if self.within is not None and self.all else None


@dataclass(frozen=True, slots=True)
class Cut:
    """A list cut into groups of people."""

    key: str
    title: str
    lines: tuple[Line, ...]
    total: Line


@dataclass(frozen=True, slots=True)
class _Kind:
    key: str
    title: str
    by: Callable[[date], Any]
    groups: Mapping[Any, tuple[str, Mapping[str, str]]]


def _ages(day: date) -> Any:
    return Case(*(When(each.born(day), then=Value(key)) for key, each in AGES.items()))


_DECILES: _Groups = {n: (deprivation_name(str(n)), {"deprivation": str(n)}) for n in DECILES}
_QUINTILES: _Groups = {
    n: (deprivation_name(f"q{n}"), {"deprivation": f"q{n}"}) for n in range(1, 6)
}
_UNKNOWN_PLACE: _Groups = {None: ("Not known", {"deprivation": NOT_KNOWN})}
_QUINTILE_OF = Case(
    *(When(deprivation_decile__in=(2 * n - 1, 2 * n), then=Value(n)) for n in range(1, 6))
)
_ETHNIC = {code: (ethnic_name(code), {"ethnic": code}) for code in ethnic_categories()}
_KINDS = (
    _Kind(
        "decile",
        "Deprivation, by decile",
        lambda _: F("deprivation_decile"),
        {**_DECILES, **_UNKNOWN_PLACE},
    ),
    _Kind(
        "quintile",
        "Deprivation, by quintile",
        lambda _: _QUINTILE_OF,
        {**_QUINTILES, **_UNKNOWN_PLACE},
    ),
    _Kind(
        "ethnic",
        "Ethnic category",
        lambda _: F("ethnic_category"),
        _ETHNIC | {"": (ethnic_name(""), {"ethnic": NOT_KNOWN})},
    ),
    _Kind("age", "Age", _ages, {key: (each.name, {"age": key}) for key, each in AGES.items()}),
    _Kind(
        "sex",
        "Sex",
        lambda _: F("sex"),
        {code: (name, {"sex": code}) for code, name in SEXES.items()},
    ),
)


def cuts(rows: ListEntryQuerySet, today: date, *, is_protected: bool) -> tuple[Cut, ...]:
    """The waits that the returns count, cut in each way.

    ``is_protected``: small numbers are left out, as for everybody but the patients' own provider.
    """
    counted = rows.filter(in_returns=True, clock_start__isnull=False)
    return tuple(_cut(counted, kind, today, is_protected=is_protected) for kind in _KINDS)


def _cut(rows: ListEntryQuerySet, kind: _Kind, today: date, *, is_protected: bool) -> Cut:
    late, year = latest_start_over(today, STANDARD), latest_start_over(today, LONG)
    found = (
        rows.order_by()
        .annotate(group=kind.by(today))
        .values_list("group")
        .annotate(
            within=Count("pk", filter=Q(clock_start__gt=late)),
            longer=Count("pk", filter=Q(clock_start__lte=late, clock_start__gt=year)),
            over_a_year=Count("pk", filter=Q(clock_start__lte=year)),
        )
    )
    counts = {group: (within, longer, over) for group, within, longer, over in found}
    groups = dict(kind.groups) | {
        each: (str(each), {}) for each in counts if each not in kind.groups
    }
    table = [counts.get(group, (0, 0, 0)) for group in groups]
    shown = protected(table, threshold_on(today) if is_protected else 1)
    lines = tuple(
        _line(name, asked, row, total)
        for (name, asked), row, total in zip(
            groups.values(), shown.rows, shown.row_totals, strict=True
        )
        if total != 0
    )
    return Cut(kind.key, kind.title, lines, _line("All", {}, shown.column_totals, shown.total))


def _line(
    name: str, asked: Mapping[str, str], row: tuple[int | None, ...], total: int | None
) -> Line:
    within, longer, over_a_year = row
    both = None if longer is None or over_a_year is None else longer + over_a_year
    return Line(name, asked, within, both, over_a_year, total)
