"""Booking, deferring, sending for triage; cancelling an appointment; whether somebody came."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.directory.slots import SlotTakenError, free_slots, release, take
from clockstop.service.referrals import clock, policies
from clockstop.service.referrals.actions.choosing import chosen
from clockstop.service.referrals.actions.referring import send
from clockstop.service.referrals.actions.stepping import (
    Hand,
    check,
    enter_by,
    hand_of,
    locked,
    note,
)
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.states import Party

GONE = Refusal("SLOT_NOT_AVAILABLE", "Somebody else has just booked this time: choose another")
NO_SUCH_SLOT = Refusal("REFERENCE_NOT_FOUND", "The service has no such slot", "slot")


@transaction.atomic
def book(
    *,
    actor: Actor,
    referral_id: UUID,
    slot_id: int,
    comment: str = "",
    version: int | None = None,
) -> Appointment:
    """Book a free slot of a shortlisted service; a provider, one of its own for what it took on.

    Raises Referral.DoesNotExist, StaleError, BusyError and StepRefusedError; of all who want one
    slot exactly one gets it.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    return book_by(hand_of(actor, referral), referral, slot_id, comment)


def book_by(hand: Hand, referral: Referral, slot_id: int, comment: str = "") -> Appointment:
    """The same, of a referral that is locked for this transaction."""
    slot = Slot.objects.select_related("service").filter(pk=slot_id).first()
    is_provider = Party.PROVIDER in hand.parties
    action = "provider_book" if is_provider else "book"
    check(action, hand, referral, further=_against_slot(referral, slot, provider=is_provider))
    if slot is None:
        raise StepRefusedError([GONE])
    try:
        take(slot.pk)
    except SlotTakenError as error:
        raise StepRefusedError([GONE]) from error
    clock.convert(referral, slot.service, hand.by, deferred=False)
    referral.service, referral.provider_code = slot.service, slot.service.organisation_id
    referral.contact_by = None
    made = Appointment.objects.create(
        icb_code=referral.icb_code,
        referral=referral,
        service=slot.service,
        slot=slot,
        starts=slot.starts,
        ends=slot.ends,
        comment=comment.strip(),
        created_at=timezone.now(),
    )
    note(action, hand, referral, comment=comment)
    chosen(referral)
    return made


@transaction.atomic
def defer(
    *,
    actor: Actor,
    referral_id: UUID,
    service_id: int,
    reason: str,
    comment: str = "",
    wanted_slot: int | None = None,
    version: int | None = None,
) -> Referral:
    """Hand the referral to a shortlisted service that has no slot to book (rules E7, E8).

    It is on the list of slot issues from today, and the provider promises to be in touch by a day.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    hand = hand_of(actor, referral)
    return defer_by(hand, referral, service_id, reason, comment, wanted_slot)


def defer_by(
    hand: Hand,
    referral: Referral,
    service_id: int,
    reason: str,
    comment: str = "",
    wanted_slot: int | None = None,
) -> Referral:
    """The same, of a referral that is locked for this transaction."""
    service = _shortlisted(referral, service_id)
    priority = Priority(referral.priority)
    slots = Slot.objects.filter(service=service_id)
    has_wanted = wanted_slot is None or slots.filter(pk=wanted_slot).exists()
    no_such = [] if has_wanted else [NO_SUCH_SLOT]
    free = (
        set(free_slots(service, priority=priority).values_list("pk", flat=True)) if service else ()
    )
    against = policies.against_deferring(
        reason,
        has_slots=bool(free),
        wanted_is_free=wanted_slot in free,
    )
    check("defer", hand, referral, further=[*_not_shortlisted(service), *no_such, *against])
    if service is None:
        raise StepRefusedError(_not_shortlisted(service))
    today = timezone.localdate()
    clock.convert(referral, service, hand.by, deferred=True)
    referral.service, referral.provider_code = service, service.organisation_id
    referral.contact_by = policies.contact_by("defer", referral.priority, today)
    note("defer", hand, referral, reason=reason, comment=comment, wanted_slot=wanted_slot)
    chosen(referral)
    return referral


@transaction.atomic
def send_for_triage(
    *,
    actor: Actor,
    referral_id: UUID,
    service_id: int,
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Hand the referral to a shortlisted service that reviews it before it books."""
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    return send_for_triage_by(hand_of(actor, referral), referral, service_id, comment)


def send_for_triage_by(
    hand: Hand, referral: Referral, service_id: int, comment: str = ""
) -> Referral:
    """The same, of a referral that is locked for this transaction."""
    service = _shortlisted(referral, service_id)
    against = _not_shortlisted(service)
    if service and not service.takes_triage:
        against.append(Refusal("INAPPROPRIATE_VALUE", "This service does not triage", "service"))
    check("send_for_triage", hand, referral, further=against)
    if service is None:
        raise StepRefusedError(against)
    send(referral, service, hand)
    note("send_for_triage", hand, referral, reason="TRIAGE", comment=comment)
    chosen(referral)
    return referral


