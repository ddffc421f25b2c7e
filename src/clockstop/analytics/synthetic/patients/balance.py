"""Bring the new periods of the month to what was returned, without touching a band.

The bands of those waiting and treated win; what can be moved is the day within a band, the day of
a stop within the month, and on whose list a clock began. Where a cell returned fewer new periods
than its young clocks, some of these were handed over by another provider: one that returned more
if there is one, else one outside. What is still too many cannot be shown and is reported.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.patients.clocks import (
    NO_SENDER,
    Clocks,
    chosen,
    edges,
    restarted,
)
from clockstop.analytics.synthetic.patients.mix import choices, rate
from clockstop.analytics.synthetic.patients.source import PAST, UNKNOWN, Area

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FORM_ALONE = "transferred"  # of the transfers in the mix: the one without a history


@dataclass(frozen=True)
class Balanced:
    """The clocks, and for each cell the new periods that no clock could be found for."""

    clocks: Clocks
    left_over: Ints


def balanced(area: Area, clocks: Clocks, rng: np.random.Generator) -> Balanced:
    """The clocks with as many new periods in each cell as it returned, as far as that can be."""
    clocks = _more(area, clocks, rng)
    clocks = _fewer(area, clocks, rng)
    return _handed_over(area, clocks, rng)


def _lacking(area: Area, clocks: Clocks) -> Ints:
    """New periods returned less those begun in the month, by cell."""
    began = clocks.began_in(area.first_day) & (clocks.role != PAST)
    lacking: Ints = area.new_periods - np.bincount(clocks.cell[began], minlength=area.cells.height)
    return lacking


def _movable(clocks: Clocks) -> Flags:
    movable: Flags = (clocks.role != PAST) & (clocks.band != UNKNOWN)
    return movable


def _more(area: Area, clocks: Clocks, rng: np.random.Generator) -> Clocks:
    """Start more clocks in the month: those that stopped in it first."""
    most = area.month.days - 1
    low, high = edges(clocks.band)
    may = _movable(clocks) & ~clocks.began_in(area.first_day) & (low <= most)
    at = chosen(may, clocks.cell, _lacking(area, clocks), _stops_first(clocks, rng))
    waited = _between(low[at], np.minimum(high[at], most), rng)
    earliest = area.first_day + waited
    last = np.where(clocks.stopped[at], _between(earliest, area.census, rng), area.census)
    return restarted(clocks, at, last - waited, last)


def _fewer(area: Area, clocks: Clocks, rng: np.random.Generator) -> Clocks:
    """Start fewer clocks in the month, where the band lets a clock start before it."""
    low, high = edges(clocks.band)
    stopped = clocks.stopped
    may = _movable(clocks) & clocks.began_in(area.first_day)
    may &= stopped | (high >= area.month.days)
    at = chosen(may, clocks.cell, -_lacking(area, clocks), _stops_first(clocks, rng))
    least = np.where(stopped[at], np.maximum(low[at], 1), area.month.days)
    waited = _between(least, high[at], rng)
    latest = np.minimum(area.census, area.first_day + waited - 1)
    last = np.where(stopped[at], _between(area.first_day, latest, rng), area.census)
    return restarted(clocks, at, last - waited, last)


def _stops_first(clocks: Clocks, rng: np.random.Generator) -> Floats:
    return rng.random(len(clocks)) + ~clocks.stopped


def _between(low: Ints | int, high: Ints | int, rng: np.random.Generator) -> Ints:
    return rng.integers(low, np.asarray(high) + 1)


def _handed_over(area: Area, clocks: Clocks, rng: np.random.Generator) -> Balanced:
    """Clocks that are some other provider's new periods; and new periods that nobody has."""
    lacking = _lacking(area, clocks)
    young = _movable(clocks) & clocks.began_in(area.first_day)
    priority = rng.random(len(clocks))
    moving = young & (clocks.last > clocks.start)  # nobody is handed over on the day they came
    too_many = np.minimum(-lacking, np.bincount(clocks.cell[moving], minlength=len(lacking)))
    give, take = _matched(area, lacking.clip(0), too_many.clip(0))
    receivers = chosen(moving, clocks.cell, take, priority)
    group = _groups(area)
    receivers = receivers[np.argsort(group[clocks.cell[receivers]], kind="stable")]
    sender, passed_on = clocks.sender.copy(), clocks.passed_on.copy()
    givers = np.argsort(group, kind="stable")
    sender[receivers] = np.repeat(_providers(area)[givers], give[givers])
    rest = chosen(young & (sender == NO_SENDER), clocks.cell, -lacking - take, priority)
    passed_on[rest] = True
    left_over = (lacking - give).clip(0)
    handed = replace(clocks, sender=sender, passed_on=passed_on)
    return Balanced(_received(_transferred(area, handed, rng), rng), left_over)


def _matched(area: Area, over: Ints, under: Ints) -> tuple[Ints, Ints]:
    """Of what cells have too many and too few, what meets in one commissioner and function."""
    group = _groups(area)
    meets = np.minimum(np.bincount(group, over), np.bincount(group, under)).astype(np.int64)
    return _up_to(over, group, meets), _up_to(under, group, meets)


def _up_to(counts: Ints, group: Ints, most: Ints) -> Ints:
    """The counts from the first cell of each group on, until the group's most is reached."""
    order = np.argsort(group, kind="stable")
    upto = np.cumsum(counts[order])
    begins = np.searchsorted(group[order], group[order])
    before = upto - counts[order] - (upto - counts[order])[begins]
    found = np.empty_like(counts)
    found[order] = np.minimum(counts[order], (most[group[order]] - before).clip(0))
    return found


def _groups(area: Area) -> Ints:
    """A number for each cell's commissioner and function."""
    return _rank(area, "commissioner", "function")


def _providers(area: Area) -> Ints:
    """The number of each cell's provider in the area."""
    return _rank(area, "provider")


def _rank(area: Area, *columns: str) -> Ints:
    ranks = area.cells.select(columns).with_row_index("at")
    groups = ranks.group_by(columns, maintain_order=True).agg("at").with_row_index("group")
    found = np.empty(area.cells.height, dtype=np.int64)
    long = groups.explode("at")
    found[long["at"].to_numpy()] = long["group"].to_numpy()
    return found


def _transferred(area: Area, clocks: Clocks, rng: np.random.Generator) -> Clocks:
    """Some of the older clocks came from another provider of the area too."""
    others = len(area.providers) - 1
    if not others:
        return clocks
    older = _movable(clocks) & ~clocks.began_in(area.first_day) & (clocks.last > clocks.start)
    moved = older & (rng.random(len(clocks)) < rate("transferred"))
    names = choices("transfer")
    by_form = np.array(names.names)[names.draw(rng, len(clocks))] == FORM_ALONE
    other = (_providers(area)[clocks.cell] + rng.integers(1, others + 1, len(clocks))) % (
        others + 1
    )
    sender = np.where(moved | (clocks.band == UNKNOWN), other, clocks.sender)
    return replace(clocks, sender=sender, passed_on=clocks.passed_on | (moved & by_form))


def _received(clocks: Clocks, rng: np.random.Generator) -> Clocks:
    """The day on which a form came: rather soon after the start, and never after the last day."""
    after = rng.random(len(clocks)) ** 2 * (clocks.last - clocks.start + 1)
    came = clocks.start + after.astype(np.int64)
    return replace(clocks, opened=np.where(clocks.passed_on, came, clocks.start))
