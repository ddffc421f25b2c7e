"""What the NHS App is told: one's own, proven by NHS login, and nothing of whom it must leave out."""

import base64
import json
import socket
import time
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from uuid import uuid4

import pytest
from django.core.cache import cache as counts
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft4Validator
from tests.service.accounts.conftest import patients, provider, service  # noqa: F401
from tests.service.directory.made_up import an_organisation
from tests.service.ers.published import folder
from tests.service.people import a_patient, nhs_number, signed_in_patient
from tests.service.referrals.made_up import a_referral, a_service, a_slot, booked
from tests.service.transfers.asking.asked import an_asked_request

from clockstop.core.types import Sector
from clockstop.service.aggregator import deadline
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM as SYSTEM_ACTOR
from clockstop.service.messaging.models import Message
from clockstop.service.portal import telling
from clockstop.service.referrals import actions
from clockstop.service.referrals.models import Document
from clockstop.service.transfers.states import Asked
from clockstop.service.ui.limits import Limit

pytestmark = pytest.mark.django_db
APP = "nhs-app"
DOCUMENT = "pca/producer-standard-3.12.0.bundled.json"
SYSTEM = "https://fhir.nhs.uk/Id/nhs-number|"


@cache
def schemas():
    return json.loads((folder() / DOCUMENT).read_text(encoding="utf-8"))["components"]


def hold(bundle, kind):
    """An answer is as published: the list, and each of its resources by the schema of its kind.

    The document names the schema of one resource for the whole answer, and means the list.
    """
    if folder() is None:
        return
    told = [("Bundle", bundle), *((kind, each["resource"]) for each in bundle["entry"])]
    for name, resource in told:
        schema = {**schemas()["schemas"][name], "components": schemas()}
        assert [each.message for each in Draft4Validator(schema).iter_errors(resource)] == []


@pytest.fixture
def app(settings):
    settings.CLOCKSTOP_AGGREGATOR_AUDIENCES = (APP,)


@pytest.fixture
def referral(app, patients):  # noqa: F811
    """A booked referral of the patient that NHS login has proven, at an NHS trust."""
    an_organisation("RAA", sector=Sector.NHS_TRUST)
    found = booked(site_name="North wing")
    found.patient.nhs_number = patients.claims["nhs_number"]
    found.patient.save()
    return found


def token_for(patients, **changed):  # noqa: F811
    """What NHS login says of the patient, but for what is changed."""
    now = int(time.time())
    claims = {"iss": patients.url, "aud": APP, "iat": now, "exp": now + 600}
    claims |= patients.claims | changed
    return patients.sign({name: value for name, value in claims.items() if value is not None})


@pytest.fixture
def ask(client, patients):  # noqa: F811
    def asked(kind="Appointment", number=None, token=None, **changed):
        headers = {
            "X-Correlation-ID": str(uuid4()),
            "NHSD-ID-Token": token_for(patients, **changed) if token is None else token,
        }
        query = {"patient:identifier": SYSTEM + (number or patients.claims["nhs_number"])}
        response = client.get(f"/aggregator/FHIR/R4/{kind}", query, headers=headers)
        if response.status_code == 200:
            assert response["X-Correlation-ID"] == headers["X-Correlation-ID"]
            hold(response.json(), kind)
        return response.status_code, response.json()

    return asked


def test_an_appointment_as_the_standard_has_it(ask, referral):
    status, bundle = ask()
    assert (status, bundle["total"]) == (200, 1)
    (entry,) = bundle["entry"]
    resource = entry["resource"]
    held = referral.appointments.get()
    assert resource["status"] == "booked"
    assert resource["description"].startswith("Trauma and orthopaedics")
    assert resource["start"] == held.starts.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    told = {each["url"].rpartition("/")[2]: each for each in resource["extension"]}
    assert told["Extension-Consultation-Medium"]["valueCode"] == "FACE_TO_FACE"
    assert told["Extension-ServiceRequest-Priority"]["valueCoding"]["code"] == "ROUTINE"
    assert told["Extension-Portal-Link"]["valueUrl"].endswith(f"/your-care/{referral.pk}/")
    identifiers = resource["basedOn"][0]["identifier"]
    assert identifiers[0]["value"] == referral.ubrn
    assert identifiers[1]["value"] == referral.pathway.identifier


EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": []}


@pytest.mark.parametrize("kind", ["DocumentReference", "Task"])
def test_where_there_is_nothing_the_list_is_empty(ask, referral, kind):
    assert ask(kind) == (200, EMPTY)


def a_letter(referral, **values):
    plain = {
        "icb_code": referral.icb_code,
        "referral": referral,
        "title": "Before you come",
        "content_type": "application/pdf",
        "size": 4,
        "content": b"%PDF",
        "attached_at": timezone.now(),
        "attached_as": "PROVIDER",
        "organisation_code": "RAA",
        "shared_on": timezone.localdate(),
    }
    return Document.objects.create(**plain | values)


