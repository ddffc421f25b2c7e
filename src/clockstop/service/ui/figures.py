"""How figures are written: the one place where a number turns into words."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from clockstop.analytics.lists.book import Spread
from clockstop.analytics.lists.measures import Unit
from clockstop.core.rtt.week_bands import Percentile

NOT_KNOWN = "not known"
OPEN_BAND = "104+"

FINEST = {Unit.PATHWAYS: 1.0, Unit.FRACTION: 0.001, Unit.WEEKS: 0.1}  # that the words can tell

Figure: TypeAlias = float | int | str | None


def count(value: float | None) -> str:
    """A count with thousands commas."""
    return NOT_KNOWN if value is None else f"{value:,.0f}"


def people(number: int) -> str:
    """``1 person``, ``1,204 people``."""
    return "1 person" if number == 1 else f"{count(number)} people"


def day(when: date) -> str:
    """A date in words: ``30 September 2025``."""
    return f"{when.day} {when:%B %Y}"


def percent(fraction: float | None) -> str:
    """A fraction as a percentage to one decimal; what is little is not written as nothing."""
    if fraction is None:
        return NOT_KNOWN
    text = f"{fraction * 100:.1f}%"
    return "less than 0.1%" if text == "0.0%" and fraction > 0 else text


def week_number(value: Figure | Percentile) -> str:
    """Weeks to one decimal without the word, for columns whose heading says weeks."""
    if isinstance(value, Percentile):
        value = OPEN_BAND if value.is_open else value.weeks
    if value is None:
        return NOT_KNOWN
    return f"over {value.removesuffix('+')}" if isinstance(value, str) else f"{value:.1f}"


def weeks(value: Figure | Percentile) -> str:
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


def figure(value: Figure, unit: Unit) -> str:
    """A measure's value as its column shows it: the heading or the sentence says the unit."""
    if value is None:
        return NOT_KNOWN
    return _WRITE[unit](value)


def with_unit(value: Figure, unit: Unit) -> str:
    """A measure's value where it stands alone."""
    return weeks(value) if unit is Unit.WEEKS else figure(value, unit)


def change(now: Figure, before: Figure, unit: Unit) -> str:
    """A change in words: ``up 1,204``, ``down 0.4 percentage points``, ``no change``."""
    if not (isinstance(now, int | float) and isinstance(before, int | float)):
        return NOT_KNOWN
    if abs(now - before) <= FINEST[unit] / 2:
        return "no change"
    size = with_unit(abs(now - before), unit).replace("%", " percentage points")
    return f"{'up' if now > before else 'down'} {size}"


_WRITE: dict[Unit, Callable[[Any], str]] = {
    Unit.PATHWAYS: count,
    Unit.FRACTION: percent,
    Unit.WEEKS: week_number,
}
