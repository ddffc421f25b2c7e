"""What a planner asks of a forecast: whether each target will be met, and what it would take."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.quantiles import Quantiles
from clockstop.analytics.forecast.targets.capacity import PROBABILITIES, needed
from clockstop.analytics.forecast.targets.prospects import prospects
from clockstop.core.types import Month

EVEN, SURE = PROBABILITIES
_MARCH, _LEAST_AHEAD = 3, 6  # months
_LONGEST_FIRST = {
    "clock_stops_longest": "clock_stops_longest_first",
    "gap_longest": "missing_longest_first",
}
_TOLD = (
    *("name", "measure", "unit", "due", "month", "threshold", "middle", "p10", "p90"),
    *("probability", "gap", "verdict", "reason"),
)


def against_targets(cube: Cube, levels: Sequence[Quantiles]) -> list[pl.DataFrame]:
    """For each level of a forecast a row for each group and target; see ``prospects``, ``needed``.

    ``clock_stops_now`` are those of a week at today's capacity, ``clock_stops_even`` and
    ``clock_stops_sure`` those with which the target is met with a probability of 0.5 and of 0.8;
    null where ``why_none_…`` tells why. ``clock_stops_longest`` are those of a probability of 0.8
    if whoever would wait longer than the target allows goes first, and ``gap_longest`` is the gap
    then at today's capacity; both are null for a target of a share. Targets without a day to come
    are judged at ``year_end``, or the forecast's last month if it ends before.
    """
    last = min((said.months[-1] for said in levels), default=cube.months[-1])
    standing = min(year_end(cube.months[-1]), last)
    needs = needed(cube, levels, standing=standing)
    return [
        _level(prospects(said, cube, standing), [*said.keys, "id"], each)
        for said, each in zip(levels, needs, strict=True)
    ]


def _level(told: pl.DataFrame, keys: list[str], needs: pl.DataFrame) -> pl.DataFrame:
    """The rows of one level, its groups and targets told apart by ``keys``."""
    even = needs.filter(pl.col("probability") == EVEN)
    sure = needs.filter(pl.col("probability") == SURE)
    return (
        told.select(*keys, *_TOLD)
        .join(even.select(*keys, "clock_stops_now", **_as("even")), on=keys, how="left")
        .join(sure.select(*keys, **_as("sure"), **_LONGEST_FIRST), on=keys, how="left")
    )


def _as(name: str) -> dict[str, str]:
    return {f"clock_stops_{name}": "clock_stops_needed", f"why_none_{name}": "reason"}


def year_end(origin: Month) -> Month:
    """The end of the year that an origin's forecasts are for: a March half a year off or more."""
    least = origin.plus(_LEAST_AHEAD)
    return Month(least.year + (least.number > _MARCH), _MARCH)
