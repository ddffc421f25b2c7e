"""What a provider has to do with referrals, each list a rule, in the order of clinical need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import (
    Case,
    F,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.choices import Priority
from clockstop.service.referrals.models import Advice, Appointment, Referral
from clockstop.service.referrals.querysets import AdviceQuerySet, ReferralQuerySet
from clockstop.service.referrals.states import State

_TO_BOOK = {State.TRIAGED_PROVIDER_TO_ACTION, State.APPT_CANCELLED_BY_PROVIDER}
_PRIORITIES = (Priority.TWO_WEEK_WAIT, Priority.URGENT, Priority.ROUTINE)
_BOOKED = Q(appointments__status=Appointment.Status.BOOKED)


@dataclass(frozen=True, slots=True)
class Worklist:
    """A rule: which referrals of a provider it finds at a moment, and what to do about them."""

    slug: str
    title: str
    words: str
    rows: Callable[[datetime], Q]
    has_promise: bool = False


def _booked_before(now: datetime) -> Q:
    return Q(state=State.BOOKED) & _BOOKED & Q(appointments__starts__lte=now)


def _to_review(now: datetime) -> Q:
    booked = Q(state=State.BOOKED, accepted_at=None, appointments__starts__gt=now) & _BOOKED
    return Q(state=State.AWAITING_TRIAGE) | booked


WORKLISTS: Mapping[str, Worklist] = {
    each.slug: each
    for each in (
        Worklist(
            "to-review",
            "Referrals for review",
            "Sent for triage, or booked and not looked at by a clinician yet.",
            _to_review,
            has_promise=True,
        ),
        Worklist(
            "slot-issues",
            "Appointment slot issues",
            "Nothing could be booked. The clock has run since the day each came onto this list.",
            lambda _now: Q(state=State.DEFERRED_TO_PROVIDER),
            has_promise=True,
        ),
        Worklist(
            "to-book",
            "To book",
            "Accepted, or cancelled by us: the patient has no appointment.",
            lambda _now: Q(state__in=_TO_BOOK),
        ),
        Worklist(
            "outcomes",
            "Outcomes to record",
            "The appointment has begun, and nobody has said whether the patient came.",
            _booked_before,
        ),
    )
}


def found(worklist: Worklist, actor: Actor, now: datetime) -> ReferralQuerySet:
    """The referrals of a worklist: suspected cancer first, then by priority and due day.

    What was promised longest ago comes first, so that the late stand before the others.
    """
    own = Referral.objects.visible_to(actor).filter(provider_code=actor.organisation_code)
    rows = own.filter(worklist.rows(now)).annotate(
        rank=_rank(), appointment_at=Min("appointments__starts", filter=_BOOKED)
    )
    promised = F("contact_by").asc(nulls_last=True)
    booked = F("appointment_at").asc(nulls_last=True)
    ordered: ReferralQuerySet = rows.order_by("rank", promised, booked, "created_at", "pk")
    return ordered


def _rank() -> Case:
    ranks = (When(priority=each, then=Value(at)) for at, each in enumerate(_PRIORITIES))
    return Case(*ranks, default=Value(len(_PRIORITIES)), output_field=IntegerField())


def late(actor: Actor, today: date) -> int:
    """How many patients nobody was in touch with by the day that was promised."""
    waiting = {State.DEFERRED_TO_PROVIDER, State.AWAITING_TRIAGE}
    own = Referral.objects.visible_to(actor).filter(provider_code=actor.organisation_code)
    number: int = own.filter(state__in=waiting, contact_by__lt=today).count()
    return number


def advice_waiting(actor: Actor) -> AdviceQuerySet:
    """Questions that wait for the provider's answer, the most urgent and then the oldest first."""
    own = Advice.objects.visible_to(actor).filter(status=Advice.Status.PROVIDER_RESPONSE_REQUIRED)
    ordered: AdviceQuerySet = own.annotate(rank=_rank()).order_by("rank", "changed_at", "pk")
    return ordered


def appointments_of(actor: Actor, monday: date) -> QuerySet[Appointment]:
    """The appointments of the provider in a week, earliest first; those cancelled are left out."""
    begins = timezone.make_aware(datetime.combine(monday, time()))
    ends = timezone.make_aware(datetime.combine(monday + timedelta(weeks=1), time()))
    own = Appointment.objects.visible_to(actor).filter(
        service__organisation=actor.organisation_code
    )
    held = own.filter(starts__gte=begins, starts__lt=ends)
    return held.exclude(status=Appointment.Status.CANCELLED).order_by("starts", "pk")
