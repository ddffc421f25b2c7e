"""The plot that lines are drawn on: its months across, its scale up, what stands at its edges."""

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
    Mark,
)
from clockstop.service.ui.charts.scale import Scale

_MONTH_LABELS = 6
_ABOVE, _BELOW = -12.0, 24.0
_MIDDLE = 50.0
_NEAR = 3  # a label lies over about a third of the line on a narrow screen


@dataclass(frozen=True, slots=True)
class Series:
    """A named line. A month that is absent, or None, is a gap: unknown, never zero.

    Where it ``is_labelled`` its ends say their values. It is drawn in the ``style`` of that number,
    or else of its place among the others.
    """

    name: str
    values: Mapping[Month, float | None]
    is_labelled: bool = True
    style: int = 0

    @property
    def known(self) -> dict[Month, float]:
        """What there is to draw, in order of month."""
        return {month: value for month, value in sorted(self.values.items()) if value is not None}


@dataclass(frozen=True, slots=True)
class Plot:
    """Where months and values lie; ``write`` turns a value into the words of its label."""

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


def gridlines(plot: Plot) -> tuple[Label, ...]:
    """The values at which lines cross the plot, written beside it."""
    texts = [plot.write(tick) for tick in plot.scale.ticks]
    if all(".0" in text for text in texts):
        texts = [text.replace(".0", "") for text in texts]
    rows = zip(plot.scale.ticks, texts, strict=True)
    return tuple(Label(0, plot.y(tick), text, "end") for tick, text in rows)


def every_month(seen: Sequence[Month]) -> list[Month]:
    """All from the first that was seen to the last."""
    first, last = min(seen), max(seen)
    span = (last.year - first.year) * 12 + last.number - first.number
    return [first.plus(offset) for offset in range(span + 1)]


def draw(series: Series, plot: Plot) -> DrawnSeries:
    """A series in its place on the plot."""
    known = series.known
    marks = [plot.at(month, known[month]) if month in known else None for month in plot.months]
    runs = [list(run) for drawn, run in groupby(marks, key=bool) if drawn]
    return DrawnSeries(
        name=series.name,
        strokes=tuple((one, two) for one, two in pairwise(marks) if one and two),
        dots=tuple(mark for run in runs for mark in dict.fromkeys((run[0], run[-1])) if mark),
        labels=_end_labels(series, plot),
        style=series.style,
    )


def _end_labels(series: Series, plot: Plot) -> tuple[Label, ...]:
    """The first and the last known value, beside their points."""
    known = list(series.known.items())
    if not (known and series.is_labelled):
        return ()
    near = max(1, len(known) // _NEAR)
    ends = {known[0]: known[:near], known[-1]: known[-near:]}
    return tuple(_end_label(plot, *end, around) for end, around in ends.items())


def _end_label(
    plot: Plot, month: Month, value: float, around: Sequence[tuple[Month, float]]
) -> Label:
    """Below its point where another series or its own line runs above, else above."""
    mark = plot.at(month, value)
    rivals = [each.known[month] for each in plot.series if month in each.known]
    level = max(rivals) if len(rivals) > 1 else mean(each for _, each in around)
    offset = _BELOW if level > value else _ABOVE
    return Label(mark.x, mark.y + offset, plot.write(value), anchor(mark.x))


def anchor(x: float) -> str:
    """Text grows away from the nearer edge."""
    if x == _MIDDLE:
        return "middle"
    return "start" if x < _MIDDLE else "end"


def month_labels(plot: Plot) -> tuple[Label, ...]:
    """The first and the last month; where the page is wide, evenly spaced ones between."""
    last = len(plot.months) - 1
    apart = max(1, -(-last // (_MONTH_LABELS - 1)))
    between = [index for index in range(apart, last, apart) if last - index >= apart]
    return tuple(_month_label(plot, index) for index in sorted({0, last, *between}))


def _month_label(plot: Plot, index: int) -> Label:
    x, text = plot.x(index), words.short_month(plot.months[index])
    is_end = index in (0, len(plot.months) - 1)
    return Label(x, MONTHS_AT, text, anchor(x) if is_end else "middle", wide_only=not is_end)


def gap_band(plot: Plot, start: int, end: int) -> tuple[float, float]:
    """From half a month before the first missing month to half a month after the last."""
    left, right = max(plot.x(start - 0.5), 0.0), min(plot.x(end + 0.5), 100.0)
    return left, round(right - left, 2)
