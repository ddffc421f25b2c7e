"""What the page of one referral shows to the practice that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.choices import Requirement
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.names import organisations_named, people_named
from clockstop.service.referrals.actions import hand_of
from clockstop.service.referrals.models import Appointment, Referral, Shortlisted
from clockstop.service.referrals.provider.reasons import reason_named
from clockstop.service.referrals.provider.referral_page import done
from clockstop.service.referrals.provider.rows import at_words
from clockstop.service.referrals.referrer.menu_page import in_days, short
from clockstop.service.referrals.states import State, actions_from
from clockstop.service.ui.figures import day as in_words

# What is said of each state to the practice.
_NEXT = {
    State.NOT_BOOKED: "Nothing has been sent to a provider yet. Book an appointment, or give the "
    "patient the letter so that they can.",
    State.AWAITING_TRIAGE: "The provider looks at the referral and then books, or sends it back "
    "with advice.",
    State.DEFERRED_TO_PROVIDER: "The service had no free appointment: the provider will book one.",
    State.TRIAGED_PROVIDER_TO_ACTION: "The provider has taken it on and will book.",
    State.REJECTED: "Choose other services, or cancel the referral. The wait goes on.",
    State.TRIAGE_RESPONSE: "Read the advice below. Choose other services, or cancel the referral.",
    State.APPT_CANCELLED_BY_PATIENT: "Book another appointment, or cancel the referral.",
    State.APPT_CANCELLED_BY_PROVIDER: "Book another appointment: the wait goes on.",
    State.DID_NOT_ATTEND: "Speak to the patient, then book again or cancel the referral.",
    State.ASSESSMENT_RESULT: "Read the outcome below and decide what comes next.",
}


_DONE = {
    "create": "The referral is made",
    "book": "The appointment is booked",
    "defer": "The provider will book",
    "send_for_triage": "Sent for triage",
    "change_shortlist": "The shortlist is changed",
    "cancel_by_patient": "The appointment is cancelled",
    "cancel_referral": "The referral is cancelled",
    "attach": "The file is attached",
    "remove": "The file is removed",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A service of a shortlist, with what was known of it on that day."""

    service: int
    provider: str
    name: str
    site: str
    takes_triage: bool
    first: str
    expected_most: str
    miles: str


def page_of(referral: Referral, actor: Actor) -> dict[str, Any]:
    """Everything on the page, read in few questions."""
    steps = list(referral.steps.select_related("service", "wanted_slot"))
    names = organisations_named(
        {referral.provider_code, *(each.organisation_code for each in steps)}
    )
    held = referral.appointments.filter(status=Appointment.Status.BOOKED).first()
    contact_by = referral.contact_by
    return {
        "next_words": _NEXT.get(State(referral.state), ""),
        "provider": names.get(referral.provider_code, referral.provider_code),
        "referrer": people_named([referral.referrer]).get(referral.referrer, ""),
        "appointment": at_words(held.starts) if held else "",
        "contact_by": in_words(contact_by) if contact_by else "",
        "is_late": referral.is_late(timezone.localdate()),
        "reason": reason_named(referral.reason),
        "reminder": _reminder(referral),
        "requirements": _labels(referral.additional_requirements),
        "lines": as_chosen(referral),
        "documents": referral.documents.filter(removed=False).defer("content"),
        "advice": referral.from_advice,
        "pathway": _seen(referral, actor),
        "done": done(steps, names),
        "may": frozenset(
            each.action
            for each in actions_from(State(referral.state), hand_of(actor, referral).parties)
        ),
    }


def as_chosen(referral: Referral) -> tuple[Chosen, ...]:
    """The shortlist with the figures that were shown on the day on which it was chosen."""
    held = referral.shortlist.filter(replaced=False)
    return tuple(_chosen(each) for each in held.select_related("service__organisation"))


def done_words(action: str) -> str:
    """What was just done, in words; empty for what is nothing that one does here."""
    return _DONE.get(action, "")


def _chosen(row: Shortlisted) -> Chosen:
    service, days, weeks, miles = (
        row.service,
        row.days_to_appointment,
        row.weeks_to_treatment,
        row.miles,
    )
    return Chosen(
        service=service.pk,
        provider=service.organisation.name,
        name=service.name,
        site="" if service.site_name == service.organisation.name else service.site_name,
        takes_triage=service.takes_triage,
        first="no free slot" if days is None else in_days(days),
        expected_most="" if weeks is None else short(weeks),
        miles="" if miles is None else short(miles),
    )


def _reminder(referral: Referral) -> str:
    """After how many days the patient is to be reminded to book; empty where nobody said."""
    if referral.reminder_days is None or referral.state != State.NOT_BOOKED:
        return ""
    days = referral.reminder_days
    return f"after {days} day{'s' if days > 1 else ''}" if days else "none"


def _labels(codes: tuple[str, ...]) -> list[str]:
    return [Requirement(each).label for each in codes if each in Requirement]


def _seen(referral: Referral, actor: Actor) -> Pathway | None:
    """The pathway behind it, if the practice sees that one too."""
    visible = Pathway.objects.visible_to(actor)
    found: Pathway | None = visible.filter(pk=referral.pathway_id).first()
    return found
