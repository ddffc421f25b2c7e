"""What the hub does about one request, as data: what each act asks, and whom it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers import fields, states
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.asking import searching
from clockstop.service.transfers.actions.asking.reasons import NONE_FOUND
from clockstop.service.transfers.actions.asking.shared import way_of
from clockstop.service.transfers.fields import Field
from clockstop.service.transfers.models import AidRequest, Capacity
from clockstop.service.transfers.provider.acts import MINUTES
from clockstop.service.transfers.provider.calls import key

Given = Mapping[str, str]
DAY = Field("day", "Day that is offered", "day", needed=True)
TEAM = Field("team", "Consultant or team", hint="If it differs from what was posted")
OVERRIDE = Field(
    "override", "Why in spite of a warning", "area", hint="Only if something does not fit"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who acts on which request, as it was read, and how long it took them."""

    actor: Actor
    request: AidRequest
    version: int | None
    minutes: int | None

    @property
    def common(self) -> dict[str, Any]:
        """As the actions on requests for help take it."""
        return {
            "actor": self.actor,
            "request_id": self.request.pk,
            "version": self.version,
            "minutes": self.minutes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act: ``action`` is its row in the table of states, ``words`` say what comes of it."""

    slug: str
    action: str
    title: str
    button: str
    words: str
    asks: tuple[Field, ...]
    call: Callable[[Told, Given], object]
    is_main: bool = False


def _offer(told: Told, given: Given) -> object:
    values, wrong = fields.read((DAY,), given)
    if wrong:
        raise StepRefusedError(wrong)
    day = values["day"]
    terms = aid.Terms(
        day=day if isinstance(day, date) else None,
        team=given.get("team", ""),
        override=given.get("override", ""),
    )
    try:
        return aid.offer(**told.common, terms=terms, capacity_id=key(given["capacity"]))
    except Capacity.DoesNotExist:
        raise StepRefusedError([Refusal("NO_PLACE", "Choose a place that is posted")]) from None


def _none(told: Told, given: Given) -> object:
    """The version is that of the request for help: of the patient's own it is asked anew."""
    way = way_of(told.actor, minutes=told.minutes)
    key_of_asked = told.request.patient_request_id
    if key_of_asked is None:
        raise StepRefusedError([Refusal("NOT_ASKED", "The patient did not ask for this")])
    reason = given.get("reason", "")
    return searching.find_none(way=way, request_id=key_of_asked, reason=reason)


ACTS: Mapping[str, Act] = {
    each.slug: each
    for each in (
        Act(
            slug="offer",
            action="offer",
            title="Offer this place",
            button="Hold the place",
            words="The place is kept for this patient until the hold runs out. Nothing is entered "
            "on the pathway.",
            asks=(DAY, TEAM, OVERRIDE),
            call=_offer,
        ),
        Act(
            slug="send",
            action="send_to_patient",
            title="Send to the patient",
            button="The patient is told",
            words="The patient is told of every offer: the day, the provider and the team. The "
            "places are held while they decide.",
            asks=(),
            call=lambda told, _: aid.send_to_patient(**told.common),
            is_main=True,
        ),
        Act(
            slug="widen",
            action="widen",
            title="Ask the whole country",
            button="Ask the whole country",
            words="The request goes into the national pool: every provider in England reads it "
            "under its reference.",
            asks=(),
            call=lambda told, _: aid.widen(**told.common),
        ),
        Act(
            slug="none",
            action="withdraw",
            title="Nothing was found",
            button="Tell the patient",
            words="The search ends and the patient is told. Their place on the list is as it was.",
            asks=(
                Field("reason", "Why", "choice", lambda: tuple(NONE_FOUND.items()), needed=True),
            ),
            call=_none,
        ),
    )
}


def possible(request: AidRequest, actor: Actor) -> list[Act]:
    """What stands open to the hub now, as far as the tables say."""
    table = states.aid_requests().rows
    is_own = request.icb_code == actor.icb_code
    makes_sense = {
        "offer": not request.is_cancer,
        "send": is_own,
        "widen": is_own and not request.national and not request.is_cancer,
        "none": is_own and _is_searched(request) and not searching.is_held(request),
    }
    return [
        each
        for each in ACTS.values()
        if makes_sense[each.slug] and request.state in table[each.action].starts
    ]


def barred(request: AidRequest, actor: Actor) -> str:
    """Why the search of a patient's own request cannot end or go further now, if it cannot."""
    is_own = request.icb_code == actor.icb_code and _is_searched(request)
    return searching.PLACE_IS_HELD.words if is_own and searching.is_held(request) else ""


def _is_searched(request: AidRequest) -> bool:
    asked = request.patient_request
    return asked is not None and asked.state in states.patient_requests().rows["find_none"].starts


__all__ = ["ACTS", "DAY", "MINUTES", "TEAM", "Act", "Told", "barred", "possible"]
