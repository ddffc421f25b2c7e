"""A029: what the caller may do with a referral now, from the table of states."""

from __future__ import annotations

import re
from uuid import uuid4

from django.utils import timezone

from clockstop.core.state_tables import Refusal
from clockstop.service.ers import systems
from clockstop.service.ers.endpoints.referrals import key_of
from clockstop.service.ers.errors import ErsError, refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.fhir.building import Json, bundle, concept, found
from clockstop.service.referrals.access import open_referral
from clockstop.service.referrals.actions import hand_of
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.states import Party, State, actions_from

_FOCUS = re.compile(r"ReferralRequest/([0-9]{1,20})/_history/([0-9]{1,9})")
_DISPLAYS = {
    "RECORD_REVIEW_OUTCOME": "Record Review Outcome",
    "CREATE_APPOINTMENT": "Create Appointment",
    "CHANGE_SHORTLIST": "Change Shortlist",
    "CHANGE_SHORTLIST_AND_SEND_FOR_TRIAGE": "Change Shortlist and Send for Triage",
    "CANCEL_REFERRAL": "Cancel Referral",
    "CANCEL_DIRECTLY_BOOKED_APPOINTMENT": "Cancel Directly Booked Appointment",
}
# The published operations behind an action are open to one side alone.
_OF_REFERRER = set(_DISPLAYS) - {"RECORD_REVIEW_OUTCOME"}
_OF_PROVIDER = {"RECORD_REVIEW_OUTCOME", "CANCEL_REFERRAL"}
_WANTED = {"focus": "", "intent": "proposal", "status": "ready"}


@operation("A029")
def retrieve(call: Call) -> Answer:
    """A task for each action, as far as the state and the caller's side can say."""
    referral = _focus(call)
    codes = available(State(referral.state), hand_of(call.actor, referral).parties)
    here = f"{call.base}/STU3/Task"
    tasks = [_task(code, referral) for code in codes]
    return Answer(
        bundle(
            str(uuid4()),
            [found(f"{here}/{each['id']}", each) for each in tasks],
            timezone.now(),
            call.request.build_absolute_uri(),
            meta={"profile": ["http://hl7.org/fhir/STU3/StructureDefinition/Bundle"]},
        )
    )


def available(state: State, parties: frozenset[Party]) -> list[str]:
    """The published codes of what these parties may do in a state."""
    allowed: set[str] = set()
    if Party.REFERRER in parties:
        allowed |= _OF_REFERRER
    if Party.PROVIDER in parties:
        allowed |= _OF_PROVIDER
    steps = {each.further["ers_action"] for each in actions_from(state, parties)}
    return [code for code in _DISPLAYS if code in steps & allowed]


def _focus(call: Call) -> Referral:
    """The referral in question. Raises ErsError where a parameter is wrong."""
    asked = call.request.GET
    missing = [Refusal("MISSING_PARAMETER", f"'{name}' is missing") for name in _WANTED]
    if refusals := [each for each, name in zip(missing, _WANTED, strict=True) if name not in asked]:
        raise ErsError(*refusals)
    said = _FOCUS.fullmatch(asked["focus"])
    wrong = [name for name, value in _WANTED.items() if value and asked[name] != value]
    if said is None:
        wrong.append("focus")
    if wrong or said is None:
        raise ErsError(*(Refusal("INVALID_VALUE", f"'{name}' is invalid") for name in wrong))
    try:
        referral = open_referral(actor=call.actor, referral_id=key_of(call, said[1]))
    except Referral.DoesNotExist as error:
        raise refuse("REFERENCE_NOT_FOUND", "'focus' is no referral of yours") from error
    if int(said[2]) != referral.version:
        raise refuse("HISTORY_NOT_SUPPORTED", "'focus' is not the current version")
    return referral


def _task(code: str, referral: Referral) -> Json:
    return {
        "id": str(uuid4()),
        "meta": {"profile": [systems.care_connect("Task")]},
        "resourceType": "Task",
        "status": "ready",
        "intent": "proposal",
        "focus": {"reference": f"ReferralRequest/{referral.ubrn}/_history/{referral.version}"},
        "code": concept(systems.codes("AvailableActionsForUser"), code, _DISPLAYS[code]),
    }
