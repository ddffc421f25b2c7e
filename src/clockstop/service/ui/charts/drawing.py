"""What a line chart's template draws: ``x`` in percent of the plot, ``y`` in pixels."""

from dataclasses import dataclass

PLOT_TOP = 36.0  # room for a label above the highest point
PLOT_BOTTOM = 236.0
MONTHS_AT = 276.0  # room for a label below the lowest
HEIGHT = 284


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a line."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place, on the plot or along an axis."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    wide_only: bool = False


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """Strokes join neighbouring months only; dots stand at both ends of every unbroken run."""

    name: str
    strokes: tuple[tuple[Mark, Mark], ...]
    dots: tuple[Mark, ...]
    labels: tuple[Label, ...]
    style: int = 0


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """The space between two lines: its corners along the top and back along the foot."""

    name: str
    corners: tuple[Mark, ...]
    labels: tuple[Label, ...]
    style: int = 0


@dataclass(frozen=True, slots=True)
class DrawnLevel:
    """A value to hold the lines against: a line across the plot, and a mark where it falls due.

    It is labelled unless the axis says the same.
    """

    name: str
    y: float
    due: tuple[Mark, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A whole chart. ``gaps`` are (percentage from the left, width in percent).

    ``bands`` lie below the lines, the widest first.
    """

    key: str
    title: str
    description: str
    series: tuple[DrawnSeries, ...]
    gridlines: tuple[Label, ...]
    months: tuple[Label, ...]
    gaps: tuple[tuple[float, float], ...]
    gap_words: str
    baseline_words: str
    bands: tuple[DrawnBand, ...] = ()
    levels: tuple[DrawnLevel, ...] = ()
    height: int = HEIGHT
    top: float = PLOT_TOP
    bottom: float = PLOT_BOTTOM
