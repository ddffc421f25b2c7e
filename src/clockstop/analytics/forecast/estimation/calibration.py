"""From past months to a model: each list's rates, as far as its own figures bear them.

A rate is England's, times how the list's treatment function differs from England, times how the
list differs from its function. Either difference is what was observed over what England's rates of
each month made of the same list, and counts the more, the more pathways it rests on (empirical
Bayes). Source of the approach: log-scale band survival with shrinkage, back-tested over rolling
origins; see the explanation in the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.model import Floats, Model
from clockstop.analytics.forecast.estimation.grouping import RATES, STRETCHES
from clockstop.analytics.forecast.estimation.held import held_to_england
from clockstop.analytics.forecast.estimation.history import HIGHEST_PROPENSITY, History, shared_out
from clockstop.analytics.forecast.estimation.levels import Level, level_of, recency
from clockstop.analytics.forecast.estimation.noise import noise_of
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.months.cube import summed
from clockstop.analytics.forecast.months.ratios import ratio

WEEKS_A_MONTH = 365.25 / 12 / 7
_LEAST = 0.02  # of a list stays at least, where more clock stops are told than it held
_HALF = 0.5
_NOISE, _NOISE_OF_ONE = 0.02, 4.0  # variance of a logarithm: of any number of pathways, of one


def calibrate(history: History, settings: Settings | None = None) -> Model:
    """The model of every list at the history's last month.

    A list that was last sent up to ``STALE_MONTHS`` before is taken as it was sent; an older one
    is empty.
    """
    settings = settings or Settings()
    level = level_of(history, settings)
    told = _told(history, settings)
    differs = told.treated_differs(settings)
    removal, entry = _removal(history, level, told, settings)
    arrivals, capacity = _levels(history, settings)
    kept = history.is_listed
    propensity = RATES.each_band(level.rates.propensity) * np.exp(STRETCHES.each_band(differs))
    transfers_in = _transfers_in(history, level, told, removal)
    single = np.float32
    model = Model(
        origin=history.cube.months[-1],
        cells=history.cube.cells,
        waiting=history.waiting.astype(single),
        arrivals=(arrivals * level.rates.entry * np.exp(entry) * kept).astype(single),
        capacity=(capacity * kept).astype(single),
        propensity=np.minimum(propensity, HIGHEST_PROPENSITY).astype(single),
        stays=np.exp(-STRETCHES.each_band(np.maximum(removal, 0))).astype(single),
        transfers_in=(transfers_in * kept[:, None]).astype(single),
        trend=RATES.each_band(level.trend) / WEEKS_A_MONTH,
        damping=level.damping ** (1 / WEEKS_A_MONTH),
        elasticity=settings.elasticity,
        noise=noise_of(history, settings),
    )
    return held_to_england(model, level.rates)


@dataclass(frozen=True)
class _Told:
    """What the months tell of each list, later ones counting more; (cells, stretches).

    ``left`` is what was to expect of the list once those who were treated are gone.
    """

    treated: Floats
    expected_treated: Floats
    waiting: Floats
    left: Floats
    weight: Floats  # (cells,) how many months of full weight
    function: npt.NDArray[np.int64]

    def treated_differs(self, settings: Settings) -> Floats:
        """How the logarithm of each list's propensity differs from England's."""
        return self._differs(self.treated, self.expected_treated, settings)

    def waiting_differs(self, settings: Settings) -> Floats:
        """How the logarithm of what stays of each list in a month differs from England's."""
        return self._differs(self.waiting, self.left, settings)

    def _differs(self, observed: Floats, expected: Floats, settings: Settings) -> Floats:
        of_function = shrunk(
            summed(observed, self.function),
            summed(expected, self.function),
            settings.function_variance,
        )[self.function]
        own = shrunk(observed, expected * np.exp(of_function), settings.cell_variance)
        return of_function + own


