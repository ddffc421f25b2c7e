"""A request as its patient reads it: where it stands, what comes next, by when."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from clockstop.core.codes.decline_reasons import Decliner, reasons_of
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.actions.asking.deciding import move_of, offers_to
from clockstop.service.transfers.actions.asking.reasons import UNSUITABLE
from clockstop.service.transfers.actions.asking.shared import profile_for
from clockstop.service.transfers.actions.asking.telling import phone_of
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.states import Asked
from clockstop.service.ui import figures

STEPS = (
    "You ask",
    "Your hospital checks with a doctor",
    "We look for a place",
    "You get an offer, and say yes or no",
    "You move",
)
_I_SAY = {"21": "I cannot get there", "26": "I would rather not go"}
_LEFT_THE_LIST = frozenset({Asked.CLOSED_MOVED, Asked.CLOSED_TREATED, Asked.CLOSED_DIED})
_MAY = {
    "ask": (Asked.ELIGIBLE, Asked.INVITED),
    "choose": (Asked.CHOOSING,),
    "offer": (Asked.OFFER_TO_PATIENT,),
    "withdraw": (
        *(Asked.REQUESTED, Asked.SUITABLE, Asked.ICB_SEARCH, Asked.DMAS_NATIONAL),
        *(Asked.CHOOSING, Asked.PROVIDER_ASKED, Asked.OFFER_TO_PATIENT, Asked.TRANSFER),
    ),
}


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of a state, and which of ``STEPS`` it is at; None where it has ended."""

    title: str
    words: str
    step: int | None


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A place that is held for the patient: the day, the provider and the team."""

    pk: str
    day: str
    provider: str
    site: str
    team: str
    miles: str
    until: str


@dataclass(frozen=True, slots=True)
class Tracker:
    """All that the page of a request says."""

    reference: str
    name: str
    specialty: str
    provider: str
    phone: str
    title: str
    words: str
    step: int | None
    is_legal: bool
    is_live: bool
    keeps_place: bool
    version: int
    may: frozenset[str]
    asked_for: str


def tracker(request: PatientRequest) -> Tracker:
    """The page of a request."""
    move = move_of(request)
    receiver = move.receiver_code if move else ""
    names = name_of({request.organisation_code, request.chosen_provider, receiver} - {""})
    provider = names[request.organisation_code]
    held = words_of(request.state, move.state if move else "")
    filled = {
        "provider": provider,
        "chosen": names.get(request.chosen_provider, ""),
        "receiver": names.get(receiver, "the other hospital"),
        "due": figures.day(request.due) if request.due else "the day that we tell you",
        "reason": UNSUITABLE.get(request.reason, UNSUITABLE["other"])[1],
    }
    return Tracker(
        reference=request.reference,
        name=request.patient.name,
        specialty=specialty(request.treatment_function),
        provider=provider,
        phone=phone_of(request),
        title=held.title,
        words=held.words.format(**filled),
        step=held.step,
        is_legal=profile_for(request).is_legal,
        is_live=request.is_live,
        keeps_place=request.state not in _LEFT_THE_LIST,
        version=request.version,
        may=frozenset(page for page, states in _MAY.items() if request.state in states),
        asked_for=_asked_for(request),
    )


def offer_lines(request: PatientRequest) -> list[OfferLine]:
    """What is offered: an offer states the day, the provider and the team (RTT guidance)."""
    held = offers_to(request)
    names = name_of({each.organisation_code for each in held})
    return [
        OfferLine(
            str(each.pk),
            figures.day(each.day) if each.day else "",
            names[each.organisation_code],
            each.capacity.site_name,
            each.team,
            miles(each.miles),
            figures.day(each.held_until),
        )
        for each in held
    ]


def why_not() -> list[tuple[str, str]]:
    """The reasons for declining, as patients say them."""
    found = reasons_of(Decliner.PATIENT)
    return [(code, _I_SAY.get(code, each.words)) for code, each in found.items()]


def weeks(found: float | None) -> str:
    """``23 weeks``, or that nobody knows."""
    return "Not known" if found is None else f"{found:.0f} week{'' if round(found) == 1 else 's'}"


def miles(found: float | None) -> str:
    """``12 miles``, or that nobody knows."""
    if found is None:
        return "Not known"
    return (
        "Less than 1 mile" if found < 1 else f"{found:.0f} mile{'' if round(found) == 1 else 's'}"
    )


def _asked_for(request: PatientRequest) -> str:
    if request.asked_at is None:
        return ""
    return "anywhere in England" if request.anywhere else f"within {request.distance} miles"


def words_of(state: str, came_to: str = "") -> Words:
    """What is said of a state; after a move, of what the request for help came to."""
    known = state_words()
    return known.get(f"{state}+{came_to}", known[state])


@cache
def state_words() -> Mapping[str, Words]:
    """What is said of each state, and of what came of a move."""
    text = files(__package__).joinpath("state_words.csv").read_text(encoding="utf-8")
    return {
        row["state"]: Words(row["title"], row["words"], int(row["step"]) if row["step"] else None)
        for row in csv.DictReader(text.splitlines())
    }
