"""What is said of a list beside what was counted: the facts of the forecast pages, and their words.

Forecasts are made from the lists of providers: regions and ICBs are those of their providers here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, log10
from typing import Any

from clockstop.analytics.forecast.book import Said
from clockstop.analytics.forecast.quantiles import SHARE, SIZE, name
from clockstop.analytics.lists.measures import MEASURES, Unit
from clockstop.analytics.monitoring.areas import Basis
from clockstop.core.types import Month
from clockstop.service.dashboards.book import current_forecasts
from clockstop.service.dashboards.panels import by_month
from clockstop.service.dashboards.subject import Subject
from clockstop.service.ui import figures

MIDDLE = 0.5
INTERVALS = {"19 in 20": (0.025, 0.975), "8 in 10": (0.1, 0.9), "5 in 10": (0.25, 0.75)}
USUAL, OFTEN = "8 in 10", "8 times in 10"  # the interval that words and tables tell
_DIGITS = 3  # more would sound too sure


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that forecasts tell: its panel, its measure, and how charts and sentences put it."""

    key: str
    measure: str
    title: str
    caption: str

    @property
    def unit(self) -> Unit:
        return MEASURES[self.measure].unit

    def write(self, value: float) -> str:
        """A value as charts and sentences say it."""
        return figures.figure(value, self.unit)


FIGURES = (
    Figure("list", SIZE, "The waiting list", "Waits for treatment"),
    Figure("within-18-weeks", SHARE, "Within 18 weeks", "Share that had waited at most 18 weeks"),
    *(
        Figure(
            f"over-{weeks}-weeks",
            f"over_{weeks}_weeks",
            f"Over {weeks} weeks",
            f"Waits of over {weeks} weeks",
        )
        for weeks in (18, 52, 65, 78)
    ),
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A subject's list: what is said of it, what was said before, and what was counted."""

    subject: Subject
    said: Said | None
    before: Sequence[Said]
    counted: Mapping[Month, Mapping[str, Any] | None]

    def known(self, measure: str) -> dict[Month, float | None]:
        """What was counted, by month; None where it is not known or too much is missing."""
        return by_month(self.counted, measure)


def outlook_of(subject: Subject) -> Outlook:
    """The outlook of a list. Raises NotWorkedOutError until the forecasts are worked out."""
    book, area = current_forecasts(), subject.area
    said = book.all_said(str(area.kind), area.code, subject.function)
    latest = next((each for each in said if each.origin == book.origin), None)
    missing = subject.book.incomplete(area)
    counted = {
        month: None if month in missing else row for month, row in at_providers(subject).items()
    }
    if latest and not is_listed(latest):
        latest = None
    return Outlook(subject, latest, [each for each in said if each.origin < book.origin], counted)


def at_providers(subject: Subject) -> Mapping[Month, Mapping[str, Any] | None]:
    """The figures by month of the lists that forecasts are made from."""
    return replace(subject, basis=Basis.PROVIDER).series()


def is_listed(said: Said) -> bool:
    """Whether anybody is expected to be on the list."""
    return any(quantile(row, SIZE, INTERVALS[USUAL][1]) >= 1 for row in said.rows)


def quantile(row: Mapping[str, Any], measure: str, probability: float) -> float:
    """A quantile of a measure, of a row of a forecast."""
    return float(row[f"{measure}_{name(probability)}"])


def interval(row: Mapping[str, Any], measure: str, of: str = USUAL) -> tuple[float, float]:
    """Both ends of an interval of a measure."""
    low, high = INTERVALS[of]
    return quantile(row, measure, low), quantile(row, measure, high)


def months_of(said: Said) -> dict[Month, Mapping[str, Any]]:
    """The rows of a forecast by month."""
    return {Month.parse(row["month"]): row for row in said.rows}


def between(low: float, high: float, unit: Unit) -> str:
    """``between 61.0% and 65.2%``, or ``about 61.0%`` where both ends read the same."""
    one, two = about(low, unit), about(high, unit)
    return f"about {one}" if one == two else f"between {one} and {two}"


def about(value: float, unit: Unit) -> str:
    """A value as sentences about what is to come say it: of a count, three digits."""
    if unit is Unit.PATHWAYS and value >= 1:
        value = round(value, _DIGITS - 1 - floor(log10(value)))
    return figures.figure(value, unit)
