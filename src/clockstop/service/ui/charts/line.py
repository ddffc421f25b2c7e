"""A line over the months: one or two series, and gaps where nothing is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import mean

from clockstop.core.types import Month
from clockstop.service.ui.charts import words
from clockstop.service.ui.charts.drawing import (
    MONTHS_AT,
    PLOT_BOTTOM,
    PLOT_TOP,
    DrawnSeries,
    Label,
    LineChart,
    Mark,
)
from clockstop.service.ui.charts.scale import Scale, nice_scale

_MONTH_LABELS = 6
_ABOVE, _BELOW = -12.0, 24.0
_MIDDLE = 50.0
_NEAR = 3  # a label lies over about a third of the line on a narrow screen


@dataclass(frozen=True, slots=True)
class Series:
    """A named line. A month that is absent, or None, is a gap: unknown, never zero."""

    name: str
    values: Mapping[Month, float | None]

    @property
    def known(self) -> dict[Month, float]:
        """What there is to draw, in order of month."""
        return {month: value for month, value in sorted(self.values.items()) if value is not None}


@dataclass(frozen=True, slots=True)
class _Plot:
    months: Sequence[Month]
    scale: Scale
    series: Sequence[Series]
    write: Callable[[float], str]

    def x(self, index: float) -> float:
        last = len(self.months) - 1
        return round(index / last * 100, 2) if last else _MIDDLE

    def y(self, value: float) -> float:
        return round(PLOT_BOTTOM - self.scale.share(value) * (PLOT_BOTTOM - PLOT_TOP), 1)

    def at(self, month: Month, value: float) -> Mark:
        return Mark(self.x(self.months.index(month)), self.y(value))


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
    months = _every_month([month for each in series for month in each.values])
    plot = _Plot(months, nice_scale(min(known), max(known), finest), series, write)
    missing = [not any(month in each.known for each in series) for month in months]
    return LineChart(
        key=key,
        title=title,
        description=" ".join(words.describe(each.name, each.known, write) for each in series),
        series=tuple(_draw(each, plot) for each in series),
        gridlines=_gridlines(plot),
        months=_month_labels(plot),
        gaps=tuple(_band(plot, start, end) for start, end in words.runs(missing)),
        gap_words=words.gaps(months, {each.name: each.known for each in series}),
        baseline_words=words.baseline(plot.scale, write),
    )


def _gridlines(plot: _Plot) -> tuple[Label, ...]:
    texts = [plot.write(tick) for tick in plot.scale.ticks]
    if all(".0" in text for text in texts):
        texts = [text.replace(".0", "") for text in texts]
    rows = zip(plot.scale.ticks, texts, strict=True)
    return tuple(Label(0, plot.y(tick), text, "end") for tick, text in rows)


def _every_month(seen: Sequence[Month]) -> list[Month]:
    first, last = min(seen), max(seen)
    span = (last.year - first.year) * 12 + last.number - first.number
    return [first.plus(offset) for offset in range(span + 1)]


def _draw(series: Series, plot: _Plot) -> DrawnSeries:
    known = series.known
    marks = [plot.at(month, known[month]) if month in known else None for month in plot.months]
    runs = [list(run) for drawn, run in groupby(marks, key=bool) if drawn]
    return DrawnSeries(
        name=series.name,
        strokes=tuple((one, two) for one, two in pairwise(marks) if one and two),
        dots=tuple(mark for run in runs for mark in dict.fromkeys((run[0], run[-1])) if mark),
        labels=_end_labels(series, plot),
    )


def _end_labels(series: Series, plot: _Plot) -> tuple[Label, ...]:
    """The first and the last known value, beside their points."""
    known = list(series.known.items())
    if not known:
        return ()
    near = max(1, len(known) // _NEAR)
    ends = {known[0]: known[:near], known[-1]: known[-near:]}
    return tuple(_end_label(plot, *end, around) for end, around in ends.items())


def _end_label(
    plot: _Plot, month: Month, value: float, around: Sequence[tuple[Month, float]]
) -> Label:
    """Below its point where another series or its own line runs above, else above."""
    mark = plot.at(month, value)
    rivals = [each.known[month] for each in plot.series if month in each.known]
    level = max(rivals) if len(rivals) > 1 else mean(each for _, each in around)
    offset = _BELOW if level > value else _ABOVE
    return Label(mark.x, mark.y + offset, plot.write(value), _anchor(mark.x))


def _anchor(x: float) -> str:
    """Text grows away from the nearer edge."""
    if x == _MIDDLE:
        return "middle"
    return "start" if x < _MIDDLE else "end"


def _month_labels(plot: _Plot) -> tuple[Label, ...]:
    """The first and the last month; where the page is wide, evenly spaced ones between."""
    last = len(plot.months) - 1
    apart = max(1, -(-last // (_MONTH_LABELS - 1)))
    between = [index for index in range(apart, last, apart) if last - index >= apart]
    return tuple(_month_label(plot, index) for index in sorted({0, last, *between}))


def _month_label(plot: _Plot, index: int) -> Label:
    x, text = plot.x(index), words.short_month(plot.months[index])
    is_end = index in (0, len(plot.months) - 1)
    return Label(x, MONTHS_AT, text, _anchor(x) if is_end else "middle", wide_only=not is_end)


def _band(plot: _Plot, start: int, end: int) -> tuple[float, float]:
    """From half a month before the first missing month to half a month after the last."""
    left, right = max(plot.x(start - 0.5), 0.0), min(plot.x(end + 0.5), 100.0)
    return left, round(right - left, 2)
