"""Which counts are left out of tables about the same people, so that no small one can be told.

Tables that are published together share more than their totals: whoever was treated was moved
before, and stands in a table of days for it. Instead of listing all that a reader could put
together, another world is kept possible for each small count: one that differs from ours by a
person or two, and in which that count is another. Where the two worlds differ, both are silent;
everywhere else they print the same. So no reasoning from what is printed, however clever, tells
which of them is ours. The other world comes about in one of three ways, whichever is cheapest:
two people change places in one way of grouping; somebody had another's course; or there is one
person more. ``clockstop.core.disclosure`` does the same for one table alone, by circles.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Row = Hashable
Column = Hashable
Cell = tuple[Row, Column]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Costs = npt.NDArray[np.float64]

_NEAREST = 40  # courses that are looked at in place of one: the others leave out more


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is counted. ``rows``: for each way of grouping, the rows that they stand in.

    Rows of which one lies within the other, as a provider in its area, are of one way. ``counts``
    say how often they count in each column, totals among them.
    """

    rows: tuple[tuple[Row, ...], ...]
    counts: Mapping[Column, int]


def left_out(
    people: Sequence[Person],
    threshold: int,
    *,
    everybody: Row,
    shown: Callable[[Row, Column], bool] = lambda *_: True,
) -> frozenset[Cell]:
    """The cells of all tables that are not shown: those of 1 to ``threshold`` less 1, and others.

    ``everybody`` is the row of all; ``shown`` says which columns a row has at all. Whoever knows
    every other cell cannot tell any of the small ones: each is another in a world that looks the
    same. The order of ``people`` does not matter. Raises ValueError where ways differ in number.
    """
    if len({len(each.rows) for each in people}) > 1:
        raise ValueError("everybody is grouped in the same ways")
    return _Tables(people, threshold, everybody, shown).left_out() if people else frozenset()


@dataclass(frozen=True, slots=True)
class _Change:
    """Another world: what it costs, the rows and the columns in which it differs."""

    cost: float
    rows: Ints
    columns: Flags


