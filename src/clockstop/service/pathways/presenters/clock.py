"""A pathway's clock on a day, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from clockstop.core.rtt.clock import Derivation
from clockstop.core.rtt.explaining import ending_in_words
from clockstop.core.rtt.periods import Period
from clockstop.core.rtt.status_codes import Effect, status_codes
from clockstop.core.rtt.waiting import breach_day, days_waited, is_over
from clockstop.core.rtt.week_bands import STANDARD_WEEKS
from clockstop.service.pathways.presenters.wording import sentence, weeks_and_days
from clockstop.service.ui.figures import day as in_words

NOT_KNOWN = "Not known"
LONG_WEEKS = 52
_RUNNING = (Effect.STARTS, Effect.CONTINUES)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is known of a clock."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock that runs, or else the last one: ``wait`` is the length of the wait in words.

    ``limit`` is the longest limit in weeks that the wait is over, 0 where it is over none.
    """

    state: str
    is_running: bool
    wait: str
    limit: int
    rows: tuple[Row, ...]


def clock_of(derivation: Derivation, day: date) -> Clock:
    """The clock on a day. Where there is none, its state says so."""
    if not derivation.periods:
        return Clock("No clock has started", False, "", 0, ())
    period = derivation.periods[-1]
    days = days_waited(period, day)
    return Clock(
        state=_state(period),
        is_running=period.runs,
        wait="" if days is None else weeks_and_days(days),
        limit=_limit(days) if period.runs else 0,
        rows=tuple(_rows(derivation, period, day)),
    )


def wait_in_words(period: Period, day: date) -> str:
    """How long a period's wait is, or was."""
    if period.nullified:
        return "Counts nowhere"
    days = days_waited(period, day)
    return NOT_KNOWN if days is None else weeks_and_days(days)


def _state(period: Period) -> str:
    if period.runs:
        return "Clock running"
    return "Clock nullified" if period.nullified else "Clock stopped"


def _limit(days: int | None) -> int:
    over = [weeks for weeks in (STANDARD_WEEKS, LONG_WEEKS) if days is not None]
    return max((weeks for weeks in over if is_over(days or 0, weeks)), default=0)


def _rows(derivation: Derivation, period: Period, day: date) -> Iterator[Row]:
    yield Row("Clock", _state(period))
    yield Row("Clock start", in_words(period.start) if period.start else NOT_KNOWN)
    if period.end and period.ending:
        yield Row("Clock stop", in_words(period.end))
        yield Row("How it ended", sentence(ending_in_words(period)))
    yield Row("Wait", wait_in_words(period, day))
    if period.runs:
        yield from _limits(period, day)
    yield Row("RTT status", _status(derivation, period))
    if period.runs:
        if period.decided_to_admit:
            yield Row("Decision to admit", in_words(period.decided_to_admit))
        yield Row("Place in the queue", _place(period, day))
    if not period.in_returns:
        yield Row("Returns", "Not in RTT returns: a community service")


def _limits(period: Period, day: date) -> Iterator[Row]:
    for weeks in (STANDARD_WEEKS, LONG_WEEKS):
        breach = breach_day(period, weeks)
        if breach is None:
            yield Row(f"Over {weeks} weeks", NOT_KNOWN)
        else:
            since = "since" if breach <= day else "from"
            yield Row(f"Over {weeks} weeks", f"{since.capitalize()} {in_words(breach)}")


def _status(derivation: Derivation, period: Period) -> str:
    """The code of the ending; while the clock runs, the last one recorded that says so."""
    if period.ending is not None:
        code = period.ending.status
        return f"{code}: {status_codes()[code].meaning}"
    touched = {step.event for step in derivation.steps if step.period == period.number}
    for event in sorted(derivation.events, key=lambda each: each.day, reverse=True):
        status = event.status
        if event.id in touched and status and status_codes()[status].effect in _RUNNING:
            return f"{status}: {status_codes()[status].meaning}"
    return "No code recorded yet"


def _place(period: Period, day: date) -> str:
    if period.place is None:
        return NOT_KNOWN
    since = f"With people waiting since {in_words(period.place.since)}"
    brought = period.place.days_brought
    if not brought:
        return since
    waited = weeks_and_days(period.place.days(day))
    return f"{since} ({waited}): {weeks_and_days(brought)} brought from before monitoring"
