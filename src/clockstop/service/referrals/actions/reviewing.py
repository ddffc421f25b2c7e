"""What a provider makes of a referral: accept, reject, triage, redirect; and ending it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.choices import AppointmentType, Priority
from clockstop.service.directory.models import HealthcareService
from clockstop.service.pathways.actions import record_death
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.persons import locked_for_a_death
from clockstop.service.referrals import clock
from clockstop.service.referrals.actions.booking import booked, free_again, no_appointment
from clockstop.service.referrals.actions.prioritising import against_priority, reprioritise
from clockstop.service.referrals.actions.stepping import Hand, check, hand_of, locked, note
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.states import Party

# What cancelling a whole referral enters on the pathway, by its reason; others enter nothing: the
# patient still waits, elsewhere or outside this system.
_DECLINED = {"TREATMENT_NO_LONGER_REQUIRED", "PATIENT_REQUEST_CANCELLATION_OTHER"}
_BACK_TO_PRACTICE = {"REFERRER_CANCELLATION", "NO_LONGER_REQUIRED"}
_PRIVATE, _DIED, _IN_ERROR = "INTEND_PRIVATE", "PATIENT_DIED", "RAISED_IN_ERROR"


@transaction.atomic
def accept(
    *, actor: Actor, referral_id: UUID, acting_for: UUID | None = None, version: int | None = None
) -> Referral:
    """A booked referral was reviewed and the appointment stands."""
    referral, hand = _held(actor, referral_id, acting_for, version)
    check("accept", hand, referral, further=no_appointment(booked(referral)))
    referral.accepted_at = timezone.now()
    return note("accept", hand, referral)


@transaction.atomic
def reject(
    *,
    actor: Actor,
    referral_id: UUID,
    reason: str,
    comment: str = "",
    in_pas: bool | None = None,
    acting_for: UUID | None = None,
    version: int | None = None,
) -> Referral:
    """Send a booked referral back with a reason: it stays open, and its clock goes on.

    ``in_pas`` is whether the appointment was cancelled in the provider's own booking system too.
    """
    referral, hand = _held(actor, referral_id, acting_for, version)
    appointment = booked(referral)
    further = no_appointment(appointment)
    check("reject", hand, referral, reason=reason, comment=comment, further=further)
    free_again(appointment, reason, comment, "provider", in_pas=in_pas)
    clock.enter(referral, hand.by, "referral_rejected")
    return note("reject", hand, referral, reason=reason, comment=comment)


@transaction.atomic
def accept_book_later(
    *,
    actor: Actor,
    referral_id: UUID,
    comment: str = "",
    priority: Priority | None = None,
    acting_for: UUID | None = None,
    version: int | None = None,
) -> Referral:
    """A referral sent for triage, or deferred, is taken on: the provider books.

    ``priority`` is how urgent it is from here on.
    """
    referral, hand = _held(actor, referral_id, acting_for, version)
    further = _against_priority(hand, referral, priority)
    check("accept_book_later", hand, referral, comment=comment, further=further)
    was = reprioritise(referral, hand, priority)
    referral.accepted_at = timezone.now()
    reason = "ACCEPT_REFER_BOOK_LATER"
    return note(
        "accept_book_later", hand, referral, reason=reason, comment=comment, priority_was=was
    )


@transaction.atomic
def return_with_advice(
    *,
    actor: Actor,
    referral_id: UUID,
    comment: str,
    acting_for: UUID | None = None,
    version: int | None = None,
) -> Referral:
    """A referral goes back to the practice with advice: care returns to primary care (rule 5a)."""
    referral, hand = _held(actor, referral_id, acting_for, version)
    check("return_with_advice", hand, referral, comment=comment)
    clock.enter(referral, hand.by, "returned_to_primary_care")
    reason = "RETURN_TO_REFERRER_WITH_ADVICE"
    return note("return_with_advice", hand, referral, reason=reason, comment=comment)


@transaction.atomic
def cancel_action_later(
    *,
    actor: Actor,
    referral_id: UUID,
    comment: str,
    priority: Priority | None = None,
    in_pas: bool | None = None,
    acting_for: UUID | None = None,
    version: int | None = None,
) -> Referral:
    """The provider cancels an appointment and will book another.

    ``priority`` is how urgent the referral is from here on, ``in_pas`` as of rejecting.
    """
    referral, hand = _held(actor, referral_id, acting_for, version)
    held = booked(referral)
    further = [*no_appointment(held), *_against_priority(hand, referral, priority)]
    check("cancel_action_later", hand, referral, comment=comment, further=further)
    was = reprioritise(referral, hand, priority)
    reason = "CANCEL_APPOINTMENT_ACTION_LATER"
    free_again(held, reason, comment, "provider", in_pas=in_pas)
    clock.enter(referral, hand.by, "cancellation", by="provider")
    return note(
        "cancel_action_later", hand, referral, reason=reason, comment=comment, priority_was=was
    )


@transaction.atomic
def redirect(
    *,
    actor: Actor,
    referral_id: UUID,
    service_id: int,
    reason: str,
    comment: str = "",
    version: int | None = None,
) -> Referral:
    """Pass a referral to another service of the same provider, which will book."""
    referral, hand = _held(actor, referral_id, None, version)
    service = HealthcareService.objects.published().filter(pk=service_id).first()
    further = _against_redirecting(referral, service)
    check("redirect", hand, referral, reason=reason, comment=comment, further=further)
    held = booked(referral)
    if held:
        free_again(held, reason, comment, "provider")
        clock.enter(referral, hand.by, "cancellation", by="provider")
    referral.service = service
    return note("redirect", hand, referral, reason=reason, comment=comment)


@transaction.atomic
def assessed(
    *, actor: Actor, referral_id: UUID, comment: str, version: int | None = None
) -> Referral:
    """An assessment service says what came of the visit; the referrer decides what is next."""
    referral, hand = _held(actor, referral_id, None, version)
    check("assessed", hand, referral, comment=comment, further=_against_assessing(referral))
    return note("assessed", hand, referral, comment=comment)


@transaction.atomic
def cancel_referral(
    *, actor: Actor, referral_id: UUID, reason: str, comment: str = "", version: int | None = None
) -> Referral:
    """End a referral. What that means for the clock depends on the reason: see the table above."""
    referral, hand = _held(actor, referral_id, None, version)
    check("cancel_referral", hand, referral, reason=reason, comment=comment)
    _hold_pathways(referral, reason)
    side = "provider" if Party.PROVIDER in hand.parties else "patient"
    free_again(booked(referral), reason, comment, side)
    note("cancel_referral", hand, referral, reason=reason, comment=comment)
    _end_clock(referral, hand, reason)
    return referral


def _held(
    actor: Actor, referral_id: UUID, acting_for: UUID | None, version: int | None
) -> tuple[Referral, Hand]:
    referral: Referral = locked(Referral.objects.visible_to(actor), referral_id, version)
    return referral, hand_of(actor, referral, acting_for)


def _against_priority(hand: Hand, referral: Referral, wanted: Priority | None) -> list[Refusal]:
    taken = referral.service.priorities if referral.service else ()
    return against_priority(hand, referral.priority, wanted, taken)


def _against_redirecting(referral: Referral, service: HealthcareService | None) -> list[Refusal]:
    if service is None or service.organisation_id != referral.provider_code:
        words = "Choose a published service of your organisation"
        return [Refusal("REFERENCE_NOT_FOUND", words, "service")]
    if service.pk == referral.service_id:
        return [Refusal("INAPPROPRIATE_VALUE", "The referral is with this service", "service")]
    return []


def _against_assessing(referral: Referral) -> list[Refusal]:
    found = []
    service = referral.service
    if service is None or service.appointment_type not in {
        AppointmentType.ASSESSMENT_SERVICE,
        AppointmentType.TELEPHONE_ASSESSMENT,
    }:
        found.append(Refusal("INVALID_STATE", "This is no assessment service"))
    if not referral.appointments.filter(status=Appointment.Status.FULFILLED).exists():
        found.append(Refusal("INVALID_STATE", "Record first that the patient attended"))
    return found


def _hold_pathways(referral: Referral, reason: str) -> None:
    """What the end of the referral is written on: rows are locked before the audit (ADR 0021)."""
    if reason == _DIED:
        locked_for_a_death(referral.patient)
    elif referral.pathway_id:
        referral.pathway = Pathway.objects.select_for_update().get(pk=referral.pathway_id)


def _end_clock(referral: Referral, hand: Hand, reason: str) -> None:
    if reason == _DIED:
        record_death(actor=hand.by, patient=referral.patient, day=timezone.localdate())
    elif reason in _DECLINED:
        clock.enter(referral, hand.by, "treatment_declined")
    elif reason == _PRIVATE:
        clock.enter(referral, hand.by, "private_treatment", nhs_care_wanted=False)
    elif reason in _BACK_TO_PRACTICE:
        clock.enter(referral, hand.by, "returned_to_primary_care")
    elif reason == _IN_ERROR:
        clock.withdraw(referral, hand.by)
