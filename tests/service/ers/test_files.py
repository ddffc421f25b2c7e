"""A020, A012, A042: a file is uploaded, put to a referral, and fetched."""

from uuid import uuid4

import pytest
from django.test import Client
from tests.service.ers.bodies import STU3, at, coded, on, parameters, text
from tests.service.ers.calling import a_consultant, a_gp, codes_of, contained
from tests.service.referrals.made_up import OTHER_HOSPITAL, a_referral, a_service, booked

from clockstop.service.audit.models import Entry
from clockstop.service.referrals.models import Document

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a letter"


def uploaded(caller, name="letter.pdf", content=PDF):
    return caller.post(
        "/STU3/Binary",
        content,
        Content_Type="application/octet-stream",
        **{"NHSD-eRS-File-Name": name},
    )


def named(location, description="Blood test results", name="referralLetterFile"):
    resource = {
        "meta": {"profile": [f"{STU3}/StructureDefinition/eRS-DocumentReference-1"]},
        "resourceType": "DocumentReference",
        "status": "current",
        "description": description,
        "content": [{"attachment": {"url": location}}],
    }
    return {"name": name, "resource": resource}


def letter(*locations):
    return parameters("MaintainReferralLetter", *(named(each) for each in locations))


def test_a_letter_is_uploaded_put_to_the_referral_and_fetched_by_the_provider():
    referral, caller = booked(), a_gp()
    response = uploaded(caller)
    assert response.status_code == 201
    assert response.content == b""
    step = at(referral, "maintainReferralLetter")
    told = caller.post(step, letter(response["Location"]), **on(referral)).json()
    (document,) = contained(told, "DocumentReference")
    attachment = document["content"][0]["attachment"]
    assert (attachment["title"], attachment["size"]) == ("letter.pdf", len(PDF))
    assert document["description"] == "Blood test results"
    referral.refresh_from_db()
    assert not referral.letter_due
    fetched = a_consultant().get(f"/R4/{attachment['url']}")
    assert fetched.status_code == 307
    path = fetched["Location"].removeprefix("http://testserver")
    file = Client().get(path)
    assert (file.content, file["Content-Type"]) == (PDF, "application/pdf")
    assert file["Cache-Control"] == "no-store"
    assert Client().get(f"{path}x").status_code == 404


def test_a_file_is_seen_by_those_who_see_the_referral_alone():
    referral, caller = booked(), a_gp()
    location = uploaded(caller)["Location"]
    assert a_gp().get(f"/R4/{location}").status_code == 404, "it is with no referral yet"
    caller.post(at(referral, "maintainReferralLetter"), letter(location), **on(referral))
    for other in (a_gp("A81002"), a_consultant(OTHER_HOSPITAL)):
        assert other.get(f"/R4/{location}").status_code == 404
    for key in ("x", uuid4()):
        assert a_gp().get(f"/R4/Binary/{key}").status_code == 404
    Document.objects.update(removed=True)
    assert a_gp().get(f"/R4/{location}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("letter.exe", b"MZ", "INAPPROPRIATE_VALUE"),
        ("letter.pdf", b"no pdf", "INAPPROPRIATE_VALUE"),
        ("letter.pdf", b"%PDF-" + b"x" * 5 * 1024 * 1024, "FILE_SIZE_ERROR"),
        ("", PDF, "MISSING_VALUE"),
    ],
)
def test_a_file_that_is_not_taken_is_refused(name, content, code):
    response = uploaded(a_gp(), name, content)
    assert (response.status_code, codes_of(response)) == (422, [code])
    assert not Document.objects.exists()


def test_a_file_goes_to_one_referral_and_only_from_who_uploaded_it():
    referral, caller = booked(), a_gp()
    step = at(referral, "maintainReferralLetter")
    location = uploaded(caller)["Location"]
    assert codes_of(a_gp().post(step, letter(location), **on(referral))) == ["REFERENCE_NOT_FOUND"]
    caller.post(step, letter(location), **on(referral))
    again = caller.post(step, letter(location), **on(referral))
    assert codes_of(again) == ["REFERENCE_NOT_FOUND"]
    twin = uploaded(caller)["Location"]
    assert codes_of(caller.post(step, letter(twin), **on(referral))) == ["DUPLICATE_FILENAME"]
    assert referral.documents.count() == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (letter(), "MISSING_VALUE"),
        (letter("Binary/x"), "INVALID_FHIR_STRUCTURE"),
        (letter(3), "INVALID_FHIR_STRUCTURE"),
        (parameters("MaintainReferralLetter", text("referralLetterFile", "x")), None),
    ],
)
def test_a_letter_that_names_no_file_is_refused(body, code):
    referral = booked()
    response = a_gp().post(at(referral, "maintainReferralLetter"), body, **on(referral))
    assert codes_of(response)[0] == (code or "INVALID_FHIR_STRUCTURE")


def test_a_file_comes_with_the_outcome_of_a_review_or_neither_is_kept():
    referral = a_referral(a_service(takes_triage=True), triage=True)
    caller, step = a_consultant(), at(referral, "recordReviewOutcome")
    told = coded("reviewOutcome", "ReviewOutcome", "RETURN_TO_REFERRER_WITH_ADVICE")

    def body(location):
        file = named(location, "Condition details", "reviewAttachmentFile")
        return parameters("RecordReviewOutcome", told, text("reviewComments", "See file"), file)

    missing = caller.post(step, body(f"Binary/{uuid4()}"), **on(referral))
    assert codes_of(missing) == ["REFERENCE_NOT_FOUND"]
    referral.refresh_from_db()
    assert referral.state == "AWAITING_TRIAGE"
    answer = caller.post(step, body(uploaded(caller)["Location"]), **on(referral)).json()
    (document,) = contained(answer, "DocumentReference")
    assert document["type"]["coding"][0]["code"] == "PROVIDER"


def test_the_audit_holds_which_file_and_never_its_name():
    referral, caller = booked(), a_gp()
    location = uploaded(caller, "Ada-Test-letter.pdf")["Location"]
    caller.post(at(referral, "maintainReferralLetter"), letter(location), **on(referral))
    details = " ".join(Entry.objects.values_list("detail", flat=True))
    assert location.removeprefix("Binary/") in details
    assert "Ada-Test" not in details
