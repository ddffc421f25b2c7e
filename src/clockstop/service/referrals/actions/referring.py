"""Making a referral with its shortlist, and changing the shortlist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.core.types import Point
from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService, NamedClinician
from clockstop.service.directory.policies import suitability
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals import clock, policies
from clockstop.service.referrals.actions.attaching import attach_by
from clockstop.service.referrals.actions.choosing import chosen, note_choice
from clockstop.service.referrals.actions.prioritising import against_priority, reprioritise
from clockstop.service.referrals.actions.stepping import Hand, check, hand_of, locked, note
from clockstop.service.referrals.attachments import File, against_files
from clockstop.service.referrals.choice import Conversation
from clockstop.service.referrals.criteria import (
    NO_LIMITS,
    Limits,
    for_patient,
    limits_written,
    read,
    written,
)
from clockstop.service.referrals.menu import Offered, offered
from clockstop.service.referrals.models import Referral, Shortlisted
from clockstop.service.referrals.policies import Entry
from clockstop.service.referrals.ubrns import next_ubrn


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for: the search, the services in the patient's order, and what goes with them.

    ``place`` is where the patient sets out from; it is used for distances and kept nowhere.
    ``limits`` are kept with the search. ``reminder_days`` are those until a first reminder to book.
    """

    criteria: Criteria
    services: Sequence[int]
    place: Point | None = None
    limits: Limits = NO_LIMITS
    conversation: Conversation = field(default_factory=Conversation)
    condition: str = ""
    clinical_information: str = ""
    supplied_start: date | None = None
    supplied_moment: datetime | None = None
    letter_follows: bool = True
    reminder_days: int | None = None
    additional_requirements: tuple[str, ...] = ()
    files: Sequence[File] = ()


@transaction.atomic
def create(
    *,
    actor: Actor,
    patient: Patient,
    request: Request,
    acting_for: UUID | None = None,
    send_for_triage: bool = False,
) -> Referral:
    """A new referral of a patient of the practice, not booked yet or sent for triage.

    Raises PermissionDenied, and StepRefusedError with everything that stands against it.
    """
    if not rules.has_perm("referrals.refer", actor, patient):
        raise PermissionDenied
    hand = hand_of(actor, None, acting_for)
    criteria = for_patient(request.criteria, patient, timezone.localdate())
    services = _services(request.services)
    further = [
        *_about_patient(patient),
        *_against(request.services, services, criteria, triage=send_for_triage),
        *policies.against_start(request.supplied_start, timezone.localdate()),
        *against_files(request.files),
    ]
    action = "create_for_triage" if send_for_triage else "create"
    check(action, hand, None, further=further)
    referral = _referral(hand, patient, request, criteria)
    lines = offered(request.services, criteria.priority, request.place)
    if send_for_triage:
        send(referral, services[request.services[0]], hand)
    note(action, hand, referral)
    _shortlist(referral, lines)
    kinds = [clock.kind_of(each) for each in services.values()]
    note_choice(referral, request.conversation, lines, kinds)
    if send_for_triage:
        chosen(referral)
    attach_by(hand, referral, request.files)
    return referral


