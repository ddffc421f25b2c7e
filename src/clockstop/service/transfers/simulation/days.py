"""One day of a simulation: everybody does what is their turn, as pages would let them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.utils import timezone

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.messaging import outbox
from clockstop.service.messaging.senders import Sender
from clockstop.service.pathways.actions import EntryRefusedError, record_event
from clockstop.service.transfers.actions import aid, matching, moving
from clockstop.service.transfers.actions.asking import (
    asking,
    deciding,
    inviting,
    opening,
    reviewing,
    searching,
    telling,
    ticking,
)
from clockstop.service.transfers.actions.asking.shared import Way, way_of
from clockstop.service.transfers.models import AidRequest, Match, Offer, PatientRequest
from clockstop.service.transfers.simulation.behaviour import (
    FAILS_CHECK,
    STAYS,
    STAYS_AFTER,
    UNSUITABLE,
    Behaviour,
)
from clockstop.service.transfers.simulation.cast import Cast
from clockstop.service.transfers.states import Aid, Asked, OfferState

_NOTICE = timedelta(days=21)  # from an offer to its day: reasonable notice (RTT guidance)
_WEEKEND = 5
_FAR, _WISH, _NOT_HERE = "42", "26", "23"  # codes of refusals: distance, choice, not suited
# What no extract holds, and staff add: all of it made up.
_FORM = {
    "address": "1 Nowhere Street",
    "postcode": "ZZ99 3VZ",
    "practice_code": "V81997",  # registered nowhere
    "sender_function": "300",
    "receiver_function": "300",
    "title": "Mx",
    "gp_name": "Dr G Practice",
    "referrer_code": "C9999999",
    "sender_contact": "Booking office",
    "sender_phone": "020 7946 0001",
}
_AGREED = {"return_to": "Booking office, 020 7946 0001"}


@dataclass(slots=True)
class Stage:
    """Where a simulation stands: its people, their behaviour, and what was refused them."""

    cast: Cast
    behaviour: Behaviour
    sender: Sender
    refused: Counter[str] = field(default_factory=Counter)

    def day(self) -> None:
        """Everybody's turn of a day; nobody works at weekends but patients."""
        self._each(_asked(Asked.ELIGIBLE, Asked.INVITED), self._answer_invitation)
        self._each(_asked(Asked.OFFER_TO_PATIENT), self._answer_offer)
        if timezone.localdate().weekday() < _WEEKEND:
            self._each(_asked(Asked.REQUESTED), self._review)
            self._each(_asked(Asked.SUITABLE), self._search)
            self._match()
            self._each(_aid(Aid.ACCEPTED), self._check)
            self._each(_aid(Aid.TRANSFERRING), self._receive)
            self._each(_aid(Aid.TRANSFERRED), self._treat)
        self._night()

    def _each(self, rows: Any, act: Callable[[Any], None]) -> None:
        for row in rows.order_by("pathway__identifier").select_related("pathway", "patient"):
            self._tried(partial(act, row))

    def _tried(self, act: Callable[[], object]) -> None:
        """What is refused is counted, and tried again another day."""
        try:
            act()
        except StepRefusedError as error:
            self.refused.update(each.code for each in error.refusals)
        except EntryRefusedError as error:
            self.refused.update(each.words for each in error.refusals)

    def _is_turn(self, row: Any, what: str, least: int, most: int) -> bool:
        waited = timezone.localdate() - timezone.localdate(row.state_since)
        return waited.days >= self.behaviour.days(what, _who(row), least, most)

    def _answer_invitation(self, row: PatientRequest) -> None:
        by_phone = self.behaviour.by_phone
        if (row.state == Asked.INVITED) == by_phone or not self._is_turn(row, "answer", 1, 20):
            return
        if self.behaviour.asks(_who(row)):
            wishes = asking.Wishes(
                channel="phone" if by_phone else "online",
                travel_support=self.behaviour.pays_travel,
                **self.behaviour.wishes(_who(row)),
            )
            asking.ask(way=self._patient(row), request_id=row.pk, wishes=wishes)
        elif by_phone or self.behaviour.share("stays", _who(row)) < STAYS:
            asking.stay(way=self._patient(row), request_id=row.pk)

    def _patient(self, row: PatientRequest) -> Way:
        """As the patient comes: called by staff, or with the code of the invitation."""
        if self.behaviour.by_phone:
            caller = self.cast.managers[row.organisation_code]
            return way_of(caller, minutes=self.behaviour.minutes)
        opened = opening.opened(telling.code_of(row), row.patient.birth_date)
        return opening.way_of_visitor(opened.pk)

    def _review(self, row: PatientRequest) -> None:
        if not self._is_turn(row, "review", 1, 7):
            return
        way = way_of(self.cast.clinicians[row.organisation_code], minutes=10)
        if self.behaviour.share("suits", _who(row)) < UNSUITABLE:
            reviewing.find_unsuitable(way=way, request_id=row.pk, reason="risk")
        else:
            reviewing.find_suitable(way=way, request_id=row.pk, social=True)

    def _search(self, row: PatientRequest) -> None:
        searching.search(way=way_of(self.cast.hub, minutes=5), request_id=row.pk)

    def _match(self) -> None:
        """The matcher's run over all that is open; the hub takes up each proposal."""
        made = matching.run_for(self.cast.hub)
        proposed = Match.objects.filter(run=made).exclude(capacity=None)
        for each in proposed.order_by("request__pathway__identifier").select_related("capacity"):
            self._tried(partial(self._offer, each))

    def _offer(self, match: Match) -> None:
        place, hub = match.capacity, self.cast.hub
        if place is None:
            return
        day = max(place.first_date, timezone.localdate() + _NOTICE)
        if day <= place.last_date:
            matching.take(actor=hub, match_id=match.pk, day=day, minutes=5)
            aid.send_to_patient(actor=hub, request_id=match.request_id, minutes=2)

    def _answer_offer(self, row: PatientRequest) -> None:
        offers = deciding.offers_to(row)
        if not offers or not self._is_turn(row, "decide", 1, 4):
            return
        offer, way = offers[0], self._patient(row)
        if self.behaviour.accepts(_who(row), offer.miles, offer.weeks_gained):
            deciding.accept(way=way, request_id=row.pk, offer_id=offer.pk)
            return
        is_far = offer.miles is not None and offer.miles > self.behaviour.design.at_miles
        deciding.decline(
            way=way,
            request_id=row.pk,
            reason=_FAR if is_far else _WISH,
            stays=self.behaviour.share("stays after", _who(row)) < STAYS_AFTER,
        )

    def _check(self, row: AidRequest) -> None:
        if not self._is_turn(row, "check", 1, 5):
            return
        clinician = self.cast.clinicians[row.receiver_code]
        if self.behaviour.share("check", _who(row)) < FAILS_CHECK:
            aid.fail_check(actor=clinician, request_id=row.pk, reason=_NOT_HERE, minutes=10)
            return
        sender = self.cast.managers[row.organisation_code]
        given = _FORM | {"local_identifier": _who(row), "referrer_name": "Dr C Linician"}
        moving.complete_form(actor=sender, request_id=row.pk, given=given, agreed=_AGREED)
        aid.pass_check(actor=clinician, request_id=row.pk, minutes=15)

    def _receive(self, row: AidRequest) -> None:
        if self._is_turn(row, "receive", 1, 4):
            moving.receive(actor=self.cast.managers[row.receiver_code], request_id=row.pk)

    def _treat(self, row: AidRequest) -> None:
        offer = Offer.objects.get(request=row, state=OfferState.TAKEN)
        today = timezone.localdate()
        pathway = row.pathway
        if pathway is None or offer.day is None or offer.day > today:
            return
        record_event(
            actor=self.cast.clinicians[row.receiver_code],
            pathway=pathway,
            values={"kind": "treatment_started", "day": today.isoformat()},
            submission=uuid4(),
        )

    def _night(self) -> None:
        """What is run each night: reminders, what time does, and the outbox."""
        if not self.behaviour.by_phone:
            inviting.remind_cohort(icb_code=self.cast.icb_code)
        ticking.tick()
        aid.tick()
        outbox.send_due(self.sender)


def _asked(*states: Asked) -> Any:
    return PatientRequest.objects.filter(state__in=states)


def _aid(*states: Aid) -> Any:
    return AidRequest.objects.filter(state__in=states)


def _who(row: Any) -> str:
    """What a patient is drawn by: the same in every run, as keys of rows are not."""
    identifier: str = row.pathway.identifier
    return f"{row.pathway.issuer} {identifier}"
