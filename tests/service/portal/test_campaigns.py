"""Who is written to in a campaign, who never is, and what came of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from tests.service.messaging.made_up import Memory, reached
from tests.service.people import a_pathway, a_patient, an_event
from tests.service.portal.made_up import referred
from tests.service.referrals.made_up import a_referral, a_service

from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.messaging import outbox
from clockstop.service.messaging.models import Contact, Message, State
from clockstop.service.portal.campaigns.prompting import (
    Prompted,
    Results,
    ask_still_needed,
    remind_to_choose,
    results,
)
from clockstop.service.referrals.models import Referral

pytestmark = pytest.mark.django_db


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def test_who_has_not_booked_is_prompted_once():
    referred()
    assert remind_to_choose(14) == Prompted(0, 0)
    with later(15):
        assert remind_to_choose(14) == Prompted(1, 1)
        assert remind_to_choose(14) == Prompted(1, 1)
        assert remind_to_choose(14, "QZZ") == Prompted(0, 0)
    assert Message.objects.count() == 1


def test_some_are_never_in_the_cohort():
    search = Criteria(treatment_function="C_110", priority=Priority.TWO_WEEK_WAIT)
    a_referral(a_service(two_week_wait=True), criteria=search)
    referred(patient=a_patient(birth_date=date(2015, 1, 1)))
    with later(15):
        assert remind_to_choose(14).cohort == 0


@pytest.mark.parametrize(("born", "cohort"), [(date(2010, 11, 30), 1), (date(2010, 12, 1), 0)])
def test_the_sixteenth_birthday_is_in_the_cohort(born, cohort):
    referred(patient=a_patient(birth_date=born))
    Referral.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 11, 30, 12, tzinfo=UTC), tick=False):
        assert remind_to_choose(14).cohort == cohort


def test_opt_outs_and_sensitive_records_are_heeded():
    opted_out = reached(no_messages=True)
    referred(patient=opted_out)
    referred(patient=a_patient(sensitive=True))
    with later(15):
        assert remind_to_choose(14) == Prompted(2, 1)
    assert [each.channel for each in Message.objects.all()] == ["letter"]


def booked_by_its_patient(client, referral, slot):
    wanted = {"service": slot.service_id, "slot": slot.pk}
    answer = client.post(f"/your-care/{referral.pk}/times/", wanted)
    assert answer["Location"].endswith("?done=booked")


def test_what_came_of_it_is_counted():
    _, cancelled, _ = referred()
    referred()
    referred()
    with later(2):
        remind_to_choose(1)
        type(cancelled).objects.filter(pk=cancelled.pk).update(state="CANCELLED_REFERRAL")
        outbox.send_due(Memory())
    assert results() == Results(
        queued=0, sent=2, not_delivered=0, cancelled=1, booked_since=0, opted_out=0
    )


@pytest.mark.parametrize("becomes", [State.SENT, State.DELIVERED])
def test_who_books_before_the_delivery_is_known_has_booked_since_it_was_sent(becomes):
    prompted, before, other = (referred(patient=reached()) for _ in range(3))
    ends = becomes if becomes == State.DELIVERED else None
    client, referral, (slot, _) = prompted
    remind_to_choose(0)
    booked_by_its_patient(*before[:2], before[2][0])
    outbox.send_due(Memory())
    assert results().booked_since == 0
    with later(1 / 1440):
        booked_by_its_patient(client, referral, slot)
    with later(2 / 1440):
        outbox.follow_up(Memory(ends=ends))
        found = results()
    assert (found.sent, found.cancelled, found.booked_since) == (2, 1, 1)
    assert other[1].state == "NOT_BOOKED"


def test_who_wants_no_messages_after_a_prompt_is_counted():
    by_letter, sent, too_late, content = (
        reached(no_messages=True),
        reached(),
        reached(),
        reached(),
    )
    for patient in (by_letter, sent, too_late, content):
        referred(patient=patient)
    remind_to_choose(0)
    Contact.objects.filter(patient=too_late).update(no_messages=True)
    outbox.send_due(Memory())
    Contact.objects.filter(patient=sent).update(no_messages=True)
    found = results()
    assert (found.sent, found.cancelled, found.opted_out) == (3, 1, 2)


def test_who_waits_long_without_a_date_is_asked_once_a_quarter():
    long, short, cancer = a_pathway(), a_pathway(), a_pathway(priority="3")
    for pathway, weeks in ((long, 30), (short, 3), (cancer, 30)):
        an_event(pathway, "referral_received", timezone.localdate() - timedelta(weeks=weeks))
    assert ask_still_needed(12) == Prompted(1, 1)
    assert ask_still_needed(12) == Prompted(1, 1)
    assert Message.objects.get().about == str(long.pk)
    with later(100):
        assert ask_still_needed(12).cohort == 2
    assert Message.objects.count() == 3
