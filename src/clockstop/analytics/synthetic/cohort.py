"""A waiting list as cohorts by week waited, moved on week by week.

Every pathway ages one band a week until it stops or is removed. Pathways with a decision to admit
and those without leave at the same rate, so that the list as a whole follows one survival curve;
the share with a decision grows with the wait, and stops with a decision are admissions.
Arrays of counts are cells x bands; a count is a whole number unless chance is ``Expected``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from clockstop.analytics.synthetic.cells import Cells, Floats
from clockstop.analytics.synthetic.chance import Chance
from clockstop.analytics.synthetic.displacement import Displacement
from clockstop.analytics.synthetic.rates import FEWEST_REMOVED, MOST_REMOVED, Rates
from clockstop.analytics.synthetic.season import WEEKS_A_YEAR, Calendar
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month

# The share of those waiting with a decision to admit, relative to the cell's own, by weeks waited.
_DECIDED = {0: 0.63, 4: 1.0, 35: 1.03, 45: 1.15, 52: 1.3, 60: 1.4, 65: 1.7}
MOST_DECIDED = 0.97
KNOWN_DECISIONS = 0.77  # of those waiting who will be admitted, at a census; others are told later
UNKNOWN_STARTS = 0.006  # of stops in the first band

_weeks = np.arange(BANDS, dtype=np.float32)
_DECIDED_SHAPE = np.interp(np.arange(BANDS), list(_DECIDED), list(_DECIDED.values()))


@dataclass(frozen=True)
class MonthOfFlows:
    """What happened in a month and how it ended: cells x bands, or one count for each cell."""

    month: Month
    new_periods: Floats
    admitted: Floats
    nonadmitted: Floats
    admitted_unknown: Floats
    nonadmitted_unknown: Floats
    removed: Floats  # cells; in the real world never reported
    displaced: Floats  # cells; expected stops that went to the independent sector instead
    waiting: Floats
    decided: Floats  # those of ``waiting`` with a known decision to admit


def simulate(
    cells: Cells, rates: Rates, calendar: Calendar, shares: Floats, chance: Chance
) -> Iterator[MonthOfFlows]:
    """The flows of each month in turn, from a list that has settled by the census before.

    ``shares`` is, for each growth area, how much of the independent growth is taken from the NHS.
    """
    waiting_list = _WaitingList(cells, rates, calendar, shares, chance)
    for number in range(len(calendar.months)):
        yield waiting_list.live(number)


class _WaitingList:
    """Everybody waiting, with and without a decision to admit, and the month's flows so far."""

    def __init__(
        self, cells: Cells, rates: Rates, calendar: Calendar, shares: Floats, chance: Chance
    ) -> None:
        self.cells, self.rates, self.calendar, self.chance = cells, rates, calendar, chance
        self.displacement = Displacement(cells, shares)
        self.demand = cells.demand * rates.demand[cells.function]
        removed = cells.removed * rates.removed[cells.function]
        self.removed_share = removed.clip(FEWEST_REMOVED / 2, MOST_REMOVED).astype(np.float32)
        admitted = cells.admitted * rates.admitted[cells.function]
        share = np.minimum(admitted[:, None] * _DECIDED_SHAPE, MOST_DECIDED)
        self.decided_share = share.astype(np.float32)
        self.turning = np.diff(self.decided_share, axis=1) / (1 - self.decided_share[:, :-1])
        settled = self._settled()
        self.decided = chance.scatter(settled * self.decided_share, cells.function)
        self.undecided = settled - self.decided

    def _settled(self) -> Floats:
        """The list that steadily growing demand has left behind."""
        cells, years = self.cells, self.calendar.years(0)
        log_stay = self._log_stay(0)
        waiting = np.cumsum(log_stay, axis=1)
        waiting -= log_stay
        survival = np.exp(waiting)
        survival[:, -1] /= -np.expm1(log_stay[:, -1])
        then = np.where(cells.opens > 0, 0, self.demand * np.exp(cells.growth * years))
        long_ago = np.exp(-cells.growth[:, None] * _weeks / np.float32(WEEKS_A_YEAR))
        expected = (then[:, None] * survival * long_ago).astype(np.float32)
        return self.chance.scatter(expected, cells.function)

    def _log_stay(self, number: int) -> Floats:
        """The log of the share of each band that stays for another week: cells x bands."""
        years = self.calendar.years(number)
        log_stay: Floats = self.rates.log_stay(years)[self.cells.function]
        log_stay *= self.cells.pace[:, None]
        return log_stay

    def live(self, number: int) -> MonthOfFlows:
        """The month: week after week some leave, some get their decision, new patients come."""
        self._start_month()
        speed = np.float32(self.calendar.treatment[number]) * self.chance.noise(self.cells)
        log_stay = self._log_stay(number) * speed[:, None]
        exits = -np.expm1(log_stay)
        arriving = self._demand(number)
        for length in self.calendar.lengths(number):
            if length < 1:
                exits = -np.expm1(log_stay * np.float32(length))
            come = self.chance.scatter(arriving * np.float32(length), self.cells.function)
            self._week(exits, come, length)
        return self._report(self.calendar.months[number])

    def _start_month(self) -> None:
        self.new_periods, self.removed, self.displaced = np.zeros(
            (3, len(self.cells)), dtype=np.float32
        )
        self.admitted, self.nonadmitted = np.zeros((2, len(self.cells), BANDS), dtype=np.float32)

    def _demand(self, number: int) -> Floats:
        """New periods expected in a week of the month, by cell."""
        cells, years = self.cells, self.calendar.years(number)
        mean = self.demand * np.exp(cells.growth * years) * self.calendar.demand[number]
        mean = np.where(cells.opens <= number, mean, 0) * self.chance.noise(cells)
        if number == self.calendar.reference:
            mean = mean * self.rates.dip[cells.function]
        return self.displacement.of_demand(mean.astype(np.float32), number)

    def _week(self, exits: Floats, arriving: Floats, length: float) -> None:
        leaving = [self.undecided * exits, self.decided * exits]
        self.displaced += self.displacement.of_stops(leaving, self.removed_share)
        self.nonadmitted += self._leave(self.undecided, leaving[0])
        self.admitted += self._leave(self.decided, leaving[1])
        turned = self.chance.count(self.undecided[:, :-1] * self.turning)
        self.undecided[:, :-1] -= turned
        self.decided[:, :-1] += turned
        decided = self.chance.count(arriving * self.decided_share[:, 0])
        self.undecided = self._age(self.undecided, arriving - decided, length)
        self.decided = self._age(self.decided, decided, length)
        self.new_periods += arriving

    def _leave(self, waiting: Floats, expected: Floats) -> Floats:
        """Take the leavers off ``waiting``; their clock stops by band, removals counted apart."""
        leaving = self.chance.count(expected)
        waiting -= leaving
        removed = self.chance.count(leaving * self.removed_share[:, None])
        self.removed += removed.sum(axis=1)
        return leaving - removed

    def _age(self, waiting: Floats, arriving: Floats, length: float) -> Floats:
        """Everyone one band up (in part of a week, part of them); newcomers in the first.

        Nobody leaves the last band by ageing.
        """
        moving = waiting if length == 1 else self.chance.count(waiting * np.float32(length))
        aged = waiting - moving
        aged[:, 0] += arriving
        aged[:, 1:] += moving[:, :-1]
        aged[:, -1] += moving[:, -1]
        return aged

    def _report(self, month: Month) -> MonthOfFlows:
        """The month as filed: of the shortest waits some lose their clock start."""
        parts = (self.admitted, self.nonadmitted)
        unknown = [self.chance.count(part[:, 0] * np.float32(UNKNOWN_STARTS)) for part in parts]
        for part, lost in zip(parts, unknown, strict=True):
            part[:, 0] -= lost
        return MonthOfFlows(
            month=month,
            new_periods=self.new_periods,
            admitted=self.admitted,
            nonadmitted=self.nonadmitted,
            admitted_unknown=unknown[0],
            nonadmitted_unknown=unknown[1],
            removed=self.removed,
            displaced=self.displaced,
            waiting=self.undecided + self.decided,
            decided=self.chance.count(self.decided * np.float32(KNOWN_DECISIONS)),
        )
