"""A sparkline: the shape of a series in the height of a line of text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from clockstop.core.types import Month

WIDTH, HEIGHT = 120, 28
_MARGIN = 3.0


@dataclass(frozen=True, slots=True)
class Spark:
    """Runs of points, broken where a month is not known; ``end`` is the last point, if known."""

    runs: tuple[tuple[tuple[float, float], ...], ...]
    end: tuple[float, float] | None
    width: int = WIDTH
    height: int = HEIGHT


def spark(months: Sequence[Month], values: Mapping[Month, float | None]) -> Spark | None:
    """Draw the values over the months, lowest at the foot; None if fewer than two are known."""
    known = [value for month in months if (value := values.get(month)) is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line needs two ends
        return None
    low, span = min(known), (max(known) - min(known)) or 1
    points = [_point(at, values.get(month), months, low, span) for at, month in enumerate(months)]
    drawn = groupby(points, key=lambda point: point is not None)
    runs = tuple(tuple(p for p in run if p) for is_known, run in drawn if is_known)
    return Spark(runs, points[-1])


def _point(
    at: int, value: float | None, months: Sequence[Month], low: float, span: float
) -> tuple[float, float] | None:
    if value is None:
        return None
    across, down = WIDTH - 2 * _MARGIN, HEIGHT - 2 * _MARGIN
    x = _MARGIN + at / (len(months) - 1) * across
    return round(x, 1), round(_MARGIN + (1 - (value - low) / span) * down, 1)
