"""Files, GOV.UK Notify, and the sender that settings ask for."""

import json
import stat

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from tests.service.messaging.made_up import queued, reached
from tests.service.referrals.referrer.test_letters import texts

from clockstop.interfaces.config.settings import base, demo
from clockstop.service.messaging import outbox, standing
from clockstop.service.messaging.models import Contact, Message, State
from clockstop.service.messaging.senders import Letterbox, SendError, chosen_sender
from clockstop.service.messaging.senders.chosen import ByForm
from clockstop.service.messaging.senders.filing import FileSender
from clockstop.service.messaging.senders.notify import NotifySender

pytestmark = pytest.mark.django_db
TEMPLATES = {"sms": "t1", "email": "t2", "letter": "t3"}


class RefusedError(Exception):
    def __init__(self, status_code):
        self.status_code = status_code


class Notify:
    """The three calls of the client that send, and the two that ask, as version 13 has them."""

    def __init__(self, error=None, known=(), status="delivered"):
        self.calls, self.error, self.known, self.status = [], error, list(known), status

    def _sent(self, **values):
        if self.error:
            raise self.error
        self.calls.append(values)
        return {"id": "n1"}

    def send_sms_notification(self, phone_number, template_id, personalisation, reference):
        return self._sent(to=phone_number, template=template_id, **personalisation)

    def send_email_notification(self, email_address, template_id, personalisation, reference):
        return self._sent(to=email_address, template=template_id, **personalisation)

    def send_letter_notification(self, template_id, personalisation, reference):
        return self._sent(template=template_id, **personalisation)

    def get_all_notifications(self, reference):
        return {"notifications": self.known}

    def get_notification_by_id(self, notification_id):
        return {"status": self.status}


def test_a_file_holds_one_message_for_its_owner_alone(tmp_path):
    message, sender = queued(), FileSender(tmp_path / "messages")
    outbox.send_due(sender)
    [file] = (tmp_path / "messages").iterdir()
    told = json.loads(file.read_text())
    assert (file.stem, told["to"]) == (str(message.pk), "07700 900123")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert outbox.follow_up(sender) == {}
    file.unlink()
    assert outbox.follow_up(sender) == {"delivered": 1}


@pytest.mark.parametrize(
    ("contact", "call"),
    [
        ({}, {"to": "07700 900123", "template": "t1"}),
        ({"mobile": "", "email": "a@example.org"}, {"to": "a@example.org", "template": "t2"}),
        ({"mobile": ""}, {"template": "t3", "address_line_2": "1 Nowhere Street"}),
    ],
)
def test_notify_gets_the_words_and_the_template_of_the_channel(contact, call):
    client = Notify()
    queued(reached(**contact))
    assert outbox.send_due(NotifySender(client, TEMPLATES)) == {"sent": 1}
    [sent] = client.calls
    assert sent.items() >= call.items()
    assert sent["subject"] == "Your NHS appointment"
    assert Message.objects.get().reference == "n1"


@pytest.mark.parametrize(
    ("status", "final"), [(400, True), (403, True), (429, False), (503, False)]
)
def test_notify_is_asked_again_where_that_may_help(status, final):
    message = queued()
    to = Letterbox.of(message.patient, standing.contact_of(message.patient))
    with pytest.raises(SendError) as error:
        NotifySender(Notify(RefusedError(status)), TEMPLATES).send(
            message, outbox.written(message), to
        )
    assert error.value.is_final is final


def test_a_second_attempt_does_not_send_twice():
    client = Notify(known=[{"id": "n0"}])
    queued()
    Message.objects.update(attempts=1)
    outbox.send_due(NotifySender(client, TEMPLATES))
    assert client.calls == []
    assert Message.objects.get().reference == "n0"


@pytest.mark.parametrize(
    ("status", "state"),
    [("sending", None), ("delivered", State.DELIVERED), ("permanent-failure", State.FAILED)],
)
def test_notify_tells_what_became_of_it(status, state):
    assert NotifySender(Notify(status=status), TEMPLATES).became("n1") is state


FORMS = {
    "Large print": ({"large_print": True}, "If you cannot come, please tell us early"),
    "Easy read": ({"easy_read": True, "large_print": True}, "Then somebody else can have the time"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_comes_in_the_form_that_the_patient_needs(form, tmp_path):
    needs, words = FORMS[form]
    message, sender = queued(reached(**needs)), FileSender(tmp_path)
    assert outbox.send_due(sender) == {"sent": 1}
    told = json.loads((tmp_path / f"{message.pk}.json").read_text())
    assert (told["channel"], told["form"]) == ("letter", form)
    assert words in told["body"]
    page = tmp_path / f"{message.pk}.pdf"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".json", ".pdf"]
    said, sizes = texts(page.read_bytes())
    assert words in said
    assert "1 Nowhere Street" in said
    assert min(sizes) >= 18


def test_a_plain_letter_is_words_alone(tmp_path):
    message = queued(reached(mobile=""))
    outbox.send_due(FileSender(tmp_path))
    assert [each.name for each in tmp_path.iterdir()] == [f"{message.pk}.json"]


def test_who_needs_easy_read_only_since_it_was_queued_gets_it(tmp_path):
    patient = reached(mobile="")
    message = queued(patient)
    Contact.objects.filter(patient=patient).update(easy_read=True)
    outbox.send_due(FileSender(tmp_path))
    assert (tmp_path / f"{message.pk}.pdf").exists()


def test_letters_in_a_form_go_to_the_print_room_and_all_else_by_the_service(tmp_path):
    client, files = Notify(status="permanent-failure"), FileSender(tmp_path)
    sender = ByForm(NotifySender(client, TEMPLATES), files)
    large = queued(reached(large_print=True))
    plain, text = queued(reached(mobile=""), key="2"), queued(reached(), key="3")
    assert outbox.send_due(sender) == {"sent": 3}
    assert [each["template"] for each in client.calls] == ["t3", "t1"]
    (tmp_path / f"{large.pk}.json").unlink()
    outbox.follow_up(sender)
    states = {each.pk: each.state for each in Message.objects.all()}
    assert states[large.pk] == State.DELIVERED
    assert states[plain.pk] == states[text.pk] == State.FAILED


def test_files_are_the_default(settings, tmp_path):
    settings.CLOCKSTOP_HOME = tmp_path
    assert isinstance(chosen_sender(), FileSender)
    assert base.CLOCKSTOP_LIVE_MESSAGES is False
    assert demo.CLOCKSTOP_LIVE_MESSAGES is False


def test_made_up_people_and_live_messages_never_start_together(settings):
    settings.CLOCKSTOP_PERSONAS = settings.CLOCKSTOP_LIVE_MESSAGES = True
    with pytest.raises(ImproperlyConfigured, match="CLOCKSTOP_PERSONAS"):
        chosen_sender()
    found = {each.id for each in run_checks(tags=["security"])}
    assert {"messaging.E001", "accounts.E001"} <= found


def test_live_messages_half_set_up_send_nothing(settings):
    settings.CLOCKSTOP_PERSONAS = False
    settings.CLOCKSTOP_LIVE_MESSAGES = True
    settings.CLOCKSTOP_NOTIFY_TEMPLATES = {"sms": "t1", "email": "t2"}
    with pytest.raises(ImproperlyConfigured, match="letter"):
        chosen_sender()
