"""The pages of mutual aid for a sender and for a provider that helps, by form and by file."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_HOSPITAL,
    OTHER_ICB,
    a_member,
    a_patient,
    signed_in,
)
from tests.service.transfers.made_up import (
    a_capacity,
    a_draft,
    a_manager,
    accepted,
    an_offer,
    an_open_request,
    days_ago,
    days_ahead,
    told,
    waits,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.transfers import bulk, fields
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.models import AidRequest, Capacity, Cohort, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(client):
    return signed_in(client, a_member(Role.PROVIDER_CLINICIAN, HOSPITAL, ICB))


@pytest.fixture
def helper(client):
    return signed_in(client, a_member(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL, ICB))


def page(client, name, /, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def send(client, name, /, *args, **form):
    return client.post(reverse(name, args=args), form)


def days(name, day):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def test_a_request_is_made_from_a_pathway_completed_and_sent(sender):
    pathway = waits()
    assert reverse("aid_new", args=(pathway.pk,)) in page(sender, "pathway", pathway.pk)
    page(sender, "aid_new", pathway.pk)
    answer = send(sender, "aid_new", pathway.pk, kind="treatment", bmi="31", minutes="12")
    made = AidRequest.objects.get()
    assert answer.url == reverse("aid_request", args=(made.pk,))
    assert (made.bmi, made.steps.get().minutes) == (31, 12)
    assert pathway.patient.name in page(sender, "aid_help", show="drafts")
    assert "Never ask for money" in page(sender, "aid_act", made.pk, "consent")
    for act, form in (
        ("consent", {"agrees": "yes", "distance": "50"}),
        ("sign-clinical", {}),
        ("sign-social", {}),
        ("submit", {}),
    ):
        made.refresh_from_db()
        answer = send(sender, "aid_act", made.pk, act, version=made.version, **form)
        assert answer.status_code == 302, answer.content.decode()
    made.refresh_from_db()
    assert (made.state, made.distance) == ("OPEN", 50)
    whole = page(sender, "aid_request", made.pk)
    assert "50 miles" in whole
    assert "Ask for help" in whole


def test_what_is_wrong_stands_at_its_field(sender):
    pathway = waits()
    answer = send(sender, "aid_new", pathway.pk, kind="treatment", bmi="heavy", procedure="HIP")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "expected a whole number" in text
    assert not AidRequest.objects.exists()


def test_a_changed_draft_may_lose_what_it_said(sender):
    made = a_draft(bmi=40)
    form = fields.written(fields.NEEDS, made) | {"bmi": "", "asa": "3", "version": "1"}
    assert send(sender, "aid_act", made.pk, "change", **form).status_code == 302
    made.refresh_from_db()
    assert (made.bmi, made.asa) == (None, 3)


def test_who_read_an_older_version_is_told(sender):
    made = a_draft()
    send(sender, "aid_act", made.pk, "sign-social", version=1)
    answer = send(sender, "aid_act", made.pk, "consent", version=1, agrees="yes")
    assert answer.status_code == 409
    assert "Nothing of yours was saved" in answer.content.decode()


def test_others_read_a_request_under_its_reference(helper):
    request = an_open_request(bmi=38)
    a_capacity(max_bmi=35)
    for text in (page(helper, "mutual_aid"), page(helper, "aid_request", request.pk)):
        assert request.reference in text
        assert "BMI 38 is over the ceiling of 35" in text
        for trace in (
            request.patient.family_name,
            request.patient.nhs_number,
            request.pathway.identifier,
            request.district or "ZZ99",
        ):
            assert trace not in text


def test_a_place_is_offered_by_form_and_a_warning_is_overridden_with_words(helper):
    request = an_open_request(bmi=38)
    capacity = a_capacity(max_bmi=35)
    form = {"version": request.version, "capacity": str(capacity.pk), **days("day", days_ahead(9))}
    answer = send(helper, "aid_act", request.pk, "offer", **form)
    assert answer.status_code == 400
    assert "BMI 38" in answer.content.decode()
    answer = send(helper, "aid_act", request.pk, "offer", **form, override="Seen last week")
    assert answer.status_code == 302
    assert Offer.objects.get().day == days_ahead(9)
    assert request.reference in page(helper, "aid_offers")


def test_the_patients_answer_is_taken_on_the_phone(sender):
    made = told()
    assert made.team in page(sender, "aid_request", made.request_id)
    page(sender, "aid_act", made.request_id, "choose")
    version = AidRequest.objects.get().version
    answer = send(sender, "aid_act", made.request_id, "choose", version=version, offer=str(made.pk))
    assert answer.status_code == 302
    assert AidRequest.objects.get().state == "ACCEPTED"


def test_who_was_accepted_sees_the_patient_and_can_fail_the_check(helper):
    made = accepted()
    assert made.request.patient.name in page(helper, "aid_request", made.request_id)
    assert made.request.patient.name in page(helper, "aid_offers")
    page(helper, "aid_act", made.request_id, "pass-check")
    answer = send(
        helper,
        "aid_act",
        made.request_id,
        "fail-check",
        version=made.request.version,
        reason="23",
    )
    assert answer.status_code == 302
    assert AidRequest.objects.get().state == "OPEN"


def test_an_act_that_does_not_stand_open_is_not_there(helper):
    request = an_open_request()
    answer = helper.get(reverse("aid_act", args=(request.pk, "withdraw")))
    assert answer.status_code == 404


def test_capacity_is_posted_changed_and_withdrawn(helper):
    page(helper, "aid_capacity_new")
    form = {
        "kind": "treatment",
        "treatment_function": "C_110",
        "team": "Hips",
        "places": "3",
        "price_basis": "local",
        "price": "1,200.50",
        "minutes": "4",
        **days("first_date", days_ahead(1)),
        **days("last_date", days_ahead(30)),
        **days("expires_on", days_ahead(20)),
    }
    answer = send(helper, "aid_capacity_new", **form | {"places": ""})
    assert answer.status_code == 400
    assert send(helper, "aid_capacity_new", **form).status_code == 302
    held = Capacity.objects.get()
    assert (held.places, held.price, held.minutes) == (3, 120_050, 4)
    assert "£1,200.50" in page(helper, "aid_capacity")
    page(helper, "aid_capacity_change", held.pk)
    form |= {"places": "5", "version": "1"}
    assert send(helper, "aid_capacity_change", held.pk, **form).status_code == 302
    assert send(helper, "aid_capacity_change", held.pk, **form).status_code == 409
    an_offer(capacity=Capacity.objects.get())
    page(helper, "aid_capacity_withdraw", held.pk)
    why = {"reason": "staff", "minutes": "2"}
    assert send(helper, "aid_capacity_withdraw", held.pk, **why).status_code == 302
    assert Offer.objects.get().state == "WITHDRAWN"
    held.refresh_from_db()
    assert held.minutes == 4 + 4 + 2  # of posting, changing and withdrawing it


def test_an_offer_is_taken_back_by_its_provider(helper):
    made = an_offer()
    page(helper, "aid_take_back", made.pk)
    assert send(helper, "aid_take_back", made.pk, reason="").status_code == 400
    assert send(helper, "aid_take_back", made.pk, reason="staff").status_code == 302
    assert AidRequest.objects.get().state == "OPEN"


def a_test(patient, **typed):
    """The form of a direct-access test, as it is typed."""
    return {
        "nhs_number": patient.nhs_number,
        "diagnostic_test": "MRI",
        "protocol": "Left knee: is the meniscus torn?",
        **dict(zip(DAY, (days_ago(20).day, days_ago(20).month, days_ago(20).year), strict=True)),
    } | typed


DAY = ("waiting_since-day", "waiting_since-month", "waiting_since-year")


def test_a_direct_access_test_is_asked_for_without_a_pathway(sender):
    patient = waits().patient
    assert reverse("aid_new_test") in page(sender, "aid_help")
    assert "no waiting time clock" in page(sender, "aid_new_test")
    answer = send(sender, "aid_new_test", **a_test(patient))
    made = AidRequest.objects.get()
    assert answer["Location"] == reverse("aid_request", args=(made.pk,))
    assert (made.pathway, made.patient, made.kind) == (None, patient, "diagnostic")
    assert (made.waiting_since, made.reported_by) == (days_ago(20), "sender")
    page(sender, "aid_request", made.pk)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"nhs_number": ""}, "NHS number: found nothing"),
        ({"nhs_number": "943 476 5918"}, "Enter an NHS number"),
        ({"nhs_number": "9434765919"}, "You hold no record with this NHS number"),
        ({"diagnostic_test": ""}, "Test: found nothing"),
        ({"waiting_since-day": "40"}, "enter a real day"),
        ({"waiting_since-year": str(days_ahead(400).year)}, "between the day of birth and today"),
    ],
)
def test_what_is_wrong_with_a_direct_access_test_is_said_at_its_field(sender, typed, words):
    answer = send(sender, "aid_new_test", **a_test(waits().patient, **typed))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not AidRequest.objects.exists()


def test_nobody_finds_a_patient_of_others_by_their_number(sender):
    stranger = a_patient(icb_code=OTHER_ICB)
    answer = send(sender, "aid_new_test", **a_test(stranger))
    assert "You hold no record with this NHS number" in answer.content.decode()


def test_a_part_of_the_list_is_asked_for_at_once_without_cancer(sender):
    for _ in range(2):
        waits()
    waits(priority="3")
    an_open_request()
    assert reverse("aid_cohort") in page(sender, "tracking")
    text = page(sender, "aid_cohort")
    assert "2 patients" in text
    assert "1: on a cancer list" in text
    assert "1: help is asked for already" in text
    assert send(sender, "aid_cohort", name="").status_code == 400
    assert send(sender, "aid_cohort", name="Hips").status_code == 302
    assert Cohort.objects.get().requests.count() == 2


def file_of(table, *lines):
    text = "\r\n".join(lines)
    return {"files": SimpleUploadedFile(f"{table}.csv", text.encode(), "text/csv")}


def test_requests_come_as_a_file_whole_or_not_at_all(sender):
    first, second, cancer = waits(), waits(), waits(priority="3")
    header = "pathway_identifier,pathway_issuer,bmi,diagnostic_test"
    wrong = file_of(
        bulk.REQUESTS,
        header,
        f"{first.identifier},{first.issuer},31,",
        f"{second.identifier},{second.issuer},heavy,XRAY",
        f"99999999999999999999,{HOSPITAL},,",
        f"{cancer.identifier},{cancer.issuer},,",
    )
    answer = sender.post(reverse("aid_files", args=(bulk.REQUESTS,)), wrong)
    text = answer.content.decode()
    assert answer.status_code == 400
    for words in ("heavy", "XRAY"):
        assert words in text
    assert not AidRequest.objects.exists()
    wrong = file_of(
        bulk.REQUESTS,
        header,
        f"99999999999999999999,{HOSPITAL},,",
        f"{cancer.identifier},{cancer.issuer},,",
        f"{first.identifier},{first.issuer},95,",
    )
    answer = sender.post(reverse("aid_files", args=(bulk.REQUESTS,)), wrong)
    text = answer.content.decode()
    for words in ("a pathway of your own list", "go one by one", "from 10 to 90"):
        assert words in text
    assert not AidRequest.objects.exists()
    right = file_of(
        bulk.REQUESTS,
        header,
        f"{first.identifier},{first.issuer},31,",
        f"{second.identifier},{second.issuer},,",
    )
    assert sender.post(reverse("aid_files", args=(bulk.REQUESTS,)), right).status_code == 302
    assert {each.bmi for each in AidRequest.objects.all()} == {31, None}


def test_direct_access_tests_come_as_a_file_whole_or_not_at_all(sender):
    first, second, stranger = waits().patient, waits().patient, a_patient(icb_code=OTHER_ICB)
    header = "nhs_number,diagnostic_test,waiting_since,protocol"
    address, day = reverse("aid_files", args=(bulk.TESTS,)), str(days_ago(20))
    wrong = file_of(
        bulk.TESTS,
        header,
        f"{first.nhs_number},MRI,{day},Spine",
        f"{second.nhs_number},XRAY,soon,",
        f"{stranger.nhs_number},MRI,{day},Spine",
        f"{first.nhs_number},MRI,{day},Spine",
        f"{second.nhs_number},CT,{days_ahead(9)},Spine",
    )
    answer = sender.post(address, wrong)
    text = answer.content.decode()
    assert answer.status_code == 400
    told = text.split("<tbody")[1]
    for words in ("XRAY", "soon", "hold no record", "again, expected once (row 2)", "day of birth"):
        assert words in told
    assert told.count("<tr") == 5
    assert stranger.nhs_number not in text
    assert not AidRequest.objects.exists()
    right = file_of(bulk.TESTS, header, f"{first.nhs_number},MRI,{day},Spine")
    answer = sender.post(address, right)
    assert answer["Location"].startswith(reverse("aid_help"))
    made = AidRequest.objects.get()
    assert (made.pathway, made.patient, made.kind) == (None, first, "diagnostic")


def test_direct_access_tests_go_down_and_come_up_the_same(sender):
    held = aid.create_direct(
        actor=a_manager(),
        patient_id=waits().patient.pk,
        waiting_since=days_ago(30),
        needs=aid.Needs(
            diagnostic_test="CT",
            protocol="- chest\r\nIs there an embolus?",
            contrast=True,
            needs=("interpreter", "hoist"),
            distance=25,
            needed_by=days_ahead(9),
        ),
    )
    waits_too = a_draft()
    down = sender.get(reverse("aid_download", args=(bulk.TESTS,))).content.decode()
    table = list(csv.reader(io.StringIO(down)))
    assert table[0][2:] == list(bulk.columns(bulk.TESTS))
    assert [row[0] for row in table[1:]] == [held.reference]
    entry = Entry.objects.filter(action="exported requests for help").get()
    assert held.patient.nhs_number not in str(entry.detail)
    requests = sender.get(reverse("aid_download", args=(bulk.REQUESTS,))).content.decode()
    assert (waits_too.reference in requests, held.reference in requests) == (True, False)
    aid.withdraw(actor=a_manager(), request_id=held.pk, reason="error")
    answer = sender.post(reverse("aid_files", args=(bulk.TESTS,)), file_of(bulk.TESTS, down))
    assert answer.status_code == 302, answer.content.decode()
    again = AidRequest.objects.filter(pathway=None).exclude(pk=held.pk).get()
    assert again.patient == held.patient
    for name in bulk.columns(bulk.TESTS)[1:]:
        assert getattr(again, name) == getattr(held, name)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([""], "found no such column"),
        (["team,colour"], "colour"),
        (["\ufeffkind,team,places,first_date,last_date,expires_on,price_basis"], "found no row"),
        (["kind,team,places,first_date,last_date,expires_on,price_basis", "treatment"], "1 cells"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_what_is_wrong(helper, lines, words):
    answer = helper.post(reverse("aid_files", args=(bulk.CAPACITY,)), file_of("capacity", *lines))
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_capacity_goes_down_and_comes_up_the_same(helper):
    held = a_capacity(max_bmi=35, procedures=("W37", "W38"), price=99_900)
    down = helper.get(reverse("aid_download", args=(bulk.CAPACITY,))).content.decode()
    header, row = down.splitlines()
    columns = header.split(",")
    assert columns[3:] == list(bulk.columns(bulk.CAPACITY))
    assert row.startswith(str(held.pk))
    answer = helper.post(reverse("aid_files", args=(bulk.CAPACITY,)), file_of("capacity", down))
    assert answer.status_code == 302, answer.content.decode()
    first, second = Capacity.objects.order_by("posted_at")
    for name in bulk.columns(bulk.CAPACITY):
        assert getattr(first, name) == getattr(second, name)


def test_requests_go_down_without_a_name(sender):
    made = an_open_request(waits(a_patient(), days_ago(200)))
    down = sender.get(reverse("aid_download", args=(bulk.REQUESTS,))).content.decode()
    assert made.reference in down
    assert made.patient.family_name not in down
