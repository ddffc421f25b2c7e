"""Who came to each list and who left it in a month, by the week bands of its census.

Everybody is counted in the band in which they stand at the census that ends the month, or would
stand had they stayed. So in every band ``before + arrived - admitted - nonadmitted - other`` is
``after``. ``other`` is what no return tells, with its sign: above 0 people left without a clock
stop, below 0 more joined without a new period, as transfers do.

Waits are taken as even over the days of a band, new periods and clock stops as even over the days
of the month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import polars as pl

from clockstop.analytics.forecast.engine.calendar import DAYS
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.months.cube import Cells, Cube, Flags, Floats
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND
from clockstop.core.types import Month

FLOWS = ("before", "arrived", "admitted", "nonadmitted", "other", "after")
_UPPER = (*STRETCHES.starts[1:], None)
STRETCH_NAMES = tuple(
    f"{start}-{end}" if end else f"{start}+"
    for start, end in zip(STRETCHES.starts, _UPPER, strict=True)
)


@dataclass(frozen=True)
class BandFlows:
    """The flows of one month, (cells, bands) in pathways, in the bands of its census.

    ``known`` (cells,) tells whose returns of both censuses were sent; the flows of the others are
    0 and mean nothing. ``unsent`` are their pathways at the one census that they sent, if any.
    """

    cells: Cells
    known: Flags
    before: Floats
    arrived: Floats
    admitted: Floats
    nonadmitted: Floats
    after: Floats
    unsent: Floats

    @cached_property
    def other(self) -> Floats:
        """Who left without a clock stop, less who joined without a new period."""
        return self.before + self.arrived - self.admitted - self.nonadmitted - self.after


def band_flows(cube: Cube, month: Month) -> BandFlows:
    """The flows between the census before the month and its own.

    Raises ValueError if the cube does not hold both.
    """
    at = _place(cube, month)
    known = cube.sent[at - 1] & cube.sent[at]
    days = month.days
    before, after = cube.waiting[at - 1] @ aged(days), cube.waiting[at]
    stopped = stopped_at_census(days)
    only = known[:, None]
    return BandFlows(
        cells=cube.cells,
        known=known,
        before=before * only,
        arrived=cube.new_periods[at][:, None] * arrived_at_census(days) * only,
        admitted=cube.admitted[at] @ stopped * only,
        nonadmitted=cube.nonadmitted[at] @ stopped * only,
        after=after * only,
        unsent=(before * cube.sent[at - 1][:, None] + after * cube.sent[at][:, None]) * ~only,
    )


def _place(cube: Cube, month: Month) -> int:
    if month not in cube.months[1:]:
        expected = f"{cube.months[0].plus(1)} to {cube.months[-1]}"
        raise ValueError(f"no flows of {month}: there are two censuses for {expected}")
    return cube.months.index(month)


@cache
def aged(days: int) -> Floats:
    """The share of each band (rows) that is in each band (columns) so many days later.

    Band k is days 7k + 1 to 7k + 7 of a wait; the open last band keeps its own. Each row adds up
    to 1.
    """
    weeks, over = divmod(days, DAYS)
    moved = np.zeros((BANDS, BANDS))
    bands = np.arange(BANDS)
    moved[bands, np.minimum(bands + weeks, OPEN_BAND)] += (DAYS - over) / DAYS
    moved[bands, np.minimum(bands + weeks + 1, OPEN_BAND)] += over / DAYS
    return moved


@cache
def stopped_at_census(days: int) -> Floats:
    """The same for clock stops, as many on each of the month's days, the last on the census."""
    moved: Floats = np.mean([aged(left) for left in range(days)], axis=0)
    return moved


@cache
def arrived_at_census(days: int) -> Floats:
    """The share of a month's new periods in each band (bands,) at its census.

    Those of its first day have waited for a day less than the month has; band 0 also holds waits
    of no days.
    """
    waited = np.arange(days)
    bands: Floats = np.bincount(np.maximum(waited - 1, 0) // DAYS, minlength=BANDS) / days
    return bands


def flows_table(cube: Cube, month: Month, by: Sequence[str]) -> pl.DataFrame:
    """One row for each group and stretch of bands: the codes, ``weeks``, ``FLOWS``, ``unsent``.

    In pathways. Lists without both censuses have no flows: their pathways are counted apart, as
    ``unsent``, and the flows of a group of such lists alone are null. Raises ValueError for a month
    without two censuses and for a code that cells do not have.
    """
    unknown = set(by) - set(cube.by)
    if unknown:
        raise ValueError(f"cells have no {', '.join(sorted(unknown))}")
    flows = band_flows(cube, month)
    stretches = len(STRETCH_NAMES)
    codes = {key: np.repeat(getattr(cube.cells, key), stretches) for key in by}
    counts = {name: STRETCHES.sums(getattr(flows, name)).ravel() for name in (*FLOWS, "unsent")}
    weeks = pl.Series(STRETCH_NAMES * len(cube.cells), dtype=pl.Enum(STRETCH_NAMES))
    known = np.repeat(flows.known, stretches)
    rows = pl.DataFrame({**codes, "weeks": weeks, "known": known, **counts})
    sums = rows.group_by(*by, "weeks").agg(pl.col("known").any(), pl.col(*counts).sum())
    told = [pl.when("known").then(name).alias(name) for name in FLOWS]
    return sums.with_columns(told).drop("known").sort(*by, "weeks")


def unsent_returns(cube: Cube, month: Month) -> pl.DataFrame:
    """Whose flows of the month are not known: one row for each provider that sent one census alone.

    ``before`` and ``after`` count the pathways of each census, null for the one that was not sent.
    Longest list first. Raises ValueError for a month without two censuses.
    """
    at = _place(cube, month)
    sizes = cube.waiting[at - 1 : at + 1].sum(axis=2)
    sent = cube.sent[at - 1 : at + 1]
    rows = pl.DataFrame(
        {
            "provider": cube.cells.provider,
            **dict(zip(("sent_before", "sent_after"), sent, strict=True)),
            **dict(zip(("before", "after"), sizes, strict=True)),
        },
        schema_overrides={"provider": pl.String},
    ).filter(pl.col("sent_before") != pl.col("sent_after"))
    sums = rows.group_by("provider", "sent_before", "sent_after").agg(
        pl.col("before", "after").sum()
    )
    told = sums.select(
        "provider",
        *(pl.when(f"sent_{name}").then(name).alias(name) for name in ("before", "after")),
    )
    return told.sort(-pl.coalesce("before", "after"), "provider")
