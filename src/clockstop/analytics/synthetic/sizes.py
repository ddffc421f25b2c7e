"""How many organisations a synthetic England has: few, or as many as the real return."""

from dataclasses import dataclass

DEFAULT_SCALE = 1 / 3
FULL_SCALE = 1.0
_FULL_FROM = 0.9


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of organisations, and how far their patients come from.

    ``trust_reach`` and ``site_reach`` are commissioners for each provider; ``trust_spread`` and
    ``site_spread`` the standard deviations of the log of their sizes; every ``narrow_every``-th
    trust is a community or mental health trust with few functions, 0 for none; ``fewest_waiting``
    the list of the smallest cells: the smaller, the longer the tail of tiny ones;
    ``function_spread`` the standard deviation of the log of a function's share of a provider's
    patients against England's.
    """

    trusts: int
    sites: int
    practices: int
    locations: int
    trust_reach: int
    site_reach: int
    trust_spread: float
    site_spread: float
    narrow_every: int
    fewest_waiting: float
    function_spread: float


SMALL = Size(60, 90, 630, 62, 4, 3, 0.3, 0.7, 0, 1.2, 0.0)
FULL = Size(151, 326, 6_348, 106, 106, 70, 0.5, 1.1, 7, 0.35, 1.0)


def size_of(scale: float) -> Size:
    """The organisations of an England of this scale: 1 has as many as September 2025.

    Of practices as many as ODS listed at work in England in December 2023.
    """
    return FULL if scale >= _FULL_FROM else SMALL
