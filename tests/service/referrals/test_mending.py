"""Deferred referrals whose clock an earlier version began too late, and which are left alone."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests.service.referrals.made_up import a_referral, a_referrer, a_service
from tests.service.referrals.test_actions import clock

from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways import handing
from clockstop.service.referrals import actions
from clockstop.service.referrals.actions.mending import LEFT_OUT, mend_deferred_starts
from clockstop.service.referrals.models import Referral
from clockstop.service.tracking.models import ListEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def start():
    return timezone.localdate() - timedelta(days=200)


def deferred_as_before(supplied):
    """As it was written before slot issues carried a start: the referral alone knows it."""
    service, actor = a_service(), a_referrer()
    referral = a_referral(service, actor=actor)
    reason = "NO_SLOTS_AT_SERVICE"
    actions.defer(actor=actor, referral_id=referral.pk, service_id=service.pk, reason=reason)
    Referral.objects.filter(pk=referral.pk).update(supplied_start=supplied)
    referral.refresh_from_db()
    return referral


def starts(referral):
    referral.refresh_from_db()
    return [each.start for each in clock(referral).periods]


def test_the_clock_starts_where_the_referrer_said_and_the_wrong_entry_stays_visible(start):
    referral = deferred_as_before(start)
    assert starts(referral) == [timezone.localdate()]
    assert mend_deferred_starts() == 1
    assert starts(referral) == [start]
    assert ListEntry.objects.get(pathway=referral.pathway).clock_start == start
    wrong, mended = referral.pathway.events.all()
    assert wrong.kind == mended.kind == "slot_issue_listed"
    assert (mended.reason, mended.recorded_by) == (LEFT_OUT, SYSTEM.id)
    assert Entry.objects.filter(action="corrected an entry").count() == 1
    assert verify().faults == ()


def test_a_second_run_does_nothing(start):
    referral = deferred_as_before(start)
    assert (mend_deferred_starts(), mend_deferred_starts()) == (1, 0)
    assert referral.pathway.events.count() == 2


@pytest.mark.parametrize("days", [0, 1])
def test_one_that_was_booked_since_on_the_day_or_later(start, days):
    with time_machine.travel(timezone.now() - timedelta(days=days), tick=False):
        referral = deferred_as_before(start)
    handing.enter(referral.pathway, SYSTEM, "ubrn_converted", ubrn=referral.ubrn)
    assert mend_deferred_starts() == 1
    assert starts(referral) == [start]
    assert clock(referral).periods[0].runs


def _nothing_supplied(referral, _):
    Referral.objects.filter(pk=referral.pk).update(supplied_start=None)


def _corrected(referral, start):
    day = start + timedelta(days=3)
    values = {"ubrn": referral.ubrn, "original_start": day.isoformat(), "supersedes": "e1"}
    handing.enter(referral.pathway, SYSTEM, "slot_issue_listed", **values)


def _withdrawn(referral, _):
    handing.enter(referral.pathway, SYSTEM, "entry_withdrawn", supersedes="e1")


@pytest.mark.parametrize("settled", [_nothing_supplied, _corrected, _withdrawn])
def test_what_somebody_settled_is_left_as_they_have_it(settled, start):
    referral = deferred_as_before(start)
    settled(referral, start)
    before = starts(referral)
    assert mend_deferred_starts() == 0
    assert starts(referral) == before


def test_one_that_carries_its_start_is_left(start):
    service, actor = a_service(), a_referrer()
    referral = a_referral(service, actor=actor, supplied_start=start)
    reason = "NO_SLOTS_AT_SERVICE"
    actions.defer(actor=actor, referral_id=referral.pk, service_id=service.pk, reason=reason)
    assert mend_deferred_starts() == 0
    referral.refresh_from_db()
    assert referral.pathway.events.count() == 1
