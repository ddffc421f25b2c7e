"""Week bands in groups: wide enough to estimate a rate, narrow where targets bend it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from clockstop.core.rtt.week_bands import BANDS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Grouping:
    """Groups of neighbouring bands, by the first band of each."""

    starts: tuple[int, ...]

    @cached_property
    def of_band(self) -> npt.NDArray[np.int64]:
        """The number of each band's group: (bands,)."""
        widths = np.diff((*self.starts, BANDS))
        return np.repeat(np.arange(len(self.starts)), widths)

    def sums(self, bands: npt.NDArray[Any]) -> Floats:
        """Counts by band (…, bands) as counts by group (…, groups)."""
        added: Floats = np.add.reduceat(bands, self.starts, axis=-1)
        return added

    def each_band(self, groups: npt.NDArray[Any]) -> Floats:
        """A figure of each group (…, groups), for each of its bands (…, bands)."""
        spread: Floats = np.asarray(groups)[..., self.of_band]
        return spread


# How people are chosen for treatment bends at the targets: 18, 52 and 65 weeks.
_BELOW_18_WEEKS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16)
_FROM_18_WEEKS = (18, 20, 23, 26, 30, 35, 40, 45, 50)
_FROM_52_WEEKS = (52, 54, 60, 65, 70, 78, 91, 104)
RATES = Grouping((*_BELOW_18_WEEKS, *_FROM_18_WEEKS, *_FROM_52_WEEKS))
# The first stretch holds who came since the last census: a month is at most 4.43 weeks.
STRETCHES = Grouping((0, 5, 10, 18, 26, 40, 52, 65, 78, 104))
