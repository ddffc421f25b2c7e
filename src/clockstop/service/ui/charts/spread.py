"""The spread of waits: a line from half to 92 in 100 with a mark at 8 in 10, a row each."""

from collections.abc import Sequence
from dataclasses import dataclass

from clockstop.analytics.lists.book import Spread
from clockstop.core.rtt.week_bands import Percentile
from clockstop.service.ui import figures
from clockstop.service.ui.charts.scale import nice_scale

STANDARD_WEEKS = 18
LAST_WEEK = 104
_SHORTEST_AXIS = 20  # weeks, so that the 18-week mark is always on the chart


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One row: what it is of, and its waits. ``href`` makes the label a link."""

    label: str
    spread: Spread
    href: str | None = None


@dataclass(frozen=True, slots=True)
class SpreadBar:
    """A drawn row. Positions are percentages; a row without them has only its words."""

    label: str
    href: str | None
    words: str
    half: float | None = None
    eight_in_ten: float | None = None
    end: float | None = None
    runs_off: bool = False  # 92 in 100 lies in the open last band


@dataclass(frozen=True, slots=True)
class SpreadChart:
    """Rows over one axis of weeks. ``ticks`` are (percentage, weeks)."""

    bars: tuple[SpreadBar, ...]
    ticks: tuple[tuple[float, str], ...]
    standard: float  # where the 18-week standard lies, a percentage


def spread_chart(rows: Sequence[SpreadRow]) -> SpreadChart:
    """Rows on a common axis in their given order."""
    scale = nice_scale(0, _longest(rows))
    return SpreadChart(
        bars=tuple(_bar(row, scale.high) for row in rows),
        ticks=tuple((_percentage(tick, scale.high), f"{tick:g}") for tick in scale.ticks),
        standard=_percentage(STANDARD_WEEKS, scale.high),
    )


def _longest(rows: Sequence[SpreadRow]) -> float:
    ends = [_end(row.spread.p92) for row in rows if row.spread.p92 != Percentile(None)]
    return max([_SHORTEST_AXIS, *ends])


def _end(quantile: Percentile) -> float:
    return LAST_WEEK if quantile.weeks is None else quantile.weeks


def _bar(row: SpreadRow, high: float) -> SpreadBar:
    spread = row.spread
    words = spread_words(spread)
    quantiles = (spread.median, spread.p80, spread.p92)
    if spread.is_small or Percentile(None) in quantiles:
        return SpreadBar(row.label, row.href, words)
    half, eight_in_ten, end = (
        _percentage(high if each.is_open else _end(each), high) for each in quantiles
    )
    return SpreadBar(row.label, row.href, words, half, eight_in_ten, end, spread.p92.is_open)


def spread_words(spread: Spread) -> str:
    """The row in words, as they stand beside the drawing."""
    if not spread.count:
        return "Nobody"
    if spread.is_small:
        return f"Fewer than 20 waits, {figures.week_range(spread)}: too few to say more"
    quantiles = {"half": spread.median, "8 in 10": spread.p80, "92 in 100": spread.p92}
    return ", ".join(_within(who, each) for who, each in quantiles.items()).capitalize()


def _within(who: str, quantile: Percentile) -> str:
    words = figures.weeks(quantile)
    return f"{who} {words}" if quantile.weeks is None else f"{who} within {words}"


def _percentage(value: float, high: float) -> float:
    return round(value / high * 100, 2)
