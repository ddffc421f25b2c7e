"""The pages of both sides and of the practice: what each finds, does and is refused."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.people import PRACTICE, a_member, signed_in
from tests.service.transfers.asking.asked import an_asked_request
from tests.service.transfers.made_up import (
    AGREED,
    FORM,
    HOSPITAL,
    OTHER_HOSPITAL,
    a_capacity,
    a_clinician,
    a_manager,
    a_test_request,
    accepted,
    transferred,
    transferring,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.transfers.actions import moving
from clockstop.service.transfers.models import Activity, AidRequest, PracticeNotice, Transfer
from clockstop.service.transfers.patient.presenter import tracker
from clockstop.service.transfers.states import Aid, Asked

pytestmark = pytest.mark.django_db
TESTS = {"kind": "diagnostic", "diagnostic_tests": ("MRI",), "result_within": 7}


def client_of(organisation_code=HOSPITAL, role=Role.PROVIDER_CLINICIAN):
    return signed_in(Client(), a_member(role, organisation_code))


@pytest.fixture
def sender():
    return client_of(HOSPITAL)


@pytest.fixture
def receiver():
    return client_of(OTHER_HOSPITAL)


def at(name, request, **more):
    return reverse(name, kwargs={"aid_id": request.pk, **more})


def text_of(response):
    return response.content.decode()


def test_the_sender_completes_the_form_and_what_is_missing_is_told_at_its_field(sender):
    request = accepted().request
    page = text_of(sender.get(at("transfer_form", request)))
    assert request.patient.family_name in page
    assert 'name="family_name"' not in page  # the record answers for it
    assert 'name="title"' in page
    address = at("transfer_form", request)
    first = sender.post(address, AGREED | FORM | {"gp_name": "", "referrer_code": "?"})
    assert first.status_code == 400
    assert "Referrer code: found something else" in text_of(first)
    assert Transfer.objects.get(request=request).return_to == AGREED["return_to"]
    shown = re.search(r'name="version" value="(\d+)"', text_of(first))
    second = sender.post(address, AGREED | FORM | {"version": shown[1], "minutes": "12"})
    assert second.status_code == 302
    noted = request.steps.filter(action="fill_data_set").values_list("minutes", flat=True)
    assert list(noted) == [None, 12]
    assert moving.against_start(AidRequest.objects.get(pk=request.pk)) == ()


def test_without_a_return_route_the_form_is_not_whole(sender):
    request = accepted().request
    answer = sender.post(at("transfer_form", request), FORM)
    assert answer.status_code == 400
    assert 'href="#return_to"' in text_of(answer)
    assert "1 element to mend" in text_of(sender.get(at("transfer", request)))


def test_the_receiver_is_told_in_one_sentence_what_the_sender_has_not_filled(receiver):
    request = accepted().request
    address = reverse("aid_act", args=(request.pk, "pass-check"))
    text = text_of(receiver.post(address, {"version": request.version}))
    assert text.count("has not completed the data set yet") == 1
    assert "person title" in text
    assert "return route" in text


def test_the_receiver_receives_on_its_page(sender, receiver):
    request = transferring()
    assert request.patient.name in text_of(receiver.get(reverse("transfer_list", args=["coming"])))
    assert request.patient.name in text_of(sender.get(reverse("transfer_list", args=["sent"])))
    page = text_of(receiver.get(at("transfer", request)))
    assert "Acknowledge the form" in page
    assert "Receive the patient" in page
    assert "RAA-000123" in page
    receiver.post(at("transfer_act", request, act="acknowledge"), {"minutes": "3"})
    request.refresh_from_db()
    step = request.steps.last()
    assert (step.action, step.minutes, request.state) == ("acknowledge", 3, Aid.TRANSFERRING)
    receiver.post(at("transfer_act", request, act="acknowledge"), {"minutes": "4"})
    assert request.steps.last() == step  # said again, it stays as it is
    act = at("transfer_act", request, act="receive")
    assert "Minutes that it took" in text_of(receiver.get(act))
    done = receiver.post(act, {"version": request.version, "minutes": "7"})
    assert done.status_code == 302
    request.refresh_from_db()
    assert (request.state, request.steps.last().minutes) == (Aid.TRANSFERRED, 7)
    assert "Return the patient" in text_of(receiver.get(at("transfer", request)))
    assert Entry.objects.filter(action="opened a transfer").exists()


def test_a_page_that_is_stale_writes_nothing(receiver):
    request = transferring()
    answer = receiver.post(at("transfer_act", request, act="receive"), {"version": 1})
    assert answer.status_code == 409
    request.refresh_from_db()
    assert request.state == Aid.TRANSFERRING


def test_steps_of_the_other_side_are_not_there(sender):
    request = transferring()
    assert sender.get(at("transfer_act", request, act="receive")).status_code == 404


def test_nobody_of_a_third_provider_sees_it():
    request = transferred()
    stranger = client_of("RCC")
    assert stranger.get(at("transfer", request)).status_code == 404
    assert stranger.get(at("transfer_data_set", request)).status_code == 404


def test_a_return_says_why(receiver):
    request = transferred()
    address = at("transfer_act", request, act="return")
    assert receiver.post(address).status_code == 400
    assert AGREED["return_to"] in text_of(receiver.get(address))
    assert receiver.post(address, {"reason": "not_fit", "minutes": "5"}).status_code == 302
    assert request.steps.last().minutes == 5
    back = reverse("transfer_list", args=["back"])
    assert request.patient.name in text_of(client_of(HOSPITAL).get(back))


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (Aid.TRANSFERRED, "You have moved"),
        (Aid.RETURNED, "You are back with your hospital"),
        (Aid.COMPLETED, "Your wait has ended"),
    ],
)
def test_the_patient_reads_what_came_of_a_move(state, title):
    request = transferred()
    asked = an_asked_request(Asked.CLOSED_MOVED, request.pathway)
    AidRequest.objects.filter(pk=request.pk).update(patient_request=asked, state=state)
    found = tracker(asked)
    assert (found.title, found.keeps_place) == (title, False)
    assert OTHER_HOSPITAL in found.words


def test_a_result_goes_back_and_an_unread_one_alarms(sender, receiver):
    request = transferred(accepted(a_test_request(), a_capacity(**TESTS)))
    receiver.post(at("transfer_act", request, act="result"), {"result": "No stenosis"})
    assert request.patient.name in text_of(sender.get(reverse("transfer_list", args=["results"])))
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        late = client_of(HOSPITAL)
        assert "was to be read by" in text_of(late.get(at("transfer", request)))
        assert "Late" in text_of(late.get(reverse("transfer_list", args=["results"])))
        assert late.post(at("transfer_act", request, act="read")).status_code == 302
    request.refresh_from_db()
    assert request.state == Aid.COMPLETED


def test_documents_go_with_it_and_only_the_two_sides_have_them(sender, receiver):
    request = transferring()
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 letter")
    address = at("transfer_attach", request)
    assert sender.post(address, {"files": [letter]}).status_code == 302
    bad = SimpleUploadedFile("run.exe", b"MZ")
    assert "is no PDF" in text_of(sender.post(address, {"files": [bad]}))
    (held,) = request.transfer.documents.all()
    link = reverse("transfer_document", args=[held.pk])
    assert receiver.get(link).content == b"%PDF-1.7 letter"
    assert client_of("RCC").get(link).status_code == 404


def test_the_practice_reads_its_notice_and_the_letter():
    request = transferred()
    practice = client_of(PRACTICE, Role.REFERRER)
    listed = text_of(practice.get(reverse("practice_moves")))
    assert request.patient.name in listed
    assert "&lt;span" not in listed
    notice = PracticeNotice.objects.get(request=request)
    letter = text_of(practice.get(reverse("practice_move_letter", args=[notice.pk])))
    assert "The wait goes on from where it was" in letter
    file = practice.get(reverse("practice_move_file", args=[notice.pk]))
    assert file.content.startswith(b"%PDF-")
    practice.post(reverse("practice_move_read", args=[notice.pk]))
    notice.refresh_from_db()
    first = notice.read_at
    assert first
    practice.post(reverse("practice_move_read", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at == first
    other = client_of("A81002", Role.REFERRER)
    assert other.get(reverse("practice_move_letter", args=[notice.pk])).status_code == 404


def treated(price=125_000):
    made = accepted(capacity=a_capacity(price=price, contract="C-9"))
    request = transferring(made)
    event = {"kind": "treatment_started", "day": timezone.localdate().isoformat()}
    moving.receive(actor=a_clinician(OTHER_HOSPITAL), request_id=request.pk, treated=event)
    return request


def test_the_statement_has_each_line_with_its_price_and_what_to_look_at(receiver):
    request = treated()
    dear, unpriced = Activity.objects.get(), treated(None)
    page = text_of(receiver.get(reverse("transfer_statement")))
    assert "£1,250.00" in page
    assert "No price" in page
    assert request.patient.family_name not in page
    sheet = list(
        csv.DictReader(StringIO(text_of(receiver.get(reverse("transfer_statement_file")))))
    )
    assert {each["reference"] for each in sheet} == {request.reference, unpriced.reference}
    line = next(each for each in sheet if each["reference"] == request.reference)
    assert (line["price_pounds"], line["contract"]) == ("1250.00", "C-9")
    assert (line["pathway_identifier"], line["what"]) == (request.pathway.identifier, "treated")
    Activity.objects.filter(pk=dear.pk).update(noted_at=timezone.now() + timedelta(days=20))
    assert "Entered late" in text_of(receiver.get(reverse("transfer_statement")))
    assert "£1,250.00" not in text_of(client_of("RCC").get(reverse("transfer_statement")))


def test_a_treatment_that_was_corrected_since_is_not_to_be_paid(receiver):
    request = treated()
    pathway = request.pathway
    pathway.refresh_from_db()
    from clockstop.service.pathways import handing

    wrong = f"e{pathway.length}"
    by = a_manager(OTHER_HOSPITAL).for_audit
    handing.enter(pathway, by, "entry_withdrawn", supersedes=wrong)
    page = text_of(receiver.get(reverse("transfer_statement")))
    assert "Corrected since: not to be paid" in page
    assert "Total £0.00" in page


def upload(client, kind, rows, columns):
    text = StringIO()
    table = csv.DictWriter(text, columns)
    table.writeheader()
    table.writerows(rows)
    file = SimpleUploadedFile("file.csv", text.getvalue().encode())
    return client.post(reverse("transfer_files"), {"kind": kind, kind: [file]})


def test_many_forms_are_completed_in_one_file(sender):
    request = accepted().request
    down = text_of(sender.get(reverse("transfer_sheet", args=["to-complete"])))
    (row,) = csv.DictReader(StringIO(down))
    assert (row["reference"], row["family_name"]) == (
        request.reference,
        request.patient.family_name,
    )
    wrong = upload(sender, "forms", [row | FORM | {"referrer_code": "?"}], list(row))
    assert wrong.status_code == 400
    assert "expected a code of a care professional" in text_of(wrong)
    assert not Transfer.objects.exists()
    assert upload(sender, "forms", [row | FORM | AGREED], list(row)).status_code == 200
    assert moving.against_start(AidRequest.objects.get(pk=request.pk)) == ()


def test_answers_come_in_one_file_all_or_none(receiver):
    request, today = transferring(), timezone.localdate().isoformat()
    columns = ["reference", "event", "day", "setting"]
    told = [
        {"reference": request.reference, "event": "received", "day": today},
        {"reference": request.reference, "event": "treated", "day": today, "setting": "admitted"},
    ]
    wrong = [*told, {"reference": "MA-UNKNOWN", "event": "lost", "day": "tomorrow"}]
    refused = upload(receiver, "answers", wrong, columns)
    assert refused.status_code == 400
    assert "found lost, expected one of" in text_of(refused)
    stranger = [*told, {"reference": "MA-UNKNOWN", "event": "received", "day": today}]
    assert "no such transfer" in text_of(upload(receiver, "answers", stranger, columns))
    request.refresh_from_db()
    assert request.state == Aid.TRANSFERRING
    assert "2 answers were taken" in text_of(upload(receiver, "answers", told, columns))
    assert "0 answers were taken" in text_of(upload(receiver, "answers", told, columns))
    request.refresh_from_db()
    assert request.state == Aid.COMPLETED
