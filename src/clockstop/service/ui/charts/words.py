"""A line chart in words, for those who do not see it and for what a line cannot say."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from clockstop.core.types import Month
from clockstop.service.ui.charts.scale import Scale

Write = Callable[[float], str]


def short_month(month: Month) -> str:
    """``Sep 2025``."""
    return f"{month.label[:3]} {month.year}"


def span(first: Month, last: Month) -> str:
    """``July 2025``, or ``July 2025 to September 2025``."""
    return first.label if first == last else f"{first.label} to {last.label}"


def spans(months: Sequence[Month], flags: Sequence[bool]) -> str:
    """The flagged months in words, neighbours joined; empty if there are none."""
    parts = [span(months[start], months[end]) for start, end in runs(flags)]
    *most, last = parts or [""]
    return f"{', '.join(most)} and {last}" if most else last


def runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last index of every unbroken run of true flags."""
    grouped = groupby(range(len(flags)), key=lambda index: flags[index])
    kept = [list(run) for flag, run in grouped if flag]
    return [(run[0], run[-1]) for run in kept]


def gaps(months: Sequence[Month], known: Mapping[str, Mapping[Month, float]]) -> str:
    """The months without a figure: those of every series together, or each series by name."""
    missing = {
        name: spans(months, [month not in values for month in months])
        for name, values in known.items()
    }
    if len(set(missing.values())) == 1:
        return next(iter(missing.values()))
    return "; ".join(f"{name}: {gap}" for name, gap in missing.items() if gap)


def baseline(scale: Scale, write: Write) -> str:
    """A warning where the vertical axis does not start at zero, else nothing."""
    return f"The scale starts at {write(scale.low)}, not at zero." if scale.low else ""


def describe(name: str, known: Mapping[Month, float], write: Write) -> str:
    """Where a series starts and ends, its lowest and its highest."""
    if not known:
        return f"{name}: not known."
    first, last = min(known), max(known)
    if first == last:
        return f"{name}: {write(known[first])} in {first.label}."
    return (
        f"{name}: {write(known[first])} in {first.label}, {write(known[last])} in {last.label}; "
        f"lowest {write(min(known.values()))}, highest {write(max(known.values()))}."
    )
