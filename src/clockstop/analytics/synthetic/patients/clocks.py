"""When each clock started and stopped, so that the month's counts come out."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.patients.mix import rate
from clockstop.analytics.synthetic.patients.source import (
    ADMITTED,
    DECIDED,
    PAST,
    UNKNOWN,
    WAITING,
    Area,
)
from clockstop.core.rtt.week_bands import OPEN_BAND

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WEEK, SATURDAY = 7, 5
NO_SENDER = -1
_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday
_DAYS_A_YEAR = 365
_UNKNOWN_LEAST, _UNKNOWN_MOST = 20, 300  # days for which a clock of unknown start has been known


@dataclass(frozen=True)
class Clocks:
    """A clock for each pathway; days since 1970.

    ``last`` is the day of the stop, or the census. ``sender`` is the provider (number in the area)
    that handed the patient over or sent the form, else -1. ``passed_on``: all that is known of the
    start is that form, which came on the day ``opened``.
    """

    cell: Ints
    role: Ints
    band: Ints
    start: Ints
    last: Ints
    opened: Ints
    sender: Ints
    passed_on: Flags

    def __len__(self) -> int:
        return len(self.cell)

    @property
    def stopped(self) -> Flags:
        """Whose clock had stopped by the census."""
        stopped: Flags = self.role >= ADMITTED
        return stopped

    def began_in(self, first_day: int) -> Flags:
        """Whose known clock start lies on or after a day."""
        began: Flags = (self.band != UNKNOWN) & (self.start >= first_day)
        return began


def days_of(band: Ints, rng: np.random.Generator) -> Ints:
    """Days waited within the week bands, each day of a band as likely as any other."""
    low, high = edges(band)
    return low + (rng.random(len(band)) * (high - low + 1)).astype(np.int64)


def edges(band: Ints) -> tuple[Ints, Ints]:
    """The fewest and the most days of each band."""
    low = np.where(band == 0, 0, WEEK * band + 1)
    return low, WEEK * (band + 1)


def is_weekend(day: Ints) -> Flags:
    """Whether days are Saturdays or Sundays."""
    weekend: Flags = (day + _EPOCH_WEEKDAY) % WEEK >= SATURDAY
    return weekend


def draw(area: Area, rng: np.random.Generator) -> Clocks:
    """A clock for each pathway counted, and some that had long stopped, before any balancing."""
    counts = area.counts
    n = counts["n"].to_numpy()
    cell, role, band = (np.repeat(counts[name].to_numpy(), n) for name in ("cell", "role", "band"))
    past = _past(cell[(role == WAITING) | (role == DECIDED)], rng)
    cell = np.concatenate([cell, past]).astype(np.int64)
    role = np.concatenate([role, np.full(len(past), PAST)]).astype(np.int64)
    band = np.concatenate([band, rng.geometric(0.07, len(past)).clip(1, OPEN_BAND) - 1])
    band = band.astype(np.int64)
    order = np.lexsort((band, role, cell))
    return _dated(area, cell[order], role[order], band[order], rng)


def _past(waiting: Ints, rng: np.random.Generator) -> Ints:
    size = int(rate("past_pathways") * len(waiting))
    return rng.choice(waiting, size, replace=False) if size else waiting[:0]


def _dated(area: Area, cell: Ints, role: Ints, band: Ints, rng: np.random.Generator) -> Clocks:
    size = len(cell)
    last = np.where(role >= ADMITTED, _stops(area, size, rng), area.census)
    long_ago = area.first_day - 1 - rng.integers(0, int(rate("past_years") * _DAYS_A_YEAR), size)
    last = np.where(role == PAST, long_ago, last)
    waited = days_of(band.clip(0), rng)
    beyond = rng.geometric(1 / (WEEK * rate("open_band_weeks")), size)
    waited = np.where(band == OPEN_BAND, WEEK * OPEN_BAND + beyond, waited)
    unknown = rng.integers(_UNKNOWN_LEAST, _UNKNOWN_MOST, size)
    start = last - np.where(band == UNKNOWN, unknown, waited)
    return Clocks(
        cell=cell,
        role=role,
        band=band,
        start=start,
        last=last,
        opened=start,
        sender=np.full(size, NO_SENDER),
        passed_on=np.zeros(size, dtype=np.bool_),
    )


def _stops(area: Area, size: int, rng: np.random.Generator) -> Ints:
    """Days of the month, fewer at weekends."""
    days = np.arange(area.first_day, area.census + 1)
    weight = np.where(is_weekend(days), rate("at_weekends"), 1.0)
    return rng.choice(days, size, p=weight / weight.sum())


def chosen(among: Flags, cell: Ints, wanted: Ints, priority: npt.NDArray[np.float64]) -> Ints:
    """Of those that may be taken, as many of each cell as wanted, lowest priority first."""
    at = np.flatnonzero(among & (wanted[cell] > 0))
    at = at[np.lexsort((priority[at], cell[at]))]
    place = np.arange(len(at)) - np.searchsorted(cell[at], cell[at])
    taken: Ints = at[place < wanted[cell[at]]]
    return taken


def restarted(clocks: Clocks, at: Ints, start: Ints, last: Ints) -> Clocks:
    """The clocks with some of them started and stopped on other days."""
    starts, lasts = clocks.start.copy(), clocks.last.copy()
    starts[at], lasts[at] = start, last
    return replace(clocks, start=starts, last=lasts, opened=starts)
