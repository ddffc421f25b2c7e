"""Referrals, advice requests and appointments as lines of the provider's lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from clockstop.core.rtt.waiting import breach_day
from clockstop.core.rtt.week_bands import STANDARD_WEEKS
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.names import organisations_named
from clockstop.service.pathways.presenters.clock import clock_of
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.models import Advice, Appointment, Referral
from clockstop.service.ui.figures import day as in_words

Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line about one patient. ``due`` is what was promised, ``alert`` what runs out."""

    pk: UUID
    name: str
    nhs_number: str
    born: str
    ubrn: str
    specialty: str
    service: str
    practice: str
    priority: str
    is_cancer: bool
    tags: Tags
    state: str
    wait: str
    alert: str
    due: str
    appointment: str


def rows(referrals: Iterable[Referral], today: date) -> list[Row]:
    """Lines of referrals that were read with their patient, service and pathway's events."""
    held = list(referrals)
    practices = organisations_named({each.organisation_code for each in held})
    return [_row(each, today, practices) for each in held]


def read(referrals: Any) -> Any:
    """The same referrals with all that ``rows`` asks for, in few questions."""
    return referrals.select_related("patient", "service", "pathway__patient").prefetch_related(
        "pathway__events"
    )


def _row(referral: Referral, today: date, practices: Mapping[str, str]) -> Row:
    wait, alert = _clock(referral.pathway, today)
    return Row(
        referral.pk,
        referral.patient.name,
        referral.patient.spaced_number,
        in_words(referral.patient.birth_date),
        referral.spaced_ubrn,
        specialty(referral.treatment_function),
        referral.service.name if referral.service else "",
        practice_of(referral, practices),
        referral.get_priority_display(),
        referral.is_suspected_cancer,
        _tags(referral, today),
        referral.get_state_display(),
        wait,
        alert,
        in_words(referral.contact_by) if referral.contact_by else "",
        at_words(getattr(referral, "appointment_at", None)),
    )


def practice_of(asked: Referral | Advice, names: Mapping[str, str]) -> str:
    """The practice that asks, but for a sensitive record: it tells where the patient lives."""
    code = asked.organisation_code
    return names.get(code, code) if shows_address(asked.patient) else ""


def _tags(referral: Referral, today: date) -> Tags:
    found = []
    if referral.is_suspected_cancer:
        found.append(("Urgent suspected cancer", "red"))
    elif referral.priority == "urgent":
        found.append(("Urgent", "orange"))
    if referral.is_late(today):
        found.append(("Late", "red"))
    return tuple(found)


def _clock(pathway: Pathway | None, today: date) -> tuple[str, str]:
    """How long the patient has waited, and when 18 weeks are up while the clock runs."""
    if pathway is None:
        return "", ""
    derivation = clock_on(pathway.events.all(), today)
    clock = clock_of(derivation, today)
    if not clock.is_running:
        return clock.state, ""
    breach = breach_day(derivation.periods[-1], STANDARD_WEEKS)
    if breach is None:
        return clock.wait, ""
    told = f"Over {STANDARD_WEEKS} weeks {'since' if breach <= today else 'from'}"
    return clock.wait, f"{told} {in_words(breach)}"


def at_words(moment: Any) -> str:
    """A moment as people say it: ``24 November 2026 at 09:20``."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{in_words(local.date())} at {local:%H:%M}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the advice requests."""

    pk: UUID
    name: str
    nhs_number: str
    specialty: str
    service: str
    practice: str
    tags: Tags
    since: str
    first_words: str


_FIRST_WORDS = 120


def asked(advice: Iterable[Advice]) -> list[Asked]:
    """Lines of advice requests that were read with their patient, service and messages."""
    held = list(advice)
    practices = organisations_named({each.organisation_code for each in held})
    return [_asked(each, practices) for each in held]


def _asked(advice: Advice, practices: Mapping[str, str]) -> Asked:
    tags = {"two_week_wait": ("Urgent suspected cancer", "red"), "urgent": ("Urgent", "orange")}
    first = next(iter(advice.messages.all()), None)
    text = first.text if first else ""
    return Asked(
        advice.pk,
        advice.patient.name,
        advice.patient.spaced_number,
        specialty(advice.treatment_function),
        advice.service.name,
        practice_of(advice, practices),
        (tags[advice.priority],) if advice.priority in tags else (),
        in_words(timezone.localtime(advice.changed_at).date()),
        text if len(text) <= _FIRST_WORDS else f"{text[:_FIRST_WORDS].rstrip()}…",
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """A line of the week's appointments."""

    referral: UUID
    time: str
    name: str
    nhs_number: str
    service: str
    status: str
    is_open: bool


def by_day(appointments: Iterable[Appointment]) -> dict[str, list[Visit]]:
    """The appointments of a week under their day in words."""
    found: dict[str, list[Visit]] = {}
    for each in appointments:
        local = timezone.localtime(each.starts)
        day = f"{local:%A} {in_words(local.date())}"
        found.setdefault(day, []).append(_visit(each))
    return found


def _visit(appointment: Appointment) -> Visit:
    patient = appointment.referral.patient
    is_open = appointment.status == Appointment.Status.BOOKED
    status = appointment.get_status_display()
    if is_open and appointment.starts <= timezone.now():
        status = "No outcome yet"
    return Visit(
        appointment.referral_id,
        f"{timezone.localtime(appointment.starts):%H:%M}",
        patient.name,
        patient.spaced_number,
        appointment.service.name,
        status,
        is_open,
    )
