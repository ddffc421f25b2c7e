"""Messages in the NHS App: held to its published document, by an API of the test's own."""

import json
import time
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest
import time_machine
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import RSAKey
from jsonschema import Draft4Validator
from tests.service.ers.published import folder
from tests.service.messaging.made_up import queued, reached
from tests.service.people import a_patient

from clockstop.service.messaging import outbox, refreshing, standing
from clockstop.service.messaging.models import Channel, Contact, Message, State
from clockstop.service.messaging.nhs_app import AppService, app_service
from clockstop.service.messaging.senders import SendError, chosen_sender
from clockstop.service.messaging.senders.app import AppSender
from clockstop.service.messaging.senders.chosen import ByApp
from clockstop.service.messaging.senders.filing import FileSender
from clockstop.service.messaging.senders.notify import NotifySender

pytestmark = pytest.mark.django_db
KEY = RSAKey.generate_key(2048)
SERVICE = AppService(
    url="https://app.example/nhs-app",
    token_url="https://app.example/oauth2/token",
    application="our-app",
    key=KEY.as_pem(private=True).decode(),
    key_id="one",
    organisation="RAA",
)
IN_APP = "/nhs-app/communication/in-app/FHIR/R4/CommunicationRequest"
RECEIPTS = "/nhs-app/communication/report/receipts/FHIR/R4/Task"
PATIENTS = "/nhs-app/communication/report/patients"


class Api:
    """Takes messages, or answers with the statuses that it was given, one after the other."""

    def __init__(self, *answers):
        self.answers, self.taken, self.tokens, self.asked = list(answers), [], 0, []
        self.receipts, self.users = {}, {}

    def client(self):
        return httpx.Client(transport=httpx.MockTransport(self.answer))

    def sender(self):
        return AppSender(SERVICE, self.client())

    def answer(self, request):
        if request.url == SERVICE.token_url:
            return self._token(parse_qs(request.content.decode()))
        assert request.headers["Authorization"] == f"Bearer token {self.tokens}"
        self.asked.append(request.url.params)
        given = self.answers.pop(0) if self.answers else 201
        if isinstance(given, Exception):
            raise given
        if given >= 400:
            return httpx.Response(given, json={"resourceType": "OperationOutcome"})
        return {IN_APP: self._take, RECEIPTS: self._report, PATIENTS: self._patients}[
            request.url.path
        ](request)

    def _token(self, form):
        assert form["grant_type"] == ["client_credentials"]
        token = jwt.decode(form["client_assertion"][0], KEY, algorithms=["RS512"])
        said = token.claims
        assert token.header["kid"] == "one"
        assert said["iss"] == said["sub"] == "our-app"
        assert said["aud"] == SERVICE.token_url
        assert 0 < said["exp"] - time.time() <= 300
        self.tokens += 1
        return httpx.Response(
            200, json={"access_token": f"token {self.tokens}", "expires_in": "599"}
        )

    def _take(self, request):
        body = json.loads(request.content)
        self.taken.append(body)
        theirs = {
            "system": "https://fhir.nhs.uk/Id/nhs-app-communication-id",
            "value": f"c{len(self.taken)}",
        }
        return httpx.Response(201, json=body | {"identifier": [theirs, *body["identifier"]]})

    def _report(self, request):
        entries = self.receipts.get(request.url.params["day"], [])
        return self._page(request, [{"entry": [{"resource": each}]} for each in entries], {})

    def _patients(self, request):
        practice = request.url.params["ods-organisation-code"]
        if practice not in self.users:
            return httpx.Response(404, json={"resourceType": "OperationOutcome"})
        told = [{"nhsNumber": each, "notificationsEnabled": False} for each in self.users[practice]]
        return self._page(request, [[each] for each in told], [])

    def _page(self, request, pages, empty):
        at = int(request.url.params["page"])
        link = f'<{request.url.copy_set_param("page", at + 1)}>; rel="next"'
        headers = {"Link": link} if at < len(pages) else {}
        return httpx.Response(200, json=pages[at - 1] if pages else empty, headers=headers)


def a_receipt(key, code):
    """As the published example has it."""
    return {
        "resourceType": "Task",
        "identifier": [
            {"system": "https://fhir.nhs.uk/Id/nhs-app-communication-id", "value": key},
        ],
        "code": {
            "coding": [
                {
                    "system": "https://fhir.nhs.uk/CodeSystem/NHSApp-Communication-Status",
                    "code": code,
                }
            ]
        },
    }


def document():
    text = (folder() / "nhs-app/openapi.bundled.json").read_text(encoding="utf-8")
    return json.loads(text)


