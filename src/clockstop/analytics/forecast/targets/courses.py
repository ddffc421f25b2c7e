"""What every list comes to by how much of its capacity it has: the middle of the forecast, moved.

The engine runs every list once for each of a row of multipliers of its capacity, without noise. The
middle of the forecast (``Middles``) moves as these lists do, so that at a multiplier of 1 it is
what the forecast says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.model import Floats, Lanes, Model, Weeks
from clockstop.analytics.forecast.engine.policy import AS_CALIBRATED, Cliff, Policy
from clockstop.analytics.forecast.engine.simulation import by_capacity
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.middles import Middles
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.months.cube import Cells, Cube, groups_of
from clockstop.analytics.forecast.spread import COUNTED, counted
from clockstop.core.types import Month

COUNT = 63  # an odd number, so that today's capacity is one of them
TODAY = COUNT // 2
_HALF = 0.5  # of a pathway: what few people are moved by says little


@dataclass(frozen=True)
class Courses:
    """What cells or groups of them come to, by a multiplier of all their capacity.

    ``multipliers`` (``COUNT``,) rise in proportion, 1 in the middle. ``counts`` (cells, months,
    ``COUNTED``, ``COUNT``) are the lists at each census; ``stops`` (cells, months, ``COUNT``) the
    clock stops of a week, on average from the origin to the census.
    """

    cells: Cells
    months: tuple[Month, ...]
    multipliers: Floats
    counts: Lanes
    stops: Lanes

    def of_groups(self, by: Sequence[str]) -> Courses:
        """Those of the cells that share the codes of ``by``, added up: all have one multiplier."""
        groups, members = groups_of(self.cells, by)
        counts = np.zeros((len(groups), *self.counts.shape[1:]), np.float32)
        stops = np.zeros((len(groups), *self.stops.shape[1:]), np.float32)
        np.add.at(counts, members, self.counts)
        np.add.at(stops, members, self.stops)
        return Courses(groups, self.months, self.multipliers, counts, stops)


def multipliers_to(most: float) -> Floats:
    """Those of courses, (``COUNT``,), from ``1 / most`` to ``most``.

    Raises ValueError unless ``most`` is more than 1.
    """
    if not 1 < most < np.inf:
        raise ValueError(f"at most {most} times today's capacity; expected more than 1")
    multipliers: Floats = np.geomspace(1 / most, most, COUNT)
    multipliers[TODAY] = 1
    return multipliers


def engine_courses(
    model: Model,
    weeks: Weeks,
    months: Sequence[Month],
    multipliers: Floats,
    policy: Policy = AS_CALIBRATED,
) -> Courses:
    """The engine's own courses of a model's cells, at some of the months of ``weeks``."""
    due = [weeks.months.index(month) for month in months]
    shape = (len(model.cells), len(due))
    counts = np.empty((*shape, COUNTED, len(multipliers)), np.float32)
    stops = np.empty((*shape, len(multipliers)), np.float32)
    for outcomes in by_capacity(model, weeks, multipliers, policy):
        counts[outcomes.cells] = outcomes.values[:, due, :COUNTED]
        stops[outcomes.cells] = outcomes.values[:, :, COUNTED].cumsum(axis=1)[:, due]
    stops /= weeks.census[due, None]
    return Courses(model.cells, tuple(months), multipliers, counts, stops)


def courses(
    cube: Cube,
    months: Sequence[Month],
    most: float,
    *,
    cliffs: Sequence[Cliff] = (),
    settings: Settings | None = None,
) -> Mapping[Cliff | None, Courses]:
    """The courses of a cube's cells at some months after its last, by cliff; None is without one.

    Those with a cliff are moved from the same middle, so that at a multiplier of 1 they tell what
    the cliff alone does. Raises ValueError for months that are not later, for cliffs in other
    months than up to the last of them, and as ``multipliers_to`` does.
    """
    multipliers, ahead = multipliers_to(most), _ahead(cube, months)
    middles, known = Middles(History(cube), settings), len(cube.months)
    model, weeks = middles.model(known), weeks_after(cube.months[-1], ahead)
    own = {
        cliff: engine_courses(model, weeks, months, multipliers, Policy(cliff=cliff))
        for cliff in (None, *cliffs)
    }
    due = [weeks.months.index(month) for month in months]
    middle = counted(middles.of(known, ahead))[:, due]
    today = own[None].counts[..., [TODAY]]
    return {
        cliff: replace(each, counts=moved(middle, each.counts, today))
        for cliff, each in own.items()
    }


def _ahead(cube: Cube, months: Sequence[Month]) -> int:
    """How many months after the cube's last one the last of these is."""
    origin = cube.months[-1]
    ahead = [12 * (month.year - origin.year) + month.number - origin.number for month in months]
    if not ahead or min(ahead) < 1:
        named = ", ".join(map(str, months)) or "no month"
        raise ValueError(f"courses until {named}; expected {origin.plus(1)} or later")
    return max(ahead)


def moved(middle: Floats, own: Lanes, today: Lanes) -> Lanes:
    """The middle (cells, months, ``COUNTED``), moved as ``own`` (…, ``COUNT``) is from ``today``.

    In proportion, few people less so. Longer waits are part of shorter ones, whatever each was
    moved by.
    """
    single = (middle[..., None] + _HALF).astype(np.float32)
    lists = np.maximum(single * (own + _HALF) / (today + _HALF) - _HALF, 0)
    nested: Lanes = np.minimum.accumulate(lists, axis=2)
    return nested
