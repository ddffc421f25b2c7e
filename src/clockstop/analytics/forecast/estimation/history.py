"""What each past month tells: England's rates in it, and what they would have made of each list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.cohorts import Rates, course
from clockstop.analytics.forecast.engine.model import Floats, Weeks
from clockstop.analytics.forecast.estimation.grouping import RATES, STRETCHES
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.months.cube import Cube, Flags
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.analytics.published.submitters import HOLE
from clockstop.core.types import Sector

STALE_MONTHS = 6  # how long a list that is no longer sent is taken as it was last sent
HIGHEST_PROPENSITY = 0.95  # in a week
_REMOVAL = (-0.1, 0.5)  # between which a week's rate of other removals is looked for
_RARE = np.array(STRETCHES.starts) >= 78  # waits that most lists have none of  # noqa: PLR2004
_ROUNDS, _FIRST, _HALF = 24, 0.03, 0.5


@dataclass(frozen=True)
class MonthRates:
    """England's rates of a month, in an ordinary week of it.

    ``propensity`` (rate groups,) is the share of a band that is treated; ``removal`` (stretches,)
    the rate at which others leave, negative where more join. Of the longest waits, where more join
    it is 0, and ``joining`` (stretches,) tells how many pathways: they come to lists that have few
    or none. ``entry`` is what new periods are multiplied by to give those that the next census
    finds.
    """

    propensity: Floats
    removal: Floats
    joining: Floats
    entry: float


@dataclass(frozen=True)
class Expected:
    """What the month's rates make of each list: by stretch, (cells, stretches), in pathways."""

    waiting: Floats
    treated: Floats


@dataclass(frozen=True)
class Step:
    """One month between two censuses: its weeks, working time, rates, and what was to expect.

    ``arrivals`` and ``treatment`` are the month's ordinary weeks; ``both`` (cells,) tells which
    lists were sent at both ends.
    """

    weeks: Weeks
    arrivals: float
    treatment: float
    both: Flags
    rates: MonthRates
    expected: Expected


class History:
    """The months of a cube, each held against England's rates in it.

    A step looks at no month but its own two censuses, so that a history cut short is that of the
    cube cut short. Raises ValueError for fewer than two months.
    """

    def __init__(self, cube: Cube, steps: tuple[Step, ...] | None = None) -> None:
        if len(cube.months) < 2:  # noqa: PLR2004
            raise ValueError("one month tells nothing of what moves a list; two are the least")
        self.cube = cube
        self._steps = steps
        self._until: dict[int, History] = {}
        self.last_errors: dict[Settings, Floats] = {}  # kept by those who work them out

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """One for each month but the first."""
        return self._steps or tuple(_step(self.cube, at) for at in range(1, len(self.cube.months)))

    def until(self, months: int) -> History:
        """The history as it was after so many months; the same one each time."""
        last = self.cube.months[months - 1]
        if months not in self._until:
            cut = History(self.cube.until(last), self.steps[: months - 1])
            cut.sizes, cut.treated = self.sizes[:months], self.treated[:months]  # added up once
            cut._until = self._until  # of a month's past there is only one
            self._until[months] = cut
        return self._until[months]

    @cached_property
    def sizes(self) -> Floats:
        """The lists by month and cell."""
        sizes: Floats = self.cube.waiting.sum(axis=2)
        return sizes

    @cached_property
    def treated(self) -> Floats:
        """Clock stops by month, cell and band."""
        return self.cube.admitted + self.cube.nonadmitted

    @cached_property
    def last_sent(self) -> npt.NDArray[np.int64]:
        """For each cell, which month its list was last sent in; -1 where in none."""
        sent = self.cube.sent
        latest = sent.shape[0] - 1 - sent[::-1].argmax(axis=0)
        return np.where(sent.any(axis=0), latest, -1)

    @cached_property
    def is_listed(self) -> Flags:
        """The cells whose list is known, if only from a few months ago.

        A silent NHS trust's lists are still there if its ICB's fell by them when it fell silent;
        if they did not, others took its patients over. Of other providers a contract has ended.
        """
        recent = self.last_sent >= max(0, len(self.cube.months) - 1 - STALE_MONTHS)
        is_trust = self.cube.cells.sector == str(Sector.NHS_TRUST)
        listed: Flags = recent & (self.cube.sent[-1] | (is_trust & ~self._was_absorbed()))
        return listed

    def _was_absorbed(self) -> Flags:
        sizes = self.sizes
        cells = self.cube.cells
        absorbed = np.zeros(len(cells), dtype=bool)
        for provider in np.unique(cells.provider[~self.cube.sent[-1] & (self.last_sent >= 0)]):
            own = cells.provider == provider
            last = int(self.last_sent[own][0])
            near = cells.icb == cells.icb[own][0]
            before, after = sizes[last : last + 2, near].sum(axis=1)
            absorbed[own] = before - after < HOLE * sizes[last, own].sum()
        return absorbed

    @cached_property
    def waiting(self) -> Floats:
        """The lists to start from, (cells, bands): a late one as it was last sent."""
        cells = np.arange(len(self.cube.cells))
        return self.cube.waiting[self.last_sent, cells] * self.is_listed[:, None]


