"""Advice and guidance: a question, the conversation, and turning it into a referral."""

from __future__ import annotations

from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.audit.recording import record
from clockstop.service.directory.choices import Priority, RequestType
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals import clock, policies
from clockstop.service.referrals.actions.prioritising import against_priority, reprioritise_advice
from clockstop.service.referrals.actions.stepping import Hand, check, hand_of, locked, note
from clockstop.service.referrals.criteria import for_patient, written
from clockstop.service.referrals.models import Advice, AdviceMessage, Referral, Shortlisted
from clockstop.service.referrals.ubrns import next_ubrn

_STATUS = Advice.Status
# From which statuses each side may write, and where its message leads by its outcome.
_REFERRER_WRITES = {_STATUS.FURTHER_INFORMATION, _STATUS.REVIEW_RESPONSE}
_PROVIDER_WRITES = {_STATUS.PROVIDER_RESPONSE_REQUIRED}
_ADVICE = "RETURN_TO_REFERRER_WITH_ADVICE"
OUTCOMES = {
    _ADVICE: _STATUS.REVIEW_RESPONSE,
    "REQUIRE_FURTHER_INFORMATION": _STATUS.FURTHER_INFORMATION,
}
_ENDED = {_STATUS.CONVERTED, _STATUS.CLOSED, _STATUS.CANCELLED}


@transaction.atomic
def ask(
    *,
    actor: Actor,
    patient: Patient,
    service_id: int,
    question: str,
    priority: Priority = Priority.ROUTINE,
    may_convert: bool = False,
    referral_was_asked: bool = False,
    acting_for: UUID | None = None,
) -> Advice:
    """Ask a service for advice about a patient of the practice; no clock starts.

    ``may_convert`` lets the provider make it a referral. ``referral_was_asked``: the patient had
    asked to be referred. Raises PermissionDenied and StepRefusedError.
    """
    if not rules.has_perm("referrals.refer", actor, patient):
        raise PermissionDenied
    hand = hand_of(actor, None, acting_for)
    service = HealthcareService.objects.published().filter(pk=service_id).first()
    refusals = [*_about_question(question), *_about_service(service, hand)]
    if refusals or service is None:
        raise StepRefusedError(refusals)
    now = timezone.now()
    advice = Advice.objects.create(
        icb_code=patient.icb_code,
        ubrn=next_ubrn(),
        status=_STATUS.PROVIDER_RESPONSE_REQUIRED,
        patient=patient,
        organisation_code=actor.organisation_code,
        referrer=hand.clinician,
        service=service,
        provider_code=service.organisation_id,
        treatment_function=service.treatment_function,
        priority=priority.value,
        may_convert=may_convert,
        referral_was_asked=referral_was_asked,
        created_at=now,
        changed_at=now,
    )
    _say(advice, hand, question, "")
    return advice


@transaction.atomic
def answer(
    *,
    actor: Actor,
    advice_id: UUID,
    text: str,
    outcome: str,
    recommendation: str = "",
    priority: Priority | None = None,
    acting_for: UUID | None = None,
    version: int | None = None,
) -> Advice:
    """The provider answers, or asks for more; ``outcome`` is one of ``OUTCOMES``.

    ``recommendation`` is what it recommends with its advice. ``priority`` is how urgent the
    question is from here on.
    """
    advice: Advice = locked(Advice.objects.visible_to(actor), advice_id, version)
    hand = _providers(actor, advice, acting_for)
    refusals = [*_about_question(text), *_about_status(advice, _PROVIDER_WRITES)]
    if actor.organisation_code != advice.provider_code:
        refusals.append(Refusal("NO_RELATIONSHIP", "Only the service that was asked answers"))
    if outcome not in OUTCOMES:
        refusals.append(Refusal("INVALID_CODE", "Choose what the answer is", "outcome"))
    refusals += _about_recommendation(recommendation, outcome)
    refusals += against_priority(hand, advice.priority, priority, advice.service.priorities)
    if refusals:
        raise StepRefusedError(refusals)
    was = reprioritise_advice(advice, hand, priority)
    _move(advice, hand, OUTCOMES[outcome])
    _say(advice, hand, text, outcome, was, recommendation)
    return advice


@transaction.atomic
def reply(*, actor: Actor, advice_id: UUID, text: str, version: int | None = None) -> Advice:
    """The referrer writes again; the provider is to answer."""
    advice: Advice = locked(Advice.objects.visible_to(actor), advice_id, version)
    hand = _hand(actor)
    _refuse(
        [
            *_about_question(text),
            *_about_status(advice, _REFERRER_WRITES),
            *_of_practice(advice, actor),
        ]
    )
    _move(advice, hand, _STATUS.PROVIDER_RESPONSE_REQUIRED)
    _say(advice, hand, text, "")
    return advice


@transaction.atomic
def close(*, actor: Actor, advice_id: UUID, version: int | None = None) -> Advice:
    """The referrer ends the conversation: answered, or taken back before any answer."""
    advice: Advice = locked(Advice.objects.visible_to(actor), advice_id, version)
    _refuse([*_about_status(advice, set(_STATUS) - _ENDED), *_of_practice(advice, actor)])
    answered = advice.messages.filter(organisation_code=advice.provider_code).exists()
    _move(advice, _hand(actor), _STATUS.CLOSED if answered else _STATUS.CANCELLED)
    return advice


