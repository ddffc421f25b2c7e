"""A line over the months: one or two series, and gaps where nothing is known."""

from collections.abc import Callable, Sequence

from clockstop.service.ui.charts import words
from clockstop.service.ui.charts.drawing import LineChart
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


def line_chart(
    key: str,
    title: str,
    series: Sequence[Series],
    write: Callable[[float], str],
    finest: float = 0,
) -> LineChart | None:
    """Draw the series over every month from the first to the last; None if nothing is known.

    ``key`` names the chart in its page; ``write`` turns a value into the words of its labels, and
    ``finest`` is the smallest difference that those words show.
    """
    known = [value for each in series for value in each.known.values()]
    if not known:
        return None
    months = every_month([month for each in series for month in each.values])
    plot = Plot(months, nice_scale(min(known), max(known), finest), series, write)
    missing = [not any(month in each.known for each in series) for month in months]
    return LineChart(
        key=key,
        title=title,
        description=" ".join(words.describe(each.name, each.known, write) for each in series),
        series=tuple(draw(each, plot) for each in series),
        gridlines=gridlines(plot),
        months=month_labels(plot),
        gaps=tuple(gap_band(plot, start, end) for start, end in words.runs(missing)),
        gap_words=words.gaps(months, {each.name: each.known for each in series}),
        baseline_words=words.baseline(plot.scale, write),
    )
