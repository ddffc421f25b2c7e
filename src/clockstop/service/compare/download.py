"""The comparison as CSV: the same figures, unrounded."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from clockstop.analytics.lists.book import Spread
from clockstop.core.rtt.week_bands import Percentile
from clockstop.service.compare.comparison import Compared
from clockstop.service.ui.figures import OPEN_BAND

_SPREADS = ("admitted", "nonadmitted", "waiting")
_SPREAD_COLUMNS = (
    "count", "median_weeks", "p80_weeks", "p92_weeks", "mean_weeks", "shortest_week", "longest_week"
)  # fmt: skip
COLUMNS = (
    "provider", "provider_name", "sector", "icb", "function", "month", "distance_miles",
    "distance_is_approximate",
    *(f"{spread}_{column}" for spread in _SPREADS for column in _SPREAD_COLUMNS),
    "within_18_weeks", "over_52_weeks", "waiting_count_year_ago",
)  # fmt: skip


def comparison_csv(compared: Iterable[Compared]) -> str:
    """One row a provider in the order of the page. Blank is not known, or too few to say."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_row(each) for each in compared)
    return out.getvalue()


def _row(each: Compared) -> list[object]:
    waits = each.waits
    return [
        waits.provider,
        waits.name,
        waits.sector.value,
        waits.icb,
        waits.function,
        str(waits.month),
        *_distance(each),
        *(cell for name in _SPREADS for cell in _spread(getattr(waits, name))),
        waits.within_18_weeks,
        waits.over_52_weeks,
        "" if waits.size_year_ago is None else waits.size_year_ago,
    ]


def _distance(each: Compared) -> tuple[object, object]:
    """Miles, and whether they are measured to the provider's town only; whole miles if so."""
    if each.miles is None:
        return "", ""
    if each.waits.location_is_approximate:
        return round(each.miles), "yes"
    return round(each.miles, 1), "no"


def _spread(spread: Spread) -> Iterator[object]:
    shortest, longest = spread.range_weeks or ("", "")
    yield spread.count
    yield from map(_quantile, (spread.median, spread.p80, spread.p92))
    yield "" if spread.mean is None else spread.mean
    yield shortest
    yield OPEN_BAND if longest is None else longest


def _quantile(quantile: Percentile) -> object:
    if quantile.is_open:
        return OPEN_BAND
    return "" if quantile.weeks is None else quantile.weeks
