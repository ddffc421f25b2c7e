"""The capacity that each target needs: how many clock stops a week, for it to be met in time.

The least multiplier of today's capacity is read off the courses that lists take at different ones.
The lists of a group share one multiplier: what is added is spread over them as their clock stops
are, and one that is spread better needs less.

To be surer than even, more is needed. How much more is read off the forecast's own quantiles: a
figure that is exceeded once in five times is what the middle would be with so much less capacity,
and by that factor the need is raised. So the multiplier that is needed for the probability which
the forecast itself gives to a target is 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from clockstop.analytics.forecast.engine.model import Floats, Lanes
from clockstop.analytics.forecast.engine.policy import Cliff
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.intervals import MIDDLE
from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.analytics.forecast.quantiles import Quantiles
from clockstop.analytics.forecast.spread import figures_of
from clockstop.analytics.forecast.targets.aims import Aim, aims_of, in_groups, rows, unsaid
from clockstop.analytics.forecast.targets.courses import TODAY, Courses, courses
from clockstop.analytics.forecast.targets.odds import value_at
from clockstop.core.types import Month

PROBABILITIES = (0.5, 0.8)
MOST = 3.0  # times today's capacity: more is no plan
_LONGEST_FIRST = (
    "multiplier_longest_first",
    "clock_stops_longest_first",
    "missing_longest_first",
)


def needed(
    cube: Cube,
    levels: Sequence[Quantiles],
    *,
    probabilities: Sequence[float] = PROBABILITIES,
    standing: Month | None = None,
    most: float = MOST,
    settings: Settings | None = None,
) -> list[pl.DataFrame]:
    """For each level of a forecast: a row for each group, target and probability of meeting it.

    ``levels`` are what was said of the months after the cube's, by the same settings. The targets
    are those of ``prospects``, with ``standing`` as there; those due after the forecast's last
    month are left out. Clock stops are those of a week, on average from the origin until the census
    at which the target is judged.

    - ``multiplier``: the least of today's capacity, from the origin on, and no less than
      ``1 / most``. It is 1 where the target is met as things are and of less nothing can be said.
    - ``clock_stops_now``: at today's capacity; ``clock_stops_needed``: at the multiplier. They are
      not in proportion, as a shorter list leaves less to do. ``extra_a_week`` is the difference,
      below 0 where less will do.
    - ``is_reachable``: whether ``most`` times today's capacity is enough; ``missing_at_most``: how
      much is missing with it in the middle, in the target's unit. Some join a list with a long wait
      already, whom nobody can treat in time.
    - ``multiplier_longest_first``, ``clock_stops_longest_first``: of a target that nobody waits for
      longer, what is needed if they go first who would (the ``Cliff`` of ``Policy``);
      ``missing_longest_first``: what is missing in the middle if they do at today's capacity.

    What cannot be said is null, and ``reason`` tells why. Raises ValueError for forecasts that do
    not follow the cube, for probabilities outside 0.025 to 0.975, and as ``courses`` does.
    """
    known = [cube.rolled_up(tuple(said.keys)) for said in levels]
    asked = [_within(said, groups, standing) for said, groups in zip(levels, known, strict=True)]
    aims = [aim for of_level in asked for aim in of_level]
    months, cliffs = {aim.month for aim in aims}, {aim.cliff for aim in aims if aim.cliff}
    found = courses(cube, sorted(months), most, cliffs=list(cliffs), settings=settings)
    return [
        _level(said, groups, of_level, probabilities, found)
        for said, groups, of_level in zip(levels, known, asked, strict=True)
    ]


def _within(said: Quantiles, known: Cube, standing: Month | None) -> list[Aim]:
    return [aim for aim in aims_of(said, known, standing) if aim.month in said.months]


def _level(
    said: Quantiles,
    known: Cube,
    aims: Sequence[Aim],
    probabilities: Sequence[float],
    found: Mapping[Cliff | None, Courses],
) -> pl.DataFrame:
    groups = {cliff: each.of_groups(known.by) for cliff, each in found.items()}
    needs = [_Need(aim, said, aim.asked(known), groups) for aim in aims]
    return in_groups(need.rows(each) for need in needs for each in probabilities)


@dataclass(frozen=True)
class _Need:
    """What one target needs of the groups of a level, of each of which it asks ``asked``."""

    aim: Aim
    said: Quantiles
    asked: Floats
    courses: Mapping[Cliff | None, Courses]

    def rows(self, probability: float) -> pl.DataFrame:
        """A row for each group."""
        times, stops = self._times(None, probability), self._stops(None)
        silent = unsaid(self.aim, self.said, self.asked)
        figures = _figures(self._multipliers, stops, times)
        figures["missing_at_most"] = self._missing(None).min(axis=1)
        figures |= self._longest_first(probability)
        table = pl.DataFrame(figures).fill_nan(None)
        sayable = table.select(pl.when(silent.is_null()).then(pl.all()))
        head = rows(self.aim, self.said, self.asked).with_columns(probability=pl.lit(probability))
        reason = pl.coalesce(silent, self._unreached(times, stops[:, TODAY]))
        return pl.concat([head, sayable, pl.select(reason=reason)], how="horizontal")

    def _longest_first(self, probability: float) -> dict[str, Floats]:
        cliff = self.aim.cliff
        if not cliff:
            return dict.fromkeys(_LONGEST_FIRST, np.full(len(self.asked), np.nan))
        times = self._times(cliff, probability)
        found = _figures(self._multipliers, self._stops(cliff), times)
        alone = self._missing(cliff)[:, TODAY]
        figures = (found["multiplier"], found["clock_stops_needed"], alone)
        return dict(zip(_LONGEST_FIRST, figures, strict=True))

    def _unreached(self, times: Floats, now: Lanes) -> pl.Series:
        """Why there is no multiplier, in words; null where there is one."""
        most = self._multipliers[-1]
        reasons = {
            "no clock stops at present": (now <= 0) & ~(times <= most),
            "too uncertain to tell": np.isnan(times),
            f"not within {most:g} times today's capacity": times > most,
        }
        found = [pl.when(pl.Series(flags)).then(pl.lit(words)) for words, flags in reasons.items()]
        return pl.select(pl.coalesce(found)).to_series()

    def _times(self, cliff: Cliff | None, probability: float) -> Floats:
        """The multiplier (groups,): infinite where none is enough, not a number where unknown."""
        even = least(self._multipliers, self._missing(cliff), self._slack)
        surely = np.where(np.isinf(even), np.inf, even * self._margin(probability))
        is_met = value_at(self._quantiles, probability) <= self.aim.slack
        return np.where(np.isnan(surely) & is_met, 1.0, surely)

    def _margin(self, probability: float) -> Floats:
        """What the need is raised by (groups,); not a number where no capacity is as bad."""
        missing = self._missing(None)
        usual = missing[:, TODAY]
        bad = usual + value_at(self._quantiles, probability) - self._quantiles[:, MIDDLE]
        as_bad = least(self._multipliers, missing, bad)
        as_bad[(bad > np.maximum(missing[:, 0], usual)) | np.isinf(as_bad)] = np.nan
        return least(self._multipliers, missing, usual) / as_bad

    def _missing(self, cliff: Cliff | None) -> Floats:
        """What is missing in the middle at each multiplier: (groups, multipliers)."""
        counts = self.courses[cliff].counts[:, self._at]
        return self.aim.missing(self.aim.figure(figures_of(np.moveaxis(counts, 1, -1))), self.asked)

    def _stops(self, cliff: Cliff | None) -> Lanes:
        return self.courses[cliff].stops[:, self._at]

    @cached_property
    def _quantiles(self) -> Floats:
        """Of what is missing as things are: (groups, ``QUANTILES``)."""
        return np.sort(self.aim.missing(self.aim.told(self.said), self.asked), axis=1)

    @property
    def _at(self) -> int:
        return self.courses[None].months.index(self.aim.month)

    @property
    def _multipliers(self) -> Floats:
        return self.courses[None].multipliers

    @property
    def _slack(self) -> Floats:
        return np.full(len(self.asked), self.aim.slack)


def _figures(multipliers: Floats, stops: Lanes, times: Floats) -> dict[str, Any]:
    """What is needed, by clock stops (groups, multipliers) and the multiplier of each group."""
    now, is_reachable = stops[:, TODAY].astype(np.float64), times <= multipliers[-1]
    wanted = np.where(is_reachable, _between(multipliers, stops, times), np.nan)
    return {
        "multiplier": np.where(is_reachable, times, np.nan),
        "clock_stops_now": now,
        "clock_stops_needed": wanted,
        "extra_a_week": wanted - now,
        "is_reachable": pl.Series(is_reachable).set(pl.Series(np.isnan(times)), None),
    }


def least(multipliers: Floats, missing: Floats, most: Floats) -> Floats:
    """The least multiplier (groups,) at which no more than ``most`` (groups,) is missing.

    ``missing`` (groups, multipliers) is what is missing at each. From one to the next it changes in
    proportion to the multiplier's logarithm; where more capacity makes it worse, as it may a share,
    what less can do counts. Infinite where none is enough.
    """
    best = np.minimum.accumulate(missing, axis=1)
    enough = best <= most[:, None]
    group, at = np.arange(len(best)), enough.argmax(axis=1)
    before = np.maximum(at - 1, 0)
    high, low = best[group, before], best[group, at]
    scale = np.log(multipliers)
    part = ratio(high - most, high - low)
    found = np.exp(scale[before] + part * (scale[at] - scale[before]))
    return np.where(enough.any(axis=1), found, np.inf)


def _between(multipliers: Floats, values: Lanes, times: Floats) -> Floats:
    """The values of groups, (groups, multipliers), at a multiplier of each: the nearest outside."""
    place = np.interp(times, multipliers, np.arange(len(multipliers)))
    at = np.clip(np.nan_to_num(place).astype(np.int64), 0, len(multipliers) - 2)
    group = np.arange(len(values))
    low, high = values[group, at], values[group, at + 1]
    between: Floats = low.astype(np.float64) + (place - at) * (high - low)
    return between
