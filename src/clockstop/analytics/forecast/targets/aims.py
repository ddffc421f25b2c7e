"""National targets as forecasts are held against them: which, when, and what figure each asks for.

Targets in force at the origin are judged at the census of the month in which they are due. One that
stands, or whose day has passed without another in its place, is judged at a month of choice. A
treatment function of an area is held against what applies to the area.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.engine.policy import Cliff
from clockstop.analytics.forecast.intervals import MIDDLE
from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.analytics.forecast.quantiles import (
    LONG_WAITS,
    MEASURES,
    QUANTILES,
    SIZE,
    Quantiles,
    figures,
)
from clockstop.core.rulebook.targets import Comparison, Target, targets_on
from clockstop.core.types import Month

SHARE_OVER_52 = "pct_over_52_weeks"
TOLD = (*MEASURES[1:], SHARE_OVER_52)  # measures of targets that forecasts tell
_SIZE, _OVER_52 = MEASURES.index(SIZE), MEASURES.index("over_52_weeks")
_LONGEST = {f"over_{weeks}_weeks": weeks for weeks in LONG_WAITS}
_CEILINGS = (Comparison.AT_MOST, Comparison.BELOW)
_KINDS = ("provider", "icb", "region")  # the narrowest first
_TYPES = {"due": pl.Date, "horizon": pl.Int64}
_PATHWAYS, _FRACTION = "pathways", "fraction"
_HALF = 0.5  # of a pathway: forecasts hold parts of people
_NOBODY = 0.5  # pathways: a list of fewer is nobody's


@dataclass(frozen=True)
class Aim:
    """A target and the month at whose census it is judged."""

    target: Target
    month: Month

    @property
    def slack(self) -> float:
        """How much may be missing: half a pathway, as forecasts hold parts of people."""
        return _HALF if self.target.unit == _PATHWAYS else 0.0

    @property
    def cliff(self) -> Cliff | None:
        """The policy made for it: of one that nobody waits for longer, those who would go first."""
        longest = _LONGEST.get(self.target.measure)
        is_nobody = self.target.comparison is Comparison.AT_MOST and self.target.threshold == 0
        return Cliff(self.month, longest) if longest and is_nobody else None

    def asked(self, cube: Cube) -> Floats:
        """The figure that it asks of each group of the cube, (groups,), in the target's unit.

        Not a number where it is a rise from a month in which nothing is known of the group.
        """
        threshold = np.full(len(cube.cells), self.target.threshold)
        if self.target.comparison is not Comparison.RISE_OF:
            return threshold
        if self.target.baseline not in cube.months:
            return np.full_like(threshold, np.nan)
        at = cube.months.index(self.target.baseline)
        before = figures(cube.waiting[at])
        is_known = cube.sent[at] & (before[:, _SIZE] > 0)
        return np.where(is_known, threshold + self.figure(before), np.nan)

    def figure(self, measures: Floats) -> Floats:
        """Its figure (…), of the figures (…, ``MEASURES``) of lists."""
        if self.target.measure == SHARE_OVER_52:
            return ratio(measures[..., _OVER_52], measures[..., _SIZE])
        figure: Floats = measures[..., MEASURES.index(self.target.measure)]
        return figure

    def told(self, said: Quantiles) -> Floats:
        """The quantiles of its figure at its month: (groups, ``QUANTILES``).

        Those of the share over 52 weeks are of the people over 52 weeks, as parts of a list halfway
        from its middle to the same quantile: where they are many it is long, but not always. In
        simulations of England's lists that is how far the share spreads, give or take a fifth. Not
        a number where the forecast ends before.
        """
        if self.month not in said.months:
            return np.full((len(said.values), len(QUANTILES)), np.nan)
        values = said.values[:, said.months.index(self.month)]
        if self.target.measure == SHARE_OVER_52:
            size = values[:, _SIZE]
            return _rising(ratio(values[:, _OVER_52], np.sqrt(size * size[:, [MIDDLE]])))
        quantiles: Floats = values[:, MEASURES.index(self.target.measure)]
        return quantiles

    def missing(self, found: Floats, asked: Floats) -> Floats:
        """How much figures (groups, …) miss what is asked by (groups,): 0 or less is met."""
        wanted = asked[:, None]
        gap: Floats = found - wanted if self.target.comparison in _CEILINGS else wanted - found
        return gap


def _rising(figures: Floats) -> Floats:
    """Quantiles (groups, ``QUANTILES``) held to be no nearer the middle than an inner one."""
    above = np.maximum.accumulate(figures[:, MIDDLE:], axis=1)
    below = np.minimum.accumulate(figures[:, MIDDLE::-1], axis=1)
    return np.concatenate([below[:, :0:-1], above], axis=1)


def aims_of(said: Quantiles, known: Cube, standing: Month | None = None) -> list[Aim]:
    """The targets for the groups of a forecast, in the rulebook's order; conflicting ones too.

    ``known`` is the cube of the same groups, until the origin. ``standing`` is the month at which
    targets without a day to come are judged: the forecast's last, if left out. Raises ValueError
    if it is none of the forecast's, and for a forecast that does not follow the cube.
    """
    _check_follows(said, known)
    month = standing or said.months[-1]
    if month not in said.months:
        held = f"{said.months[0]} to {said.months[-1]}"
        raise ValueError(f"a standing target judged in {month}; the forecast has {held}")
    origin = known.months[-1]
    kind = next((each for each in _KINDS if each in said.keys), "england")
    return [
        Aim(target, _judged_in(target, origin, month))
        for target in targets_on(origin.census, kind)
        if target.measure in TOLD
    ]


def _judged_in(target: Target, origin: Month, standing: Month) -> Month:
    due = target.due
    return Month(due.year, due.month) if due and due > origin.census else standing


def _check_follows(said: Quantiles, known: Cube) -> None:
    first, groups = known.months[-1].plus(1), len(known.cells)
    if said.months[0] != first or len(said.values) != groups:
        found = f"of {len(said.values)} groups from {said.months[0]} on"
        raise ValueError(f"a forecast {found}; expected the cube's {groups} groups from {first} on")


def in_groups(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Rows by target as rows by group, the targets of each together and in their order."""
    return pl.concat(frames).sort("group", maintain_order=True).drop("group")


