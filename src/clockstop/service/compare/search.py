"""What a person asked to compare, once understood. It lives for one request and is never kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from clockstop.analytics.lists.book import ProviderWaits, Spread
from clockstop.core.types import Sector, TreatmentFunction
from clockstop.service.compare.book import Place

RADII = (10, 20, 30, 50, 100)
DEFAULT_RADIUS = 30

# Where treatment is mostly an operation, waits of people admitted say most about it.
_SURGICAL = frozenset(
    {"C_100", "C_101", "C_110", "C_120", "C_130", "C_140", "C_150", "C_160", "C_170", "C_502"}
    | {"X05"}
)


class Sort(StrEnum):
    """How the list is ordered."""

    ADMITTED = "admitted"
    NONADMITTED = "nonadmitted"
    WAITING = "waiting"
    DISTANCE = "distance"
    SIZE = "size"
    NAME = "name"

    @property
    def spread(self) -> Callable[[ProviderWaits], Spread] | None:
        """The waits whose 8 in 10 orders the list; None if it is not ordered by a wait."""
        return _SPREADS.get(self)

    @property
    def is_by_figures(self) -> bool:
        return self not in {Sort.DISTANCE, Sort.NAME}


_SPREADS: dict[Sort, Callable[[ProviderWaits], Spread]] = {
    Sort.ADMITTED: lambda waits: waits.admitted,
    Sort.NONADMITTED: lambda waits: waits.nonadmitted,
    Sort.WAITING: lambda waits: waits.waiting,
}


def default_sort(function: TreatmentFunction) -> Sort:
    """By people admitted for a surgical specialty, by people not admitted for any other."""
    return Sort.ADMITTED if function.code in _SURGICAL else Sort.NONADMITTED


@dataclass(frozen=True, slots=True)
class Search:
    """``radius`` in miles, None for anywhere; without a place it has no meaning."""

    function: TreatmentFunction
    sort: Sort
    place: Place | None = field(default=None, repr=False)
    radius: int | None = None
    sector: Sector | None = None

    @property
    def limit(self) -> int | None:
        """How far to look, in miles; None for anywhere."""
        return self.radius if self.place else None

    @property
    def basis(self) -> Sort:
        """The wait that the chart shows and the headline speaks of."""
        return self.sort if self.sort.spread else default_sort(self.function)
