"""Tables of counts as they may be shown: small numbers left out, and others with them.

A mean is shown only where every count of its row is, so that it gives none of them away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from clockstop.core.disclosure import protected
from clockstop.service.referrals.choice_figures.counting import (
    TABLES,
    Choice,
    Means,
    Tally,
    counted,
    together,
)

ALL = "All"
_SHARES = {
    # Which columns of a table make its share, of which: None where there is no share to tell.
    "offered": ("Offered, of those with an answer", ("yes",), ("yes", "no")),
    "shortlist": ("Five or more", ("enough",), ("one", "some", "enough")),
    "saving": ("Chose the fastest, where known", ("taken",), ("taken", "left")),
    "independent": ("Independent chosen", ("chosen",), ("none", "shortlisted", "chosen")),
    "told": (
        "Patients who say yes",
        ("yes_yes", "yes_no", "yes_not_recorded"),
        ("yes_yes", "yes_no", "yes_not_recorded", "no_yes", "no_no", "no_not_recorded"),
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown; None is left out. ``means`` are by their heading."""

    group: str
    cells: tuple[int | None, ...]
    total: int | None
    share: float | None
    means: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table with its total first, and its groups."""

    slug: str
    title: str
    words: str
    columns: tuple[str, ...]
    share: str
    means: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Plain:
    """A table of counts that is no table of choices: rows by group, in the order of its columns."""

    slug: str
    title: str
    words: str
    columns: tuple[str, ...]
    rows: Mapping[str, Sequence[int]]


def shown(choices: Iterable[Choice], names: Mapping[str, str], threshold: int) -> tuple[Shown, ...]:
    """Every table by the groups of the choices; ``names`` are theirs in words, in their order."""
    held = list(choices)
    by_group, whole = counted(held), together(held)
    order = [code for code in names if code in by_group]
    return tuple(_table(slug, by_group, whole, order, names, threshold) for slug in TABLES)


def _table(
    slug: str,
    by_group: Mapping[str, Tally],
    whole: Tally,
    order: Sequence[str],
    names: Mapping[str, str],
    threshold: int,
) -> Shown:
    table = TABLES[slug]
    headings = tuple(heading for heading, _ in _means(slug, Means(None, None, None, None)))
    plain = Plain(
        slug,
        table.title,
        table.words,
        tuple(table.columns.values()),
        {code: [by_group[code].cells[slug][each] for each in table.columns] for code in order},
    )
    lines = _lines(plain, threshold)
    tallies = [whole, *(by_group[code] for code in order)]
    return Shown(
        slug,
        table.title,
        table.words,
        plain.columns,
        _SHARES[slug][0],
        headings,
        tuple(
            Line(
                names.get(line.group, line.group),
                line.cells,
                line.total,
                _share(slug, line.cells),
                tuple(
                    value if None not in line.cells else None
                    for _, value in _means(slug, tally.means)
                ),
            )
            for line, tally in zip(lines, tallies, strict=True)
            if line.group == ALL or line.total != 0
        ),
    )


def plain(table: Plain, names: Mapping[str, str], threshold: int) -> Shown:
    """Another table of counts as it may be shown."""
    lines = tuple(
        Line(names.get(each.group, each.group), each.cells, each.total, None, ())
        for each in _lines(table, threshold)
    )
    return Shown(table.slug, table.title, table.words, table.columns, "", (), lines)


def _lines(table: Plain, threshold: int) -> list[Line]:
    """The rows under the small-number rule, the total of all first."""
    if not table.rows:
        nothing = tuple(0 for _ in table.columns)
        return [Line(ALL, nothing, 0, None, ())]
    safe = protected(list(table.rows.values()), threshold)
    rows = zip(table.rows, safe.rows, safe.row_totals, strict=True)
    return [
        Line(ALL, safe.column_totals, safe.total, None, ()),
        *(Line(code, cells, total, None, ()) for code, cells, total in rows),
    ]


def _share(slug: str, cells: tuple[int | None, ...]) -> float | None:
    _, some, whole = _SHARES[slug]
    by_column = dict(zip(TABLES[slug].columns, cells, strict=True))
    part, base = [by_column[each] for each in some], [by_column[each] for each in whole]
    if None in part or None in base:
        return None
    total = sum(each or 0 for each in base)
    return sum(each or 0 for each in part) / total if total else None


def _means(slug: str, means: Means) -> tuple[tuple[str, float | None], ...]:
    if slug == "shortlist":
        return (
            ("Mean providers", means.providers),
            ("Median providers", means.median_providers),
            ("Mean services", means.services),
        )
    if slug == "saving":
        return (("Mean days left unsaved", means.days_left),)
    return ()