def hold(body):
    """The body is one that the document allows; its rule against tags is prose in ``pattern``."""
    if folder() is None:
        return
    components = document()["components"]
    components["schemas"]["Markdown"]["not"] = {"pattern": r"<(.|\n)*?>"}
    del components["schemas"]["Markdown"]["pattern"]
    schema = components["schemas"]["communication-in-app-request"] | {"components": components}
    assert [each.message for each in Draft4Validator(schema).iter_errors(body)] == []


def test_a_message_goes_as_the_document_has_it_and_names_nobody():
    api, patient = Api(), reached(uses_app=True)
    message = queued(patient)
    assert message.channel == Channel.APP
    assert outbox.send_due(api.sender()) == {"sent": 1}
    [body] = api.taken
    hold(body)
    assert body["recipient"][0]["identifier"]["value"] == patient.nhs_number
    assert body["requester"]["identifier"]["value"] == "RAA"
    assert body["identifier"][0]["value"] == str(message.pk)
    text = body["payload"][0]["contentString"]
    assert text.startswith("## Your NHS appointment\n\nNHS: you have an appointment on 3 March")
    assert patient.family_name not in json.dumps(body)
    message.refresh_from_db()
    assert message.reference == f"{timezone.localdate()} c1"


def test_the_published_example_has_the_shape_of_ours(specs):
    hold(json.loads((specs / "nhs-app/examples/requests/communication/in-app.json").read_text()))


def test_no_words_are_a_tag():
    api, patient = Api(), reached(uses_app=True)
    standing.answers_for("thing", lambda _: "")
    words = {"day": "<b>", "time": "9am", "provider": "R & D", "phone": "1"}
    outbox.queue("appointment_booked", patient, ("thing", "1"), words, key="1")
    outbox.send_due(api.sender())
    hold(api.taken[0])
    assert "&lt;b&gt;" in api.taken[0]["payload"][0]["contentString"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (429, State.QUEUED),
        (500, State.QUEUED),
        (503, State.QUEUED),
        (httpx.ConnectError("no"), State.QUEUED),
        (400, State.FAILED),
        (403, State.FAILED),
        (httpx.ReadTimeout("no"), State.FAILED),
    ],
)
def test_it_is_tried_again_only_where_that_helps_and_shows_nothing_twice(answer, state):
    message = queued(reached(uses_app=True))
    outbox.send_due(Api(answer).sender())
    message.refresh_from_db()
    assert message.state == state


def test_a_token_is_kept_and_asked_for_again_once_it_is_over():
    api, patient = Api(201, 401), reached(uses_app=True)
    queued(patient), queued(patient, key="2")
    assert outbox.send_due(api.sender()) == {"sent": 2}
    assert (api.tokens, len(api.taken)) == (2, 2)


def test_without_a_token_it_is_another_time(monkeypatch):
    message, api = queued(reached(uses_app=True)), Api()
    monkeypatch.setattr(api, "_token", lambda _form: httpx.Response(401))
    outbox.send_due(api.sender())
    message.refresh_from_db()
    assert message.state == State.QUEUED


@pytest.mark.parametrize(
    ("contact", "channel"),
    [({}, "sms"), ({"mobile": "", "email": "a@example.org"}, "email"), ({"mobile": ""}, "letter")],
)
def test_whom_the_app_does_not_reach_is_told_another_way(contact, channel):
    queued(reached(uses_app=True, **contact))
    outbox.send_due(Api(403).sender())
    assert set(Message.objects.values_list("channel", "state")) == {
        ("app", "failed"),
        (channel, "queued"),
    }


def test_a_text_instead_that_does_not_arrive_goes_as_a_letter():
    queued(reached(uses_app=True))
    outbox.send_due(Api(403).sender())
    outbox.send_due(NotifySender(RefusingNotify(), {"sms": "t1"}))
    assert set(Message.objects.filter(state="queued").values_list("channel", flat=True)) == {
        "letter"
    }


class RefusingNotify:
    def send_sms_notification(self, **_values):
        error = RuntimeError()
        error.status_code = 400
        raise error


@pytest.mark.parametrize(
    ("code", "state"),
    [("Delivered", "delivered"), ("Read", "read"), ("Rejected", "failed"), (None, "sent")],
)
def test_receipts_of_a_day_are_read_the_day_after(code, state):
    api, message = Api(), queued(reached(uses_app=True))
    outbox.send_due(api.sender())
    receipts = [a_receipt("c0", "Delivered"), a_receipt("c1", "Unnotified")]
    receipts += [a_receipt("c1", code)] if code else []
    api.receipts[str(timezone.localdate())] = receipts
    assert outbox.follow_up(api.sender()) == {}
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        outbox.follow_up(api.sender())
    message.refresh_from_db()
    assert message.state == state


