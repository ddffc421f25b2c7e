"""A waiting list as cohorts by week waited, moved on week by week.

Every pathway ages one band a week until it stops or is removed. Pathways with a decision to admit
and those without leave at the same rate, so that the list as a whole follows one survival curve;
the share with a decision grows with the wait, and stops with a decision are admissions. Counts stay
whole: each expectation is rounded up or down at random, unbiased.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month

Floats = npt.NDArray[np.float32]
Counts = npt.NDArray[np.int32]

# The weekly rate of leaving the list by weeks waited, and the share of those waiting with a
# decision to admit relative to the specialty's own. Fitted by eye to England in 2025: fast in the
# first weeks, steady for most of a year, then pressed by the limits of 52 and 65 weeks.
_LEAVING = {
    0: 0.17,
    1: 0.10,
    2: 0.07,
    4: 0.042,
    8: 0.034,
    15: 0.043,
    25: 0.043,
    35: 0.048,
    45: 0.075,
    54: 0.12,
    61: 0.17,
    65: 0.32,
    72: 0.27,
    84: 0.20,
    104: 0.15,
}
_DECIDED = {0: 0.63, 4: 1.0, 35: 1.03, 45: 1.15, 52: 1.3, 60: 1.4, 65: 1.7}
MOST_DECIDED = 0.97
# Demand and treatment by calendar month, January first, around 1.
_DEMAND = (1.02, 1.02, 1.03, 0.98, 1.01, 1.01, 1.02, 0.93, 1.02, 1.04, 1.02, 0.90)
_TREATMENT = (1.00, 1.02, 1.03, 0.96, 1.00, 1.02, 1.03, 0.95, 1.03, 1.04, 1.03, 0.89)
QUICKENING_A_YEAR = 0.03
DAYS_A_WEEK, DAYS_A_YEAR = 7, 365.25
WEEKS_A_YEAR = DAYS_A_YEAR / DAYS_A_WEEK
UNKNOWN_STARTS = 0.006  # of stops in the first band

_weeks = np.arange(BANDS)
LOG_STAY: Floats = -np.interp(_weeks, list(_LEAVING), list(_LEAVING.values())).astype(np.float32)
_LOG_WAITING = np.cumsum(LOG_STAY) - LOG_STAY  # up to each band
_DECIDED_SHAPE = np.interp(_weeks, list(_DECIDED), list(_DECIDED.values()))


@dataclass(frozen=True)
class Cells:
    """One entry for each provider, commissioner and function: who they are and how they behave.

    ``provider``, ``commissioner`` and ``function`` are indices; ``demand`` is new periods a week at
    the start; ``growth`` its rate a year; ``pace`` the exponent on survival; ``admitted`` the
    share of stops that are admissions; ``removed`` the share of exits that nobody reports;
    ``opens`` the month (from 0) before which nothing comes.
    """

    provider: npt.NDArray[np.int64]
    commissioner: npt.NDArray[np.int64]
    function: npt.NDArray[np.int64]
    demand: Floats
    growth: Floats
    pace: Floats
    admitted: Floats
    removed: Floats
    opens: npt.NDArray[np.int64]


@dataclass(frozen=True)
class MonthOfFlows:
    """What happened in a month and how it ended: cells x 105 bands, or one count for each cell."""

    month: Month
    new_periods: Counts
    admitted: Counts
    nonadmitted: Counts
    admitted_unknown: Counts
    nonadmitted_unknown: Counts
    removed: Counts  # cells; in the real world never reported
    waiting: Counts
    decided: Counts  # those of ``waiting`` with a decision to admit


@dataclass(frozen=True)
class _Week:
    """A simulated week, or the days of a month beyond four weeks as a ``length`` of one.

    ``years`` have passed since the start; the month is the ``number``-th, from 0.
    """

    years: float
    number: int
    month: Month
    length: float


def simulate(
    cells: Cells, months: Sequence[Month], rng: np.random.Generator
) -> Iterator[MonthOfFlows]:
    """The flows of each month in turn, from a list that has settled by the census before."""
    waiting_list = _WaitingList(cells, rng)
    for month, weeks in zip(months, _calendar(months), strict=True):
        for week in weeks:
            waiting_list.live(week)
        yield waiting_list.report(month)


def _calendar(months: Sequence[Month]) -> Iterator[list[_Week]]:
    years = 0.0
    for number, month in enumerate(months):
        lengths = [1.0] * (month.days // DAYS_A_WEEK)
        if days := month.days % DAYS_A_WEEK:
            lengths.append(days / DAYS_A_WEEK)
        yield [_Week(years, number, month, length) for length in lengths]
        years += month.days / DAYS_A_YEAR


class _WaitingList:
    """Everybody waiting, with and without a decision to admit, and the month's flows so far."""

    def __init__(self, cells: Cells, rng: np.random.Generator) -> None:
        self.cells, self.rng = cells, rng
        share = np.minimum(cells.admitted[:, None] * _DECIDED_SHAPE, MOST_DECIDED)
        self.decided_share = share.astype(np.float32)
        self.turning = np.diff(self.decided_share, axis=1) / (1 - self.decided_share[:, :-1])
        settled = self._settled()
        self.decided = _round(settled * self.decided_share, rng)
        self.undecided = settled - self.decided
        self._start_month()

    def _settled(self) -> Counts:
        """The list that steadily growing demand has left behind."""
        cells = self.cells
        survival = np.exp(cells.pace[:, None] * _LOG_WAITING)
        survival[:, -1] /= -np.expm1(cells.pace * LOG_STAY[-1])
        long_ago = np.exp(-cells.growth[:, None] * _weeks / WEEKS_A_YEAR)
        demand = np.where(cells.opens > 0, 0, cells.demand)
        return _round(demand[:, None] * survival * long_ago, self.rng)

    def _start_month(self) -> None:
        cells = len(self.cells.demand)
        self.new_periods = np.zeros(cells, dtype=np.int32)
        self.removed = np.zeros(cells, dtype=np.int32)
        self.admitted = np.zeros((cells, BANDS), dtype=np.int32)
        self.nonadmitted = np.zeros((cells, BANDS), dtype=np.int32)

    def live(self, week: _Week) -> None:
        """One week: some leave, some get their decision, all age by a band, new patients come."""
        exits = _exit_share(self.cells, week)
        self.nonadmitted += self._leave(self.undecided, exits)
        self.admitted += self._leave(self.decided, exits)
        turned = _round(self.undecided[:, :-1] * self.turning, self.rng)
        self.undecided[:, :-1] -= turned
        self.decided[:, :-1] += turned
        arriving = _arrivals(self.cells, week, self.rng)
        decided = _round(arriving * self.decided_share[:, 0], self.rng)
        self.undecided = _age(self.undecided, arriving - decided, week.length, self.rng)
        self.decided = _age(self.decided, decided, week.length, self.rng)
        self.new_periods += arriving

    def _leave(self, waiting: Counts, exits: Floats) -> Counts:
        """Take the leavers off ``waiting``; their clock stops by band, removals counted apart."""
        leaving = _round(waiting * exits, self.rng)
        waiting -= leaving
        removed = _round(leaving * self.cells.removed[:, None], self.rng)
        self.removed += removed.sum(axis=1, dtype=np.int32)
        return leaving - removed

    def report(self, month: Month) -> MonthOfFlows:
        """The month as filed, and begin the next: of the shortest waits some lose their start."""
        parts = (self.admitted, self.nonadmitted)
        admitted_unknown, nonadmitted_unknown = (
            _round(part[:, 0] * UNKNOWN_STARTS, self.rng) for part in parts
        )
        self.admitted[:, 0] -= admitted_unknown
        self.nonadmitted[:, 0] -= nonadmitted_unknown
        flows = MonthOfFlows(
            month=month,
            new_periods=self.new_periods,
            admitted=self.admitted,
            nonadmitted=self.nonadmitted,
            admitted_unknown=admitted_unknown,
            nonadmitted_unknown=nonadmitted_unknown,
            removed=self.removed,
            waiting=self.undecided + self.decided,
            decided=self.decided,
        )
        self._start_month()
        return flows


