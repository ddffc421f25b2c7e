"""Monitoring, moves between providers and lists, commissioners (§4.4.1.4, §5, §8.3, §10, §11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clockstop.core.rtt.events.absences import By
from clockstop.core.rtt.events.base import Decision, Event


class Handover(StrEnum):
    """What passes when another provider comes in (§11.1, §11.2)."""

    RESPONSIBILITY = "responsibility"
    OPINION = "opinion"
    SUBCONTRACT = "subcontract"


class ReportedBy(StrEnum):
    """Who reports a patient treated under a subcontract, as the contract says (§11.2)."""

    ORIGINAL = "original_provider"
    TREATING = "treating_provider"


class NhsEngland(StrEnum):
    """Why NHS England commissions the care (§10.1.10)."""

    SPECIALISED = "specialised"
    DETAINED = "detained"
    ARMED_FORCES = "armed_forces"
    SECONDARY_DENTAL = "secondary_dental"


class PlannedFor(StrEnum):
    """What a place on a planned list is for (§5)."""

    TREATMENT = "treatment"
    TEST = "test"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True, kw_only=True)
class MonitoringStarted(Decision):
    """Active monitoring began.

    ``delay``: because the patient wishes to wait. That needs ``conversation`` (a clinical one) and
    the patient's agreement, ``agreed``. ``known_intervention`` is the day of a test or treatment
    that is already known to be needed.
    """

    by: By = By.PROVIDER
    delay: bool = False
    conversation: bool = False
    agreed: bool = False
    known_intervention: date | None = None


@dataclass(frozen=True, kw_only=True)
class MonitoringReviewed(Event):
    """A clinician reviewed the patient during active monitoring."""


@dataclass(frozen=True, kw_only=True)
class PatientGoesAhead(Event):
    """The patient decided to go ahead after active monitoring."""


@dataclass(frozen=True, kw_only=True)
class TransferSent(Event):
    """``provider`` handed the patient to ``to``, or asked ``to`` for part of the care.

    Under a subcontract, ``reported_by`` is whom the contract names. That the original provider goes
    on reporting must be ``agreed_in_advance`` by the commissioner and ``shown_safe``: evidence that
    it is clinically appropriate for this patient (§11.2).
    """

    to: str | None = None
    handover: Handover = Handover.RESPONSIBILITY
    reported_by: ReportedBy | None = None
    agreed_in_advance: bool = False
    shown_safe: bool = False


@dataclass(frozen=True, kw_only=True)
class TransferReceived(Event):
    """``provider`` took the patient on.

    ``original_start`` stands in the inter-provider form (IPTAMDS); so do the pathway identifier
    and its issuer. ``from_outside_england``: the patient was no English commissioner's before.
    """

    original_start: date | None = None
    pathway_id: str | None = None
    issuer: str | None = None
    from_outside_england: bool = False


@dataclass(frozen=True, kw_only=True)
class TransferRequested(Event):
    """The patient, or the provider, asked whether another provider could treat sooner."""


@dataclass(frozen=True, kw_only=True)
class TransferRequestFailed(Event):
    """A request to be treated elsewhere came to nothing, for whatever reason."""


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    """The patient changed to another team without a fresh referral."""


@dataclass(frozen=True, kw_only=True)
class CommissionerRecorded(Event):
    """What is known of who commissions the care, from this day (§10.1.8, §10.1.10).

    ``nhs_england`` is why NHS England does, ``hub`` its code by the commissioning responsibilities
    matrix. ``outside_england`` is the code of a commissioner elsewhere. Else the sub-ICB codes of
    the GP ``practice``, of the ``residence`` and of the provider's ``host``.
    """

    nhs_england: NhsEngland | None = None
    hub: str | None = None
    outside_england: str | None = None
    practice: str | None = None
    residence: str | None = None
    host: str | None = None


@dataclass(frozen=True, kw_only=True)
class CommissionerChanged(CommissionerRecorded):
    """Another commissioner became responsible; the fields are those of the new one."""


@dataclass(frozen=True, kw_only=True)
class PlannedListed(Event):
    """Put on a planned list, with a ``due`` date."""

    due: date
    planned_for: PlannedFor = PlannedFor.TREATMENT


@dataclass(frozen=True, kw_only=True)
class PlannedRemoved(Event):
    """Taken off the planned list that ``listing`` names."""

    listing: str
