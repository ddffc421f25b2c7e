"""A008, A023, A030, A040, A041: lists of what is to do, of people, and of requests."""

from dataclasses import replace

import pytest
from tests.service.ers.bodies import SERVICE, STU3, USER_ID, identified, parameters
from tests.service.ers.calling import (
    a_booking_office,
    a_consultant,
    a_gp,
    a_secretary,
    codes_of,
)
from tests.service.ers.test_retrieving import MADE
from tests.service.people import a_member
from tests.service.referrals import made_up
from tests.service.referrals.made_up import (
    OTHER_HOSPITAL,
    a_patient,
    a_referral,
    a_service,
    a_slot,
    booked,
)

from clockstop.service.accounts.models import Identity, Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import Priority
from clockstop.service.referrals import actions
from clockstop.service.referrals.attachments import File
from clockstop.service.referrals.models import Referral

pytestmark = pytest.mark.django_db
AT = "/STU3/ReferralRequest/$ers.fetchworklist"
ADVICE = "/STU3/CommunicationRequest/$ers.fetchworklist"


def concept(name, system, code):
    found = {"system": f"{STU3}/CodeSystem/eRS-{system}-1", "code": code}
    return {"name": name, "valueCodeableConcept": {"coding": [found]}}


def wanted(code, *more, system="ReferralListSelector"):
    return parameters("FetchWorklist", concept("listType", system, code), *more)


def found(response):
    assert response.status_code == 200, response.content
    return [each["item"]["reference"].split("/")[1] for each in response.json()["entry"]]


