"""The middle of the forecast: each list's own course, held to England's.

A single list's growth is mostly chance: forecasts that follow it wholly lose to "no change". So the
growth of each stretch of a list is England's, plus a part of how the list's rates and its
function's differ. England's own course is corrected by what it has lately got wrong. The
parts add up: the lists of a month sum to England's, stretch by stretch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clockstop.analytics.forecast.engine.calendar import month_shares, weeks_after
from clockstop.analytics.forecast.engine.cohorts import Rates, course
from clockstop.analytics.forecast.engine.model import Floats, Model, Weeks
from clockstop.analytics.forecast.engine.simulation import expected_paths
from clockstop.analytics.forecast.estimation.calibration import WEEKS_A_MONTH, functions_of
from clockstop.analytics.forecast.estimation.grouping import RATES, STRETCHES
from clockstop.analytics.forecast.estimation.history import History, shared_out
from clockstop.analytics.forecast.estimation.levels import level_of, recency, recent_mean, weekly
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.months.cube import Flags, summed
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.core.rtt.week_bands import STANDARD_WEEKS

_CORRECTED = (0, STANDARD_WEEKS, 52)  # bands from which what is corrected begins; 52 on is not
_FROM_52 = STRETCHES.starts.index(52)
_WIDTHS = (STRETCHES.starts.index(18), _FROM_52 - STRETCHES.starts.index(18))
_FEW, _HALF = 5.0, 0.5
_LEAST_MONTHS = 3  # before a past error can be told


@dataclass(frozen=True)
class Given:
    """England's new periods and clock stops of the months to come, where they are known."""

    new_periods: Floats
    clock_stops: Floats


def england_course(
    history: History, settings: Settings, months: int, given: Given | None = None
) -> Floats:
    """England's lists at the origin and at each census after it: (1 + months, bands).

    With ``given`` flows the lists alone are forecast: who is treated, and who leaves otherwise.
    """
    paths = _course(history, settings, history.is_listed, months, given)
    return paths * np.exp(STRETCHES.each_band(_correction(history, settings, months)))


def _course(
    history: History, settings: Settings, cells: Flags, months: int, given: Given | None = None
) -> Floats:
    """The sum of these cells' lists, by England's rates and their own flows."""
    level = level_of(history, settings)
    origin = history.waiting[cells].sum(axis=0)[None]
    arrivals, capacity = (1.0, 1.0) if given else _flows(history, settings, cells)
    rates = Rates(
        arrivals=np.array([arrivals * level.rates.entry]),
        capacity=np.array([capacity]),
        propensity=RATES.each_band(level.rates.propensity)[None],
        stays=np.exp(-STRETCHES.each_band(level.rates.removal))[None],
        transfers_in=shared_out(level.rates.joining, origin),
        elasticity=1.0 if given else settings.elasticity,
    )
    trend = weekly(level, 1 / WEEKS_A_MONTH)
    weeks = weeks_after(history.cube.months[-1], months)
    if given:
        weeks = _holding(weeks, given)
    later = course(origin, rates, weeks, lambda week: RATES.each_band(trend(week)))
    return np.concatenate([origin, *(lists for lists, _ in later)])


def _holding(weeks: Weeks, given: Given) -> Weeks:
    """The weeks with weights that hold each month's flows, spread by its working time."""
    within = month_shares(weeks)

    def held(work: Floats, flow: Floats) -> Floats:
        parts = within * work[:, None]
        spread: Floats = (parts / parts.sum(axis=0) * flow).sum(axis=1)
        return spread

    return replace(
        weeks,
        arrivals=held(weeks.arrivals, given.new_periods),
        treatment=held(weeks.treatment, given.clock_stops),
    )


