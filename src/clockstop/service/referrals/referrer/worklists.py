"""What a practice has to do with referrals (rule E13), and the chase list across all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Min, Q, Value, When
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.core.rulebook.working_days import working_days_after
from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.choices import Priority
from clockstop.service.referrals.models import Advice, Appointment, Referral
from clockstop.service.referrals.querysets import AdviceQuerySet
from clockstop.service.referrals.states import State

_PRIORITIES = (Priority.TWO_WEEK_WAIT, Priority.URGENT, Priority.ROUTINE)
_RETURNED = {State.REJECTED, State.TRIAGE_RESPONSE}
_MISSED = {
    State.ASSESSMENT_RESULT,
    State.APPT_CANCELLED_BY_PATIENT,
    State.APPT_CANCELLED_BY_PROVIDER,
    State.DID_NOT_ATTEND,
}
_AWAITING = {
    State.NOT_BOOKED,
    State.AWAITING_TRIAGE,
    State.DEFERRED_TO_PROVIDER,
    State.TRIAGED_PROVIDER_TO_ACTION,
}
_BOOKED = Q(appointments__status=Appointment.Status.BOOKED)


@dataclass(frozen=True, slots=True)
class Worklist:
    """A rule: which open referrals of a practice it finds, and what to do about them."""

    slug: str
    title: str
    words: str
    todo: str
    rows: Q


WORKLISTS: Mapping[str, Worklist] = {
    each.slug: each
    for each in (
        Worklist(
            "chase",
            "Chase list",
            "Everything that waits for somebody, the most urgent and then the oldest first.",
            "Do what the state says, or ask the provider that is late.",
            Q(letter_due=True) | Q(state__in=_RETURNED | _MISSED | _AWAITING),
        ),
        Worklist(
            "letters",
            "Letters outstanding",
            "The provider has no referral letter yet.",
            "Attach the letter.",
            Q(letter_due=True),
        ),
        Worklist(
            "returned",
            "Rejected, or returned with advice",
            "The provider sent these back.",
            "Choose other services with the patient, or cancel the referral.",
            Q(state__in=_RETURNED),
        ),
        Worklist(
            "missed",
            "Assessed, cancelled or did not attend",
            "The patient has no appointment to come any more.",
            "Speak to the patient: book again, or cancel the referral.",
            Q(state__in=_MISSED),
        ),
        Worklist(
            "awaiting-booking",
            "Awaiting booking",
            "Nobody has booked an appointment yet: the patient, the practice or the provider will.",
            "Book, or ask the patient or the provider.",
            Q(state__in=_AWAITING),
        ),
    )
}


def found(worklist: Worklist, actor: Actor, clinician: str = "") -> Any:
    """Open referrals of a worklist: suspected cancer first, then by priority and age.

    ``clinician`` is the reference of somebody of the practice; none for everybody's.
    """
    rows = Referral.objects.visible_to(actor).open().filter(worklist.rows)
    if clinician:
        rows = rows.filter(referrer=clinician)
    booked = Min("appointments__starts", filter=_BOOKED)
    rank = _rank()
    return rows.annotate(rank=rank, appointment_at=booked).order_by("rank", "created_at", "pk")


def advice_of(actor: Actor) -> AdviceQuerySet:
    """The practice's questions that have not ended; those that wait for it come first."""
    waits_for_us = (Advice.Status.REVIEW_RESPONSE, Advice.Status.FURTHER_INFORMATION)
    ended = (Advice.Status.CLOSED, Advice.Status.CANCELLED, Advice.Status.CONVERTED)
    ours = Case(When(status__in=waits_for_us, then=Value(0)), default=Value(1))
    rows = Advice.objects.visible_to(actor).exclude(status__in=ended)
    ordered: AdviceQuerySet = rows.annotate(ours=ours, rank=_rank()).order_by(
        "ours", "rank", F("changed_at"), "pk"
    )
    return ordered


def due_day(referral: Referral) -> date:
    """By when somebody should have acted: a provider as it promised, the practice by its rule."""
    if referral.contact_by:
        return referral.contact_by
    changed = timezone.localdate(referral.changed_at)
    days = rulebook.on(changed)[f"practice_action_{referral.priority}"].value
    return working_days_after(changed, days)


def _rank() -> Case:
    ranks = (When(priority=each, then=Value(at)) for at, each in enumerate(_PRIORITIES))
    return Case(*ranks, default=Value(len(_PRIORITIES)), output_field=IntegerField())
