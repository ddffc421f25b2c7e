"""Under which codes a month's cells are filed: after mergers of trusts and of ICBs.

Cells that share provider, commissioner and function in the return are one row there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.cells import Floats, Ints
from clockstop.analytics.synthetic.england import England
from clockstop.analytics.synthetic.practices import Practice
from clockstop.analytics.synthetic.providers import Commissioner, Provider
from clockstop.analytics.synthetic.story import Omission
from clockstop.core.codes import Icb, icb
from clockstop.core.types import Month

# Of ICBs that were divided, where each postcode area went if not to the first successor.
_DIVIDED = {"CO": "D7T5G", "GU": "S9B9J"}


def icb_of(place: Provider | Commissioner | Practice, month: Month) -> Icb:
    """The ICB that a provider, commissioner or practice belongs to at the end of a month."""
    own = icb(place.area.icb)
    if own.exists_on(month.census):
        return own
    area = place.district.district.rstrip("0123456789")
    moved = _DIVIDED.get(area, own.successors[0])
    return icb(moved if moved in own.successors else own.successors[0])


@dataclass(frozen=True)
class Filing:
    """The cells of a month in the order of the return, cells of the same codes side by side."""

    england: England
    number: int
    without: Omission | None = None

    @cached_property
    def provider_of(self) -> Ints:
        """The provider (index) under whose code each provider's patients are filed."""
        filed = np.arange(len(self.england.providers))
        merger = self.england.story.merger
        if merger and self.number >= merger.month:
            filed[merger.old] = merger.new
        return filed

    @property
    def month(self) -> Month:
        """The month filed."""
        return self.england.calendar.months[self.number]

    @cached_property
    def cells(self) -> Ints:
        """The cells filed (indices), by provider, commissioner and function."""
        cells = self.england.cells
        submits = np.array([one.submits(self.number) for one in self.england.providers])
        shown = submits[cells.provider]
        if self.without:
            omitted = cells.provider == self.without.provider
            shown &= ~(omitted & (cells.function == self.without.function))
        order = np.lexsort((cells.function, cells.commissioner, self.provider_of[cells.provider]))
        filed: Ints = order[shown[order]]
        return filed

    @cached_property
    def keys(self) -> npt.NDArray[np.int64]:
        """Provider, commissioner and function of each row: 3 x rows."""
        return self._keys[:, self._starts]

    @cached_property
    def _keys(self) -> npt.NDArray[np.int64]:
        cells, at = self.england.cells, self.cells
        provider = self.provider_of[cells.provider[at]]
        return np.stack([provider, cells.commissioner[at], cells.function[at]])

    @cached_property
    def _starts(self) -> Ints:
        is_new = (np.diff(self._keys, axis=1, prepend=-1) != 0).any(axis=0)
        return np.flatnonzero(is_new)

    @cached_property
    def pairs(self) -> Ints:
        """Where each provider and commissioner begins among the rows."""
        is_new = (np.diff(self.keys[:2], axis=1, prepend=-1) != 0).any(axis=0)
        return np.flatnonzero(is_new)

    def rows(self, counts: Floats) -> npt.NDArray[np.int32]:
        """Counts by cell as counts by row."""
        summed: npt.NDArray[np.int32] = np.add.reduceat(
            counts[self.cells], self._starts, axis=0
        ).astype(np.int32)
        return summed


def months_of_icbs(places: Sequence[Provider], months: Sequence[Month]) -> list[tuple[int, Icb]]:
    """Each provider (index) with every ICB that it belonged to, in order of time."""
    found = dict.fromkeys(
        (at, icb_of(one, month)) for at, one in enumerate(places) for month in months
    )
    return sorted(found, key=lambda pair: pair[0])