def _flows(history: History, settings: Settings, cells: Flags) -> tuple[float, float]:
    """New periods and clock stops of the cells in an ordinary week, later months counting more.

    A month in which some of them sent nothing is made up by how much of their lists is missing.
    """
    rates = []
    size = history.sizes
    for at, step in enumerate(history.steps, 1):
        here = cells & step.both
        share = _share(size[history.last_sent, np.arange(len(cells))], here, cells)
        came = history.cube.new_periods[at][here].sum() / step.arrivals / share
        stopped = history.treated[at][here].sum() / step.treatment / share
        rates.append((came, stopped))
    arrivals, capacity = recent_mean(np.array(rates), settings.level_half_life)
    return float(arrivals), float(capacity)


def _share(size: Floats, some: Flags, of: Flags) -> float:
    whole = size[of].sum()
    part = size[some].sum()
    return float(part / whole) if part > 0 else 1.0


def _correction(history: History, settings: Settings, months: int) -> Floats:
    """What past months were out by, carried on and fading: logarithms, (1 + months, stretches)."""
    errors = _past_errors(history, settings)
    weights = recency(len(errors), settings.correction_half_life)
    usual = np.tensordot(weights, errors, 1) / (weights.sum() + settings.correction_prior)
    fading = settings.correction_damping
    ahead = np.arange(1 + months, dtype=np.float64)
    carried: Floats = ((1 - fading**ahead) / (1 - fading))[:, None] * usual
    return carried


def _past_errors(history: History, settings: Settings) -> Floats:
    """What each past month was out by, seen from the month before: (months, stretches)."""
    known = range(_LEAST_MONTHS + 1, len(history.cube.months) + 1)
    rows = [_last_error(history.until(months), settings) for months in known]
    return np.array(rows).reshape(-1, len(STRETCHES.starts))


def _last_error(history: History, settings: Settings) -> Floats:
    """What the last month was out by, seen from the month before: (stretches,).

    The logarithm of what came over what had been said, of under 18 and of 18 to 52 weeks; longer
    waits turn too fast for it.
    """
    if settings not in history.last_errors:
        both = history.steps[-1].both
        before = history.until(len(history.cube.months) - 1)
        said = _course(before, settings, both, 1)[1]
        came = history.cube.waiting[-1][both].sum(axis=0)
        off = np.log(
            (np.add.reduceat(came, _CORRECTED) + 1) / (np.add.reduceat(said, _CORRECTED) + 1)
        )
        row = np.zeros(len(STRETCHES.starts))
        row[:_FROM_52] = np.repeat(off[:2], _WIDTHS)
        history.last_errors[settings] = row
    return history.last_errors[settings]


def centre(history: History, model: Model, settings: Settings, months: int) -> Floats:
    """The middle of every list at each census after the origin: (cells, months, stretches).

    Counts of pathways; their sum over the cells is England's course.
    """
    weeks = weeks_after(history.cube.months[-1], months)
    own = STRETCHES.sums(expected_paths(model, weeks, lists=True).waiting.astype(np.float64))
    origin = STRETCHES.sums(history.waiting)[:, None]
    england = STRETCHES.sums(england_course(history, settings, months))[1:]
    functions = functions_of(history)
    growth_england = np.log(_ratio(england, origin.sum(axis=0), 0))
    growth_function = np.log(_ratio(summed(own, functions), summed(origin, functions), _FEW))[
        functions
    ]
    growth_own = np.log(_ratio(own, origin, _HALF))
    growth = (
        growth_england
        + settings.own * (growth_own - growth_function)
        + settings.function * (growth_function - growth_england)
    )
    lists = np.maximum((origin + _HALF) * np.exp(growth) - _HALF * np.exp(growth_england), 0)
    lists *= history.is_listed[:, None, None]
    reached = lists.sum(axis=0) > 0  # who comes to a stretch that was empty has no growth to follow
    lists = np.where(reached, lists, own)
    total = lists.sum(axis=0)
    return lists * ratio(england, total)


def _ratio(later: Floats, before: Floats, few: float) -> Floats:
    """Later over before, drawn towards 1 by so many pathways."""
    least = max(few, 1e-9)
    drawn: Floats = (later + least) / (before + least)
    return drawn