def _step(cube: Cube, at: int) -> Step:
    weeks = weeks_after(cube.months[at - 1], 1)
    arrivals, treatment = working_time(weeks, weeks.arrivals), working_time(weeks, weeks.treatment)
    both = cube.sent[at] & cube.sent[at - 1]
    before, after = cube.waiting[at - 1], cube.waiting[at]
    treated = cube.admitted[at] + cube.nonadmitted[at]
    came = cube.new_periods[at]
    rates = england_rates(
        before[both].sum(axis=0),
        after[both].sum(axis=0),
        treated[both].sum(axis=0),
        came[both].sum() / arrivals,
        weeks,
    )
    lists, stops = month_ahead(before, came / arrivals, rates, weeks)
    expected = Expected(STRETCHES.sums(lists), STRETCHES.sums(stops))
    return Step(weeks, arrivals, treatment, both, rates, expected)


def working_time(weeks: Weeks, weights: Floats) -> float:
    """How many ordinary weeks the first month of ``weeks`` holds."""
    whole = int(np.ceil(weeks.census[0]))
    return float(weights[: whole - 1].sum() + weights[whole - 1] * (weeks.census[0] - whole + 1))


def england_rates(
    before: Floats, after: Floats, treated: Floats, arrivals: float, weeks: Weeks
) -> MonthRates:
    """The rates that lead from one census to the next, with the month's clock stops.

    Lists and clock stops are by band, (bands,), ``arrivals`` in an ordinary week. Each round runs
    the weeks and corrects every rate by what came out, which converges since a rate acts mostly
    on its own group.
    """
    propensity = np.full(len(RATES.starts), _FIRST)
    removal, joining = np.zeros((2, len(STRETCHES.starts)))
    entry, length = 1.0, weeks.census[0]
    for _ in range(_ROUNDS):
        rates = MonthRates(propensity, removal, joining, entry)
        lists, stops = month_ahead(before[None], np.array([arrivals]), rates, weeks)
        more = (RATES.sums(treated) + _HALF) / (RATES.sums(stops[0]) + _HALF)
        propensity = np.minimum(propensity * more, HIGHEST_PROPENSITY)
        came, said = STRETCHES.sums(after) + _HALF, STRETCHES.sums(lists[0]) + _HALF
        wanted = removal + np.log(said / came) / length
        joins = _RARE & ((wanted < 0) | (joining > 0))
        joining = np.where(joins, np.maximum(joining + (came - said) / length, 0), 0)
        removal = np.where(joins, 0, np.clip(wanted, *_REMOVAL))
        entry *= float(came[0] / said[0])
        removal[0] = joining[0] = 0  # who came within the month is told by the entry
    return MonthRates(propensity, removal, joining, entry)


def month_ahead(
    waiting: Floats, arrivals: Floats, rates: MonthRates, weeks: Weeks
) -> tuple[Floats, Floats]:
    """The lists (cells, bands) a month later and who was treated in it, by England's rates.

    ``arrivals`` (cells,) are new periods in an ordinary week, ``weeks`` those after the census.
    """
    moved = Rates(
        arrivals=arrivals * rates.entry,
        capacity=np.ones(len(waiting)),
        propensity=np.broadcast_to(RATES.each_band(rates.propensity), waiting.shape),
        stays=np.broadcast_to(np.exp(-STRETCHES.each_band(rates.removal)), waiting.shape),
        transfers_in=shared_out(rates.joining, waiting),
        elasticity=0.0,
    )
    return next(course(waiting, moved, weeks))


def shared_out(joining: Floats, waiting: Floats) -> Floats:
    """Who joins each stretch of all lists, by cell and band, as those are shared who are there."""
    total = STRETCHES.each_band(STRETCHES.sums(waiting.sum(axis=0)))
    return STRETCHES.each_band(joining) * ratio(waiting, total)
