"""What the events come to: RTT periods, diagnostic waits, and the step that each event took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clockstop.core.rtt.queue_place import QueuePlace
from clockstop.core.rtt.rules import ClockRule, clock_rules
from clockstop.core.rtt.status_codes import Status
from clockstop.core.types import Part


class Ending(StrEnum):
    """How a period ended; the value is what JSON shows."""

    ADMITTED = "admitted_treatment"
    NON_ADMITTED = "non_admitted_treatment"
    TRANSPLANT_LIST = "transplant_list"
    PRIMARY_CARE = "primary_care"
    MONITORING_BY_PATIENT = "monitoring_by_patient"
    MONITORING_BY_PROFESSIONAL = "monitoring_by_professional"
    DECLINED = "declined"
    NOT_TREATED = "not_treated"
    DISCHARGED = "discharged"
    DIED = "died"
    NULLIFIED = "nullified"

    @property
    def status(self) -> Status:
        """The status code that says so (Annex D, Annex E)."""
        return _STATUS.get(self, Status.NOT_TREATED)

    @property
    def part(self) -> Part | None:
        """The part of the return that counts it; None for a nullified period (§4.4.1.3)."""
        if self is Ending.NULLIFIED:
            return None
        return Part.ADMITTED if self is Ending.ADMITTED else Part.NONADMITTED


_STATUS = {
    Ending.ADMITTED: Status.TREATED,
    Ending.NON_ADMITTED: Status.TREATED,
    Ending.MONITORING_BY_PATIENT: Status.MONITORING_BY_PATIENT,
    Ending.MONITORING_BY_PROFESSIONAL: Status.MONITORING_BY_PROFESSIONAL,
    Ending.DECLINED: Status.DECLINED,
    Ending.DIED: Status.DIED,
    Ending.NULLIFIED: Status.DID_NOT_ATTEND,
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one event did: the rule that decided, and the number of the period it touched."""

    event: str
    day: date
    rule_id: str
    period: int | None

    @property
    def rule(self) -> ClockRule:
        """The rule in full."""
        return clock_rules()[self.rule_id]


@dataclass(frozen=True, slots=True)
class Listing:
    """A stretch of a period on one provider's list; ``until`` is None while it is there."""

    provider: str | None
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One RTT period: the clock from its start to its stop.

    ``start`` is None where nobody knows it (§10.1.5). While the clock runs, ``end`` and ``ending``
    are None. ``provisional`` marks a stop by an admission whose outcome is not known (§4.3.2.3).
    ``in_returns`` is false for community services (§7.2). ``decided_to_admit`` puts a running
    period into part 2A. ``place`` is the place in the queue, None where the start is unknown.
    """

    number: int
    start: date | None
    start_rule: str
    opened_by: str
    opened_on: date
    place: QueuePlace | None
    end: date | None = None
    ending: Ending | None = None
    stop_rule: str | None = None
    closed_by: str | None = None
    provisional: bool = False
    in_returns: bool = True
    decided_to_admit: date | None = None
    listings: tuple[Listing, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether the clock still runs after all events."""
        return self.ending is None

    @property
    def nullified(self) -> bool:
        """Whether the period counts nowhere."""
        return self.ending is Ending.NULLIFIED

    @property
    def listed_by(self) -> str | None:
        """The provider that has the patient on its list, as far as the events say."""
        return self.listings[-1].provider if self.listings else None


@dataclass(frozen=True, slots=True)
class DiagnosticWait:
    """A wait for an overdue planned test: a DM01 wait, no RTT clock (§5.2)."""

    start: date
    opened_by: str
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pathway stands beside its periods, on the last day looked at.

    ``monitoring_since`` and ``monitoring_reviewed`` while active monitoring goes on;
    ``planned_due`` is the earliest due date of planned care that is neither done, taken off its
    list nor overdue (§5).
    """

    died: bool = False
    monitoring_since: date | None = None
    monitoring_reviewed: date | None = None
    planned_due: date | None = None