def test_a_letter_that_was_shared_is_told_with_its_link(ask, client, referral):
    document = a_letter(referral)
    status, bundle = ask("DocumentReference")
    assert (status, bundle["total"]) == (200, 1)
    resource = bundle["entry"][0]["resource"]
    assert resource["description"].startswith("Trauma and orthopaedics")
    assert resource["description"].endswith(": Before you come")
    assert resource["custodian"]["identifier"]["value"] == "RAA"
    assert resource["subject"]["identifier"]["value"] == referral.patient.nhs_number
    link = resource["content"][0]["attachment"]["url"]
    assert link == f"http://testserver/your-care/documents/{document.pk}/"
    assert signed_in_patient(client, referral.patient).get(link).content == b"%PDF"


@pytest.mark.parametrize(
    "changed",
    [
        {"shared_on": None},
        {"removed": True},
        {"attached_as": "REFERRER"},
        {"content_type": "image/png"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_is_no_letter_to_the_patient_is_left_out(ask, referral, changed):
    a_letter(referral, **changed)
    assert ask("DocumentReference") == (200, EMPTY)


def test_letters_and_questions_of_others_are_left_out(ask, referral):
    other = booked()
    a_letter(other)
    an_asked_request(Asked.INVITED, other.pathway)
    an_asked_request(Asked.INVITED, referral.pathway, organisation_code="RAA")
    assert ask("DocumentReference") == (200, EMPTY)
    assert ask("Task")[1]["total"] == 1


def asked_of(referral, state):
    referral.pathway.organisation_code = "RAA"
    referral.pathway.save()
    return an_asked_request(state, referral.pathway)


@pytest.mark.parametrize("state", Asked)
def test_what_waits_for_the_patient_is_a_task_with_its_link(ask, referral, state):
    asked = asked_of(referral, state)
    status, bundle = ask("Task")
    assert status == 200
    told = [each["resource"] for each in bundle["entry"]]
    if state not in {Asked.INVITED, Asked.CHOOSING, Asked.OFFER_TO_PATIENT}:
        assert told == []
        return
    (resource,) = told
    assert (resource["id"], resource["status"]) == (str(asked.pk), "requested")
    assert resource["owner"]["identifier"]["value"] == "RAA"
    link = resource["reasonReference"]["reference"]
    assert link == f"http://testserver/treated-sooner/requests/{asked.pk}/"


def test_whether_care_is_still_needed_is_a_task_until_it_is_answered(ask, client, referral):
    pathway = referral.pathway
    pathway.organisation_code = "RAA"
    pathway.save()
    message = telling.ask_still_needed(pathway, SYSTEM_ACTOR)
    assert ask("Task") == (200, EMPTY)
    Message.objects.update(state="sent")
    (entry,) = ask("Task")[1]["entry"]
    resource = entry["resource"]
    assert (resource["id"], resource["status"]) == (str(message.pk), "requested")
    link = resource["reasonReference"]["reference"]
    signed_in_patient(client, referral.patient).post(link, {"needed": "yes"})
    (entry,) = ask("Task")[1]["entry"]
    resource = entry["resource"]
    assert resource["status"] == "completed"
    assert resource["lastModified"] >= resource["authored"]


@pytest.mark.parametrize("kind", ["DocumentReference", "Task"])
def test_other_than_nhs_trusts_are_left_out_of_each_list(ask, referral, kind):
    a_letter(referral)
    asked_of(referral, Asked.INVITED)
    organisation = referral.service.organisation
    organisation.sector = Sector.INDEPENDENT
    organisation.save()
    assert ask(kind) == (200, EMPTY)


def test_a_cancelled_appointment_is_told_at_once(ask, referral):
    actor = _referrer(referral)
    actions.cancel_appointment(actor=actor, referral_id=referral.pk, reason="PATIENT_ILL")
    assert [each["resource"]["status"] for each in ask()[1]["entry"]] == ["cancelled"]


def _referrer(referral):
    from tests.service.referrals.made_up import a_referrer

    return a_referrer(referral.organisation_code)


@pytest.mark.parametrize(
    "left_out",
    [
        {"sensitive": True},
        {"birth_date": timezone.localdate() - timedelta(days=15 * 365)},
    ],
    ids=["sensitive", "under 16"],
)
def test_whom_the_app_must_leave_out(ask, referral, patients, left_out):  # noqa: F811
    for name, value in left_out.items():
        setattr(referral.patient, name, value)
    referral.patient.save()
    assert ask(birthdate=referral.patient.birth_date.isoformat())[1]["total"] == 0


def test_appointments_at_other_than_nhs_trusts_are_left_out(ask, referral):
    organisation = referral.service.organisation
    organisation.sector = Sector.INDEPENDENT
    organisation.save()
    assert ask()[1]["total"] == 0


def test_nobody_that_we_know_is_an_empty_list(ask, app):
    assert ask()[1]["total"] == 0


def test_others_appointments_are_never_told(ask, referral):
    other = booked()
    (entry,) = ask()[1]["entry"]
    assert entry["resource"]["id"] != str(other.appointments.get().pk)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"iss": "https://elsewhere.example"}, 401),
        ({"aud": "another-app"}, 401),
        ({"aud": None}, 401),
        ({"exp": 1}, 401),
        ({"exp": None}, 401),
        ({"identity_proofing_level": "P5"}, 401),
        ({"vot": "P5.Cp"}, 401),
        ({"nhs_number": None}, 401),
        ({"birthdate": None}, 401),
        ({"birthdate": "1961-05-17"}, 403),
        ({"nhs_number": str(nhs_number(4_002))}, 403),
    ],
)
def test_a_token_that_does_not_prove_it_is_refused(ask, referral, changed, status):
    found, outcome = ask(**changed)
    assert (found, outcome["resourceType"]) == (status, "OperationOutcome")


