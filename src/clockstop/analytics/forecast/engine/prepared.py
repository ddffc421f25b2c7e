"""A model, its weeks and a policy as the compiled engine takes them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from clockstop.analytics.forecast.engine import weekly
from clockstop.analytics.forecast.engine.calendar import census_weights, month_shares
from clockstop.analytics.forecast.engine.model import Floats, Lanes, Model, Weeks
from clockstop.analytics.forecast.engine.policy import Policy
from clockstop.analytics.forecast.quantiles import LONG_WAITS
from clockstop.core.rtt.week_bands import BANDS

THRESHOLDS = np.array([0, *LONG_WAITS])
_LANES = 64  # replicates side by side: the lists of so many stay in the nearest cache


class Prepared:
    """What is the same for all chunks of cells and for all replicates."""

    def __init__(self, model: Model, weeks: Weeks, policy: Policy) -> None:
        self._model, self._months = model, len(weeks.months)
        multipliers = policy.multipliers(len(model.cells), self._months)
        self._multipliers = _single(multipliers[..., None])
        self._calendar = weekly.Calendar(
            arrivals=_single(weeks.arrivals),
            treatment=_single(weeks.treatment),
            month=weeks.month.astype(np.int64),
            trend=_single(trend_by_week(model, len(weeks.month))),
            at_census=_single(census_weights(weeks)),
            in_month=_single(month_shares(weeks)),
        )
        band, left = policy.urgent(weeks)
        self._spending = weekly.Spending(
            elasticity=np.float32(model.elasticity),
            long_wait_share=np.float32(policy.long_wait_share),
            long_wait_band=policy.long_wait_weeks,
            cliff_band=band,
            cliff_left=_single(left),
        )

    def run(self, cells: slice, factors: Lanes, *, lists: bool = False) -> weekly.Counts:
        """All that is found for some cells; ``factors`` (cells, months, 2, replicates).

        With ``lists`` also, of the first replicate, the lists at each census and the mean share
        of each band that a week of the month treats.
        """
        count, replicates = factors.shape[0], factors.shape[-1]
        measures = len(THRESHOLDS) + 1
        by_band = (count, self._months if lists else 0, BANDS)
        found = weekly.Counts(
            values=np.zeros((count, self._months, measures, replicates), np.float32),
            waiting=np.zeros(by_band, np.float32),
            shares=np.zeros(by_band, np.float32),
            thresholds=THRESHOLDS,
        )
        given = (_single(getattr(self._model, name)[cells]) for name in weekly.Lists._fields)
        weekly.run(
            weekly.Lists(*given),
            self._calendar,
            self._spending,
            factors * self._multipliers[cells],
            _room(min(_LANES, replicates)),
            found,
        )
        weeks_of_month = self._calendar.in_month.sum(axis=0)[: by_band[1], None]
        return found._replace(shares=found.shares / weeks_of_month)


def trend_by_week(model: Model, weeks: int) -> Floats:
    """What multiplies each band's propensity in each week: (weeks, bands)."""
    changes = np.cumsum(model.damping ** np.arange(weeks))
    factors: Floats = np.exp(changes[:, None] * model.trend)
    return factors


def _room(lanes: int) -> weekly.Work:
    waiting, *sums = (np.empty(shape, np.float32) for shape in [(BANDS, lanes), *[(lanes,)] * 5])
    by_band = (np.empty(BANDS, np.float32) for _ in range(2))
    return weekly.Work(waiting, *sums, *by_band)


def _single(values: npt.NDArray[np.floating] | npt.NDArray[np.int64]) -> Lanes:
    return np.ascontiguousarray(values, dtype=np.float32)