class _Tables:
    """All tables as one: ``counts`` by row and column, the first row is of everybody."""

    def __init__(
        self,
        people: Sequence[Person],
        threshold: int,
        everybody: Row,
        shown: Callable[[Row, Column], bool],
    ) -> None:
        kinds = sorted({(each.rows, _frozen(each.counts)) for each in people}, key=repr)
        courses = sorted({counts for _, counts in kinds}, key=repr)
        self.columns = sorted({name for course in courses for name, _ in course}, key=repr)
        named = {row for rows, _ in kinds for way in rows for row in way}
        self.rows = [everybody, *sorted(named, key=repr)]
        at_row = {row: at for at, row in enumerate(self.rows)}
        at_column = {column: at for at, column in enumerate(self.columns)}
        at_course = {course: at for at, course in enumerate(courses)}
        self.courses = np.zeros((len(courses), len(self.columns)), np.int64)
        for at, course in enumerate(courses):
            for name, count in course:
                self.courses[at, at_column[name]] = count
        self.course_of = np.array([at_course[counts] for _, counts in kinds])
        self.labels = [sorted({rows[way] for rows, _ in kinds}, key=repr) for way in _ways(kinds)]
        at_label = [{label: at for at, label in enumerate(each)} for each in self.labels]
        self.label_of = np.array(
            [[at_label[way][rows[way]] for way in _ways(kinds)] for rows, _ in kinds]
        )
        self.within = [
            np.array([[row in label for row in self.rows] for label in each], np.bool_)
            for each in self.labels
        ]
        self.lives = [np.zeros((len(each), len(courses)), np.bool_) for each in self.labels]
        for way, lives in enumerate(self.lives):
            lives[self.label_of[:, way], self.course_of] = True
        self.counts = np.zeros((len(self.rows), len(self.columns)), np.int64)
        for person in people:
            own = self.courses[at_course[_frozen(person.counts)]]
            for row in {everybody, *(row for way in person.rows for row in way)}:
                self.counts[at_row[row]] += own
        has = [[shown(row, column) for column in self.columns] for row in self.rows]
        self.has = np.array(has, np.bool_)
        self.small = self.has & (self.counts > 0) & (self.counts < threshold)
        # Small counts are left out first; noughts last, as many know that there can be nobody.
        price = 1.0 + np.where(self.counts > 0, self.counts, len(people))
        self.price: Costs = np.where(self.has & ~self.small, price, 0.0)
        self.hidden = self.small.copy()
        self.dear = [within.astype(np.float64) @ self.price for within in self.within]

    def left_out(self) -> frozenset[Cell]:
        """Keep another world possible for each small count."""
        safe = np.zeros_like(self.small)
        for row, column in np.argwhere(self.small):
            if safe[row, column]:
                continue
            change = min(self._changes(row, column), key=lambda each: each.cost)
            differs = np.zeros_like(self.small)
            differs[np.ix_(change.rows, np.flatnonzero(change.columns))] = True
            differs &= self.has
            safe |= differs
            self._leave_out(change.rows, differs)
        return frozenset(
            (self.rows[row], self.columns[column]) for row, column in np.argwhere(self.hidden)
        )

    def _leave_out(self, rows: Ints, differs: Flags) -> None:
        self.hidden |= differs
        for row in rows:
            saved = np.where(differs[row], self.price[row], 0.0)
            self.price[row] -= saved
            for within, dear in zip(self.within, self.dear, strict=True):
                dear[within[:, row]] -= saved

    def _changes(self, row: int, column: int) -> Iterator[_Change]:
        """What would make a count another: at least one person more always would."""
        for kind in self._kinds_in(row, column):
            yield self._one_more(kind)
            nearest = self._nearest(self.courses[self.course_of[kind]], column)
            yield from self._other_course(kind, nearest)
            for way, within in enumerate(self.within):
                if within[self.label_of[kind, way], row]:
                    yield from self._exchanged(kind, nearest, way, row)

    def _kinds_in(self, row: int, column: int) -> Ints:
        """Kinds of people who count in a cell: fewer than the threshold, as it is small."""
        counts = self.courses[self.course_of, column] > 0
        if row == 0:
            return np.flatnonzero(counts)
        stands = np.zeros(len(self.course_of), np.bool_)
        for way, within in enumerate(self.within):
            stands |= within[self.label_of[:, way], row]
        return np.flatnonzero(counts & stands)

    def _nearest(self, course: Ints, column: int) -> Ints:
        """The courses that count otherwise in a column, and else differ the least."""
        differs = self.courses != course
        others = np.flatnonzero(differs[:, column])
        order = np.argsort(differs[others].sum(axis=1), kind="stable")
        found: Ints = others[order[:_NEAREST]]
        return found

    def _rows_of(self, kind: int) -> Ints:
        stands = np.zeros(len(self.rows), np.bool_)
        stands[0] = True
        for way, within in enumerate(self.within):
            stands |= within[self.label_of[kind, way]]
        return np.flatnonzero(stands)

    def _one_more(self, kind: int) -> _Change:
        rows, columns = self._rows_of(kind), self.courses[self.course_of[kind]] > 0
        return _Change(float(self.price[rows].sum(axis=0)[columns].sum()), rows, columns)

    def _other_course(self, kind: int, nearest: Ints) -> Iterator[_Change]:
        """Somebody had another course; no column is left without anybody, as it is printed."""
        own = self.courses[self.course_of[kind]]
        after = self.counts[0] - own + self.courses[nearest]
        nearest = nearest[((after > 0) | (self.counts[0] == 0)).all(axis=1)]
        if not len(nearest):
            return
        rows, differs = self._rows_of(kind), self.courses[nearest] != own
        costs = np.where(differs, self.price[rows].sum(axis=0), 0.0).sum(axis=1)
        best = int(np.argmin(costs))
        yield _Change(float(costs[best]), rows, differs[best])

    def _exchanged(self, kind: int, nearest: Ints, way: int, row: int) -> Iterator[_Change]:
        """Two people change places in one way of grouping: all totals stay as they are."""
        within, own = self.within[way], self.label_of[kind, way]
        others = np.flatnonzero(~within[:, row])
        labels, courses = np.nonzero(self.lives[way][np.ix_(others, nearest)])
        if not len(labels):
            return
        dear = self.dear[way][others] + self.dear[way][own]
        for at in np.flatnonzero(within[own]):  # what both stand in stays as it is
            dear[within[others, at]] -= 2 * self.price[at]
        differs = self.courses[nearest] != self.courses[self.course_of[kind]]
        costs = np.where(differs[courses], dear[labels], 0.0).sum(axis=1)
        best = int(np.argmin(costs))
        apart = np.flatnonzero(within[others[labels[best]]] ^ within[own])
        yield _Change(float(costs[best]), apart, differs[courses[best]])


def _frozen(counts: Mapping[Column, int]) -> tuple[tuple[Column, int], ...]:
    return tuple(sorted(((name, n) for name, n in counts.items() if n), key=repr))


def _ways(kinds: Sequence[tuple[tuple[tuple[Row, ...], ...], object]]) -> range:
    return range(len(kinds[0][0]))
