"""A small world of referrals in which anybody tries anything, and what must hold after each try."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from tests.service.referrals.made_up import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_booking_office,
    a_clinician,
    a_patient,
    a_referral,
    a_referrer,
    a_secretary,
    a_service,
    a_slot,
)

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.audit.models import Entry
from clockstop.service.directory.models import Slot
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import PathwayEvent
from clockstop.service.referrals import actions, policies
from clockstop.service.referrals.actions import StaleError
from clockstop.service.referrals.models import Appointment, ChoiceEvent, Referral, Shortlisted, Step
from clockstop.service.referrals.states import (
    WITH_PROVIDER,
    Party,
    State,
    actions_from,
    transitions,
)

REFUSED = (StepRefusedError, Referral.DoesNotExist, PermissionDenied, StaleError)
REASONS = (
    "SERVICE_INAPPROPRIATE",
    "PATIENT_ILL",
    "CLINIC_CANCELLED",
    "REDIRECTED_OTHER",
    "PATIENT_FORGOT",
    "NO_SLOTS_AT_SERVICE",
    "RAISED_IN_ERROR",
    "REFERRER_CANCELLATION",
    "NONSENSE",
)
ACTS = (
    "book",
    "defer",
    "send_for_triage",
    "change_shortlist",
    "accept",
    "reject",
    "accept_book_later",
    "return_with_advice",
    "cancel_action_later",
    "cancel_appointment",
    "redirect",
    "attended",
    "not_attended",
    "assessed",
    "cancel_referral",
)
_FUNCTIONS = {
    "provider_book": "book",
    "cancel_by_patient": "cancel_appointment",
    "cancel_by_provider": "cancel_appointment",
    "change_shortlist_for_triage": "change_shortlist",
}
_TO_TRIAGE = {"send_for_triage", "change_shortlist_for_triage"}
LIVE = {"booked", "fulfilled", "noshow"}


@contextmanager
def gone_afterwards():
    """Whatever is written in it is not kept."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class World:
    """Two referrals of one practice, four services of two hospitals, everybody who may meddle."""

    def __init__(self, clock):
        self.clock = clock
        referrer, (secretary, self.clinician) = a_referrer(), a_secretary()
        self.actors = [
            referrer,
            secretary,
            a_clinician(),
            a_booking_office(),
            a_clinician(OTHER_HOSPITAL),
            a_referrer("A81002"),
        ]
        self.services = [
            a_service(appointment_type="ASSESSMENT_SERVICE"),
            a_service(OTHER_HOSPITAL),
            a_service(takes_triage=True),
            a_service(HOSPITAL),
        ]
        self.slots = [
            a_slot(service, timezone.now() + timedelta(days=days))
            for service in self.services
            for days in (3, 9, 30)
            if service is not self.services[3]
        ]
        long_ago = timezone.localdate() - timedelta(days=30)
        first = a_referral(
            *(self.services[at] for at in (0, 1, 3)), actor=referrer, supplied_start=long_ago
        )
        patient = a_patient()
        second = a_referral(self.services[2], actor=referrer, patient=patient, triage=True)
        self.referrals = [first.pk, second.pk]

    def attempt(self, act, referral, actor, service, slot, reason, yes):
        """Try something; what must hold holds afterwards, whether it was done or refused."""
        key = self.referrals[referral]
        before, clock, steps = everything(), self.period(key), Step.objects.count()
        given = self._given(act, service, slot, reason, yes)
        try:
            with transaction.atomic():
                getattr(actions, act)(actor=self.actors[actor], referral_id=key, **given)
        except REFUSED:
            assert everything() == before
            return
        assert Step.objects.count() == steps + 1
        self._check(key, clock, reason)

    def likely(self, referral, index, yes):
        """Try something that the table has for the state, by somebody who may, with good reason."""
        held = Referral.objects.get(pk=self.referrals[referral])
        rows = actions_from(State(held.state), Party)
        if not rows:
            return
        row = rows[index % len(rows)]
        by_provider = row.by[index % len(row.by)] is Party.PROVIDER
        actor = (4 if held.provider_code == OTHER_HOSPITAL else 2) if by_provider else 0
        party = Party.PROVIDER if by_provider else Party.REFERRER
        self.attempt(
            _FUNCTIONS.get(row.action, row.action),
            referral,
            actor,
            2 if row.action in _TO_TRIAGE else index % 4,
            self._free_slot(index, held.provider_code if by_provider else ""),
            _reason(row, index, party),
            yes=row.action in _TO_TRIAGE or (row.action == "cancel_by_patient") or yes,
        )

    def _free_slot(self, index, provider):
        """One that is to come, at the provider if one is named; any, where there is none."""
        free = Slot.objects.filter(status="free", starts__gt=timezone.now()).order_by("starts")
        if provider:
            free = free.filter(service__organisation=provider)
        keys, found = [each.pk for each in self.slots], list(free)
        return keys.index(found[index % len(found)].pk) if found else 0

    def _given(self, act, service, slot, reason, yes):
        chosen, text = self.services[service].pk, {"comment": "Because"}
        acting = {"acting_for": self.clinician}
        return {
            "book": {"slot_id": self.slots[slot].pk},
            "defer": {"service_id": chosen, "reason": reason},
            "send_for_triage": {"service_id": chosen},
            "change_shortlist": {"services": [chosen], "send_for_triage": yes},
            "accept": acting,
            "reject": text | acting | {"reason": reason},
            "accept_book_later": text,
            "return_with_advice": text,
            "cancel_action_later": text,
            "cancel_appointment": text | {"reason": reason, "for_patient": yes},
            "redirect": text | {"service_id": chosen, "reason": reason},
            "attended": {},
            "not_attended": text | {"reason": reason, "communicated": yes, "not_brought": not yes},
            "assessed": text,
            "cancel_referral": text | {"reason": reason},
        }[act]

    def wait(self, days):
        """Time passes for everybody."""
        self.clock.shift(timedelta(days=days))

    def period(self, key):
        """The last period of the referral's clock, and how many there were."""
        pathway = Referral.objects.get(pk=key).pathway
        if pathway is None:
            return None
        derived = clock_on(pathway.events.all(), timezone.localdate())
        return (derived.periods[-1], len(derived.periods)) if derived.periods else None

    def _check(self, key, before, reason):
        referral = Referral.objects.get(pk=key)
        then_the_steps_are_of_the_table(referral)
        then_the_appointments_fit(referral)
        then_every_slot_is_given_once()
        after = self.period(key)
        if reason != "RAISED_IN_ERROR":
            then_a_running_clock_kept_its_start(before, after)
        if referral.state in WITH_PROVIDER:
            assert after is not None
            assert after[0].runs, f"{referral.state}: no clock runs"
            assert referral.pathway.organisation_code == referral.provider_code


