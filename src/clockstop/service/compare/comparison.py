"""Which providers are compared, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from math import inf

from clockstop.analytics.lists.book import ProviderWaits
from clockstop.core.geography.distance import miles_between
from clockstop.core.rtt.week_bands import Percentile
from clockstop.service.compare.search import Search, Sort


class Group(IntEnum):
    """Parts of the list, in the order in which they are shown."""

    LISTED = 0
    NOT_RANKED = 1
    STALE = 2
    NO_DISTANCE = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """A provider in the comparison; ``miles`` is None without a place or a location."""

    waits: ProviderWaits
    miles: float | None
    group: Group


def compare(waits: Iterable[ProviderWaits], search: Search) -> list[Compared]:
    """The providers that the search asks for, in its order.

    Ordered by a wait, providers with fewer than 20 people come after the ranked ones. Ordered by
    any figure, providers that sent none for the latest month come after those. Where a distance
    limits the search, providers whose distance is not known come last, unlimited.
    """
    wanted = (each for each in waits if search.sector in (None, each.sector))
    placed = (_placed(each, search) for each in wanted if _has_figures(each))
    within = [each for each in placed if _is_within(each, search)]
    return sorted(within, key=lambda each: _order(each, search.sort))


def _has_figures(waits: ProviderWaits) -> bool:
    return bool(waits.waiting.count or waits.admitted.count or waits.nonadmitted.count)


def _placed(waits: ProviderWaits, search: Search) -> Compared:
    miles = None
    if search.place and waits.location:
        miles = miles_between(search.place.point, waits.location)
    return Compared(waits, miles, _group(waits, miles, search))


def _group(waits: ProviderWaits, miles: float | None, search: Search) -> Group:
    if miles is None and search.limit is not None:
        return Group.NO_DISTANCE
    if _is_old(waits, search.sort):
        return Group.STALE
    spread = search.sort.spread
    return Group.NOT_RANKED if spread and spread(waits).is_small else Group.LISTED


def _is_old(waits: ProviderWaits, sort: Sort) -> bool:
    """Whether it would be ranked on figures of an earlier month than the others'."""
    return sort.is_by_figures and waits.is_stale


def _is_within(each: Compared, search: Search) -> bool:
    return each.miles is None or search.limit is None or each.miles <= search.limit


def _order(each: Compared, sort: Sort) -> tuple[float | str, ...]:
    return each.group, _is_old(each.waits, sort), *_key(each, sort), *_tie(each, sort)


def _key(each: Compared, sort: Sort) -> tuple[float, ...]:
    if sort.spread:
        return (_weeks(sort.spread(each.waits).p80),)
    match sort:
        case Sort.DISTANCE:
            return (inf if each.miles is None else each.miles,)
        case Sort.SIZE:
            return (each.waits.waiting.count,)
        case _:
            return ()


def _weeks(quantile: Percentile) -> float:
    """Waits of over 104 weeks come after every known one, unknown ones after those."""
    if quantile.weeks is not None:
        return quantile.weeks
    return 104.0 if quantile.is_open else inf


def _tie(each: Compared, sort: Sort) -> tuple[float, str, str]:
    """The nearer first, then by name; in a list by name, names alone."""
    miles = inf if each.miles is None or sort is Sort.NAME else each.miles
    return miles, each.waits.name.casefold(), each.waits.provider
