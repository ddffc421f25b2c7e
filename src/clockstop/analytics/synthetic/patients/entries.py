"""From stories to entries: a row for each, with its pathway, its number and its day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.patients.clocks import (
    WEEK,
    Clocks,
    is_weekend,
)
from clockstop.analytics.synthetic.patients.fragments import PLACES, fragments

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BACK, OPEN, MID, END, AFTER = range(len(PLACES))
AFTERCARE_DAYS = 180
_STILL_WAITING, _ABOUT_TO_STOP = 1.0, 0.1  # the weight of the time since the latest entry
_FRIDAY = 1  # 2 January 1970


@dataclass(frozen=True)
class Entries:
    """Entries in order: ``pathway`` (place in the clocks), ``of`` (row of the pieces), number."""

    pathway: Ints
    of: Ints
    number: Ints
    day: Ints


def entries(clocks: Clocks, pieces: Ints, census: int, rng: np.random.Generator) -> Entries:
    """The entries of the stories, in the order in which they were made."""
    known = fragments()
    told = pieces >= 0
    piece, owner = pieces[told], np.nonzero(told)[0]
    length = known.length[piece]
    pathway = np.repeat(owner, length)
    begins = np.cumsum(length) - length
    of = np.repeat(known.first[piece] - begins, length) + np.arange(len(pathway))
    first = np.searchsorted(pathway, np.arange(len(clocks)))
    number = np.arange(len(pathway)) - first[pathway] + 1
    laid = _Laid(pathway, first, of, len(clocks))
    return Entries(pathway, of, number, laid.days(clocks, census, rng))


@dataclass(frozen=True)
class _Laid:
    """Entries before they have days; ``first`` is where each pathway's begin."""

    pathway: Ints
    first: Ints
    of: Ints
    size: int

    def days(self, clocks: Clocks, census: int, rng: np.random.Generator) -> Ints:
        known = fragments()
        place = known.place[self.of]
        least, most = known.least[self.of], known.most[self.of]
        chance = rng.random(len(self.of))
        gap = np.where(place == BACK, np.floor(least + chance * (most - least + 1)), 0)
        weight = -np.log1p(-chance) * least
        day = clocks.opened[self.pathway] - self._left(gap).astype(np.int64)
        last, opened = clocks.last, clocks.opened
        trail = np.where(clocks.stopped, _ABOUT_TO_STOP, _STILL_WAITING)
        begin = np.minimum(opened + 1, last)
        day = np.where(
            place == MID, self._spread(weight * (place == MID), begin, last, trail, rng), day
        )
        day = np.where(place == END, last[self.pathway], day)
        until = np.minimum(last + AFTERCARE_DAYS, census)
        still = np.full(self.size, _STILL_WAITING)
        after = self._spread(weight * (place == AFTER), last, until, still, rng)
        return np.where(place == AFTER, after, day)

    def _left(self, amount: Floats) -> Floats:
        """The sum of an amount from each entry on to the end of its pathway."""
        total = np.bincount(self.pathway, amount, self.size)
        return total[self.pathway] - self._upto(amount) + amount

    def _upto(self, amount: Floats) -> Floats:
        """The sum of an amount up to each entry, from the beginning of its pathway."""
        upto = np.cumsum(amount)
        before = upto[self.first] - amount[self.first]
        return upto - before[self.pathway]

    def _spread(
        self, weight: Floats, begin: Ints, last: Ints, trail: Floats, rng: np.random.Generator
    ) -> Ints:
        """Days from ``begin`` to ``last`` by running weight, on weekdays where there is room."""
        left = trail * rng.standard_exponential(self.size)
        total = np.bincount(self.pathway, weight, self.size) + left
        share = self._upto(weight) / np.maximum(total, 1e-9)[self.pathway]
        room = (last - begin)[self.pathway]
        day = begin[self.pathway] + np.minimum(np.floor(share * room), room).astype(np.int64)
        friday = day - np.where(is_weekend(day), _days_since_friday(day), 0)
        spread: Ints = np.maximum(friday, begin[self.pathway])
        return spread


def _days_since_friday(day: Ints) -> Ints:
    since: Ints = (day - _FRIDAY) % WEEK
    return since
