"""Tables of counts as they may be shown: small numbers left out, and others with them.

A mean is shown only where every count of its row is, so that it gives none of them away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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


@dataclass(frozen=True, slots=True)
class Share:
    """What part of the counts of some columns a few of them are."""

    words: str
    part: tuple[str, ...]
    whole: tuple[str, ...]

    def named(self, columns: Mapping[str, str]) -> Share:
        """The same with each column called by its heading."""
        part, whole = (tuple(columns[each] for each in some) for some in (self.part, self.whole))
        return Share(self.words, part, whole)

    def of(self, by_column: Mapping[str, int | None]) -> float | None:
        """The share of a row; None where a count is left out, or there is nothing to share."""
        part, whole = ([by_column[each] for each in some] for some in (self.part, self.whole))
        if None in part or None in whole:
            return None
        total = sum(each or 0 for each in whole)
        return sum(each or 0 for each in part) / total if total else None


_SHARES = {
    # Which columns of a table make its share, of which.
    "offered": Share("Offered, of those with an answer", ("yes",), ("yes", "no")),
    "shortlist": Share("Five or more", ("enough",), ("one", "some", "enough")),
    "saving": Share("Chose the fastest, where known", ("taken",), ("taken", "left")),
    "independent": Share("Independent chosen", ("chosen",), ("none", "shortlisted", "chosen")),
    "told": Share(
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
    """A table of counts: rows by group, in the order of its columns.

    ``share`` is of columns by their headings. ``values`` are by group (``ALL`` is one too), in the
    order of the headings ``means``.
    """

    slug: str
    title: str
    words: str
    columns: tuple[str, ...]
    rows: Mapping[str, Sequence[int]]
    share: Share | None = None
    means: tuple[str, ...] = ()
    values: Mapping[str, Sequence[float | None]] = field(default_factory=dict)


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
    tallies = {ALL: whole} | {code: by_group[code] for code in order}
    means = {code: _means(slug, tally.means) for code, tally in tallies.items()}
    counts = Plain(
        slug,
        table.title,
        table.words,
        tuple(table.columns.values()),
        {code: [by_group[code].cells[slug][each] for each in table.columns] for code in order},
        _SHARES[slug].named(table.columns),
        tuple(heading for heading, _ in means[ALL]),
        {code: [value for _, value in each] for code, each in means.items()},
    )
    return plain(counts, names, threshold)


def plain(table: Plain, names: Mapping[str, str], threshold: int) -> Shown:
    """A table of counts as it may be shown, by itself; groups without anybody are left out."""
    return told(table, names, _lines(table, threshold))


def told(table: Plain, names: Mapping[str, str], lines: Iterable[Line]) -> Shown:
    """The same with the counts of ``lines``, in which what is not to be shown is None."""
    return Shown(
        table.slug,
        table.title,
        table.words,
        table.columns,
        table.share.words if table.share else "",
        table.means,
        tuple(_line(table, each, names) for each in lines if each.group == ALL or each.total != 0),
    )


def _line(table: Plain, line: Line, names: Mapping[str, str]) -> Line:
    """The line with its share, and its means where none of its counts was left out."""
    values = tuple(table.values.get(line.group, (None,) * len(table.means)))
    return replace(
        line,
        group=names.get(line.group, line.group),
        share=table.share.of(dict(zip(table.columns, line.cells, strict=True)))
        if table.share
        else None,
        means=values if None not in line.cells else (None,) * len(values),
    )


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
