"""What happens in the synthetic England, so that a reader has something to find.

One trust falls silent, another is taken over by its neighbour, one site is tiny and one opens half
way, a month is filed twice, and in some places independent activity grows: in addition to what the
NHS does, or in its place. Short series have only what fits into them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from clockstop.analytics.synthetic.providers import Provider
from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.core.types import Sector

SILENT_MONTHS = 2
FEWEST_FOR_A_REVISION, REVISED_BEFORE_LAST = 6, 4
FEWEST_FOR_CHANGES = 12  # for the merger and the growth
TINY_DEMAND = 0.6  # new periods a week
AREAS = 12
# Of the growth in each area; half of them take nothing from the NHS.
DISPLACED = (0.0, 0.3, 0.0, 0.6, 0.0, 0.9)
GROWTH = 0.6  # of what the sites of an area did before


@dataclass(frozen=True, slots=True)
class GrowthArea:
    """An ICB's providers and a function (index) where independent activity grows from a month.

    ``displaced`` is the share of the growth that trusts would have done; 0 is all additional.
    """

    icb: str
    function: int
    opens: int
    displaced: float


@dataclass(frozen=True, slots=True)
class Merger:
    """A trust (index) that another takes over from a month on."""

    old: int
    new: int
    month: int


@dataclass(frozen=True, slots=True)
class Omission:
    """A month first filed without a provider's function (indices), and filed again with it."""

    month: int
    provider: int
    function: int


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happens; months count from the first, 0."""

    areas: tuple[GrowthArea, ...]
    merger: Merger | None
    omission: Omission | None


def tell(
    providers: Sequence[Provider], months: int, scale: float, rng: np.random.Generator
) -> tuple[list[Provider], Story]:
    """The providers with what befalls them, and the rest of the story."""
    told = list(providers)
    silent, partner, old, new = _pairs_of_trusts(told)
    if months > SILENT_MONTHS:
        told[silent] = replace(told[silent], last_return=months - 1 - SILENT_MONTHS)
    tiny, late = _two_sites(told)
    told[tiny] = replace(
        told[tiny], demand=TINY_DEMAND / scale, growth=0.0, functions=told[tiny].functions[:1]
    )
    told[late] = replace(told[late], opens=months // 2)
    is_long = months >= FEWEST_FOR_CHANGES
    omitted = function_codes().index(told[partner].functions[0])
    return told, Story(
        areas=tuple(_areas(told, months, rng)) if is_long else (),
        merger=Merger(old, new, months * 2 // 3) if is_long else None,
        omission=(
            Omission(months - 1 - REVISED_BEFORE_LAST, partner, omitted)
            if months >= FEWEST_FOR_A_REVISION
            else None
        ),
    )


def _pairs_of_trusts(providers: Sequence[Provider]) -> tuple[int, int, int, int]:
    """Two pairs of general trusts, each pair in an ICB of its own, each with the smaller first."""
    pairs: list[tuple[int, int]] = []
    for at, one in enumerate(providers[:-1]):
        other = providers[at + 1]
        both = one.sector is other.sector is Sector.NHS_TRUST and one.area == other.area
        if both and min(len(one.functions), len(other.functions)) > 10:  # noqa: PLR2004
            pair = (at, at + 1) if one.demand < other.demand else (at + 1, at)
            if not pairs or providers[pairs[-1][0]].area != one.area:
                pairs.append(pair)
    return *pairs[0], *pairs[1]


def _two_sites(providers: Sequence[Provider]) -> tuple[int, int]:
    first, second, *_ = (at for at, one in enumerate(providers) if one.sector is Sector.INDEPENDENT)
    return first, second


def _areas(
    providers: Sequence[Provider], months: int, rng: np.random.Generator
) -> list[GrowthArea]:
    """Some of the ICBs and functions that both sectors have."""
    offered = {
        sector: {
            (one.area.icb, code)
            for one in providers
            if one.sector is sector and not one.opens and one.last_return is None
            for code in one.functions
        }
        for sector in (Sector.NHS_TRUST, Sector.INDEPENDENT)
    }
    both = sorted(offered[Sector.NHS_TRUST] & offered[Sector.INDEPENDENT])
    chosen = rng.permutation(len(both))[:AREAS]
    return [
        GrowthArea(
            both[at][0],
            function_codes().index(both[at][1]),
            months // 2,
            DISPLACED[number % len(DISPLACED)],
        )
        for number, at in enumerate(chosen.tolist())
    ]
