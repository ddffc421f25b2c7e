"""A provider's figures as the cells of a table."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from clockstop.analytics.lists.book import ProviderWaits, Spread
from clockstop.service.ui import figures


@dataclass(frozen=True, slots=True)
class Cell:
    """One group of waits of one provider: quantiles, or only a range if they are few."""

    count: str
    half: str = ""
    eight_in_ten: str = ""
    most: str = ""
    range: str = ""
    mean: str = ""

    @classmethod
    def of(cls, spread: Spread) -> Self:
        count = figures.count(spread.count)
        if not spread.count:
            return cls(count)
        if spread.is_small:
            return cls(count, range=figures.week_range(spread))
        half, eight_in_ten, most = map(figures.weeks, (spread.median, spread.p80, spread.p92))
        return cls(count, half, eight_in_ten, most, mean=figures.weeks(spread.mean))


@lru_cache(maxsize=8192)
def figure_cells(waits: ProviderWaits) -> SafeString:
    """The table's cells of figures; kept, because they are the same in every comparison."""
    arrow, direction = direction_of(waits)
    context = {
        "admitted": Cell.of(waits.admitted),
        "nonadmitted": Cell.of(waits.nonadmitted),
        "waiting": Cell.of(waits.waiting),
        "arrow": arrow,
        "direction": direction,
    }
    return mark_safe(render_to_string("compare/_cells.jinja", context))  # noqa: S308 - escaped there


def direction_of(waits: ProviderWaits) -> tuple[str, str]:
    """An arrow and the words of how the list changed on a year ago."""
    before, change = waits.size_year_ago, waits.change_on_year
    if before is None or change is None:
        return "", "Change in a year not known"
    if not change:
        return "", "No change in a year"
    arrow, way = ("↑", "Up") if change > 0 else ("↓", "Down")
    if not before:
        return arrow, "Up from nobody a year ago"
    percent = round(abs(change) / before * 100)
    return arrow, f"{way} {f'{percent}%' if percent else 'less than 1%'} in a year"