def shrunk(observed: Floats, expected: Floats, variance: float) -> Floats:
    """The logarithm of observed over expected counts, as far as their number bears it.

    Normal-normal empirical Bayes: the weight is their ``credibility``.
    """
    ratio: Floats = np.log((observed + _HALF) / (expected + _HALF))
    return ratio * credibility(expected, variance)


def credibility(expected: Floats, variance: float) -> Floats:
    """How much counts of which so many were to expect are believed, 0 to 1; the rest is borrowed.

    ``variance`` over itself plus the noise of the ratio, 0.02 + 4 / expected; counts of months are
    noisier than chance alone makes them.
    """
    noise = _NOISE + _NOISE_OF_ONE / np.maximum(expected, 1 / _NOISE_OF_ONE / 100)
    return variance / (variance + noise)


def _told(history: History, settings: Settings) -> _Told:
    weights = recency(len(history.steps), settings.cell_half_life)
    shape = (len(history.cube.cells), len(STRETCHES.starts))
    sums = np.zeros((4, *shape))
    seen = np.zeros(shape[0])
    for at, (step, weight) in enumerate(zip(history.steps, weights, strict=True), 1):
        here = weight * step.both
        treated = STRETCHES.sums(history.treated[at])
        expected = step.expected
        left = expected.waiting + expected.treated - treated
        left = np.maximum(left, _LEAST * expected.waiting)
        waiting = STRETCHES.sums(history.cube.waiting[at])
        sums += here[:, None] * np.array([treated, expected.treated, waiting, left])
        seen += here
    return _Told(sums[0], sums[1], sums[2], sums[3], seen, functions_of(history))


def functions_of(history: History) -> npt.NDArray[np.int64]:
    """The number of each cell's treatment function."""
    return np.unique(history.cube.cells.function, return_inverse=True)[1]


def _removal(
    history: History, level: Level, told: _Told, settings: Settings
) -> tuple[Floats, Floats]:
    """The weekly rate of other removals (cells, stretches), and the logarithm of entry (cells,)."""
    differs = told.waiting_differs(settings)
    removal = level.rates.removal - differs / _length(history)
    removal[:, 0] = 0  # who came within the month is told by the entry
    return removal, differs[:, 0]


def _transfers_in(history: History, level: Level, told: _Told, removal: Floats) -> Floats:
    """Where more join a stretch than leave it: how many a week, whatever the list's size then.

    The list's own, spread within the stretch as England's list is, and its share of England's.
    """
    left = told.left / np.maximum(told.weight, _HALF / 100)[:, None]
    length = _length(history)
    joined = left * np.expm1(np.maximum(-removal, 0) * length) / length
    england = history.waiting.sum(axis=0)
    own: Floats = STRETCHES.each_band(joined) * shape_of(england)
    return own + shared_out(level.rates.joining, history.waiting)


def _length(history: History) -> float:
    """The weeks of a month between two censuses."""
    return float(np.mean([step.weeks.census[0] for step in history.steps]))


def shape_of(waiting: Floats) -> Floats:
    """The share of each band in its stretch: (bands,)."""
    in_stretch = STRETCHES.each_band(STRETCHES.sums(waiting))
    return ratio(waiting, in_stretch)


def _levels(history: History, settings: Settings) -> tuple[Floats, Floats]:
    """New periods and clock stops in an ordinary week, later months counting more: (cells,).

    Of every month that was sent: neither needs the census before, which a new list does not have.
    """
    weights = recency(len(history.steps), settings.level_half_life)
    came, stopped, arriving, treating = np.zeros((4, len(history.cube.cells)))
    for at, (step, weight) in enumerate(zip(history.steps, weights, strict=True), 1):
        here = weight * history.cube.sent[at]
        came += here * history.cube.new_periods[at]
        stopped += here * history.treated[at].sum(axis=1)
        arriving += here * step.arrivals
        treating += here * step.treatment
    return ratio(came, arriving), ratio(stopped, treating)