def test_a_token_of_nobody_or_of_another_key_is_refused(ask, referral):
    assert ask(token="")[0] == 401
    assert ask(token="a.b.c")[0] == 401
    body = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    assert ask(token=f"{body}.{body}.")[0] == 401


def test_everything_that_is_wrong_with_a_request_is_said_at_once(client, app, patients):  # noqa: F811
    response = client.get("/aggregator/FHIR/R4/Appointment", {"patient:identifier": "9990000018"})
    assert response.status_code == 400
    assert len(response.json()["issue"]) == 2


def test_without_nhs_login_nothing_is_told(client, settings):
    settings.CLOCKSTOP_PATIENT_SIGN_IN = None
    headers = {"X-Correlation-ID": str(uuid4()), "NHSD-ID-Token": "x"}
    query = {"patient:identifier": SYSTEM + str(nhs_number(4_001))}
    response = client.get("/aggregator/FHIR/R4/Appointment", query, headers=headers)
    assert response.status_code == 503


def refused(answer, status, kind):
    found, outcome = answer
    assert (found, outcome["resourceType"]) == (status, "OperationOutcome")
    assert [each["code"] for each in outcome["issue"]] == [kind]


def test_nhs_login_that_is_out_of_order_is_not_the_patients_fault(ask, referral, settings):
    nowhere = replace(settings.CLOCKSTOP_PATIENT_SIGN_IN, issuer="http://127.0.0.1:9")
    settings.CLOCKSTOP_PATIENT_SIGN_IN = nowhere
    refused(ask(), 503, "transient")


def test_nhs_login_that_lets_us_wait_is_given_up(ask, referral, settings):
    settings.CLOCKSTOP_AGGREGATOR_SECONDS = 0.4
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings.CLOCKSTOP_PATIENT_SIGN_IN = replace(
            settings.CLOCKSTOP_PATIENT_SIGN_IN, issuer=slow
        )
        refused(ask(), 504, "timeout")


@pytest.mark.parametrize("moments", [(0, 10), (0, 8, 10)], ids=["login", "store"])
def test_what_took_too_long_is_no_answer_and_not_noted_as_told(ask, referral, monkeypatch, moments):
    monkeypatch.setattr(deadline, "monotonic", iter(moments).__next__)
    refused(ask(), 504, "timeout")
    assert not Entry.objects.filter(action="read for the NHS App").exists()


def test_too_many_requests_and_wrong_methods_are_told_as_an_outcome(client, settings):
    settings.CLOCKSTOP_LIMITS = {"aggregator": Limit(address=1, session=1)}
    counts.clear()
    at = "/aggregator/FHIR/R4/Appointment"
    first, second = client.get(at), client.get(at)
    refused((second.status_code, second.json()), 429, "throttled")
    assert first.status_code == 400
    assert int(second["Retry-After"]) >= 0
    assert second["Cache-Control"] == "no-store"
    settings.CLOCKSTOP_LIMITS = {}
    wrong = client.delete(at)
    refused((wrong.status_code, wrong.json()), 405, "not-supported")
    assert "GET" in wrong["Allow"]
    missing = client.get("/aggregator/FHIR/R4/Nothing")
    refused((missing.status_code, missing.json()), 404, "not-found")


def test_being_read_for_the_app_is_audited(ask, referral):
    before = Entry.objects.filter(action="read for the NHS App").count()
    ask()
    assert Entry.objects.filter(action="read for the NHS App").count() == before + 1


def test_the_audit_is_locked_only_once_everything_is_read(ask, referral):
    with CaptureQueriesContext(connection) as held:
        ask()
    asked = [each["sql"] for each in held.captured_queries]
    read = max(at for at, sql in enumerate(asked) if 'FROM "referrals_appointment"' in sql)
    assert read < min(at for at, sql in enumerate(asked) if "audit_chain" in sql)


def test_a_sixteenth_birthday_opens_it(ask, referral, time_machine):
    referral.patient.birth_date = date(2011, 3, 1)
    referral.patient.save()
    a_referral(a_service(), patient=a_patient())
    a_slot(a_service())
    for day, total in (("2027-02-28", 0), ("2027-03-01", 1)):
        time_machine.move_to(f"{day}T10:00:00+00:00", tick=False)
        assert ask(birthdate="2011-03-01")[1]["total"] == total