@transaction.atomic
def convert(
    *,
    actor: Actor,
    advice_id: UUID,
    guidance: str = "",
    comment: str = "",
    priority: Priority | None = None,
    acting_for: UUID | None = None,
    version: int | None = None,
) -> Referral:
    """The provider makes a referral of it, if the referrer let them: the clock starts today.

    ``guidance`` is the clinician's last turn of the conversation, if they write one; ``comment``
    goes with the referral. ``priority`` is how urgent the referral is, if not as the question was.
    """
    advice: Advice = locked(Advice.objects.visible_to(actor), advice_id, version)
    hand = _providers(actor, advice, acting_for)
    further = _about_status(advice, set(_STATUS) - _ENDED)
    if not advice.may_convert:
        words = "The referrer did not let the provider turn this into a referral"
        further.append(Refusal("INVALID_REQUEST_STATE", words))
    if (priority or Priority(advice.priority)) not in advice.service.priorities:
        words = "The service does not take referrals of this priority"
        further.append(Refusal("UNSUPPORTED_PRIORITY", words))
    further += against_priority(hand, advice.priority, priority)
    check("convert_advice", hand, None, comment=comment, further=further)
    was = reprioritise_advice(advice, hand, priority)
    referral = _referral(advice)
    clock.convert(referral, advice.service, hand.by, deferred=True)
    reason = "PROVIDER_CONVERTED_ADVICE_AND_GUIDANCE_ADMIN_TO_REFER"
    note("convert_advice", hand, referral, reason=reason, comment=comment, priority_was=was)
    Shortlisted.objects.create(
        icb_code=referral.icb_code,
        referral=referral,
        position=1,
        service=advice.service,
        provider_code=advice.provider_code,
    )
    _move(advice, hand, _STATUS.CONVERTED)
    if guidance.strip():
        _say(advice, hand, guidance, "", was)
    return referral


def _referral(advice: Advice) -> Referral:
    now, today = timezone.now(), timezone.localdate()
    criteria = Criteria(
        request_type=RequestType.APPOINTMENT,
        treatment_function=advice.treatment_function,
        priority=Priority(advice.priority),
    )
    return Referral(
        icb_code=advice.icb_code,
        ubrn=next_ubrn(),
        patient=advice.patient,
        organisation_code=advice.organisation_code,
        referrer=advice.referrer,
        priority=advice.priority,
        treatment_function=advice.treatment_function,
        criteria=written(for_patient(criteria, advice.patient, today)),
        service=advice.service,
        provider_code=advice.provider_code,
        created_at=now,
        changed_at=now,
        contact_by=policies.contact_by("defer", advice.priority, today),
        from_advice=advice,
    )


def _providers(actor: Actor, advice: Advice, acting_for: UUID | None) -> Hand:
    """What somebody is towards a question, as they would be towards the referral it may become."""
    draft = Referral(organisation_code=advice.organisation_code, provider_code=advice.provider_code)
    return hand_of(actor, draft, acting_for)


def _hand(actor: Actor) -> Hand:
    return Hand(by=actor.for_audit, parties=frozenset(), actor=actor)


def _move(advice: Advice, hand: Hand, status: str) -> None:
    advice.status = status
    advice.version += 1
    advice.changed_at = timezone.now()
    advice.save()
    record(
        "advice: changed",
        hand.by,
        icb_code=advice.icb_code,
        subject=("advice", advice.pk),
        detail={"version": advice.version, "status": str(status)},
    )


def _say(
    advice: Advice,
    hand: Hand,
    text: str,
    outcome: str,
    priority_was: str = "",
    recommendation: str = "",
) -> None:
    AdviceMessage.objects.create(
        icb_code=advice.icb_code,
        advice=advice,
        number=advice.messages.count() + 1,
        text=text.strip(),
        outcome=outcome,
        recommendation=recommendation,
        at=timezone.now(),
        by=hand.by.id,
        role=hand.by.role,
        organisation_code=hand.by.organisation_code,
        priority_was=priority_was,
        priority=advice.priority if priority_was else "",
    )
    record(
        "advice: wrote",
        hand.by,
        icb_code=advice.icb_code,
        subject=("advice", advice.pk),
        detail={"version": advice.version},
    )


def _refuse(refusals: list[Refusal]) -> None:
    if refusals:
        raise StepRefusedError(refusals)


def _about_recommendation(code: str, outcome: str) -> list[Refusal]:
    if code and code not in AdviceMessage.Recommendation:
        return [Refusal("INVALID_VALUE", "Choose what you recommend", "recommendation")]
    if code and outcome != _ADVICE:
        words = "A recommendation goes with advice alone"
        return [Refusal("INAPPROPRIATE_VALUE", words, "recommendation")]
    return []


def _about_question(text: str) -> list[Refusal]:
    return [] if text.strip() else [Refusal("VALUE_IS_REQUIRED", "Write something", "text")]


def _about_status(advice: Advice, allowed: set[Advice.Status]) -> list[Refusal]:
    if advice.status in allowed:
        return []
    words = f"This is not possible: the conversation is “{advice.get_status_display()}”"
    return [Refusal("INVALID_REQUEST_STATE", words)]


def _of_practice(advice: Advice, actor: Actor) -> list[Refusal]:
    if actor.role in REFERRING and actor.organisation_code == advice.organisation_code:
        return []
    return [Refusal("NO_RELATIONSHIP", "Only the practice that asked may do this")]


def _about_service(service: HealthcareService | None, hand: Hand) -> list[Refusal]:
    found = []
    if service is None or not service.takes_advice:
        found.append(Refusal("INAPPROPRIATE_VALUE", "This service gives no advice", "service"))
    if not hand.clinician:
        words = "Choose the clinician for whom you ask"
        found.append(Refusal("VALUE_IS_REQUIRED", words, "acting_for"))
    return found
