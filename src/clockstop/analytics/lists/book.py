"""What pages read: the waits of every provider, ready to compare.

The types here are the contract between the list statistics and everything that shows them.
"""

from __future__ import annotations

from dataclasses import dataclass

from clockstop.analytics.published.submitters import MissingSubmitter
from clockstop.core.rtt.week_bands import Percentile
from clockstop.core.types import Month, Point, Sector


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of waits is spread: counts are pathways, quantiles and mean are weeks.

    ``count`` includes unknown clock starts; ``bands`` are the 105 weekly counts (0-1 … 104+).
    ``mean`` takes each band at its middle and the open last band at 104 weeks: it is a floor.
    Quantiles and mean are None below the small-number limit (``is_small``).
    """

    count: int
    median: Percentile
    p80: Percentile
    p92: Percentile
    p95: Percentile
    mean: float | None
    is_small: bool
    bands: tuple[int, ...]

    @property
    def range_weeks(self) -> tuple[int, int | None] | None:
        """Shortest and longest wait in whole weeks, None if empty; (3, None) is "3 to over 104"."""
        filled = [week for week, count in enumerate(self.bands) if count]
        if not filled:
            return None
        last = len(self.bands) - 1
        return filled[0], (None if filled[-1] == last else filled[-1] + 1)


@dataclass(frozen=True, slots=True)
class ProviderWaits:
    """One provider's waits in one treatment function (or all, ``C_999``) at one census."""

    provider: str
    name: str
    sector: Sector
    icb: str
    icb_name: str
    function: str
    month: Month  # the census these figures are of; earlier than the book's if it sent none since
    is_stale: bool
    location: Point | None
    location_source: str | None  # in words: "hospital site", "trust main address" …
    location_is_approximate: bool  # only the middle of a postcode district is known
    waiting: Spread  # how long people still waiting have waited so far
    admitted: Spread  # how long people treated in the month as inpatients or day cases had waited
    nonadmitted: Spread  # likewise clock stops without admission
    within_18_weeks: int
    over_52_weeks: int
    size_year_ago: int | None  # None: it sent no return then

    @property
    def pct_within_18_weeks(self) -> float | None:
        """Share of the list within 18 weeks, a fraction; None for an empty list."""
        return self.within_18_weeks / self.waiting.count if self.waiting.count else None

    @property
    def change_on_year(self) -> int | None:
        """Change of the list's size on the same month a year before, in pathways."""
        return None if self.size_year_ago is None else self.waiting.count - self.size_year_ago


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of a history. ``figures`` are the headline keys; None where nothing was sent."""

    month: Month
    figures: dict[str, float | int | str | None] | None


__all__ = ["MissingSubmitter", "MonthRow", "ProviderWaits", "Spread"]
