"""The weekly engine compiled: cells outside, replicates inside as lanes that run side by side.

It does what ``scalar`` does, in float32. The bands of a cell stand in a ring, so that a week older
is another place to begin: ``newest`` is where band 0 is. Only ``run`` is called from Python; with
what it is given comes all that it knows, so that what was compiled and kept stays right.
"""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from clockstop.analytics.clocks.kernel.compiled import compiled, entry

_ONE, _NONE, _MOST = np.float32(1), np.float32(0), np.float32(1e30)


class Lists(NamedTuple):
    """The arrays of a ``Model`` for some cells."""

    waiting: Any
    arrivals: Any
    capacity: Any
    propensity: Any
    stays: Any
    transfers_in: Any


class Calendar(NamedTuple):
    """What holds for all cells: (weeks,) weights and months, and ``trend`` (weeks, bands).

    ``at_census`` (weeks + 1, months) is the weight of the lists after so many weeks in the counts
    of a census, ``in_month`` (weeks, months) the part of a week that falls in a month.
    """

    arrivals: Any
    treatment: Any
    month: Any
    trend: Any
    at_census: Any
    in_month: Any


class Spending(NamedTuple):
    """The policy: numbers, and the band and weeks of its cliff in each week."""

    elasticity: Any
    long_wait_share: Any
    long_wait_band: Any
    cliff_band: Any
    cliff_left: Any


class Work(NamedTuple):
    """Room for one cell: (bands, lanes) waiting, (lanes,) sums, (bands,) rates of this week."""

    waiting: Any
    wanted: Any
    capacity: Any
    purse: Any
    treated: Any
    counted: Any
    propensity: Any
    before: Any


class Counts(NamedTuple):
    """What is found, added to zeros: ``values`` (cells, months, measures, replicates).

    ``waiting`` and ``shares`` (cells, months, bands) are of the first replicate, and may have no
    months: then they are left out. ``thresholds`` are the bands at which the measures but the last
    begin, rising.
    """

    values: Any
    waiting: Any
    shares: Any
    thresholds: Any


class Block(NamedTuple):
    """What is run at once: a cell, and ``lanes`` of its replicates from the ``first``."""

    cell: Any
    first: Any
    lanes: Any


@entry
def run(
    lists: Lists, calendar: Calendar, spending: Spending, factors: Any, work: Work, counts: Counts
) -> None:
    """All cells and replicates; ``factors`` is (cells, months, 2, replicates)."""
    for cell in range(factors.shape[0]):
        for first in range(0, factors.shape[3], work.waiting.shape[1]):
            lanes = min(work.waiting.shape[1], factors.shape[3] - first)
            block = Block(cell, first, lanes)
            _path(lists, calendar, spending, factors[cell], work, counts, block)


@compiled
def _path(
    lists: Lists,
    calendar: Calendar,
    spending: Spending,
    factors: Any,
    work: Work,
    counts: Counts,
    block: Block,
) -> None:
    cell, lanes = block.cell, block.lanes
    bands, weeks = len(work.propensity), len(calendar.month)
    newest: Any = np.int64(0)  # of this type from the start: else all is compiled for a literal too
    for band in range(bands):
        work.waiting[band, :lanes] = lists.waiting[cell, band]
    for week in range(weeks):
        _count(calendar.at_census[week], work, newest, counts, block)
        chance = factors[calendar.month[week]]
        for band in range(bands):
            work.propensity[band] = lists.propensity[cell, band] * calendar.trend[week, band]
        _note_before(work, newest, counts)
        _want(work, newest, lanes)
        ordinary = calendar.treatment[week] * lists.capacity[cell] ** spending.elasticity
        _afford(ordinary, _ONE - spending.elasticity, chance[1], work, block)
        _spend_first(spending, week, work, newest, lanes)
        _share_out(work, lanes)
        _note_shares(calendar.in_month[week], work, newest, counts, cell)
        _treat(lists.stays[cell], lists.transfers_in[cell], work, newest, lanes)
        _count_treated(calendar.in_month[week], work, counts, block)
        arriving = lists.arrivals[cell] * calendar.arrivals[week]
        newest = _age(arriving, chance[0], work, newest, block)
    _count(calendar.at_census[weeks], work, newest, counts, block)


@compiled
def _place(newest: int, band: int, bands: int) -> int:
    place = newest + band
    return place - bands if place >= bands else place


@compiled
def _want(work: Work, newest: int, lanes: int) -> None:
    """How many would be treated at the usual rates."""
    wanted, bands = work.wanted, len(work.propensity)
    for lane in range(lanes):
        wanted[lane] = _NONE
    for band in range(bands):
        waiting, propensity = work.waiting[_place(newest, band, bands)], work.propensity[band]
        for lane in range(lanes):
            wanted[lane] += propensity * waiting[lane]


@compiled
def _afford(ordinary: Any, in_step: Any, chance: Any, work: Work, block: Block) -> None:
    """The week's capacity, none of it spent; it follows what is wanted to the power ``in_step``."""
    for lane in range(block.lanes):
        work.capacity[lane] = chance[block.first + lane] * ordinary * work.wanted[lane] ** in_step
        work.treated[lane] = _NONE


