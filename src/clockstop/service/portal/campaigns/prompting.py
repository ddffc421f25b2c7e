"""What the commands send: a prompt to all who have not booked, and the question of need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from clockstop.core.rtt.waiting import latest_start_over
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.messaging.models import Channel, Message
from clockstop.service.messaging.models import State as Sent
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.models import Priority as PathwayPriority
from clockstop.service.portal import telling
from clockstop.service.portal.campaigns.cohorts import grown_up, unbooked
from clockstop.service.referrals.models import Step
from clockstop.service.tracking.models import ListEntry
from clockstop.service.tracking.models import State as Listed

PROMPT = telling.CHOOSE
TOLD = (Sent.SENT, Sent.DELIVERED, Sent.READ)


@dataclass(frozen=True, slots=True)
class Prompted:
    """A campaign so far: how many were in the cohort, and how many messages wait or were sent."""

    cohort: int
    queued: int


@dataclass(frozen=True, slots=True)
class Results:
    """What became of the prompts to choose: how many were sent, and who has booked since.

    ``opted_out`` counts people whom one was to reach by text, email or app and who want no more.
    """

    queued: int
    sent: int
    not_delivered: int
    cancelled: int
    booked_since: int
    opted_out: int


def remind_to_choose(days: int, icb_code: str = "") -> Prompted:
    """Prompt everybody who has not booked within so many days of the referral, each once."""
    cohort = unbooked(timezone.now() - timedelta(days=days), icb_code)
    return _prompted(cohort, telling.remind_to_choose)


def ask_still_needed(weeks: int, icb_code: str = "") -> Prompted:
    """Ask all who have waited more than so many weeks, once a quarter; silence ends nothing."""
    return _prompted(still_waiting(weeks, timezone.localdate(), icb_code), telling.ask_still_needed)


def still_waiting(weeks: int, today: date, icb_code: str = "") -> Any:
    """Pathways whose clock has run for more than so many weeks and that have no date to come."""
    listed = ListEntry.objects.filter(
        pathway=OuterRef("pk"),
        state=Listed.WAITING,
        clock_start__lte=latest_start_over(today, weeks),
        next_appointment=None,
        tci_date=None,
        on_cancer_list=False,
    )
    held = Pathway.objects.filter(Exists(listed))
    held = held.exclude(priority=PathwayPriority.SUSPECTED_CANCER)
    return grown_up(held.filter(icb_code=icb_code) if icb_code else held)


def results() -> Results:
    """What the prompts to choose have come to."""
    held = Message.objects.filter(template=PROMPT)
    told = held.filter(state__in=TOLD)
    return Results(
        queued=held.filter(state__in=(Sent.QUEUED, Sent.SENDING)).count(),
        sent=told.count(),
        not_delivered=held.filter(state=Sent.FAILED).count(),
        cancelled=held.filter(state=Sent.CANCELLED).count(),
        booked_since=_booked_since(),
        opted_out=_opted_out(held),
    )


def _booked_since() -> int:
    """Of those who were prompted, how many have booked that referral afterwards."""
    sent = "referral__patient__outbox"
    steps = Step.objects.filter(
        action="book",
        at__gte=F(f"{sent}__sent_at"),
        **{f"{sent}__template": PROMPT, f"{sent}__state__in": TOLD},
    )
    pairs = steps.values_list("referral_id", f"{sent}__about").distinct()
    return sum(str(referral) == about for referral, about in pairs.iterator())


def _opted_out(held: Any) -> int:
    """Who wanted messages when the prompt was queued, since a letter goes to all others."""
    unwanted = held.exclude(channel=Channel.LETTER).filter(patient__contact__no_messages=True)
    found: int = unwanted.values("patient").distinct().count()
    return found


def _prompted(cohort: Iterable[Any], prompt: Any) -> Prompted:
    made = [prompt(each, SYSTEM) is not None for each in cohort]
    return Prompted(len(made), sum(made))