def rows(aim: Aim, said: Quantiles, asked: Floats) -> pl.DataFrame:
    """A row for each group: its number and codes, the target, its month and what it asks."""
    target, month, origin = aim.target, aim.month, said.months[0].plus(-1)
    ahead = (month.year - origin.year) * 12 + month.number - origin.number
    facts = {
        "id": target.id,
        "name": target.name,
        "measure": target.measure,
        "unit": target.unit,
        "due": target.due,
        "month": str(month),
        "horizon": ahead,
        "conflicts_with": " ".join(target.conflicts_with),
    }
    groups = pl.DataFrame({"group": np.arange(len(asked)), **said.keys})
    told = [pl.lit(fact, _TYPES.get(key)).alias(key) for key, fact in facts.items()]
    return groups.with_columns(*told, threshold=pl.Series(asked).fill_nan(None))


def unsaid(aim: Aim, said: Quantiles, asked: Floats) -> pl.Series:
    """Why nothing can be said of a target for a group, in words; null where something can."""
    if aim.month not in said.months:
        words = f"the forecast ends in {said.months[-1]}"
        return pl.Series("reason", [words] * len(asked))
    size = said.values[:, said.months.index(aim.month), _SIZE, MIDDLE]
    reasons = {
        f"the list of {aim.target.baseline} is not known": np.isnan(asked),
        "asks for more than everybody": (asked > 1) & (aim.target.unit == _FRACTION),
        "nobody is expected to wait": size < _NOBODY,
    }
    found = [pl.when(pl.Series(flags)).then(pl.lit(words)) for words, flags in reasons.items()]
    return pl.select(reason=pl.coalesce(found)).to_series()