@transaction.atomic
def cancel_appointment(
    *,
    actor: Actor,
    referral_id: UUID,
    reason: str,
    comment: str = "",
    for_patient: bool = False,
    version: int | None = None,
) -> Referral:
    """Cancel the booked appointment; the slot is free again and the referral stays open.

    Referrers and patients cancel for the patient, before it begins; a provider for itself, unless
    ``for_patient``. The clock goes on either way.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    return cancel_appointment_by(hand_of(actor, referral), referral, reason, comment, for_patient)


def cancel_appointment_by(
    hand: Hand, referral: Referral, reason: str, comment: str, for_patient: bool = False
) -> Referral:
    """The same, of a referral that is locked for this transaction."""
    by_provider = Party.PROVIDER in hand.parties and not for_patient
    action = "cancel_by_provider" if by_provider else "cancel_by_patient"
    held = booked(referral)
    further = no_appointment(held) if Party.PROVIDER in hand.parties else _to_come(held)
    check(action, hand, referral, reason=reason, comment=comment, further=further)
    free_again(held, reason, comment, "provider" if by_provider else "patient")
    clock.enter(referral, hand.by, "cancellation", by="provider" if by_provider else "patient")
    return note(action, hand, referral, reason=reason, comment=comment)


@transaction.atomic
def not_attended(
    *,
    actor: Actor,
    referral_id: UUID,
    reason: str,
    comment: str = "",
    communicated: bool = False,
    not_brought: bool = False,
    version: int | None = None,
) -> Referral:
    """The patient missed the appointment. What it does to the clock, the clock's rules say.

    ``communicated``: the provider can show that it was clearly communicated. ``not_brought``: a
    child or an adult at risk, whom a clinician and safeguarding look at; never an automatic end.
    """
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    hand, held = hand_of(actor, referral), booked(referral)
    further = _over(held)
    check("not_attended", hand, referral, reason=reason, comment=comment, further=further)
    if held is None:
        raise StepRefusedError(further)
    _end(held, Appointment.Status.NO_SHOW, reason, comment)
    if referral.pathway:
        values = {
            "kind": "did_not_attend",
            "day": timezone.localtime(held.starts).date().isoformat(),
            "appointment": "first",
            "communicated": communicated,
            "not_brought": not_brought,
        }
        enter_by(actor, referral.pathway, values)
    return note("not_attended", hand, referral, reason=reason, comment=comment)


@transaction.atomic
def attended(*, actor: Actor, referral_id: UUID, version: int | None = None) -> Referral:
    """The patient came; what was decided there is entered on the pathway."""
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    hand, held = hand_of(actor, referral), booked(referral)
    further = _over(held)
    check("attended", hand, referral, further=further)
    if held is None:
        raise StepRefusedError(further)
    _end(held, Appointment.Status.FULFILLED, "", "")
    if referral.pathway:
        day = timezone.localtime(held.starts).date().isoformat()
        enter_by(actor, referral.pathway, {"kind": "attendance", "day": day})
    return note("attended", hand, referral)


def booked(referral: Referral) -> Appointment | None:
    """The appointment that a locked referral has, to come or not told of yet; if it has one."""
    found = referral.appointments.filter(status=Appointment.Status.BOOKED)
    return found.select_related("slot").first()


def no_appointment(held: Appointment | None) -> list[Refusal]:
    """Why a step is refused that needs an appointment."""
    return [] if held else [Refusal("INVALID_STATE", "There is no appointment any more")]


def free_again(
    held: Appointment | None, reason: str, comment: str, by_whom: str, *, in_pas: bool | None = None
) -> None:
    """End an appointment before its time, and give its slot to others.

    ``in_pas`` is whether it was cancelled in the provider's own booking system too, if it was said.
    """
    if held is None:
        return
    held.cancelled_by, held.ended_in_pas = by_whom, in_pas
    _end(held, Appointment.Status.CANCELLED, reason, comment)
    if held.slot and held.starts > timezone.now():
        release(held.slot.pk)


def _end(held: Appointment | None, status: Appointment.Status, reason: str, comment: str) -> None:
    if held is None:
        return
    held.status, held.reason, held.comment = status, reason, comment.strip()
    held.version += 1
    held.save()


def _over(held: Appointment | None) -> list[Refusal]:
    if held is None:
        return no_appointment(held)
    return [*policies.has_begun(held.starts, timezone.now())]


def _to_come(held: Appointment | None) -> list[Refusal]:
    if held is None:
        return no_appointment(held)
    whom, phone = held.service.organisation.name, held.service.patient_phone
    whom = f"{whom} on {phone}" if phone else whom
    return [*policies.against_late_cancelling(held.starts, timezone.now(), whom)]


def _shortlisted(referral: Referral, service_id: int) -> HealthcareService | None:
    held = referral.shortlist.filter(replaced=False, service=service_id)
    found = held.select_related("service").first()
    return found.service if found else None


def _not_shortlisted(service: HealthcareService | None) -> list[Refusal]:
    words = "This service is not on the shortlist"
    return [] if service else [Refusal("REFERENCE_NOT_FOUND", words, "service")]


def _against_slot(referral: Referral, slot: Slot | None, *, provider: bool) -> list[Refusal]:
    if slot is None:
        return [GONE]
    found = []
    if provider:
        if slot.service.organisation_id != referral.provider_code:
            found.append(Refusal("INAPPROPRIATE_SLOT", "This time is not of your organisation"))
    elif _shortlisted(referral, slot.service_id) is None:
        found += _not_shortlisted(None)
    if Priority(referral.priority) not in slot.priorities:
        words = "This time is kept for referrals of another priority"
        found.append(Refusal("INAPPROPRIATE_SLOT", words))
    return found
