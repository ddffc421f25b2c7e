"""What does not go as booked: missed, cancelled, offered, declined (§4.4.1.3, §4.4.2, §8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clockstop.core.rtt.events.base import Event


class Appointment(StrEnum):
    """Which appointment: the first after the referral, or any other."""

    FIRST = "first"
    OTHER = "other"
    ADMISSION = "admission"


class By(StrEnum):
    """Who cancelled, or who proposed active monitoring."""

    PATIENT = "patient"
    PROVIDER = "provider"


class DischargeReason(StrEnum):
    """Why a patient was discharged to the GP."""

    MISSED = "missed"
    CANCELLATIONS = "cancellations"
    DELAY = "delay"
    FRESH_REFERRAL = "fresh_referral"


@dataclass(frozen=True, kw_only=True)
class DidNotAttend(Event):
    """The patient missed an appointment without notice.

    ``communicated``: the provider can show that it was clearly communicated. ``not_brought``: a
    child or vulnerable person; ``clinician_agreed`` that nothing stands against the usual rule.
    """

    appointment: Appointment
    communicated: bool = False
    not_brought: bool = False
    clinician_agreed: bool = False


@dataclass(frozen=True, kw_only=True)
class RebookRequested(Event):
    """The patient asked for another appointment."""


@dataclass(frozen=True, kw_only=True)
class AnotherAppointmentDecided(Event):
    """The provider or clinician decided to offer another appointment."""


@dataclass(frozen=True, kw_only=True)
class DischargedToGp(Event):
    """Discharged to the care of the GP.

    The safeguards of rule 5f: the appointment was ``communicated``; a clinician found it not
    contrary to the patient's ``best_interests``; by a ``published_policy``, clearly defined and
    agreed with those whom it concerns, that ``protects_vulnerable`` people. Other reasons need a
    ``clinical_decision``.
    """

    reason: DischargeReason
    communicated: bool = False
    best_interests: bool = False
    published_policy: bool = False
    protects_vulnerable: bool = False
    clinical_decision: bool = False


@dataclass(frozen=True, kw_only=True)
class Cancellation(Event):
    """An appointment or admission was cancelled, moved or postponed beforehand.

    ``admission`` names the admission if the treatment was cancelled after it.
    """

    by: By
    admission: str | None = None


@dataclass(frozen=True, kw_only=True)
class DateOffered(Event):
    """A date was offered: ``offered_for``.

    ``other_provider``: elsewhere, with ``suitable`` (clinically and socially) and
    ``details_stated`` (date, provider and team). ``known_unavailable``: the patient had said that
    this time would not do.
    """

    offered_for: date
    other_provider: bool = False
    suitable: bool = False
    details_stated: bool = False
    known_unavailable: bool = False


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(Event):
    """The patient declined the date that ``offer`` names."""

    offer: str


@dataclass(frozen=True, kw_only=True)
class UnavailabilityDeclared(Event):
    """The patient cannot come until a day.

    ``two_dates_possible``: two reasonable dates could have been offered meanwhile.
    """

    until: date
    two_dates_possible: bool = False


@dataclass(frozen=True, kw_only=True)
class ThinkingTimeAgreed(Event):
    """The patient took time to think, until a day."""

    until: date
