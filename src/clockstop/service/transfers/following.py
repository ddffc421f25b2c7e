"""A patient's request follows the request for help that it led to, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clockstop.service.audit.recording import Actor
from clockstop.service.transfers.actions.aid import end_by
from clockstop.service.transfers.actions.asking.searching import NEXT_CHOICE, NOTHING_FOUND
from clockstop.service.transfers.actions.asking.shared import as_system, go, profile_for
from clockstop.service.transfers.actions.stepping import Hand
from clockstop.service.transfers.models import AidRequest, PatientRequest
from clockstop.service.transfers.states import Asked, Party

# By the action on the request for help: what the patient's request does; in the right of 18 weeks.
FOLLOWS: Mapping[str, tuple[str, str]] = {
    "widen": ("go_national", ""),
    "send_to_patient": ("offer", "offer"),
    "choose": ("accept", "accept"),
    "decline_all": ("decline", "decline_choice"),
    "decline_and_close": ("decline_again", "decline_choice"),
    "lose_offers": ("lose_offer", "lose_choice"),
    "fail_check": ("search_again", "choose_again"),
    "receive": ("move", "move"),
    "expire": ("find_none", "not_taken"),
    "refuse": ("", "not_taken"),
    "withdraw": ("withdraw", "withdraw"),
    "close_treated": ("close_treated", "close_treated"),
    "close_died": ("close_died", "close_died"),
}
# Each is possible from these states alone; elsewhere it has been done, or concerns nobody.
_ONLY_FROM = {
    "go_national": {Asked.ICB_SEARCH},
    "lose_offer": {Asked.OFFER_TO_PATIENT},
    "lose_choice": {Asked.OFFER_TO_PATIENT},
    "not_taken": {Asked.PROVIDER_ASKED},
}
_PASSED = {"decline_choice", "lose_choice", "choose_again", "not_taken"}
_STAYED = "stayed"


def follow_aid(*, request: AidRequest, action: str, by: Actor, **_: Any) -> None:
    """Take the step that belongs to one on the request for help, unless it came from here."""
    if request.patient_request_id is None or action not in FOLLOWS:
        return
    held = PatientRequest.objects.select_for_update(of=("self",))
    asked: PatientRequest = held.get(pk=request.patient_request_id)
    step = _step(action, asked)
    if not step or not asked.is_live or _came_from_here(step, request, asked):
        return
    _take(step, request, asked, by)
    if why := _ends_with(step):
        _end(request, why, by)


def _step(action: str, asked: PatientRequest) -> str:
    searched, legal = FOLLOWS[action]
    if profile_for(asked).is_legal:
        return legal
    return "decline_again" if searched == "decline" and asked.declines else searched


def _came_from_here(step: str, request: AidRequest, asked: PatientRequest) -> bool:
    if request.reason == NEXT_CHOICE:
        return True
    return step in _ONLY_FROM and asked.state not in _ONLY_FROM[step]


def _take(step: str, request: AidRequest, asked: PatientRequest, by: Actor) -> None:
    if step in {"decline", "decline_again"}:
        asked.declines += 1
    reason = "time" if step == "find_none" else request.reason
    go(step, _whoever(by), asked, reason=reason, comment=request.comment)


def _ends_with(step: str) -> str:
    """Why the request for help ends with the step; empty where it goes on."""
    if step in _PASSED:
        return NEXT_CHOICE
    return {"find_none": NOTHING_FOUND, "decline_again": _STAYED}.get(step, "")


def _end(request: AidRequest, why: str, by: Actor) -> None:
    if request.is_live:
        end_by("withdraw", as_system(_whoever(by)), request, reason=why)


def _whoever(by: Actor) -> Hand:
    """Who took the step on the request for help has been asked there whether they may."""
    return Hand(by=by, parties=frozenset(Party))
