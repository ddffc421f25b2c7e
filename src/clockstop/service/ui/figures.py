"""How figures are written: the one place where a number turns into words."""

from __future__ import annotations

from typing import TypeAlias

from clockstop.analytics.lists.book import Quantile, Spread

NOT_KNOWN = "not known"
TOO_FEW = "too few to say"
OPEN_BAND = "104+"

Figure: TypeAlias = float | int | str | None


def count(value: float | None) -> str:
    """A count with thousands commas."""
    return NOT_KNOWN if value is None else f"{value:,.0f}"


def percent(fraction: float | None) -> str:
    """A fraction as a percentage to one decimal."""
    return NOT_KNOWN if fraction is None else f"{fraction * 100:.1f}%"


def week_number(value: Figure | Quantile) -> str:
    """Weeks to one decimal without the word, for columns whose heading says weeks."""
    if isinstance(value, Quantile):
        value = OPEN_BAND if value.is_open else value.weeks
    if value is None:
        return NOT_KNOWN
    return "over 104" if value == OPEN_BAND else f"{value:.1f}"


def weeks(value: Figure | Quantile) -> str:
    """Weeks to one decimal, with the word."""
    number = week_number(value)
    if number == NOT_KNOWN:
        return number
    return f"{number} week" if number == "1.0" else f"{number} weeks"


def week_range(spread: Spread) -> str:
    """The shortest and the longest wait: what is shown when there are too few for a percentile."""
    if spread.range_weeks is None:
        return "nobody" if not spread.count else NOT_KNOWN
    shortest, longest = spread.range_weeks
    return f"{shortest} to over 104 weeks" if longest is None else f"{shortest} to {longest} weeks"


def change(now: Figure, before: Figure, unit: str = "count") -> str:
    """A change in words: ``up 1,204``, ``down 0.4 percentage points``, ``no change``."""
    if not (isinstance(now, int | float) and isinstance(before, int | float)):
        return NOT_KNOWN
    size = _size(abs(now - before), unit)
    if size in {"0", "0.0 percentage points", "0.0 weeks"}:
        return "no change"
    return f"{'up' if now > before else 'down'} {size}"


def _size(size: float, unit: str) -> str:
    match unit:
        case "percent":
            return f"{size * 100:.1f} percentage points"
        case "weeks":
            return weeks(size)
        case _:
            return count(size)