def _reason(row, index, party):
    """One that the step may give today; what defers has a list of its own."""
    if row.action == "defer":
        return "NO_SLOTS_AT_SERVICE"
    for guard in filter(policies.is_reason, row.guards):
        found = list(policies.reasons_for(guard, timezone.localdate(), [party.value]))
        return found[index % len(found)]
    return ""


def then_the_steps_are_of_the_table(referral):
    steps = list(referral.steps.all())
    assert [each.version for each in steps] == list(range(1, referral.version + 1))
    assert steps[-1].after == referral.state
    was = ""
    for each in steps:
        row = transitions()[each.action]
        assert (each.before, each.after) == (was, row.to)
        assert (State(was) in row.starts) if was else not row.starts
        was = each.after


def then_the_appointments_fit(referral):
    held = [each.status for each in referral.appointments.all()]
    if referral.state == "BOOKED":
        assert "booked" in held or "fulfilled" in held
    else:
        assert "booked" not in held
    assert held.count("booked") <= 1


def then_every_slot_is_given_once():
    """A booked slot is one appointment's, or of one that was cancelled once it had begun."""
    for slot in Slot.objects.all():
        held = list(Appointment.objects.filter(slot=slot))
        live = [each for each in held if each.status in LIVE]
        if slot.status == "free":
            assert not live
        else:
            assert len(live) == 1 or (not live and slot.starts <= timezone.now())


def then_a_running_clock_kept_its_start(before, after):
    if before is None or not before[0].runs:
        return
    assert after is not None
    assert after[1] == before[1], "a second clock began while one was running"
    assert after[0].start == before[0].start


def everything():
    """All that a refused try must leave as it was."""
    return (
        [
            sorted(map(str, model.objects.order_by().values_list()))
            for model in (Referral, Appointment, Slot, Shortlisted, ChoiceEvent)
        ],
        Counter(model.objects.count() for model in (Step, PathwayEvent, Entry)),
    )
