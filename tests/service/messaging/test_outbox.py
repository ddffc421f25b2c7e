"""What is sent, to whom, and what never is."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from tests.service.messaging.made_up import ABOUT, FILLED, Memory, queued, reached
from tests.service.people import a_pathway, a_patient, an_event

from clockstop.service.audit.models import Entry
from clockstop.service.messaging import outbox, standing
from clockstop.service.messaging.counting import counted
from clockstop.service.messaging.models import Channel, Message, State

pytestmark = pytest.mark.django_db


def states():
    return list(Message.objects.order_by("created_at").values_list("state", "reason"))


def test_a_message_goes_out_once_in_full():
    message, sender = queued(), Memory()
    assert outbox.send_due(sender) == {"sent": 1}
    assert outbox.send_due(sender) == {}
    [(key, channel, written, to)] = sender.sent
    assert (key, channel, to.mobile) == (message.pk, "sms", "07700 900123")
    assert "3 March 2027 at 9:30am" in written.body
    assert Entry.objects.filter(subject=str(message.pk)).count() == 2


def test_a_key_is_queued_once():
    patient = reached()
    assert queued(patient).pk == queued(patient).pk
    assert Message.objects.count() == 1


def test_what_is_not_due_waits():
    queued(due=timezone.now() + timedelta(days=2))
    assert outbox.send_due(Memory()) == {}
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert outbox.send_due(Memory()) == {"sent": 1}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"died_on": date(2026, 1, 1)}, "The patient has died"),
        ({"sensitive": True}, "The record is marked sensitive"),
    ],
)
def test_who_must_not_be_contacted_is_not(changed, reason):
    patient = reached()
    queued(patient)
    for name, value in changed.items():
        setattr(patient, name, value)
    patient.save()
    sender = Memory()
    assert outbox.send_due(sender) == {"cancelled": 1}
    assert sender.sent == []
    assert states() == [("cancelled", reason)]
    assert queued(patient, key="2") is None


def test_a_death_cancels_at_once_what_waits():
    patient = reached()
    queued(patient)
    an_event(a_pathway(patient), "death", date(2025, 3, 1))
    assert states() == [("cancelled", outbox.HAS_DIED)]


def test_an_opt_out_before_the_send_stops_texts_and_keeps_letters():
    patient = reached()
    queued(patient)
    queued(patient, key="2", channel=Channel.LETTER)
    patient.contact.no_messages = True
    patient.contact.save()
    sender = Memory()
    outbox.send_due(sender)
    assert [channel for _, channel, *_ in sender.sent] == ["letter"]
    assert ("cancelled", standing.OPTED_OUT) in states()


def test_an_opt_out_on_one_record_holds_for_the_person():
    patient = reached(no_messages=True)
    other = a_patient("QBB", nhs_number=patient.nhs_number)
    assert standing.has_opted_out(other)
    assert standing.channel_for(other) == Channel.LETTER


def test_what_is_true_no_more_is_not_told():
    patient = reached()
    queued(patient)
    standing.answers_for(ABOUT[0], lambda _: "It was cancelled")
    outbox.send_due(Memory())
    assert states() == [("cancelled", "It was cancelled")]


def test_what_nobody_can_answer_for_is_not_queued():
    with_nobody = ("unheard of", "1")
    assert outbox.queue("appointment_booked", reached(), with_nobody, FILLED, key="x") is None


@pytest.mark.parametrize(
    ("contact", "channel"),
    [
        ({}, Channel.SMS),
        ({"mobile": "", "email": "a@example.org"}, Channel.EMAIL),
        ({"mobile": ""}, Channel.LETTER),
        ({"no_messages": True}, Channel.LETTER),
        ({"large_print": True}, Channel.LETTER),
        ({"easy_read": True}, Channel.LETTER),
        ({"sign_language": True}, Channel.SMS),
    ],
)
def test_the_channel_is_one_that_reaches_them(contact, channel):
    assert standing.channel_for(reached(**contact)) == channel


def test_a_letter_has_the_address_the_provider_and_the_needs():
    queued(reached(mobile="", large_print=True))
    sender = Memory()
    outbox.send_due(sender)
    [(_, _, written, to)] = sender.sent
    assert "Riverside" in written.body
    assert to.lines[1:] == ("1 Nowhere Street", "ZZ99 3VZ")
    assert to.needs == ("Large print",)


def test_an_attempt_that_fails_is_made_again_later():
    queued()
    sender = Memory(False)
    assert outbox.send_due(sender) == {"queued": 1}
    assert outbox.send_due(sender) == {}
    with time_machine.travel(timezone.now() + outbox.PAUSE, tick=False):
        assert outbox.send_due(sender) == {"sent": 1}


def test_what_cannot_be_sent_goes_as_a_letter_once():
    queued()
    outbox.send_due(Memory(True))
    held = Message.objects.order_by("created_at")
    assert [(each.channel, each.state) for each in held] == [
        ("sms", "failed"),
        ("letter", "queued"),
    ]
    outbox.send_due(Memory(True))
    assert Message.objects.count() == 2


def test_attempts_end():
    queued(reached(mobile=""))
    at = timezone.now()
    for _ in range(outbox.ATTEMPTS):
        with time_machine.travel(at, tick=False):
            outbox.send_due(Memory(False))
        at += timedelta(days=1)
    assert [state for state, _ in states()] == ["failed"]


def test_one_whose_sender_died_is_taken_up_again():
    message = queued()
    outbox._claimed(message.pk, timezone.now())
    assert outbox.send_due(Memory()) == {}
    with time_machine.travel(timezone.now() + outbox.CLAIM + timedelta(minutes=1), tick=False):
        assert outbox.send_due(Memory()) == {"sent": 1}


def test_what_was_sent_is_followed_up():
    queued()
    outbox.send_due(Memory())
    assert outbox.follow_up(Memory()) == {}
    assert outbox.follow_up(Memory(ends=State.FAILED)) == {"failed": 1}
    assert Message.objects.filter(channel="letter", state="queued").exists()
    assert outbox.follow_up(Memory(ends=State.DELIVERED)) == {}


def test_a_message_holds_the_words_of_its_template_alone():
    with pytest.raises(ValueError, match="asks for"):
        outbox.queue("appointment_booked", reached(), ABOUT, FILLED | {"condition": "Hip"}, key="x")


def test_cancelling_ends_what_waits_about_a_thing():
    queued()
    assert outbox.cancel(ABOUT, "Not now", template="still_needed") == 0
    assert outbox.cancel(ABOUT, "Not now") == 1
    [row] = counted()
    assert (row["state"], row["reason"], row["messages"]) == ("cancelled", "Not now", 1)