@compiled
def _spend_first(spending: Spending, week: int, work: Work, newest: int, lanes: int) -> None:
    """What the policy spends on the longest waits; the usual rates then hold for those left."""
    bands, cliff, left = len(work.propensity), spending.cliff_band[week], spending.cliff_left[week]
    if cliff < bands:
        _sum_from(cliff, work, newest, lanes)
        for lane in range(lanes):
            work.purse[lane] = min(work.capacity[lane], work.counted[lane] / left)
        _treat_longest(cliff, work, newest, lanes)
    if spending.long_wait_share > 0:
        for lane in range(lanes):
            rest = max(_NONE, work.capacity[lane] - work.treated[lane])
            work.purse[lane] = spending.long_wait_share * rest
        _treat_longest(spending.long_wait_band, work, newest, lanes)
    if cliff < bands or spending.long_wait_share > 0:
        _want(work, newest, lanes)


@compiled
def _sum_from(lowest: int, work: Work, newest: int, lanes: int) -> None:
    bands = len(work.propensity)
    for lane in range(lanes):
        work.counted[lane] = _NONE
    for band in range(lowest, bands):
        waiting = work.waiting[_place(newest, band, bands)]
        for lane in range(lanes):
            work.counted[lane] += waiting[lane]


@compiled
def _treat_longest(lowest: int, work: Work, newest: int, lanes: int) -> None:
    purse, treated, bands = work.purse, work.treated, len(work.propensity)
    for band in range(bands - 1, lowest - 1, -1):
        waiting = work.waiting[_place(newest, band, bands)]
        for lane in range(lanes):
            taken = min(waiting[lane], purse[lane])
            waiting[lane] -= taken
            purse[lane] -= taken
            treated[lane] += taken


@compiled
def _share_out(work: Work, lanes: int) -> None:
    """What is left of capacity, as a multiple of the usual rates: it takes the purse's place."""
    for lane in range(lanes):
        rest, wanted = work.capacity[lane] - work.treated[lane], work.wanted[lane]
        work.purse[lane] = min(rest / wanted, _MOST) if rest > 0 and wanted > 0 else _NONE


@compiled
def _treat(stays: Any, transfers_in: Any, work: Work, newest: int, lanes: int) -> None:
    """Treatment, other removals and transfers, band by band."""
    rates, treated, bands = work.purse, work.treated, len(work.propensity)
    for band in range(bands):
        waiting, propensity = work.waiting[_place(newest, band, bands)], work.propensity[band]
        stay, joining = stays[band], transfers_in[band]
        for lane in range(lanes):
            taken = min(_ONE, rates[lane] * propensity) * waiting[lane]
            treated[lane] += taken
            waiting[lane] = (waiting[lane] - taken) * stay + joining


@compiled
def _age(arriving: Any, chance: Any, work: Work, newest: int, block: Block) -> int:
    """Everybody a week older: the place of the open band becomes that of the new."""
    bands = len(work.propensity)
    emptied = _place(newest, bands - 1, bands)
    last, oldest = work.waiting[_place(newest, bands - 2, bands)], work.waiting[emptied]
    for lane in range(block.lanes):
        last[lane] += oldest[lane]
        oldest[lane] = arriving * chance[block.first + lane]
    return emptied


@compiled
def _count(weights: Any, work: Work, newest: int, counts: Counts, block: Block) -> None:
    for month in range(len(weights)):
        if weights[month] > 0:
            values = counts.values[block.cell, month]
            _count_over(values, counts.thresholds, work, newest, weights[month], block)
            _note_lists(counts, block.cell, month, work, newest, weights[month])


@compiled
def _count_over(
    values: Any, thresholds: Any, work: Work, newest: int, weight: Any, block: Block
) -> None:
    """Those over each threshold: one sum from the longest wait down."""
    counted, bands, lanes = work.counted, len(work.propensity), block.lanes
    for lane in range(lanes):
        counted[lane] = _NONE
    above = bands
    for measure in range(len(thresholds) - 1, -1, -1):
        for band in range(above - 1, thresholds[measure] - 1, -1):
            waiting = work.waiting[_place(newest, band, bands)]
            for lane in range(lanes):
                counted[lane] += waiting[lane]
        above, value = thresholds[measure], values[measure]
        for lane in range(lanes):
            value[block.first + lane] += weight * counted[lane]


@compiled
def _count_treated(weights: Any, work: Work, counts: Counts, block: Block) -> None:
    measure = len(counts.thresholds)
    for month in range(len(weights)):
        if weights[month] > 0:
            value = counts.values[block.cell, month, measure]
            for lane in range(block.lanes):
                value[block.first + lane] += weights[month] * work.treated[lane]


@compiled
def _note_lists(
    counts: Counts, cell: int, month: int, work: Work, newest: int, weight: Any
) -> None:
    bands = counts.waiting.shape[2]
    if month < counts.waiting.shape[1]:
        for band in range(bands):
            waiting = work.waiting[_place(newest, band, bands), 0]
            counts.waiting[cell, month, band] += weight * waiting


@compiled
def _note_before(work: Work, newest: int, counts: Counts) -> None:
    bands = counts.waiting.shape[2]
    if counts.waiting.shape[1] > 0:
        for band in range(bands):
            work.before[band] = work.waiting[_place(newest, band, bands), 0]


@compiled
def _note_shares(weights: Any, work: Work, newest: int, counts: Counts, cell: int) -> None:
    """The share of each band that the week treats, were it empty too, into its months."""
    bands = counts.shares.shape[2]
    for month in range(counts.shares.shape[1]):
        if weights[month] > 0:
            for band in range(bands):
                waiting, before = work.waiting[_place(newest, band, bands), 0], work.before[band]
                passed = waiting / before if before > 0 else _ONE
                passed *= _ONE - min(_ONE, work.purse[0] * work.propensity[band])
                counts.shares[cell, month, band] += weights[month] * (_ONE - passed)
