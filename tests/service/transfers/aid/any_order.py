"""A small world of mutual aid in which anybody tries anything, and what must hold after each try."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from tests.service.people import OTHER_HOSPITAL, a_patient, an_actor
from tests.service.transfers.made_up import (
    AGREED,
    FORM,
    a_capacity,
    a_clinician,
    a_draft,
    a_manager,
    days_ahead,
    ready,
    waits,
)

from clockstop.core.state_tables import NOT_FROM_HERE, StepRefusedError
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import PathwayEvent
from clockstop.service.referrals.actions import StaleError
from clockstop.service.transfers import states
from clockstop.service.transfers.actions import aid, moving
from clockstop.service.transfers.models import AidRequest, AidStep, Capacity, Offer, Transfer
from clockstop.service.transfers.states import AID_TAKEN, OFFER_LIVE

REFUSED = (
    StepRefusedError,
    StaleError,
    AidRequest.DoesNotExist,
    Offer.DoesNotExist,
    Capacity.DoesNotExist,
    Transfer.DoesNotExist,
)
THIRD = "RCC"
# What each act is in the table of requests; those without a row there are of offers and capacity.
ROWS = {
    "submit": "submit",
    "widen": "widen",
    "refuse": "",
    "offer": "offer",
    "send_to_patient": "send_to_patient",
    "choose": "choose",
    "decline_all": "decline_all",
    "decline_and_close": "decline_and_close",
    "pass_check": "pass_check",
    "fail_check": "fail_check",
    "receive": "receive",
    "reopen": "reopen",
    "withdraw": "withdraw",
    "close_treated": "close_treated",
    "take_back": "",
    "withdraw_capacity": "",
    "tick": "",
}
ACTS = tuple(ROWS)
_WHY = {
    "decline_all": {"reason": "42"},
    "refuse": {"reason": "23"},
    "fail_check": {"reason": "23"},
    "withdraw": {"reason": "error"},
}


@contextmanager
def gone_afterwards():
    """Whatever is written in it is not kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class World:
    """Three requests, two of one patient; two providers with three places; everybody who meddles."""

    def __init__(self, clock):
        self.clock = clock
        self.sender = a_clinician()
        self.actors = [
            self.sender,
            a_manager(),
            a_clinician(OTHER_HOSPITAL),
            a_clinician(THIRD),
            an_actor(Role.ICB_HUB, "QAA"),
        ]
        patient = a_patient()
        self.pathways = [waits(patient), waits(patient), waits()]
        self.starts = [self._start(each) for each in self.pathways]
        self.requests = [
            ready(a_draft(each, self.sender), self.sender).pk for each in self.pathways
        ]
        self.capacities = [a_capacity(places=1), a_capacity(THIRD, places=2)]

    def wait(self, days):
        """Days pass, and the night does what is due."""
        self.clock.shift(timedelta(days=days))
        aid.tick()
        self._check()

    def likely(self, number, index):
        """Try something that the table has for the state, by somebody who may."""
        held = AidRequest.objects.get(pk=self.requests[number])
        able = [
            act
            for act, row in ROWS.items()
            if row and held.state in states.aid_requests().rows[row].starts
        ]
        if able:
            act = able[index % len(able)]
            by = set(states.aid_requests().rows[ROWS[act]].by)
            actor = 0 if "sender" in by else 3 if held.receiver_code == THIRD else 2
            if act == "offer":
                actor = 2 + index % 2
            self.attempt(act, number, actor, actor - 2 if actor > 1 else 0)

    def attempt(self, act, number, actor, which):
        """Try something; what must hold holds afterwards, whether it was done or refused."""
        before, state = everything(), self._state(number)
        try:
            with transaction.atomic():
                self._do(act, self.requests[number], self.actors[actor], which)
        except REFUSED as refused:
            assert everything() == before
            self._has_reasons(act, state, refused)
        else:
            self._was_listed(act, state, number)
        self._check()

    def _do(self, act, key, actor, which):
        told = {"actor": actor, "request_id": key}
        special = getattr(self, f"_{act}", None)
        if special:
            special(told, which)
        else:
            getattr(aid, act)(**told, **_WHY.get(act, {}))

    def _offer(self, told, which):
        terms = aid.Terms(day=days_ahead(14))
        aid.offer(**told, terms=terms, capacity_id=self.capacities[which % 2].pk)

    def _choose(self, told, which):
        held = Offer.objects.filter(request=told["request_id"]).order_by("-made_at", "pk")
        found = list(held.values_list("pk", flat=True)) or [told["request_id"]]
        aid.choose(**told, offer_id=found[which % len(found)])

    def _decline_and_close(self, told, _):
        aid.decline_all(**told, reason="42", close=True)

    def _pass_check(self, told, _):
        given = {"request_id": told["request_id"], "given": FORM, "agreed": AGREED}
        moving.complete_form(actor=self.sender, **given)
        aid.pass_check(**told)

    def _receive(self, told, _):
        moving.receive(**told)

    def _take_back(self, told, _):
        held = Offer.objects.filter(request=told["request_id"], state="HELD").first()
        offer = held.pk if held else told["request_id"]
        aid.withdraw_offer(actor=told["actor"], offer_id=offer, reason="staff")

    def _withdraw_capacity(self, told, which):
        capacity = self.capacities[which % 2].pk
        aid.withdraw_capacity(actor=told["actor"], capacity_id=capacity, reason="staff")

    def _tick(self, _told, _):
        aid.tick()

    def _state(self, number):
        return AidRequest.objects.get(pk=self.requests[number]).state

    def _has_reasons(self, act, state, refused):
        """What is refused has its reasons in words; what no row lists is refused for that."""
        if not isinstance(refused, StepRefusedError):
            return
        assert refused.refusals
        assert all(each.code and each.words for each in refused.refusals)
        row = ROWS[act]
        if act in {"pass_check", "receive"} or not row:
            return  # their form comes first, and has reasons of its own
        if state not in states.aid_requests().rows[row].starts:
            assert NOT_FROM_HERE in {each.code for each in refused.refusals}

    def _was_listed(self, act, state, number):
        """What was done leads from where the table says to where it says."""
        if row := ROWS[act]:
            found = states.aid_requests().rows[row]
            assert state in found.starts
            assert self._state(number) == found.to

    def _check(self):
        counted = Count("offers", filter=Q(offers__state__in=OFFER_LIVE))
        for each in Capacity.objects.annotate(live=counted):
            assert each.taken == each.live <= each.places
        taken = AidRequest.objects.filter(state__in=AID_TAKEN)
        assert not taken.values("patient").annotate(n=Count("pk")).filter(n__gt=1).exists()
        assert not Offer.objects.filter(state="TAKEN").exclude(
            organisation_code=F("request__receiver_code")
        )
        for number, key in enumerate(self.requests):
            self._check_one(number, AidRequest.objects.get(pk=key))

    def _check_one(self, number, request):
        """The steps tell the state; the start never moves; before a move nothing is entered."""
        steps = list(request.steps.all())
        assert [each.version for each in steps] == list(range(1, request.version + 1))
        assert steps[-1].after == request.state
        for before, after in pairwise(steps):
            assert after.before == before.after
            assert before.after in states.aid_requests().rows[after.action].starts
        pathway = self.pathways[number]
        assert self._start(pathway) == self.starts[number]
        has_moved = any(each.action == "receive" for each in steps)
        assert PathwayEvent.objects.filter(pathway=pathway).count() == (3 if has_moved else 1)

    def _start(self, pathway):
        found = clock_on(pathway.events.all(), timezone.localdate()).running
        return found and found.start


def everything():
    """Whatever a refused try must leave as it was."""
    return (
        list(AidRequest.objects.order_by("pk").values()),
        list(Capacity.objects.order_by("pk").values()),
        list(Offer.objects.order_by("pk").values()),
        AidStep.objects.count(),
        Entry.objects.count(),
        PathwayEvent.objects.count(),
        Transfer.objects.count(),
    )
