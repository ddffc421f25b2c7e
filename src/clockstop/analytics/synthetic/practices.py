"""The fictional general practices of the synthetic England, in real places."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from clockstop.analytics.synthetic.atlas import Area, areas
from clockstop.analytics.synthetic.names import fictional_names, mark
from clockstop.analytics.synthetic.providers import INWARD, places_in, share_out
from clockstop.core.geography.districts import DistrictCentroid

_FORMS = (
    "{} Surgery",
    "{} Medical Centre",
    "{} Health Centre",
    "{} Medical Practice",
    "{} Family Practice",
    "{} Group Practice",
    "{} House Surgery",
    "{} Road Surgery",
    "The {} Practice",
)

# Real practices are called so.
_TAKEN = frozenset(
    {"Aldermoor", "Ferndale", "Fernlea", "Hazelmere", "Swallowbeck", "Thistlemoor", "Willowbrook"}
)


@dataclass(frozen=True, slots=True)
class Practice:
    """A fictional practice. Its code has two letters and four digits, as no real one has."""

    code: str
    name: str
    area: Area
    district: DistrictCentroid

    @property
    def postcode(self) -> str:
        """A postcode in its real district."""
        return f"{self.district.district} {INWARD}"


def make_practices(rng: np.random.Generator, number: int) -> list[Practice]:
    """So many practices, shared out over the ICBs by size and over their districts by postcodes."""
    names = _names(rng)
    return [
        Practice(f"ZP{at:04d}", next(names), area, district)
        for at, (area, district) in enumerate(_places(rng, number), start=1)
    ]


def _places(rng: np.random.Generator, number: int) -> Iterator[tuple[Area, DistrictCentroid]]:
    for area, count in zip(areas(), share_out(number), strict=True):
        for district in places_in(area, count, rng):
            yield area, district


def _names(rng: np.random.Generator) -> Iterator[str]:
    """Names that are not given twice: every first word in one form, then in the next."""
    firsts = [first for first in fictional_names(rng) if first not in _TAKEN]
    for at in range(len(_FORMS)):
        for number, first in enumerate(firsts):
            yield mark(_FORMS[(at + number) % len(_FORMS)].format(first))