def _exit_share(cells: Cells, week: _Week) -> Floats:
    """Share of each band that leaves this week: cells x bands."""
    quicker = 1 + QUICKENING_A_YEAR * week.years
    speed = np.float32(week.length * _TREATMENT[week.month.number - 1] * quicker)
    share: Floats = -np.expm1((cells.pace * speed)[:, None] * LOG_STAY)
    return share


def _arrivals(cells: Cells, week: _Week, rng: np.random.Generator) -> Counts:
    season = _DEMAND[week.month.number - 1] * rng.normal(1, 0.03)
    growth = np.exp(cells.growth * week.years)
    open_now = cells.opens <= week.number
    mean = cells.demand * growth * open_now * season * week.length
    arriving: Counts = rng.poisson(mean).astype(np.int32)
    return arriving


def _age(waiting: Counts, arriving: Counts, length: float, rng: np.random.Generator) -> Counts:
    """Everyone one band up (in part of a week, part of them); newcomers in the first.

    Nobody leaves the last band by ageing.
    """
    moving = waiting if length == 1 else _round(waiting * length, rng)
    aged = waiting - moving
    aged[:, 0] += arriving
    aged[:, 1:] += moving[:, :-1]
    aged[:, -1] += moving[:, -1]
    return aged


def _round(expected: npt.NDArray[np.floating[Any]], rng: np.random.Generator) -> Counts:
    """Whole numbers next to the expected ones, right on average."""
    whole = np.floor(expected)
    up = rng.random(expected.shape, dtype=np.float32) < expected - whole
    rounded: Counts = (whole + up).astype(np.int32)
    return rounded
