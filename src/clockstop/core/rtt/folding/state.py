"""What is known of a pathway after some of its events, and the few ways in which that changes.

Handlers never build a period by hand: they ask the state to start, stop, reopen, keep or find.
Every one of these leaves a step that names the rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from clockstop.core.rtt.events import Admission, DateOffered, Event, PlannedListed, ReferralReceived
from clockstop.core.rtt.findings import Finding, Problem
from clockstop.core.rtt.periods import DiagnosticWait, Ending, Listing, Period, Step
from clockstop.core.rtt.queue_place import PlaceLeft, QueuePlace


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Active monitoring under way: who wished it, when it was last reviewed, the place left."""

    since: date
    reviewed: date
    event: str
    patient_wish: bool
    left: PlaceLeft | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A pathway so far. ``seen``, ``offers``, ``declined`` and the like speak of the last clock."""

    periods: tuple[Period, ...] = ()
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    tests: tuple[DiagnosticWait, ...] = ()
    planned: tuple[PlannedListed, ...] = ()
    held: tuple[Event, ...] = ()
    admissions: tuple[Admission, ...] = ()
    offers: tuple[DateOffered, ...] = ()
    declined: tuple[DateOffered, ...] = ()
    two_dates_possible: bool = False
    interface: bool = False
    seen: bool = False
    last_missed: date | None = None
    rebookable: bool = False
    emergency: bool = False
    referred_outward: bool = False
    monitoring: Monitoring | None = None
    died: bool = False
    unratified: tuple[ReferralReceived, ...] = ()
    subcontractor: str | None = None
    pathway: tuple[str, str | None] | None = None

    @property
    def last(self) -> Period | None:
        """The latest period."""
        return self.periods[-1] if self.periods else None

    @property
    def running(self) -> Period | None:
        """The period whose clock runs."""
        return self.last if self.last and self.last.runs else None

    @property
    def provisional(self) -> Period | None:
        """The latest period, if it ended by an admission whose outcome is not known."""
        return self.last if self.last and self.last.provisional else None

    def changed(self, **changes: Any) -> Self:
        """The state with some facts changed."""
        return replace(self, **changes)

    def keep(self, event: Event, rule: str) -> Self:
        """Nothing changes; the step says by which rule."""
        number = self.running.number if self.running else None
        return self.stepped(event, event.day, rule, number)

    def find(self, event: Event, problem: Problem, detail: str = "") -> Self:
        """The same, with a finding at the event."""
        found = Finding(problem, event.id, event.day, detail)
        return replace(self, findings=(*self.findings, found))

    def start(
        self,
        event: Event,
        rule: str,
        *,
        day: date | None = None,
        place: QueuePlace | None = None,
        in_returns: bool = True,
    ) -> Self:
        """A clock starts on the event's day, or on ``day``. Only where none runs."""
        first = day or event.day
        period = Period(
            number=len(self.periods) + 1,
            start=first,
            start_rule=rule,
            opened_by=event.id,
            opened_on=event.day,
            place=place or QueuePlace(first),
            in_returns=in_returns,
            listings=(Listing(event.provider, event.day),),
        )
        return self.opened(event, period)

    def start_unknown(self, event: Event, problem: Problem) -> Self:
        """A clock runs whose start nobody knows: it is reported so, and found out (§10.1.5)."""
        period = Period(
            number=len(self.periods) + 1,
            start=None,
            start_rule="start-unknown",
            opened_by=event.id,
            opened_on=event.day,
            place=None,
            listings=(Listing(event.provider, event.day),),
        )
        return self.find(event, problem).opened(event, period)

    def stop(
        self,
        event: Event,
        rule: str,
        ending: Ending,
        *,
        day: date | None = None,
        provisional: bool = False,
    ) -> Self:
        """The running clock stops; where none runs, a finding says so and nothing is applied."""
        if self.running is None:
            problem = Problem.OUTCOME_UNKNOWN if self.provisional else Problem.STOP_WITHOUT_CLOCK
            return self.find(event, problem).keep(event, "none-noted")
        end = day or event.day
        ended = replace(
            self.running,
            end=end,
            ending=ending,
            stop_rule=rule,
            closed_by=event.id,
            provisional=provisional,
            listings=_closed(self.running.listings, end),
        )
        after = self.with_last(ended)
        return after.stepped(event, end, rule, ended.number)

    def reopen(self, event: Event, rule: str) -> Self:
        """A provisional stop turns out to be none: the clock ran on all the time."""
        if self.provisional is None:
            return self.keep(event, "none-noted")
        stays = self.provisional.listings
        listings = (*stays[:-1], replace(stays[-1], until=None)) if stays else ()
        period = replace(
            self.provisional,
            end=None,
            ending=None,
            stop_rule=None,
            closed_by=None,
            provisional=False,
            listings=listings,
        )
        return self.with_last(period).stepped(event, event.day, rule, period.number)

    def confirm(self, event: Event, rule: str) -> Self:
        """A provisional stop becomes final."""
        if self.provisional is None:
            return self.keep(event, "none-noted")
        period = replace(self.provisional, provisional=False)
        return self.with_last(period).stepped(event, event.day, rule, period.number)

    def amend(self, event: Event, rule: str, **changes: Any) -> Self:
        """The running period with some facts changed that are no start and no stop."""
        if self.running is None:
            return self.keep(event, "none-noted")
        return self.with_last(replace(self.running, **changes)).keep(event, rule)

    def opened(self, event: Event, period: Period) -> Self:
        """A period joins the others; what was known of the last clock is forgotten."""
        opened = replace(
            self,
            periods=(*self.periods, period),
            offers=(),
            declined=(),
            two_dates_possible=False,
            interface=False,
            seen=False,
            last_missed=None,
            rebookable=False,
            emergency=False,
            referred_outward=False,
            subcontractor=None,
            monitoring=None,
        )
        first = period.start or event.day
        return opened.stepped(event, first, period.start_rule, period.number)

    def with_last(self, period: Period) -> Self:
        """The latest period in another form."""
        return replace(self, periods=(*self.periods[:-1], period))

    def stepped(self, event: Event, day: date, rule: str, number: int | None) -> Self:
        """One more step, by which rule and on which period."""
        return replace(self, steps=(*self.steps, Step(event.id, day, rule, number)))


def _closed(listings: tuple[Listing, ...], day: date) -> tuple[Listing, ...]:
    if not listings or listings[-1].until is not None:
        return listings
    last = listings[-1]
    return (*listings[:-1], replace(last, until=max(day, last.since)))
