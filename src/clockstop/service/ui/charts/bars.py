"""Bars side by side: a figure of each group, from zero."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clockstop.service.ui.charts.scale import nice_scale

_MIDDLE = 50.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A group: ``width`` in percent of the plot, None where the figure is not known."""

    label: str
    width: float | None
    words: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """A whole chart; ``mark`` is a level to hold the bars against, in percent of the plot."""

    key: str
    title: str
    bars: tuple[Bar, ...]
    mark: float | None
    mark_words: str

    @property
    def mark_anchor(self) -> str:
        """The mark's words grow away from the nearer edge."""
        return "start" if (self.mark or 0) < _MIDDLE else "end"


def bar_chart(
    key: str,
    title: str,
    values: Sequence[tuple[str, float | None]],
    write: Callable[[float | None], str],
    mark: float | None = None,
    mark_words: str = "",
) -> BarChart | None:
    """Draw the values of named groups, and a level to hold them against; None if none is known."""
    known = [value for _, value in values if value is not None]
    if not known:
        return None
    whole = max(nice_scale(0, max([*known, mark or 0])).ticks)
    return BarChart(
        key,
        title,
        tuple(
            Bar(label, None if value is None else round(value / whole * 100, 2), write(value))
            for label, value in values
        ),
        None if mark is None else round(mark / whole * 100, 2),
        mark_words,
    )