OF_PROVIDERS = ("REFERRALS_FOR_REVIEW", "APPOINTMENT_SLOT_ISSUES")
OF_REFERRERS = (
    "REJECTED_TRIAGE_RESPONSE",
    "ASSESSMENT_RETURNED_CANCELLED_DNA",
    "AWAITING_BOOKING",
    "LETTERS_OUTSTANDING",
)
EXPECTED = {
    "REFERRALS_FOR_REVIEW": {"BOOKED", "AWAITING_TRIAGE"},
    "APPOINTMENT_SLOT_ISSUES": {"DEFERRED_TO_PROVIDER"},
    "REJECTED_TRIAGE_RESPONSE": {"REJECTED", "TRIAGE_RESPONSE"},
    "ASSESSMENT_RETURNED_CANCELLED_DNA": {"APPT_CANCELLED_BY_PATIENT", "DID_NOT_ATTEND"},
    "AWAITING_BOOKING": {
        "NOT_BOOKED",
        "AWAITING_TRIAGE",
        "DEFERRED_TO_PROVIDER",
        "TRIAGED_PROVIDER_TO_ACTION",
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_list_holds_the_states_it_is_for(name):
    for made in MADE:
        made()
    caller = a_consultant() if name in OF_PROVIDERS else a_gp()
    ubrns = found(caller.post(AT, wanted(name)))
    states = Referral.objects.filter(ubrn__in=ubrns).values_list("state", flat=True)
    assert set(states) == EXPECTED[name]


def test_letters_that_are_due_are_listed():
    referral = a_referral()
    a_referral(letter_follows=False)
    assert found(a_gp().post(AT, wanted("LETTERS_OUTSTANDING"))) == [referral.ubrn]


def test_a_list_holds_ones_own_organisation_alone():
    booked()
    body = wanted("REFERRALS_FOR_REVIEW")
    assert len(found(a_consultant().post(AT, body))) == 1
    assert found(a_consultant(OTHER_HOSPITAL).post(AT, body)) == []
    a_referral()
    assert found(a_gp("A81002").post(AT, wanted("AWAITING_BOOKING"))) == []


@pytest.mark.parametrize("name", [*OF_PROVIDERS, *OF_REFERRERS])
def test_a_list_is_for_its_side(name):
    caller = a_gp() if name in OF_PROVIDERS else a_consultant()
    response = caller.post(AT, wanted(name))
    assert (response.status_code, codes_of(response)) == (403, ["FORBIDDEN"])


def test_a_provider_filters_by_service_specialty_and_clinician():
    service, other = a_service(), a_service(specialty="UROLOGY")
    gp = made_up.a_referrer()
    ubrns = {}
    for each, clinician in ((service, "021600556514"), (other, "")):
        slot = a_slot(each, clinician=clinician)
        search = made_up.SEARCH
        referral = a_referral(each, actor=gp, criteria=search)
        actions.book(actor=gp, referral_id=referral.pk, slot_id=slot.pk)
        ubrns[each.pk] = referral.ubrn
    system = "https://x/STU3/CodeSystem/SPECIALTY"
    urology = {
        "name": "specialty",
        "valueCodeableConcept": {"coding": [{"system": system, "code": "UROLOGY"}]},
    }
    clinician = identified("clinician", USER_ID, "021600556514")
    assigned = concept("clinicianAssignedIndicator", "AssignedIndicator", "ASSIGNED")
    unassigned = concept("clinicianAssignedIndicator", "AssignedIndicator", "NOT_ASSIGNED")
    no_specialty = concept("specialtyAssignedIndicator", "AssignedIndicator", "NOT_ASSIGNED")
    for more, expected in (
        ((identified("service", SERVICE, service.pk),), [service.pk]),
        ((urology,), [other.pk]),
        ((clinician,), [service.pk]),
        ((assigned, clinician), [service.pk]),
        ((unassigned,), [other.pk]),
        ((no_specialty,), []),
        ((identified("service", SERVICE, "x"),), []),
    ):
        body = wanted("REFERRALS_FOR_REVIEW", *more)
        assert found(a_consultant().post(AT, body)) == [ubrns[key] for key in expected], more


def told_of(referral, name="REFERRALS_FOR_REVIEW"):
    """The line of a referral on a list, by name."""
    entries = a_consultant().post(AT, wanted(name)).json()["entry"]
    (entry,) = [each for each in entries if each["item"]["reference"].endswith(referral.ubrn)]
    return {each["url"]: each for each in entry["extension"][0]["extension"]}


def code_in(line, name):
    return line[name]["valueCodeableConcept"]["coding"][0]["code"]


@pytest.mark.parametrize(
    ("is_urgent", "has_letter", "status"),
    [
        (False, False, "NEVER_REVIEWED"),
        (True, False, "PRIORITY_CHANGED"),
        (False, True, "LETTER_CHANGED"),
        (True, True, "PRIORITY_AND_LETTER_CHANGED"),
    ],
)
def test_what_changed_since_a_review_is_told(is_urgent, has_letter, status):
    """Returned with advice, then sent again."""
    service, gp = a_service(takes_triage=True), made_up.a_referrer()
    referral = a_referral(service, triage=True)
    assert code_in(told_of(referral), "requestContextStatus") == "NEVER_REVIEWED"
    actions.return_with_advice(
        actor=made_up.a_clinician(), referral_id=referral.pk, comment="Send a scan"
    )
    priority = Priority.URGENT if is_urgent else Priority.ROUTINE
    actions.change_shortlist(
        actor=gp,
        referral_id=referral.pk,
        services=[service.pk],
        criteria=replace(made_up.SEARCH, priority=priority),
        send_for_triage=True,
    )
    if has_letter:
        files = [File("scan.pdf", b"%PDF-1.7 a scan")]
        actions.attach(actor=gp, referral_id=referral.pk, files=files)
    line = told_of(referral)
    assert code_in(line, "requestContextStatus") == status
    assert ("clinicalInfoFirstSubmitted" in line) is has_letter


@pytest.mark.parametrize(
    ("request_of", "status"),
    [
        ({"clinical_information": "A painful hip"}, "PRESENT"),
        ({}, "NOT_DUE"),
        ({"letter_follows": False}, "NOT_APPLICABLE"),
    ],
)
def test_a_slot_issue_says_whether_a_letter_is_there(request_of, status):
    service, gp = a_service(), made_up.a_referrer()
    referral = a_referral(service, **request_of)
    why = "NO_SLOTS_AT_SERVICE"
    actions.defer(actor=gp, referral_id=referral.pk, service_id=service.pk, reason=why)
    line = told_of(referral, "APPOINTMENT_SLOT_ISSUES")
    assert code_in(line, "clinicalInformationStatus") == status


def test_a_practice_has_no_filters():
    body = wanted("AWAITING_BOOKING", identified("service", SERVICE, 1))
    assert codes_of(a_gp().post(AT, body)) == ["UNEXPECTED_FIELD"]
    assert codes_of(a_gp().post(AT, wanted("COLOURS"))) == ["INVALID_CODE"]


def a_question(**kept):
    service = a_service(takes_advice=True, advice_convertible=True, **kept)
    return actions.ask(
        actor=made_up.a_referrer(),
        patient=a_patient(),
        service_id=service.pk,
        question="What next?",
        may_convert=True,
    )


def test_questions_that_wait_are_listed_for_the_provider_that_was_asked():
    question = a_question()
    body = wanted("ADVICE_AND_GUIDANCE_REQUESTS", system="CommunicationListSelector")
    assert found(a_consultant().post(ADVICE, body)) == [question.ubrn]
    assert found(a_consultant(OTHER_HOSPITAL).post(ADVICE, body)) == []


def test_somebody_is_told_their_business_functions_at_each_organisation():
    caller = a_booking_office()
    Membership.objects.create(
        person=caller.member.person,
        organisation_code="A81001",
        icb_code="QAA",
        role=Role.REFERRER,
        starts=caller.member.starts,
        granted_by="test",
    )
    told = caller.get("/R4/PractitionerRole").json()
    held = {
        each["resource"]["organization"]["identifier"]["value"]: {
            code["coding"][0]["code"] for code in each["resource"]["code"]
        }
        for each in told["entry"]
    }
    assert held == {
        "RAA": {"SERVICE_PROVIDER_ADMIN", "SERVICE_PROVIDER_CLINICIAN_ADMIN"},
        "A81001": {"REFERRING_CLINICIAN"},
    }


def test_an_administrator_is_told_on_whose_behalf_they_may_act():
    clinician = a_member(Role.PROVIDER_CLINICIAN)
    Identity.objects.create(
        person=clinician.person, issuer="https://x.test", subject="111111111111"
    )
    a_member(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL)
    query = {"_query": "onBehalfOf"}
    told = a_booking_office().get("/R4/Practitioner", query).json()
    assert [each["resource"]["id"] for each in told["entry"]] == ["111111111111"]
    assert a_secretary().get("/R4/Practitioner", query).json()["total"] == 0
    response = a_booking_office().get("/R4/Practitioner")
    assert (response.status_code, codes_of(response)) == (400, ["REC_BAD_REQUEST"])


@pytest.mark.parametrize("system", ["", "https://fhir.nhs.uk/Id/UBRN|"])
def test_a_booking_reference_is_found_by_those_who_see_it(system):
    referral, question = booked(), a_question()
    for each, kind in ((referral, "referral"), (question, "request")):
        query = {"identifier": f"{system}{each.ubrn}"}
        (entry,) = a_gp().get("/R4/ServiceRequest", query).json()["entry"]
        assert entry["resource"]["category"][0]["coding"][0]["code"] == kind
        assert a_gp("A81002").get("/R4/ServiceRequest", query).json()["total"] == 0


@pytest.mark.parametrize("said", ["", "x", "https://x|000000000001", "1" * 30])
def test_what_is_no_booking_reference_is_refused(said):
    response = a_gp().get("/R4/ServiceRequest", {"identifier": said})
    assert (response.status_code, codes_of(response)) == (400, ["REC_BAD_REQUEST"])


def test_the_newer_operations_refuse_in_their_own_shape():
    caller = a_gp()
    at = "/R4/ServiceRequest"
    response = caller.get(at, Authorization=None)
    assert (response.status_code, codes_of(response)) == (401, ["ACCESS_DENIED"])
    response = caller.get(at, **{"NHSD-End-User-Organisation-ODS": "X"})
    assert (response.status_code, codes_of(response)) == (403, ["REC_FORBIDDEN"])
    response = caller.get(at, Accept="text/html")
    assert (response.status_code, codes_of(response)) == (406, ["REC_NOT_ACCEPTABLE"])
