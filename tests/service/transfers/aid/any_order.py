"""A small world of mutual aid in which anybody tries anything, and what must hold after each try."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from tests.service.people import HOSPITAL, OTHER_HOSPITAL, OTHER_ICB, a_patient, an_actor
from tests.service.transfers.made_up import (
    AGREED,
    FORM,
    a_capacity,
    a_clinician,
    a_draft,
    a_manager,
    days_ago,
    days_ahead,
    ready,
    waits,
)

from clockstop.core.rtt.periods import Ending
from clockstop.core.state_tables import NOT_FROM_HERE, StepRefusedError
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.directory.choices import Priority
from clockstop.service.pathways.actions import EntryRefusedError, record_death, record_event
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway, PathwayEvent, Patient
from clockstop.service.referrals import clock
from clockstop.service.referrals.actions import StaleError
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.transfers import states
from clockstop.service.transfers.actions import aid, moving
from clockstop.service.transfers.actions.moving.stopping import complete_stopped
from clockstop.service.transfers.actions.renewing import renew_requests
from clockstop.service.transfers.models import AidRequest, AidStep, Capacity, Offer, Transfer
from clockstop.service.transfers.models.aid import Kind
from clockstop.service.transfers.states import AID_ENDED, AID_MOVED, AID_TAKEN, OFFER_LIVE, Aid

REFUSED = (
    StepRefusedError,
    StaleError,
    EntryRefusedError,
    PermissionDenied,
    AidRequest.DoesNotExist,
    Offer.DoesNotExist,
    Capacity.DoesNotExist,
    Pathway.DoesNotExist,
    Transfer.DoesNotExist,
)
THIRD = "RCC"
# What each act is in the table of requests; those without a row there are of offers and capacity,
# or of the pathway and the patient.
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
    "report_result": "report_result",
    "read_result": "read_result",
    "return_patient": "return_patient",
    "reopen": "reopen",
    "withdraw": "withdraw",
    "close_treated": "close_treated",
    "take_back": "",
    "withdraw_capacity": "",
    "tick": "",
    "treat": "",
    "end": "",
    "mistake": "",
    "suspect": "",
    "ask_again": "",
    "die": "",
}
ACTS = tuple(ROWS)
# What leads on from each state, as somebody would do it to whom nothing goes wrong.
ONWARD = {
    "DRAFT": "submit",
    "OPEN": "offer",
    "OFFERED": "send_to_patient",
    "WITH_PATIENT": "choose",
    "ACCEPTED": "pass_check",
    "TRANSFERRING": "receive",
    "TRANSFERRED": "treat",
    "RESULTED": "read_result",
    "COMPLETED": "mistake",
    "EXPIRED": "reopen",
}
_WHY = {
    "decline_all": {"reason": "42"},
    "refuse": {"reason": "23"},
    "fail_check": {"reason": "23"},
    "withdraw": {"reason": "error"},
}
_SAID = {"report_result": {"result": "No stenosis"}, "return_patient": {"reason": "not_fit"}}
_STOPS = {"treatment_started", "decision_not_to_treat", "death"}
_TESTS = {"kind": Kind.DIAGNOSTIC, "diagnostic_tests": ("MRI",), "result_within": 7}
# What a request of these may do again: the idempotent ones say the same once more.
_AGAIN = {"receive": AID_MOVED, "report_result": {Aid.RESULTED}, "return_patient": {Aid.RETURNED}}
_MOST = 8


@contextmanager
def gone_afterwards():
    """Whatever is written in it is not kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class World:
    """Five requests: two of one patient, one with a test beside it, a test that a practice asked.

    Three providers with places; everybody who meddles. ``seen`` are the states that were reached.
    """

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
        self.clinicians = dict(
            zip((HOSPITAL, OTHER_HOSPITAL, THIRD), self._clinicians, strict=True)
        )
        self.abroad = a_clinician("RDD", OTHER_ICB)
        patient = a_patient()
        self.pathways = [waits(patient), waits(patient), waits()]
        self.starts = [self._clock(each).running.start for each in self.pathways]
        made = [a_draft(each, self.sender) for each in self.pathways]
        test = {"diagnostic_test": "MRI", "protocol": "Lumbar spine: is there stenosis?"}
        made.append(a_draft(self.pathways[2], self.sender, kind=Kind.DIAGNOSTIC, **test))
        made.append(
            aid.create_direct(
                actor=self.sender,
                patient_id=patient.pk,
                waiting_since=days_ago(30),
                needs=aid.Needs(**test),
            )
        )
        self.requests = [ready(each, self.sender).pk for each in made]
        self.capacities = [a_capacity(places=1), a_capacity(THIRD, places=2)]
        self.tests = [a_capacity(places=1, **_TESTS), a_capacity(THIRD, places=1, **_TESTS)]
        self.seen = set()

    @property
    def _clinicians(self):
        return self.actors[0], self.actors[2], self.actors[3]

    def wait(self, days):
        """Days pass, and the night does what is due."""
        self.clock.shift(timedelta(days=days))
        aid.tick()
        self._check()

    def onward(self, number, steps):
        """One request goes on, as it would if nobody else meddled."""
        for _ in range(steps):
            held = self._request(number)
            act = ONWARD.get(held.state)
            if act == "treat" and held.is_diagnostic:
                act = "report_result"
            if act:
                self._as_expected(act, number, held, steps)

    def likely(self, number, index):
        """Try something that the table has for the state, by somebody who may."""
        held = self._request(number)
        beside = {Aid.TRANSFERRED: ["treat", "end"], Aid.COMPLETED: ["mistake"]}
        able = [
            act
            for act, row in ROWS.items()
            if row and held.state in states.aid_requests().rows[row].starts
        ] + beside.get(held.state, [])
        if held.state in AID_ENDED:
            able.append("ask_again")
        self._as_expected(able[index % len(able)], number, held, index)

    def _as_expected(self, act, number, held, index):
        row = states.aid_requests().rows.get(ROWS[act])
        of = held.receiver_code if row and "sender" not in row.by else held.organisation_code
        if act == "offer":
            others = [each for each in (OTHER_HOSPITAL, THIRD) if each != held.organisation_code]
            of = others[index % len(others)]
        actor = self.actors.index(self.clinicians[of]) if of in self.clinicians else 0
        self.attempt(act, number, actor, 0 if of == OTHER_HOSPITAL else 1)

    def attempt(self, act, number, actor, which):
        """Try something; what must hold holds afterwards, whether it was done or refused."""
        number %= len(self.requests)
        before, state = everything(), self._request(number).state
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
        elif act in _SAID or act == "read_result":
            getattr(moving, act)(**told, **_SAID.get(act, {}))
        else:
            getattr(aid, act)(**told, **_WHY.get(act, {}))

    def _offer(self, told, which):
        held = AidRequest.objects.get(pk=told["request_id"])
        capacity = (self.tests if held.is_diagnostic else self.capacities)[which % 2]
        aid.offer(**told, terms=aid.Terms(day=days_ahead(14)), capacity_id=capacity.pk)

    def _choose(self, told, which):
        held = Offer.objects.filter(request=told["request_id"]).order_by("-made_at", "pk")
        found = list(held.values_list("pk", flat=True)) or [told["request_id"]]
        aid.choose(**told, offer_id=found[which % len(found)])

    def _decline_and_close(self, told, _):
        aid.decline_all(**told, reason="42", close=True)

    def _pass_check(self, told, _):
        held = AidRequest.objects.get(pk=told["request_id"])
        given = {"request_id": held.pk, "given": FORM, "agreed": AGREED}
        moving.complete_form(actor=self.clinicians[held.organisation_code], **given)
        aid.pass_check(**told)

    def _receive(self, told, _):
        moving.receive(**told)

    def _take_back(self, told, _):
        held = Offer.objects.filter(request=told["request_id"], state="HELD").first()
        offer = held.pk if held else told["request_id"]
        aid.withdraw_offer(actor=told["actor"], offer_id=offer, reason="staff")

    def _withdraw_capacity(self, told, which):
        capacity = (self.capacities + self.tests)[which].pk
        aid.withdraw_capacity(actor=told["actor"], capacity_id=capacity, reason="staff")

    def _tick(self, _told, _):
        aid.tick()

    def _treat(self, told, _):
        self._enter(told, {"kind": "treatment_started"})

    def _end(self, told, _):
        self._enter(told, {"kind": "decision_not_to_treat"})

    def _mistake(self, told, _):
        """The entry that stopped the clock, or told of a death, was wrong."""
        pathway = self._pathway(told)
        events = self._clock(pathway).events
        corrected = {each.supersedes for each in events}
        stops = (each for each in events if each.kind in _STOPS)
        standing = [each.id for each in stops if each.id not in corrected]
        if not standing:
            raise Pathway.DoesNotExist
        told = {"kind": "entry_withdrawn", "supersedes": standing[-1]}
        self._entered(pathway, told, reason="Entered on the wrong patient")

    def _enter(self, told, values):
        """What stops a clock that runs."""
        pathway = self._pathway(told)
        if self._clock(pathway).running is None:
            raise Pathway.DoesNotExist
        self._entered(pathway, values)

    def _entered(self, pathway, values, reason=""):
        """Whoever has the pathway enters it."""
        record_event(
            actor=self.clinicians[pathway.organisation_code],
            pathway=pathway,
            values={"day": timezone.localdate().isoformat()} | values,
            submission=uuid4(),
            reason=reason,
        )

    def _suspect(self, told, _):
        """The pathway comes under suspicion of cancer, or is cleared of it."""
        pathway = self._pathway(told)
        now, before = Priority.TWO_WEEK_WAIT, Priority.ROUTINE
        if pathway.is_suspected_cancer:
            now, before = before, now
        referral = SimpleNamespace(pathway=pathway, priority=now.value)
        clock.follow_priority(referral, before, SYSTEM)

    def _ask_again(self, told, _):
        """Whoever has the pathway now asks for help once more."""
        pathway = self._pathway(told)
        if len(self.requests) >= _MOST:
            raise Pathway.DoesNotExist
        clinician = self.clinicians[pathway.organisation_code]
        made = ready(a_draft(pathway, clinician), clinician)
        aid.submit(actor=clinician, request_id=made.pk)
        self.requests.append(made.pk)

    def _die(self, told, _):
        patient = Patient.objects.get(aid_requests=told["request_id"])
        record_death(actor=SYSTEM, patient=patient, day=timezone.localdate())

    def _pathway(self, told):
        return Pathway.objects.get(aid_requests=told["request_id"])

    def _request(self, number):
        return AidRequest.objects.get(pk=self.requests[number % len(self.requests)])

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
        row = ROWS[act]
        if row and state not in _AGAIN.get(act, ()):
            found = states.aid_requests().rows[row]
            assert state in found.starts
            assert self._request(number).state == found.to

    def _check(self):
        counted = Count("offers", filter=Q(offers__state__in=OFFER_LIVE))
        for each in Capacity.objects.annotate(live=counted):
            assert each.taken == each.live <= each.places
        taken = AidRequest.objects.filter(state__in=AID_TAKEN, kind=Kind.TREATMENT)
        assert not taken.values("patient").annotate(n=Count("pk")).filter(n__gt=1).exists()
        assert not Offer.objects.filter(state="TAKEN").exclude(
            organisation_code=F("request__receiver_code")
        )
        assert not AidRequest.objects.visible_to(self.abroad).filter(is_cancer=True).exists()
        written = Entry.objects.filter(action__startswith="aid request: ").count()
        assert written == AidStep.objects.count()
        requests = [AidRequest.objects.get(pk=each) for each in self.requests]
        for each in requests:
            self._check_one(each)
        for pathway, start in zip(self.pathways, self.starts, strict=True):
            own = [each for each in requests if each.pathway_id == pathway.pk]
            self._check_pathway(Pathway.objects.get(pk=pathway.pk), start, own)
        assert complete_stopped(icb_code=self.sender.icb_code) == 0
        assert renew_requests(AidRequest.objects.all()) == 0

    def _check_one(self, request):
        """The steps tell the state; places, transfer and patient agree with it."""
        self.seen.add(request.state)
        steps = list(request.steps.all())
        assert [each.version for each in steps] == list(range(1, request.version + 1))
        assert steps[-1].after == request.state
        rows = states.aid_requests().rows
        for before, after in pairwise(steps):
            assert after.before == before.after
            assert before.after in rows[after.action].starts
            assert after.after == rows[after.action].to
        done = {each.action for each in steps}
        has_moved = "receive" in done
        offered = Counter(request.offers.values_list("state", flat=True))
        assert offered["TAKEN"] == (has_moved or request.state in AID_TAKEN)
        assert bool(offered["HELD"]) == (request.state in {Aid.OFFERED, Aid.WITH_PATIENT})
        transfer = Transfer.objects.filter(request=request).first()
        assert has_moved == bool(transfer and transfer.received_on)
        if request.state == Aid.TRANSFERRING or has_moved:
            assert transfer.started_at
            assert transfer.stopped_at is None
        if request.patient.died_on:
            assert not request.is_live
        assert ("report_result" in done) == bool(transfer and transfer.result)

    def _check_pathway(self, pathway, start, requests):
        """The start never moves; nobody is on two lists or on none; the clock tells the moves."""
        found = self._clock(pathway)
        (period,) = found.periods
        assert period.start == start
        assert period.ending in {None, Ending.NON_ADMITTED, Ending.NOT_TREATED, Ending.DIED}
        entry = ListEntry.objects.get(pathway=pathway)
        assert entry.organisation_code == pathway.organisation_code == period.listed_by
        assert (entry.state == State.WAITING) == period.runs
        self._check_seen(pathway, requests)
        assert found.findings == ()
        self._check_moves(found, requests)
        for each in requests:
            if each.state not in {*AID_ENDED, *AID_MOVED}:
                assert each.is_cancer == pathway.is_suspected_cancer
        moved = [each for each in requests if each.state in {Aid.TRANSFERRED, Aid.COMPLETED}]
        treated = [each for each in moved if not each.is_diagnostic]
        assert period.runs or all(each.state == Aid.COMPLETED for each in treated)

    def _check_seen(self, pathway, requests):
        """Whoever has the pathway sees it, tomorrow too; so does whoever helps with it."""
        at_work = {*AID_TAKEN, Aid.TRANSFERRED, Aid.RESULTED}
        helps = {each.receiver_code for each in requests if each.state in at_work}
        open_ended = pathway.relationships.filter(part="provider", ends=None)
        sees = set(open_ended.values_list("organisation_code", flat=True))
        assert {pathway.organisation_code, *helps} <= sees
        for code in sees:
            seen = Pathway.objects.visible_to(self.clinicians[code])
            assert seen.filter(pk=pathway.pk).exists()

    def _check_moves(self, found, requests):
        """Before a move nothing is entered, and after it both sides of it, once."""
        kinds, done = Counter(each.kind for each in found.events), Counter()
        for each in requests:
            for action in each.steps.values_list("action", flat=True):
                done[each.kind, action] += 1
        both = done[Kind.TREATMENT, "receive"] + done[Kind.TREATMENT, "return_patient"]
        assert kinds["transfer_received"] == both
        assert kinds["transfer_sent"] == both + done[Kind.DIAGNOSTIC, "receive"]
        known = {"referral_received", "transfer_sent", "transfer_received", "entry_withdrawn"}
        assert kinds.keys() <= known | _STOPS
        assert kinds["referral_received"] == 1

    def _clock(self, pathway):
        return clock_on(pathway.events.all(), timezone.localdate())


def everything():
    """Whatever a refused try must leave as it was."""
    return (
        list(AidRequest.objects.order_by("pk").values()),
        list(Capacity.objects.order_by("pk").values()),
        list(Offer.objects.order_by("pk").values()),
        list(Pathway.objects.order_by("pk").values()),
        list(Transfer.objects.order_by("pk").values()),
        AidStep.objects.count(),
        Entry.objects.count(),
        PathwayEvent.objects.count(),
    )
