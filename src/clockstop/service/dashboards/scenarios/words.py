"""What a scenario changes, in words."""

from collections.abc import Iterator, Mapping

from clockstop.analytics.forecast.scenarios.scenario import (
    CapacityChange,
    ClockStops,
    Growth,
    MonthByMonth,
    Scenario,
    TreatmentPolicy,
    Where,
)
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.core.codes import display_name, treatment_function
from clockstop.core.types import Month
from clockstop.service.ui import figures

_NAMED = 3  # of a longer list of names no more are told
NOTHING = "Nothing is changed."


def described(scenario: Scenario, book: MonitoringBook) -> Iterator[str]:
    """A sentence for each change, and for who is treated first."""
    sides: Mapping[str, tuple[CapacityChange, ...]] = {
        "Demand": scenario.demand,
        "Capacity": scenario.capacity,
    }
    told = [
        f"{side}: {_change(change)} in {_where(change.where, book)}."
        for side, changes in sides.items()
        for change in changes
    ]
    yield from (*told, *_policy(scenario.policy)) or (NOTHING,)
    yield f"From {scenario.base_month.label}, {scenario.horizon_months} months ahead."


def _change(change: CapacityChange) -> str:
    if isinstance(change, Growth):
        return f"{_percent(change.percent_a_year)} a year, building up,"
    if isinstance(change, ClockStops):
        number = f"{abs(change.clock_stops_a_week):,g}"
        word = "fewer" if change.clock_stops_a_week < 0 else "more"
        return f"{number} {word} clock stops a week{_span(change.from_month, change.to_month)}"
    return _by_month(change)


def _by_month(change: MonthByMonth) -> str:
    """One percentage and its months, or how many months have percentages of their own."""
    months, percents = sorted(change.percent_by_month), set(change.percent_by_month.values())
    in_a_row = all(month == months[0].plus(at) for at, month in enumerate(months))
    if len(percents) == 1 and in_a_row:
        return f"{_percent(percents.pop())}{_span(months[0], months[-1])}"
    return f"percentages of their own in {len(months)} months"


def _percent(percent: float) -> str:
    return f"{abs(percent):,g}% {'less' if percent < 0 else 'more'}"


def _span(first: Month | None, last: Month | None) -> str:
    if first is not None and first == last:
        return f" in {first.label}"
    return (f" from {first.label}" if first else "") + (f" to {last.label}" if last else "")


def _where(where: Where, book: MonitoringBook) -> str:
    specialties = _names([treatment_function(code).name for code in where.functions], "specialties")
    boards = [_name(book, AreaKind.ICB, code) for code in where.icbs]
    providers = [_name(book, AreaKind.PROVIDER, code) for code in where.providers]
    places = [_names(boards, "ICBs"), _names(providers, "providers")]
    at = ", ".join(each for each in places if each)
    return f"{specialties or 'all specialties'} ({at or 'England'})"


def _names(names: list[str], what: str) -> str:
    return ", ".join(names) if len(names) <= _NAMED else f"{len(names)} {what}"


def _name(book: MonitoringBook, kind: AreaKind, code: str) -> str:
    area = book.areas.get((kind, code))
    return display_name(area.name) if area else code


def _policy(policy: TreatmentPolicy) -> Iterator[str]:
    if policy.long_wait_share:
        share = figures.percent(policy.long_wait_share)
        weeks = policy.long_wait_weeks
        yield f"Order: {share} of capacity goes to waits of over {weeks} weeks, the longest first."
    if policy.cliff:
        over, month = policy.cliff.over_weeks, policy.cliff.by_month.label
        yield f"Order: whoever would wait over {over} weeks by {month} goes first."
