"""What the page of one referral shows to the provider that it was sent to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.names import organisations_named, people_named
from clockstop.service.pathways.presenters.clock import Clock, clock_of
from clockstop.service.pathways.presenters.who import who
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.actions import hand_of
from clockstop.service.referrals.actions.stepping import FOR_THE_PATIENT
from clockstop.service.referrals.attachments import ACCEPTED
from clockstop.service.referrals.criteria import read
from clockstop.service.referrals.menu import Offered, menu
from clockstop.service.referrals.models import Appointment, Referral, Step
from clockstop.service.referrals.provider.acts import possible
from clockstop.service.referrals.provider.reasons import reason_named
from clockstop.service.referrals.provider.rows import at_words, practice_of
from clockstop.service.referrals.states import State, transitions
from clockstop.service.ui.figures import day as in_words

ELSEWHERE = 5
_WAITS_FOR_A_SLOT = {State.DEFERRED_TO_PROVIDER, State.TRIAGED_PROVIDER_TO_ACTION}


@dataclass(frozen=True, slots=True)
class Done:
    """A step, in words."""

    at: str
    words: str
    reason: str
    comment: str
    who: str
    priority: str = ""
    wanted: str = ""


def page_of(referral: Referral, actor: Actor) -> dict[str, Any]:
    """Everything on the page, read in few questions."""
    today = timezone.localdate()
    steps = list(referral.steps.select_related("service", "wanted_slot"))
    names = organisations_named({referral.organisation_code, *(_codes(steps))})
    held = referral.appointments.filter(status=Appointment.Status.BOOKED).first()
    pathway = _seen_pathway(referral, actor)
    return {
        "referral": referral,
        "who": who(referral, today, practice_of(referral, names)),
        "specialty": specialty(referral.treatment_function),
        "practice": practice_of(referral, names),
        "referrer": people_named([referral.referrer]).get(referral.referrer, ""),
        "is_late": referral.is_late(today),
        "contact_by": in_words(referral.contact_by) if referral.contact_by else "",
        "appointment": at_words(held.starts) if held else "",
        "comment": held.comment if held else referral.comment,
        "ended_elsewhere": _ended_elsewhere(referral),
        "appointment_service": held.service.name if held else "",
        "documents": referral.documents.filter(removed=False).defer("content"),
        "own_code": actor.organisation_code,
        "accepted": ACCEPTED,
        "is_theirs": bool(hand_of(actor, referral).parties) and referral.is_open,
        "pathway": pathway,
        "clock": _clock(pathway, today),
        "done": done(steps, names),
        "acts": possible(referral, tuple(hand_of(actor, referral).parties), held),
        "elsewhere": elsewhere(referral),
        "reason": reason_named(referral.reason),
    }


def _ended_elsewhere(referral: Referral) -> str:
    """Whether the last appointment that was cancelled is off in the provider's own system too."""
    last = referral.appointments.order_by("created_at", "pk").last()
    if last is None or last.status != Appointment.Status.CANCELLED or last.ended_in_pas is None:
        return ""
    return "Cancelled there too" if last.ended_in_pas else "Still to be cancelled there"


def _codes(steps: Iterable[Step]) -> set[str]:
    return {each.organisation_code for each in steps}


def _seen_pathway(referral: Referral, actor: Actor) -> Pathway | None:
    """The pathway behind it, opened in the audit too, where the actor may see that."""
    if referral.pathway is None:
        return None
    try:
        return open_pathway(actor=actor, pathway_id=referral.pathway.pk)
    except Pathway.DoesNotExist:
        return None


def _clock(pathway: Pathway | None, today: date) -> Clock | None:
    return clock_of(clock_on(pathway.events.all(), today), today) if pathway else None


def done(steps: Iterable[Step], names: Mapping[str, str]) -> list[Done]:
    """The steps in words, the latest first."""
    held = list(steps)
    people = people_named({each.by for each in held} | {each.acting_for for each in held})
    return [_done(each, names, people) for each in reversed(held)]


def _done(step: Step, names: Mapping[str, str], people: Mapping[str, str]) -> Done:
    by = people.get(step.by, step.role.replace("_", " ") or "somebody")
    if step.acting_for == FOR_THE_PATIENT:
        by = f"{by} for the patient, on the phone"
    elif step.acting_for:
        by = f"{by} for {people.get(step.acting_for, 'a clinician')}"
    if step.organisation_code and shows_address(step.referral.patient):
        by = f"{by}, {names.get(step.organisation_code, step.organisation_code)}"
    row = transitions().get(step.action)
    return Done(
        at_words(step.at),
        row.label if row else step.action.replace("_", " ").capitalize(),
        reason_named(step.reason),
        step.comment,
        by,
        step.priority_words,
        at_words(step.wanted_slot.starts) if step.wanted_slot else "",
    )


def elsewhere(referral: Referral) -> list[Offered]:
    """Free capacity at other providers for one who waits for a slot, the first to be had first.

    No distance is told, and the provider moves nobody: the patient and the practice choose.
    """
    if referral.state not in _WAITS_FOR_A_SLOT:
        return []
    found: dict[str, Offered] = {}
    for each in menu(read(referral.criteria)):
        if each.first_free and each.provider != referral.provider_code:
            found.setdefault(each.provider, each)
    return list(found.values())[:ELSEWHERE]
