"""What happened: the figures that forecasts are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from clockstop.analytics.forecast.months.cube import Cube
from clockstop.analytics.forecast.proof.baselines.history import history
from clockstop.analytics.forecast.quantiles import LONG_WAITS, MEASURES, SHARE, SIZE, Floats
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month

_FIGURES = [f"{SIZE}_est", f"{SHARE}_est", *(f"over_{weeks}_weeks_est" for weeks in LONG_WAITS)]


@dataclass(frozen=True)
class Published:
    """The figures of England, (``MEASURES``,) for each month, with estimates for missing trusts.

    ``whole`` are the months in which no trust was missing.
    """

    figures: Mapping[Month, Floats]
    whole: frozenset[Month]


NOT_PUBLISHED = Published({}, frozenset())


def published_england(lake: Lake) -> Published:
    """What the lake's overview series prints: of the months that have all figures, if any."""
    found, whole = {}, []
    for revision in lake.catalogue().current("rtt_overview").values():
        series = lake.scan(revision, "series").select("month", SIZE, *_FIGURES)
        for name, sent, *values in series.drop_nulls().collect().rows():
            month = Month.parse(name)
            found[month] = np.array(values, dtype=np.float64)
            if sent == values[0]:
                whole.append(month)
    return Published(found, frozenset(whole))


def outcomes(cube: Cube) -> Floats:
    """What a cube's groups came to: (months, groups, ``MEASURES``).

    Not a number where a group did not send, and for the share of a list that was empty.
    """
    found = history(cube)
    share, empty = MEASURES.index(SHARE), found[..., MEASURES.index(SIZE)] == 0
    found[..., share] = np.where(empty, np.nan, found[..., share])
    return found