@transaction.atomic
def change_shortlist(
    *,
    actor: Actor,
    referral_id: UUID,
    services: Sequence[int],
    version: int | None = None,
    criteria: Criteria | None = None,
    limits: Limits | None = None,
    place: Point | None = None,
    letter_follows: bool | None = None,
    reminder_days: int | None = None,
    send_for_triage: bool = False,
) -> Referral:
    """Another shortlist for a referral that is not booked; its search may change with it.

    The referral is as urgent as the search says. What is none stays as it was.

    The provider that had it has it no longer. Raises Referral.DoesNotExist, StaleError, BusyError
    and StepRefusedError.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    hand = hand_of(actor, referral, UUID(referral.referrer))
    wanted = criteria or read(referral.criteria)
    wanted = for_patient(wanted, referral.patient, timezone.localdate())
    found = _services(services)
    action = "change_shortlist_for_triage" if send_for_triage else "change_shortlist"
    further = [
        *_against(services, found, wanted, triage=send_for_triage),
        *against_priority(hand, referral.priority, wanted.priority),
    ]
    check(action, hand, referral, further=further)
    was = reprioritise(referral, hand, wanted.priority)
    lines = offered(services, wanted.priority, place)
    referral.shortlist.update(replaced=True)
    referral.criteria = written(wanted)
    if limits is not None:
        referral.limits = limits_written(_kept(limits, referral.patient))
    if letter_follows is not None:
        referral.letter_due = letter_follows and not _has_letter(referral)
    if reminder_days is not None:
        referral.reminder_days = reminder_days
    referral.service, referral.provider_code, referral.contact_by = None, "", None
    referral.accepted_at = None
    if send_for_triage:
        send(referral, found[services[0]], hand)
    note(action, hand, referral, priority_was=was)
    _shortlist(referral, lines)
    if send_for_triage:
        chosen(referral)
    return referral


def send(referral: Referral, service: HealthcareService, hand: Hand) -> None:
    """Bring a referral to a service for triage; the booking reference is converted."""
    today = timezone.localdate()
    referral.service, referral.provider_code = service, service.organisation_id
    referral.contact_by = policies.contact_by("triage", referral.priority, today)
    clock.convert(referral, service, hand.by, deferred=False)


def _services(ids: Sequence[int]) -> dict[int, HealthcareService]:
    found = HealthcareService.objects.published().filter(pk__in=ids)
    return {each.pk: each for each in found.select_related("organisation")}


def _against(
    ids: Sequence[int],
    services: dict[int, HealthcareService],
    criteria: Criteria,
    *,
    triage: bool,
) -> list[Refusal]:
    entries = [_entry(each, services.get(each), criteria) for each in ids]
    found = [*policies.against_shortlist(entries, timezone.localdate())]
    if triage and (len(entries) != 1 or not entries[0].takes_triage):
        words = "Choose one service that reviews referrals before it books"
        found.append(Refusal("INAPPROPRIATE_VALUE", words, "shortlist"))
    return found


def _entry(number: int, service: Any, criteria: Criteria) -> Entry:
    if service is None:
        return Entry(number, "", takes_triage=False, against=("it is not published",))
    named = NamedClinician.objects.filter(service=service).values_list("user_id", flat=True)
    clinicians = list(named) if criteria.clinician else []
    against = tuple(each.words for each in suitability(service, criteria, clinicians))
    return Entry(number, service.organisation_id, service.takes_triage, against)


def _about_patient(patient: Patient) -> list[Refusal]:
    if patient.died_on:
        return [Refusal("PATIENT_ERROR", "The patient has died")]
    if not patient.practice_code:
        return [Refusal("NO_REG_GP_PRACTICE", "The patient is not registered with a practice")]
    return []


def _referral(hand: Hand, patient: Patient, request: Request, criteria: Criteria) -> Referral:
    now = timezone.now()
    return Referral(
        icb_code=patient.icb_code,
        ubrn=next_ubrn(),
        patient=patient,
        organisation_code=hand.by.organisation_code,
        referrer=hand.clinician,
        priority=criteria.priority or "routine",
        treatment_function=criteria.treatment_function,
        condition=request.condition,
        clinical_information=request.clinical_information,
        criteria=written(criteria),
        limits=limits_written(_kept(request.limits, patient)),
        supplied_start=request.supplied_start,
        supplied_moment=request.supplied_moment,
        reminder_days=request.reminder_days,
        created_at=now,
        changed_at=now,
        letter_due=request.letter_follows
        and not (request.clinical_information.strip() or request.files),
        additional_requirements=request.additional_requirements,
    )


def _kept(limits: Limits, patient: Patient) -> Limits:
    """Nothing that says where they live is kept of somebody whose record is marked sensitive."""
    return limits if shows_address(patient) else replace(limits, postcode="", miles=None)


def _has_letter(referral: Referral) -> bool:
    """Whether the practice wrote, or put a file to it."""
    files = referral.documents.filter(removed=False, attached_as="REFERRER")
    return bool(referral.clinical_information.strip()) or files.exists()


def _shortlist(referral: Referral, lines: Sequence[Offered]) -> None:
    Shortlisted.objects.bulk_create(
        Shortlisted(
            icb_code=referral.icb_code,
            referral=referral,
            position=position,
            service_id=each.service,
            provider_code=each.provider,
            is_independent=each.is_independent,
            days_to_appointment=each.days,
            weeks_to_treatment=each.waits.expected_most,
            miles=each.miles,
        )
        for position, each in enumerate(lines, 1)
    )
