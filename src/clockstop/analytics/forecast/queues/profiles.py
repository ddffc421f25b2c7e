"""Lists by how long people have waited: percentiles, shares, and weeks against months.

The last axis of a list is its bands, shortest waits first, all of one length; waits are in bands.
"""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from clockstop.core.types import Month

Floats = npt.NDArray[np.float64]
N = TypeVar("N", float, Floats)
DAYS_A_WEEK = 7
DAYS_A_MONTH = 365.25 / 12
_ROUNDING = 1e-12


def percentile_time(sizes: npt.ArrayLike, share: float) -> Floats:
    """The wait that a share of the list do not exceed: in a straight line inside its band.

    ``sizes`` (…, bands) are pathways, ``share`` is a fraction; gives bands (…), nan where nobody
    waits. The same as ``week_bands.percentile``, but the open band counts as one band long.
    Raises ValueError for a share outside 0 to 1.
    """
    _check_share(share)
    counts = np.asarray(sizes, dtype=np.float64)
    reached = np.cumsum(counts, axis=-1)
    wanted = share * reached[..., -1:]
    band = np.argmax(reached >= wanted * (1 - _ROUNDING), axis=-1)[..., None]
    here = np.take_along_axis(counts, band, axis=-1)
    missing = wanted - (np.take_along_axis(reached, band, axis=-1) - here)
    inside = np.divide(missing, here, out=np.zeros_like(missing), where=here > 0)
    return np.where(reached[..., -1] > 0, (band + inside)[..., 0], np.nan)


def share_within(sizes: npt.ArrayLike, limit: float) -> Floats:
    """The share of the list that has waited at most ``limit`` bands; part of a band counts so.

    ``sizes`` (…, bands) are pathways; gives fractions (…), nan where nobody waits. Source: the
    linear interpolation of NHS England's percentiles, turned round.
    """
    counts = np.asarray(sizes, dtype=np.float64)
    counted = np.clip(limit - np.arange(counts.shape[-1]), 0, 1)
    total = counts.sum(axis=-1)
    within = counts @ counted
    found: Floats = np.divide(within, total, out=np.full_like(total, np.nan), where=total > 0)
    return found


def long_wait_shortfall(long_waits: N, queue: N, share: float) -> N:
    """How many more clock stops, all of long waits, bring a list to its standard; in pathways.

    ``(L - (1 - p)·N) / p``: of N people L have waited too long, and a share p must not. Treating s
    of them leaves ``L - s`` long waits among ``N - s``. 0 or less where the standard is met.
    Source: from the definition; RTT Planner shows the same. Raises ValueError unless 0 < p <= 1.
    """
    _check_share(share)
    if not share:
        raise ValueError("a standard for 0 people asks for nothing; give a share of more than 0")
    return (long_waits - (1 - share) * queue) / share


def months_of(weeks: N) -> N:
    """Weeks as months of ``365.25 / 12`` days."""
    return weeks * DAYS_A_WEEK / DAYS_A_MONTH


def weeks_of(months: N) -> N:
    """Months of ``365.25 / 12`` days as weeks."""
    return months * DAYS_A_MONTH / DAYS_A_WEEK


def month_shares(week_ending: date) -> dict[Month, float]:
    """The months that the week ending on a day lies in, earlier first, and the share in each.

    A week that ends on day d of a month has ``min(d, 7) / 7`` of it in that month. Source: NHSRtt.
    """
    month = Month(week_ending.year, week_ending.month)
    share = min(week_ending.day, DAYS_A_WEEK) / DAYS_A_WEEK
    return {month: share} if share == 1 else {month.plus(-1): 1 - share, month: share}


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is not a share; give a fraction from 0 to 1")
