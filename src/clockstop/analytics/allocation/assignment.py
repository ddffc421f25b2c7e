"""What an assignment says: who goes where, why, why not elsewhere, what one more place brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from clockstop.analytics.allocation.asking import Request
from clockstop.analytics.allocation.assigning import Solved, solved
from clockstop.analytics.allocation.fit import Fit, fit
from clockstop.analytics.allocation.offering import Capacity
from clockstop.analytics.allocation.reasons import Against
from clockstop.analytics.allocation.terms import Terms

_FIFTHS = (1, 2, 3, 4, 5)


class Outcome(StrEnum):
    """What came of a request; the value is what tables carry."""

    PLACED = "placed"
    HELD = "held"
    ALL_TAKEN = "all_taken"
    BATCH_NOT_REACHED = "batch_not_reached"
    NOTHING_FITS = "nothing_fits"
    NOBODY_OFFERS = "nobody_offers"

    @property
    def words(self) -> str:
        """The outcome in plain words."""
        return {
            Outcome.PLACED: "a place is proposed",
            Outcome.HELD: "a place is held already, and kept",
            Outcome.ALL_TAKEN: "everything that fits is taken by requests before it",
            Outcome.BATCH_NOT_REACHED: "a place is free, but too few come from the same sender",
            Outcome.NOTHING_FITS: "something stands against every place",
            Outcome.NOBODY_OFFERS: "nobody offers what is asked for",
        }[self]


class Beside(StrEnum):
    """Why a place that fits is not the one proposed; the value is what tables carry."""

    TAKEN = "taken"
    LATER = "later"
    FURTHER = "further"
    AS_GOOD = "as_good"
    BATCH = "batch"


_BESIDE = {
    Beside.TAKEN: "all its places go to requests that come before, or gain more there together",
    Beside.LATER: "{found} weeks later",
    Beside.FURTHER: "{found} miles further",
    Beside.AS_GOOD: "no better",
    Beside.BATCH: "too few would come from the same sender",
}


@dataclass(frozen=True, slots=True)
class Alternative:
    """A place that fits and is not proposed, and why: ``found`` weeks later or miles further."""

    fit: Fit
    why: Beside
    found: int | None = None

    @property
    def words(self) -> str:
        """Why not, in plain words."""
        return _BESIDE[self.why].format(found=self.found)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One request: what came of it, the place proposed, those that fit too, those that do not."""

    request: str
    outcome: Outcome
    chosen: Fit | None
    alternatives: tuple[Alternative, ...]
    against: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class Worth:
    """One more place at a capacity.

    It would serve one more who has waited ``days`` at level ``urgency`` (``Request.urgency``), or,
    where both are None, spare those who are served so many ``weeks`` and ``miles`` together.
    """

    capacity: str
    urgency: int | None
    days: int | None
    weeks: int
    miles: int


