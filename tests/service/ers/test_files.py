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
REFERENCE = "DocumentReference"


def uploaded(caller, name="letter.pdf", content=PDF, to=None, **headers):
    """A file on its own; ``to`` is the request that it is meant for."""
    meant = {"NHSD-eRS-Referral-ID": to.ubrn} if to else {}
    sent = {"Content-Type": "application/octet-stream", "NHSD-eRS-File-Name": name} | meant
    return caller.post("/STU3/Binary", content, **(sent | headers))


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
    response = uploaded(caller, to=referral)
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
    location = uploaded(caller, to=referral)["Location"]
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
    location = uploaded(caller, to=referral)["Location"]
    assert codes_of(a_gp().post(step, letter(location), **on(referral))) == ["REFERENCE_NOT_FOUND"]
    caller.post(step, letter(location), **on(referral))
    again = caller.post(step, letter(location), **on(referral))
    assert codes_of(again) == ["NO_CHANGES_DETECTED"]
    twin = uploaded(caller, to=referral)["Location"]
    for both in (letter(location, twin), letter(location, location)):
        refused = caller.post(step, both, **on(referral))
        assert codes_of(refused) == ["DUPLICATE_FILENAME"]
    assert referral.documents.count() == 1


def test_the_letter_is_the_files_that_are_named():
    """Published: the call replaces the set, and names all that are to stay."""
    referral, caller = booked(), a_gp()
    step = at(referral, "maintainReferralLetter")
    first, second, third = (
        uploaded(caller, f"{each}.pdf", to=referral)["Location"] for each in "abc"
    )
    caller.post(step, letter(first, second), **on(referral))
    told = caller.post(step, letter(second, third), **on(referral)).json()
    titles = [each["content"][0]["attachment"]["title"] for each in contained(told, REFERENCE)]
    assert titles == ["b.pdf", "c.pdf"]
    assert a_consultant().get(f"/R4/{first}").status_code == 404
    body = parameters("MaintainReferralLetter", named(second, "Said anew"), named(third, None))
    told = caller.post(step, body, **on(referral)).json()
    said = [each.get("description") for each in contained(told, REFERENCE)]
    assert said == ["Said anew", None]
    assert caller.post(step, letter(), **on(referral)).status_code == 422
    audited = Entry.objects.filter(action="referral: removed a file")
    assert [each.subject for each in audited] == [str(referral.pk)]


def test_a_file_goes_to_the_request_for_which_it_was_uploaded():
    referral, other, caller = booked(), booked(), a_gp()
    step = at(referral, "maintainReferralLetter")
    for meant in (None, other):
        location = uploaded(caller, to=meant)["Location"]
        refused = caller.post(step, letter(location), **on(referral))
        assert codes_of(refused) == ["INAPPROPRIATE_VALUE"]
    assert not referral.documents.exists()


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"NHSD-eRS-Referral-ID": "mine"}, "INVALID_VALUE"),
        ({"NHSD-eRS-File-Name": "letters/mine.pdf"}, "INVALID_VALUE"),
        ({"NHSD-eRS-File-Name": f"{'x' * 100}.pdf"}, "INVALID_VALUE"),
        ({"Content-Type": "image/png"}, "CONFLICTING_VALUES"),
    ],
)
def test_what_is_said_of_a_file_is_kept_or_refused(headers, code):
    response = uploaded(a_gp(), **headers)
    assert (response.status_code, codes_of(response)) == (422, [code])
    assert uploaded(a_gp(), **{"Content-Type": "application/pdf"}).status_code == 201


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "superseded"}, "INVALID_VALUE"),
        ({"type": {"coding": [{"code": "PROVIDER"}]}}, "INVALID_VALUE"),
        ({"description": "x" * 3000}, None),
    ],
)
def test_what_is_said_with_a_letter_is_kept_or_refused(change, code):
    referral, caller = booked(), a_gp()
    body = letter(uploaded(caller, to=referral)["Location"])
    body["parameter"][0]["resource"] |= change
    response = caller.post(at(referral, "maintainReferralLetter"), body, **on(referral))
    if code:
        assert codes_of(response) == [code]
    else:
        (document,) = contained(response.json(), REFERENCE)
        assert document["description"] == change["description"]


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
    answer = caller.post(
        step, body(uploaded(caller, to=referral)["Location"]), **on(referral)
    ).json()
    (document,) = contained(answer, "DocumentReference")
    assert document["type"]["coding"][0]["code"] == "PROVIDER"


def test_the_audit_holds_which_file_and_never_its_name():
    referral, caller = booked(), a_gp()
    location = uploaded(caller, "Ada-Test-letter.pdf", to=referral)["Location"]
    caller.post(at(referral, "maintainReferralLetter"), letter(location), **on(referral))
    details = " ".join(Entry.objects.values_list("detail", flat=True))
    assert location.removeprefix("Binary/") in details
    assert "Ada-Test" not in details
