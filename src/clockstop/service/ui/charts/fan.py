"""A fan: what was counted, what may come in widening bands, and the levels to hold it against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from clockstop.core.types import Month
from clockstop.service.ui.charts import words
from clockstop.service.ui.charts.drawing import (
    DrawnBand,
    DrawnLevel,
    DrawnSeries,
    Label,
    LineChart,
    Mark,
)
from clockstop.service.ui.charts.plot import (
    Plot,
    Series,
    draw,
    every_month,
    gap_band,
    gridlines,
    month_labels,
)
from clockstop.service.ui.charts.scale import nice_scale

_ABOVE, _BELOW = -8.0, 18.0
_RIGHT, _LEVEL_AT = 100.0, 70.0


@dataclass(frozen=True, slots=True)
class Band:
    """The lowest and the highest value of each month, in order of month.

    Where it ``is_labelled`` its last month says both. It has the colour of the series of its
    ``style``, or else that of all bands, which lie in one another.
    """

    name: str
    values: Mapping[Month, tuple[float, float]]
    is_labelled: bool = False
    style: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """A value to reach, in words, and the months by which; those off the chart are not drawn."""

    name: str
    value: float
    due: tuple[Month, ...] = ()


def fan_chart(
    key: str,
    title: str,
    series: Sequence[Series],
    bands: Sequence[Band],
    levels: Sequence[Level],
    write: Callable[[float], str],
    finest: float = 0,
) -> LineChart | None:
    """Draw the series over the bands, the widest band first; None if there is no band to draw.

    The first of the ``series`` is what was counted: its own missing months are gaps. ``write`` and
    ``finest`` are as for a line chart.
    """
    if not any(band.values for band in bands):
        return None
    counted = series[0]
    ends = [value for band in bands for both in band.values.values() for value in both]
    lines = [value for each in series for value in each.known.values()]
    reached = [*ends, *lines, *(level.value for level in levels)]
    drawn = [*(each.values for each in series), *(band.values for band in bands)]
    months = every_month([month for values in drawn for month in values])
    plot = Plot(months, nice_scale(min(reached), max(reached), finest), series, write)
    missing = [month in counted.values and month not in counted.known for month in months]
    described = [words.describe(each.name, each.known, write) for each in series]
    return LineChart(
        key=key,
        title=title,
        description=" ".join([*described, *(_described(each, write) for each in bands)]),
        series=tuple(_line(each, plot) for each in series),
        gridlines=gridlines(plot),
        months=month_labels(plot),
        gaps=tuple(gap_band(plot, start, end) for start, end in words.runs(missing)),
        gap_words=words.spans(months, missing),
        baseline_words=words.baseline(plot.scale, write),
        bands=tuple(_band(each, plot) for each in bands if each.values),
        levels=tuple(_level(each, plot) for each in levels),
    )


def _described(band: Band, write: Callable[[float], str]) -> str:
    last = max(band.values)
    low, high = band.values[last]
    return f"{band.name}: {write(low)} to {write(high)} in {last.label}."


def _line(series: Series, plot: Plot) -> DrawnSeries:
    """A series whose last value alone is written: what was counted is a short part of the plot."""
    drawn = draw(series, plot)
    return replace(drawn, labels=drawn.labels[-1:])


def _band(band: Band, plot: Plot) -> DrawnBand:
    top = [plot.at(month, high) for month, (_, high) in band.values.items()]
    foot = [plot.at(month, low) for month, (low, _) in band.values.items()]
    labels = _ends(band, plot, foot[-1], top[-1]) if band.is_labelled else ()
    return DrawnBand(band.name, (*top, *reversed(foot)), labels, band.style)


def _ends(band: Band, plot: Plot, foot: Mark, top: Mark) -> tuple[Label, ...]:
    low, high = (plot.write(value) for value in band.values[max(band.values)])
    return (
        Label(_RIGHT, top.y + _ABOVE, high, "end"),
        Label(_RIGHT, foot.y + _BELOW, low, "end"),
    )


def _level(level: Level, plot: Plot) -> DrawnLevel:
    y = plot.y(level.value)
    due = tuple(plot.at(month, level.value) for month in level.due if month in plot.months)
    label = Label(_LEVEL_AT, y + _ABOVE, plot.write(level.value))
    return DrawnLevel(level.name, y, due, () if level.value in plot.scale.ticks else (label,))