class Assignment:
    """The best assignment of a cohort. Made by ``assign``."""

    def __init__(self, found: Solved, terms: Terms) -> None:
        self._found, self._terms = found, terms
        self._row = {each.id: at for at, each in enumerate(found.requests)}

    @property
    def places(self) -> dict[str, str]:
        """The capacity of each request that gets a place, by their ids; who comes first, first."""
        found = self._found
        pairs = zip(found.requests, found.where.tolist(), strict=True)
        return {one.id: found.capacities[at].id for one, at in pairs if at >= 0}

    @property
    def is_proven(self) -> bool:
        """Whether the best is proven to be it for everybody (minimum batches can prevent that)."""
        return not self._found.unproven.any()

    def outcome(self, request: str) -> Outcome:
        """What came of a request. Raises KeyError for an id that was not given."""
        return self._outcome(self._row[request])

    def _outcome(self, i: int) -> Outcome:
        found = self._found
        if found.requests[i].held_at:
            return Outcome.HELD
        if found.where[i] >= 0:
            return Outcome.PLACED
        if found.fitting[i]:
            return Outcome.BATCH_NOT_REACHED if found.room_left[i] else Outcome.ALL_TAKEN
        return Outcome.NOTHING_FITS if found.mask[i] else Outcome.NOBODY_OFFERS

    def binding(self, request: str) -> Against | None:
        """The first reason against the closest place of a request that nothing fits, else None.

        The closest is the one with the fewest reasons against it. What keeps the request from any
        place comes before all others.
        """
        mask = int(self._found.mask[self._row[request]])
        return next((code for at, code in enumerate(Against) if mask >> at & 1), None)

    def table(self) -> pl.DataFrame:
        """A row for each request, in the order of who comes first.

        Columns: ``request``, ``outcome``, ``capacity``, ``miles``, ``weeks_gained`` (null where it
        is not known), ``binding`` (null where something fits), ``closest`` (the capacity that
        ``binding`` is of), ``is_proven``.
        """
        found = self._found
        rows = [self._line(i, each) for i, each in enumerate(found.requests)]
        return pl.DataFrame(rows, schema=_COLUMNS, orient="row")

    def _line(self, i: int, request: Request) -> tuple[object, ...]:
        found, at = self._found, int(self._found.where[i])
        closest = int(found.closest[i])
        gained = None
        if at >= 0 and request.weeks_left is not None:
            gained = int(found.columns.left[i] - found.columns.until[at])
        return (
            request.id,
            str(self._outcome(i)),
            found.capacities[at].id if at >= 0 else None,
            int(found.miles[i]) if at >= 0 else None,
            gained,
            self.binding(request.id),
            found.capacities[closest].id if closest >= 0 else None,
            not found.unproven[i],
        )

    def worth(self) -> list[Worth]:
        """What one more place would bring, of each capacity where it would bring something.

        Those that would let in somebody first, the most urgent and longest waiting first; then by
        weeks and miles spared. Not known where a minimum batch was broken: left out there.
        """
        found = self._found
        rows = zip(found.capacities, found.lets_in.tolist(), found.spared.tolist(), strict=True)
        worths = [
            Worth(one.id, let_in[0], let_in[1], 0, 0)
            if let_in[0] >= 0
            else Worth(one.id, None, None, spared[0], spared[1])
            for one, let_in, spared in rows
            if let_in[0] >= 0 or any(spared)
        ]
        return sorted(worths, key=_worth_order)

    def fairness(self) -> pl.DataFrame:
        """By fifth of deprivation, 1 the most deprived: who fits somewhere, and who is served.

        ``share`` of those who fit, ``due`` the served that this share would make, ``short`` how
        many fewer there are. Deprivation decides between equals alone, so a fifth may be short.
        """
        found = self._found
        fifth = found.columns.fifth
        fit_of = np.array([((fifth == each) & (found.fitting > 0)).sum() for each in _FIFTHS])
        served = np.array([((fifth == each) & (found.where >= 0)).sum() for each in _FIFTHS])
        share = fit_of / max(fit_of.sum(), 1)
        due = share * served.sum()
        short = np.maximum(due - served, 0)
        columns = {"fifth": _FIFTHS, "fit": fit_of, "served": served}
        return pl.DataFrame(columns | {"share": share, "due": due, "short": short})

    def explain(self, request: str) -> Explanation:
        """All that can be said of one request: every capacity of the cohort with its reasons.

        Raises KeyError for an id that was not given.
        """
        found, i = self._found, self._row[request]
        at = int(found.where[i])
        fits = [fit(found.requests[i], each, self._terms) for each in found.capacities]
        chosen = fits[at] if at >= 0 else None
        others = [
            self._beside(chosen, at, j, each)
            for j, each in enumerate(fits)
            if each.is_fit and j != at
        ]
        refused = tuple(each for each in fits if not each.is_fit)
        return Explanation(request, self._outcome(i), chosen, tuple(others), refused)

    def _beside(self, chosen: Fit | None, at: int, j: int, other: Fit) -> Alternative:
        columns = self._found.columns
        if self._found.used[j] >= columns.free[j]:
            return Alternative(other, Beside.TAKEN)
        if chosen is None:
            return Alternative(other, Beside.BATCH)
        later = int(columns.until[j] - columns.until[at])
        if later > 0:
            return Alternative(other, Beside.LATER, later)
        further = _whole(other.miles) - _whole(chosen.miles)
        if later == 0 and further > 0:
            return Alternative(other, Beside.FURTHER, further)
        return Alternative(other, Beside.BATCH if later or further else Beside.AS_GOOD)


def assign(requests: Iterable[Request], capacities: Iterable[Capacity], terms: Terms) -> Assignment:
    """The best assignment of a cohort to the places there are: see ``assigning`` for what is best.

    Each request gets one place at most, each capacity gives no more than its ``free`` places and
    keeps its minimum batch; places held stay held. The answer does not depend on the order of the
    rows. Raises ValueError naming every id that comes twice.
    """
    return Assignment(solved(requests, capacities, terms), terms)


_COLUMNS = {
    "request": pl.String(),
    "outcome": pl.String(),
    "capacity": pl.String(),
    "miles": pl.Int64(),
    "weeks_gained": pl.Int64(),
    "binding": pl.String(),
    "closest": pl.String(),
    "is_proven": pl.Boolean(),
}


def _whole(miles: float | None) -> int:
    return int((miles or 0) + 0.5)


def _worth_order(worth: Worth) -> tuple[object, ...]:
    urgency, days = worth.urgency, worth.days
    nobody = urgency is None
    return nobody, urgency or 0, -(days or 0), -worth.weeks, -worth.miles, worth.capacity
