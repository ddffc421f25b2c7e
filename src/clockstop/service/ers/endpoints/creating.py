"""A011, A021, A031, A032: a referral with its shortlist, and another shortlist for it."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.utils import timezone

from clockstop.service.ers import systems
from clockstop.service.ers.endpoints import asking, referrals
from clockstop.service.ers.errors import refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.resources import referrals as shapes
from clockstop.service.fhir.parameters import Named, read
from clockstop.service.referrals import actions
from clockstop.service.referrals.choice import Channel, Conversation
from clockstop.service.referrals.models import Referral

_LATER, _NEVER = "NEED_TO_ADD_LATER", "NOT_INTENDING_TO_ADD"
_LETTER = Named(
    "intentionToAddReferralLetter",
    "valueCoding",
    systems.codes("ReferralLetterIntention"),
    (_LATER, _NEVER),
    required=True,
)
_LETTER_DUE = replace(_LETTER, codes=(_LATER,))  # a service that triages needs one
_REMINDER = Named("firstReminderLetterFollowUpDays", "valueUnsignedInt", required=True)
_START = Named("eReferralPathwayStart", "valueInstant")
_NEW = (asking.PATIENT, asking.CLINICIAN, asking.SHORTLIST, _LETTER, _REMINDER, _START)
_NEW_FOR_TRIAGE = tuple(_LETTER_DUE if each is _LETTER else each for each in _NEW)
_CHANGED = (asking.SHORTLIST, _LETTER, _REMINDER)


@operation("A011")
def create(call: Call) -> Answer:
    """A referral that is not booked yet."""
    told = read(call.body, systems.profile("CreateReferral-Parameters"), _NEW)
    return referrals.answer(call, _create(call, told), HTTPStatus.CREATED)


@operation("A021")
def create_for_triage(call: Call) -> Answer:
    """A referral that goes to a service which reviews it before it books."""
    profile = systems.profile("CreateReferralAndSendForTriage-Parameters")
    told = read(call.body, profile, _NEW_FOR_TRIAGE)
    _check_no_reminder(told)
    return referrals.answer(call, _create(call, told, triage=True), HTTPStatus.CREATED)


@operation("A031")
def change_shortlist(call: Call, ubrn: str) -> Answer:
    """Another shortlist; the provider that had the referral has it no longer."""
    told = read(call.body, systems.profile("ChangeShortlist-Parameters"), _CHANGED)
    return referrals.answer(call, _change(call, ubrn, told))


@operation("A032")
def change_shortlist_for_triage(call: Call, ubrn: str) -> Answer:
    """The same, and the referral goes to the triage service on it."""
    profile = systems.profile("ChangeShortlistAndSendForTriage-Request-Parameters")
    told = read(call.body, profile, _CHANGED)
    _check_no_reminder(told)
    changed = _change(call, ubrn, told, triage=True)
    return updated(call, changed, "ChangeShortlistAndSendForTriage")


def updated(call: Call, referral: Referral, name: str) -> Answer:
    """A referral inside the Parameters with which some operations answer."""
    resource = shapes.resource(referral, call.actor, call.base)
    return Answer(
        {
            "meta": {"profile": [systems.profile(f"{name}-Response-Parameters")]},
            "resourceType": "Parameters",
            "parameter": [{"name": "updatedReferralRequest", "resource": resource}],
        },
        version=referral.version,
    )


def _check_no_reminder(told: dict[str, Any]) -> None:
    """Whoever is sent for triage has nothing to book that they could be reminded of."""
    if told["firstReminderLetterFollowUpDays"]:
        words = "'firstReminderLetterFollowUpDays' must be 0 where the referral is sent for triage"
        raise refuse("INAPPROPRIATE_VALUE", words)


def _create(call: Call, told: dict[str, Any], *, triage: bool = False) -> Referral:
    patient = asking.patient(call, told["patient"])
    acting_for = asking.clinician(call, told.get("referringClinician"))
    asked = asking.shortlist(told["shortlist"])
    start = told.get("eReferralPathwayStart")
    return actions.create(
        actor=call.actor,
        patient=patient,
        acting_for=acting_for,
        send_for_triage=triage,
        request=actions.Request(
            criteria=asked.sought.criteria,
            services=asked.services,
            limits=asked.sought.limits,
            place=asking.place(patient, asked.sought),
            conversation=Conversation(channel=Channel.API),
            supplied_start=timezone.localtime(start).date() if start else None,
            supplied_moment=start,
            letter_follows=told["intentionToAddReferralLetter"] == _LATER,
            reminder_days=told["firstReminderLetterFollowUpDays"],
        ),
    )


def _change(call: Call, ubrn: str, told: dict[str, Any], *, triage: bool = False) -> Referral:
    key = referrals.key_of(call, ubrn)
    asked = asking.shortlist(told["shortlist"])
    patient = Referral.objects.visible_to(call.actor).select_related("patient").get(pk=key).patient
    return actions.change_shortlist(
        actor=call.actor,
        referral_id=key,
        services=asked.services,
        version=call.version,
        criteria=asked.sought.criteria,
        limits=asked.sought.limits,
        place=asking.place(patient, asked.sought),
        letter_follows=told["intentionToAddReferralLetter"] == _LATER,
        reminder_days=told["firstReminderLetterFollowUpDays"],
        send_for_triage=triage,
    )
