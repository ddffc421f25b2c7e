"""A first look at every list: is it growing, how far from the standard, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.forecast.months.cube import Cube, Flags, Floats
from clockstop.analytics.forecast.queues.formulas import (
    clearance_weeks,
    list_within,
    load,
    percentile_pressure,
    relief_capacity,
    sustainable_list,
)
from clockstop.analytics.forecast.queues.profiles import DAYS_A_WEEK, percentile_time
from clockstop.core.rtt.week_bands import OPEN_BAND, STANDARD_WEEKS
from clockstop.core.rulebook.targets import targets

FEWEST_MONTHS = 3
HISTORY_MONTHS = 12
RELIEF_WEEKS = 52
STANDARD_SHARE = targets()["rtt-18w"].threshold
FIGURES = (
    *("queue", "clock_starts_a_week", "clock_stops_a_week", "other_removals_a_week"),
    *("demand_a_week", "load", "target_queue", "sustainable_list", "relief_capacity_a_week"),
    *("percentile_weeks", "pressure", "clearance_weeks"),
)


@dataclass(frozen=True)
class Flows:
    """Who came and went in the months looked at; (cells,) each, in pathways a week.

    ``months_used`` are those of which both censuses were sent, before and after.
    ``other_removals`` are reported nowhere: clock starts less clock stops less the growth of the
    list. Below 0 they are pathways that joined without a clock start, such as transfers in.
    """

    months_used: npt.NDArray[np.int64]
    clock_starts: Floats
    clock_stops: Floats
    other_removals: Floats

    @property
    def demand(self) -> Floats:
        """All who joined the list: clock starts, and who else came."""
        return self.clock_starts + np.maximum(-self.other_removals, 0)

    @property
    def departures(self) -> Floats:
        """All who left the list: clock stops, and other removals."""
        return self.clock_stops + np.maximum(self.other_removals, 0)


def flows(cube: Cube, history_months: int = HISTORY_MONTHS) -> Flows:
    """The mean flows of the cube's last months, or of as many as it has.

    They are nan where fewer than 3 of the months can be used. Raises ValueError for a history that
    is shorter than that.
    """
    if history_months < FEWEST_MONTHS:
        raise ValueError(f"found {history_months} months; expected {FEWEST_MONTHS} or more")
    recent = slice(-history_months, None)
    used = (cube.sent[1:] & cube.sent[:-1])[recent]
    days = (cube.days[1:][recent, None] * used).sum(axis=0)
    enough = used.sum(axis=0) >= FEWEST_MONTHS

    def a_week(counts: Floats) -> Floats:
        total = (counts[recent] * used).sum(axis=0)
        return _where(enough, total / np.maximum(days, 1) * DAYS_A_WEEK)

    starts = cube.new_periods[1:]
    stops = (cube.admitted + cube.nonadmitted).sum(axis=2)[1:]
    grown = np.diff(cube.waiting.sum(axis=2), axis=0)
    return Flows(used.sum(axis=0), a_week(starts), a_week(stops), a_week(starts - stops - grown))


def health(
    cube: Cube,
    *,
    share: float = STANDARD_SHARE,
    target_weeks: int = STANDARD_WEEKS,
    relief_weeks: int = RELIEF_WEEKS,
    history_months: int = HISTORY_MONTHS,
) -> pl.DataFrame:
    """A row for each cell at the cube's last month: flows a week, and the queue against a standard.

    Groups of a cube that was rolled up do as well; the codes are those they are told apart by. The
    standard is that a ``share`` (fraction) wait no longer than ``target_weeks``. The flows are
    those of ``Flows``, in pathways a week.

    - ``load``: demand over departures; over 1 where the list grew.
    - ``target_queue``: the list that meets the standard if waits are exponential;
      ``sustainable_list``: the one that does if they keep today's shape.
    - ``relief_capacity_a_week``: the clock stops that bring the list to its target queue in
      ``relief_weeks``, or keep one that is short enough, while demand and removals stay.
    - ``pressure``: ``percentile_weeks``, the wait that the share do not exceed, over the target.
      In the open last band that wait counts as 104 weeks, the least it can be, and
      ``percentile_is_open`` says so.
    - ``clearance_weeks``: the list over the clock stops of a week.

    A figure without meaning is null, and ``reason`` says why. The formulas and their sources stand
    in ``queue_formulas``. Raises ValueError for a standard, relief or history that is none.
    """
    recent = flows(cube, history_months)
    figures = (
        _of_flows(recent)
        | _of_waits(cube, share, target_weeks)
        | _against_standard(recent, _queue(cube), share, target_weeks, relief_weeks)
    )
    keys = {key: getattr(cube.cells, key) for key in cube.by}
    table = pl.DataFrame(keys | {name: figures[name] for name in FIGURES}).with_columns(
        months_used=recent.months_used,
        percentile_is_open=_percentile(cube, share) > OPEN_BAND,
        reason=_reasons(cube, recent),
    )
    month = pl.lit(str(cube.months[-1])).alias("month")
    return table.fill_nan(None).select(month, pl.all())


def _of_flows(recent: Flows) -> dict[str, Floats]:
    return {
        "clock_starts_a_week": recent.clock_starts,
        "clock_stops_a_week": recent.clock_stops,
        "other_removals_a_week": recent.other_removals,
        "demand_a_week": recent.demand,
    }


def _of_waits(cube: Cube, share: float, target_weeks: int) -> dict[str, Floats]:
    queue = _queue(cube)
    percentile = np.minimum(_percentile(cube, share), OPEN_BAND)
    return {
        "queue": queue,
        "percentile_weeks": percentile,
        "pressure": percentile_pressure(percentile, target_weeks),
        "sustainable_list": sustainable_list(queue, percentile, target_weeks),
    }


def _against_standard(
    recent: Flows, queue: Floats, share: float, target_weeks: int, relief_weeks: int
) -> dict[str, Floats]:
    """What follows from demand and clock stops; nan where there is none of the one it needs."""
    demand = _where(recent.demand > 0, recent.demand)
    has_stops = recent.clock_stops > 0
    wanted = list_within(demand, share, target_weeks)
    leaving = relief_capacity(demand, queue, np.minimum(queue, wanted), relief_weeks)
    removals = recent.departures - recent.clock_stops
    return {
        "load": load(demand, _where(has_stops, recent.departures)),
        "target_queue": wanted,
        "relief_capacity_a_week": np.maximum(leaving - removals, 0),
        "clearance_weeks": clearance_weeks(queue, _where(has_stops, recent.clock_stops)),
    }


def _queue(cube: Cube) -> Floats:
    """The pathways that wait at the last month; nan where it was not sent."""
    return _where(cube.sent[-1], cube.waiting[-1].sum(axis=1))


def _percentile(cube: Cube, share: float) -> Floats:
    """The wait in weeks that a share do not exceed, over 104 where it lies in the open band."""
    return _where(cube.sent[-1], percentile_time(cube.waiting[-1], share))


def _reasons(cube: Cube, recent: Flows) -> pl.Series:
    """Why figures of a cell are missing, in words; null where none is."""
    found = {
        "no return for the month": ~cube.sent[-1],
        f"fewer than {FEWEST_MONTHS} months to go by": recent.months_used < FEWEST_MONTHS,
        "nobody waits": _queue(cube) == 0,
        "no demand": recent.demand == 0,
        "no clock stops": recent.clock_stops == 0,
    }
    said = [pl.when(pl.Series(flags)).then(pl.lit(words)) for words, flags in found.items()]
    joined = pl.concat_str(said, separator="; ", ignore_nulls=True)
    return pl.select(joined.replace("", None)).to_series()


def _where(flags: Flags, values: Floats) -> Floats:
    return np.where(flags, values, np.nan)
