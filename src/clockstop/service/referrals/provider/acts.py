"""What a provider can do about a referral, as data: what each act asks, and whom it calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from clockstop.core.state_tables import Transition
from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.choices import AppointmentType
from clockstop.service.referrals import actions
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.states import Party, State, actions_from, transitions

ASSESSING = {AppointmentType.ASSESSMENT_SERVICE, AppointmentType.TELEPHONE_ASSESSMENT}
Given = Mapping[str, str]
Call = Callable[[Actor, UUID, int, Given], object]


@dataclass(frozen=True, slots=True)
class Act:
    """An act: ``action`` is its row in the table of states, ``words`` say what comes of it.

    ``asks`` are its own questions, beside those that the guards of the row bring.
    """

    slug: str
    action: str
    button: str
    words: str
    call: Call
    asks: tuple[str, ...] = ()
    is_main: bool = False

    @property
    def row(self) -> Transition:
        return transitions()[self.action]


def _acting_for(given: Given) -> UUID | None:
    try:
        return UUID(given.get("acting_for", ""))
    except ValueError:
        return None


def number(given: Given, name: str) -> int:
    """A whole number that was sent, of at most 9 digits; else 0."""
    text = given.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _reasoned(actor: Actor, pk: UUID, version: int, given: Given) -> dict[str, Any]:
    return {
        "actor": actor,
        "referral_id": pk,
        "version": version,
        "reason": given.get("reason", ""),
        "comment": given.get("comment", ""),
    }


def _commented(actor: Actor, pk: UUID, version: int, given: Given) -> dict[str, Any]:
    told = _reasoned(actor, pk, version, given)
    del told["reason"]
    return told


def _plain(actor: Actor, pk: UUID, version: int, _given: Given) -> dict[str, Any]:
    return {"actor": actor, "referral_id": pk, "version": version}


def _accept(*told: Any) -> object:
    return actions.accept(**_plain(*told), acting_for=_acting_for(told[-1]))


def _book(*told: Any) -> object:
    return actions.book(**_plain(*told), slot_id=number(told[-1], "slot"))


def _accept_book_later(*told: Any) -> object:
    return actions.accept_book_later(**_commented(*told), acting_for=_acting_for(told[-1]))


def _reject(*told: Any) -> object:
    return actions.reject(**_reasoned(*told), acting_for=_acting_for(told[-1]))


def _return_with_advice(*told: Any) -> object:
    return actions.return_with_advice(**_commented(*told), acting_for=_acting_for(told[-1]))


def _redirect(*told: Any) -> object:
    return actions.redirect(**_reasoned(*told), service_id=number(told[-1], "service"))


def _cancel(*told: Any) -> object:
    return actions.cancel_appointment(**_reasoned(*told))


def _cancel_for_patient(*told: Any) -> object:
    return actions.cancel_appointment(**_reasoned(*told), for_patient=True)


def _cancel_book_later(*told: Any) -> object:
    return actions.cancel_action_later(**_commented(*told))


def _attended(*told: Any) -> object:
    return actions.attended(**_plain(*told))


def _not_attended(*told: Any) -> object:
    given = told[-1]
    said = {name: given.get(name) == "yes" for name in ("communicated", "not_brought")}
    return actions.not_attended(**_reasoned(*told), **said)


def _assessed(*told: Any) -> object:
    return actions.assessed(**_commented(*told))


def _end(*told: Any) -> object:
    return actions.cancel_referral(**_reasoned(*told))


ACTS: Mapping[str, Act] = {
    each.slug: each
    for each in (
        Act(
            "accept",
            "accept",
            "Accept",
            "The appointment stands. The clock runs on.",
            _accept,
            is_main=True,
        ),
        Act(
            "accept-book-later",
            "accept_book_later",
            "Accept and book later",
            "The referral moves to your list “To book”. The clock runs on.",
            _accept_book_later,
            ("comment",),
            is_main=True,
        ),
        Act(
            "book",
            "provider_book",
            "Book this appointment",
            "The time is taken at once, and the patient has an appointment. The clock runs on.",
            _book,
            ("slot",),
            is_main=True,
        ),
        Act(
            "attended",
            "attended",
            "Record that the patient came",
            "The visit is entered on the pathway. What was decided there is recorded on the "
            "pathway next.",
            _attended,
            is_main=True,
        ),
        Act(
            "assessed",
            "assessed",
            "Record the outcome",
            "The practice reads it and decides what comes next.",
            _assessed,
            is_main=True,
        ),
        Act(
            "not-attended",
            "not_attended",
            "Record that the patient did not come",
            "A first appointment that was clearly communicated and missed ends this clock, and "
            "rebooking starts a new one. A child or an adult at risk who was not brought goes to "
            "a clinician and to safeguarding, and the clock runs on.",
            _not_attended,
            ("communicated", "not_brought"),
        ),
        Act(
            "return-with-advice",
            "return_with_advice",
            "Return with advice",
            "The referral goes back to the practice with your advice. The clock stops: care is "
            "with the practice again.",
            _return_with_advice,
        ),
        Act(
            "reject",
            "reject",
            "Reject",
            "The appointment is cancelled and the practice refers elsewhere. The patient keeps "
            "the clock that is running.",
            _reject,
        ),
        Act(
            "redirect",
            "redirect",
            "Redirect",
            "Another service of yours takes it on and books. An appointment is cancelled. The "
            "clock runs on.",
            _redirect,
            ("service",),
        ),
        Act(
            "cancel-book-later",
            "cancel_action_later",
            "Cancel and rebook later",
            "The time is free for others, and the referral moves to your list “To book”. The "
            "clock runs on.",
            _cancel_book_later,
        ),
        Act(
            "cancel",
            "cancel_by_provider",
            "Cancel the appointment",
            "You cannot see the patient then. The time is free for others; the referral stays "
            "open and the clock runs on.",
            _cancel,
        ),
        Act(
            "cancel-for-patient",
            "cancel_by_patient",
            "Cancel for the patient",
            "The patient asked for it. The time is free for others; the referral stays open and "
            "the clock runs on.",
            _cancel_for_patient,
        ),
        Act(
            "end",
            "cancel_referral",
            "Cancel the referral",
            "The referral ends for good, with any appointment. What it does to the clock depends "
            "on the reason.",
            _end,
        ),
    )
}


def possible(referral: Referral, parties: Sequence[Party], held: Appointment | None) -> list[Act]:
    """The acts that stand open now; ``held`` is the booked appointment, begun or to come."""
    rows = {each.action for each in actions_from(State(referral.state), parties)}
    return [
        each for each in ACTS.values() if each.action in rows and _makes_sense(each, referral, held)
    ]


def _makes_sense(act: Act, referral: Referral, held: Appointment | None) -> bool:
    has_begun = held is not None and held.starts <= timezone.now()
    match act.slug:
        case "accept":
            return referral.accepted_at is None and held is not None and not has_begun
        case "attended" | "not-attended":
            return has_begun
        case "assessed":
            return _is_assessed(referral)
        case "reject" | "cancel" | "cancel-for-patient" | "cancel-book-later":
            return held is not None and not has_begun
        case "redirect":
            return held is not None or referral.state != State.BOOKED
        case _:
            return True


def _is_assessed(referral: Referral) -> bool:
    service = referral.service
    attended = referral.appointments.filter(status=Appointment.Status.FULFILLED)
    return service is not None and service.appointment_type in ASSESSING and attended.exists()