def test_a_receipt_of_after_midnight_stands_in_the_next_day():
    api, sent = Api(), timezone.localdate() - timedelta(days=2)
    api.receipts[str(sent + timedelta(days=1))] = [a_receipt("c1", "Rejected")]
    assert api.sender().became(f"{sent} c1") == State.FAILED


def test_the_published_receipts_are_read(specs):
    path = specs / "nhs-app/examples/responses/communication/report/200successReceipts.json"
    api = Api()
    api.receipts["2022-08-19"] = [
        each["resource"] for each in json.loads(path.read_text())["entry"]
    ]
    sender = api.sender()
    key = "882cc757-5096-4565-9779-af25a751a65f"
    assert sender.became(f"2022-08-19 {key}") == State.READ
    assert sender.became("2022-08-19 01389fa3-2cb9-4440-b075-c4902b526fbc") == State.FAILED
    assert len(api.asked) == 7  # a page each, and read once


def test_who_uses_the_app_is_noted_by_practice():
    uses, left, elsewhere = (reached(a_patient(practice_code=each)) for each in ("A81001",) * 3)
    Contact.objects.filter(patient=left).update(uses_app=True)
    elsewhere.practice_code = "RAA"  # no practice of which there is a report
    elsewhere.save()
    api = Api()
    api.users["A81001"] = [uses.nhs_number, "9990000000"]
    assert refreshing.refresh(api.sender()) == 1
    assert set(Contact.objects.filter(uses_app=True)) == {uses.contact}
    assert standing.channel_for(left) == Channel.SMS


def test_a_report_that_cannot_be_had_changes_nothing():
    patient = reached(a_patient(practice_code="A81001"), uses_app=True)
    with pytest.raises(SendError):
        refreshing.refresh(Api(403).sender())
    assert standing.channel_for(patient) == Channel.APP


@pytest.mark.parametrize("needs", [{"no_messages": True}, {"large_print": True}])
def test_who_wants_or_needs_letters_gets_them(needs):
    assert standing.channel_for(reached(uses_app=True, **needs)) == Channel.LETTER


def test_without_the_app_such_a_message_is_a_file_or_goes_another_way(tmp_path):
    patient = reached(uses_app=True)
    message = queued(patient)
    outbox.send_due(FileSender(tmp_path))
    assert json.loads((tmp_path / f"{message.pk}.json").read_text())["to"] == patient.nhs_number
    second = queued(patient, key="2")
    outbox.send_due(NotifySender(None, {}))
    second.refresh_from_db()
    assert second.state == State.FAILED


def test_what_the_app_does_not_carry_goes_by_the_other_sender(tmp_path):
    api = Api()
    sender = ByApp(api.sender(), FileSender(tmp_path))
    queued(reached(uses_app=True)), queued(reached(), key="2")
    assert outbox.send_due(sender) == {"sent": 2}
    assert (len(api.taken), len(list(tmp_path.iterdir()))) == (1, 1)
    [file] = tmp_path.iterdir()
    file.unlink()
    assert outbox.follow_up(sender) == {"delivered": 1}
    assert Message.objects.get(channel="app").state == State.SENT


def test_the_settings_turn_it_on_whole_or_not_at_all(settings, tmp_path):
    settings.CLOCKSTOP_HOME, settings.CLOCKSTOP_PERSONAS = tmp_path, False
    (tmp_path / "key.pem").write_text(SERVICE.key)
    given = {
        "URL": "https://app.example/nhs-app/",
        "TOKEN_URL": SERVICE.token_url,
        "APPLICATION": "our-app",
        "KEY_FILE": str(tmp_path / "key.pem"),
        "KEY_ID": "one",
        "ORGANISATION": "RAA",
    }
    environment = {f"CLOCKSTOP_NHS_APP_{name}": value for name, value in given.items()}
    settings.CLOCKSTOP_NHS_APP = app_service(environment)
    assert settings.CLOCKSTOP_NHS_APP == SERVICE
    assert isinstance(chosen_sender(), ByApp)
    assert app_service({}) is None
    del environment["CLOCKSTOP_NHS_APP_KEY_ID"]
    with pytest.raises(ValueError, match="CLOCKSTOP_NHS_APP_KEY_ID"):
        app_service(environment)


def test_made_up_people_and_the_app_never_start_together(settings):
    settings.CLOCKSTOP_PERSONAS, settings.CLOCKSTOP_NHS_APP = True, SERVICE
    with pytest.raises(ImproperlyConfigured, match="CLOCKSTOP_NHS_APP"):
        chosen_sender()
    assert "messaging.E001" in {each.id for each in run_checks(tags=["security"])}
