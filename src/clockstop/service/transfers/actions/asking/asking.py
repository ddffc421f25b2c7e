"""What the patient says: asks, stays, takes it back; themselves, or on the phone through staff."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.rulebook.eligibility import Profile, against, profiles_on
from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.models import Pathway
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers import states
from clockstop.service.transfers.actions.aid import end_by
from clockstop.service.transfers.actions.asking import reasons
from clockstop.service.transfers.actions.asking.conditions import facts_of
from clockstop.service.transfers.actions.asking.scanning import PREFIX
from clockstop.service.transfers.actions.asking.shared import (
    Way,
    against_cancer,
    against_waiting,
    as_system,
    go,
    live_aid,
)
from clockstop.service.transfers.actions.stepping import check, hand_of, note
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.references import new_reference
from clockstop.service.transfers.states import ASKED_ENDED, Party

DISTANCES = (50, 100)  # miles; beyond them, anywhere (national services notes §6.3)
CHANNELS = {"online": "Online", "phone": "By phone", "paper": "On paper"}
NEEDS: Mapping[str, str] = {
    "interpreter": "An interpreter",
    "sign_language": "A sign language interpreter",
    "wheelchair": "Step-free access for a wheelchair",
    "carer": "A carer to come with me",
    "learning": "Help because of a learning disability or autism",
    "dementia": "Help because of memory problems",
    "bariatric": "Equipment for a high body weight",
}
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the patient asks for. ``distance`` in miles; ``anywhere`` is the whole country.

    ``estimate`` is what they were told before: it is kept as it was.
    """

    distance: int | None
    anywhere: bool = False
    needs: tuple[str, ...] = ()
    needs_words: str = ""
    travel_support: bool = False
    channel: str = "online"
    estimate: Mapping[str, object] | None = None


@transaction.atomic
def begin(*, actor: Actor, pathway_id: UUID, profile: str) -> PatientRequest:
    """A request of a patient whom no scan has found yet, or of one who calls; none is made twice.

    Raises Pathway.DoesNotExist, and StepRefusedError with every reason why they are not eligible.
    """
    visible = Pathway.objects.visible_to(actor).select_related("patient")
    pathway: Pathway = visible.select_for_update(of=("self",)).get(pk=pathway_id)
    held = PatientRequest.objects.filter(pathway=pathway).exclude(state__in=ASKED_ENDED)
    live: PatientRequest | None = held.first()
    if live is not None:
        return live
    found = profiles_on(timezone.localdate())[profile]
    request = _new(pathway, found)
    hand = hand_of(actor, request)
    check("find_eligible", hand, None, _against(found, pathway), table=states.patient_requests())
    note("find_eligible", hand, request)
    return request


@transaction.atomic
def ask(
    *, way: Way, request_id: UUID, wishes: Wishes, version: int | None = None
) -> PatientRequest:
    """Ask to be treated elsewhere: the hospital reviews it by a day."""
    hand, request = way.taken_up(request_id, version)
    further = [
        *_against_wishes(wishes),
        *_against_channel(wishes, is_patient=Party.PATIENT in hand.parties),
        *against_waiting(request),
        *against_cancer(request),
    ]
    request.distance = None if wishes.anywhere else wishes.distance
    request.anywhere = wishes.anywhere
    request.needs, request.needs_words = wishes.needs, wishes.needs_words.strip()
    request.travel_support, request.channel = wishes.travel_support, wishes.channel
    request.estimate = json.dumps(wishes.estimate, sort_keys=True) if wishes.estimate else ""
    request.asked_at = timezone.now()
    return go("ask", hand, request, further)


@transaction.atomic
def stay(*, way: Way, request_id: UUID, version: int | None = None) -> PatientRequest:
    """The patient wants to stay: nothing changes on the list, and nobody asks again for a while."""
    hand, request = way.taken_up(request_id, version)
    return go("stay", hand, request)


@transaction.atomic
def withdraw(
    *, way: Way, request_id: UUID, reason: str, comment: str = "", version: int | None = None
) -> PatientRequest:
    """The patient takes the request back; what was held for it is free. The place is untouched."""
    hand, request = way.taken_up(request_id, version)
    against_reason = reasons.against(reason, reasons.WITHDRAWN, comment)
    go("withdraw", hand, request, against_reason, reason=reason, comment=comment)
    aid = live_aid(request.pk)
    if aid is not None:
        end_by("withdraw", as_system(hand), aid, reason="patient")
    return request


def _new(pathway: Pathway, profile: Profile) -> PatientRequest:
    now = timezone.now()
    entry = ListEntry.objects.filter(pathway=pathway).first()
    return PatientRequest(
        icb_code=pathway.icb_code,
        reference=new_reference(PREFIX),
        pathway=pathway,
        patient=pathway.patient,
        organisation_code=pathway.organisation_code,
        treatment_function=pathway.treatment_function,
        clock_start=entry.clock_start if entry else None,
        profile=profile.name,
        profile_version=profile.valid_from,
        found_on=timezone.localdate(),
        state_since=now,
        created_at=now,
        changed_at=now,
    )


def _against(profile: Profile, pathway: Pathway) -> Iterable[Refusal]:
    held = ListEntry.objects.filter(pathway=pathway)
    entry = held.select_related("pathway__patient__merged_into").first()
    if entry is None:
        yield Refusal("NOT_WAITING", "The patient is not on the list")
        return
    for each in against(profile, facts_of(entry, timezone.localdate())):
        yield Refusal(each.code.upper(), each.words)


def _against_wishes(wishes: Wishes) -> Iterable[Refusal]:
    if not wishes.anywhere and wishes.distance not in DISTANCES:
        yield Refusal("DISTANCE_IS_REQUIRED", "Choose how far you can travel", "distance")
    unknown = set(wishes.needs) - set(NEEDS)
    if unknown:
        words = f"Choose from the list: found {', '.join(sorted(unknown))}"
        yield Refusal("UNKNOWN_NEED", words, "needs")
    if len(wishes.needs_words.strip()) > LONGEST_WORDS:
        words = f"Use {LONGEST_WORDS} characters or fewer"
        yield Refusal("TOO_LONG", words, "needs_words")


def _against_channel(wishes: Wishes, *, is_patient: bool) -> Iterable[Refusal]:
    """Who came online has shown who they are; staff say how the patient told them."""
    fits = (wishes.channel == "online") == is_patient
    if wishes.channel not in CHANNELS or not fits:
        words = "Say whether the patient called or wrote"
        yield Refusal("CHANNEL_IS_REQUIRED", words, "channel")
