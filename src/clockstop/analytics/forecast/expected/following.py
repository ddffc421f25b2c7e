"""How much longer: the wait ahead of one person who has waited so many weeks.

A calibrated list gives, for each week after the origin and each week band, the chance to be
treated and the chance to leave otherwise. One person goes through them along the diagonal: band N
at the origin, N + 1 a week later, and so on; nobody gets older than the open band. Treatment and
leaving compete: the wait ends in the one or the other.

The chances are those of lately, moved on along England's trend and with the working time of each
week, whatever becomes of the list. Over past months that told who still waits as well as chances
that rise and fall with the expected list, and of single lists after half a year better: their
growth is mostly chance (see the explanation in the documentation).

Shapes: (weeks, cells, bands), the last axis by the band that a person was in at the origin. Who
joins at the origin is in band 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine.model import Floats, Model, Weeks
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.months.ratios import ratio
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND

TOGETHER = 128  # cells followed at once: 50 MB in three years


@dataclass(frozen=True)
class Fates:
    """What has become of people by the end of each week after the origin, as chances.

    ``admitted`` and ``nonadmitted`` are clock stops until then, ``still`` is who waits on; the
    rest has left without a clock stop. ``open_admitted`` (cells, 1) is the part admitted of the
    clock stops of the longest waits.
    """

    admitted: Floats
    nonadmitted: Floats
    still: Floats
    open_admitted: Floats

    @property
    def ends_without_treatment(self) -> Floats:
        """The chance to have left without a clock stop by the last week: (cells, bands)."""
        left: Floats = 1 - self.admitted[-1] - self.nonadmitted[-1] - self.still[-1]
        return np.maximum(left, 0)

    def admitted_within(self, part: float) -> Floats:
        """The weeks in which such a part of those who are ever admitted is: as ``within``."""
        later = self.open_admitted * self.still[-1]
        return within(self.admitted, self.admitted[-1] + later, part)

    def nonadmitted_within(self, part: float) -> Floats:
        """The same of clock stops without admission."""
        later = (1 - self.open_admitted) * self.still[-1]
        return within(self.nonadmitted, self.nonadmitted[-1] + later, part)

    def treated_within(self, part: float) -> Floats:
        """The same of clock stops of either kind."""
        treated = self.admitted + self.nonadmitted
        return within(treated, treated[-1] + self.still[-1], part)


def followed(model: Model, weeks: Weeks, admitted: Floats) -> Iterator[tuple[slice, Fates]]:
    """Everybody's fates, some cells at a time.

    ``admitted`` (cells, bands) is the part of the clock stops of each band that are admissions.
    """
    stays = waits_on(model)
    for first in range(0, len(model.cells), TOGETHER):
        cells = slice(first, first + TOGETHER)
        chances = weekly_chances(model, cells, weeks)
        yield cells, _followed(chances, stays[cells], admitted[cells])


def _followed(chances: Iterator[Floats], stays: Floats, admitted: Floats) -> Fates:
    waits = np.ones_like(stays)
    stopped = np.zeros((2, *stays.shape))
    stops, still = [], []
    for at, chance in enumerate(chances):
        band = np.minimum(np.arange(BANDS) + at, OPEN_BAND)
        treated = waits * chance[:, band]
        stopped = stopped + treated * np.stack([admitted[:, band], 1 - admitted[:, band]])
        waits = (waits - treated) * stays[:, band]
        stops.append(stopped)
        still.append(waits)
    by_kind = np.array(stops)
    return Fates(by_kind[:, 0], by_kind[:, 1], np.array(still), admitted[:, OPEN_BAND:])


def weekly_chances(model: Model, cells: slice, weeks: Weeks) -> Iterator[Floats]:
    """The chance of a clock stop in each week, by the band at its start: (cells, bands)."""
    propensity = model.propensity[cells].astype(np.float64)
    changes = 0.0
    for at, worked in enumerate(weeks.treatment):
        changes += model.damping**at
        yield np.minimum(propensity * np.exp(model.trend * changes) * worked, 1)


def waits_on(model: Model) -> Floats:
    """The chance of who is not treated in a week to wait on: (cells, bands).

    Who joins a list with a wait behind them has left another: that is a transfer, and no end of the
    wait. So all those who leave lists are taken to leave for good but for as many as join any, in
    each stretch of bands.
    """
    leaves = 1 - np.minimum(model.stays.astype(np.float64), 1)
    left = (1 - model.propensity.astype(np.float64)) * model.waiting * leaves
    leavers, joiners = (
        STRETCHES.sums(each.sum(axis=0, dtype=np.float64)) for each in (left, model.transfers_in)
    )
    for_good: Floats = STRETCHES.each_band(np.maximum(1 - ratio(joiners, leavers), 0))
    return 1 - leaves * for_good


def within(stopped: Floats, ever: Floats, part: float) -> Floats:
    """In how many weeks such a part of those whose wait ever ends so have had it end.

    ``stopped`` (weeks, cells, bands) are the chances by the end of each week, ``ever`` (cells,
    bands) that it ends so at all: who still waits after the last week is taken to be treated
    later, so that no figure is too low for it. In proportion within a week. NaN where the weeks do
    not reach so far, or nobody's wait ends so.
    """
    aim = part * ever
    before = (stopped < aim).sum(axis=0)
    last = np.minimum(before, len(stopped) - 1)
    high, low = _at(stopped, last), np.where(last > 0, _at(stopped, np.maximum(last - 1, 0)), 0)
    rise = high - low
    weeks = last + np.divide(aim - low, rise, out=np.ones_like(rise), where=rise > 0)
    return np.where((before < len(stopped)) & (ever > 0), weeks, np.nan)


def _at(by_week: Floats, week: npt.NDArray[np.int64]) -> Floats:
    values: Floats = np.take_along_axis(by_week, week[None], axis=0)[0]
    return values
