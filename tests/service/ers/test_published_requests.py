"""Every published request, once it names our own records: run, or named with why it cannot be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.ers.bodies import appointment, at, on
from tests.service.ers.calling import (
    a_consultant,
    a_gp,
    a_secretary,
    codes_of,
    contained,
)
from tests.service.ers.published import example, folder
from tests.service.ers.test_files import uploaded
from tests.service.ers.test_worklists import a_question
from tests.service.people import a_member
from tests.service.referrals.made_up import a_patient, a_referral, a_service, a_slot, booked

from clockstop.service.accounts.models import Identity
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.specialties import clinic_types
from clockstop.service.ers.operations import operations
from clockstop.service.ers.resources.criteria import resource, sought, specialties
from clockstop.service.referrals.criteria import Limits

pytestmark = pytest.mark.django_db
REFERRALS = "/STU3/ReferralRequest"
CLINICIAN = "021600556514"
NO_TERMS = ["SNOMED_NOT_FOUND"]
# Not an operation of this service, in the words of its own table.
NOT_DONE = {"createAdviceAndGuidance": "A044"}


def parameters_of(body):
    return {each["name"]: each for each in body["parameter"]}


def named_in(body):
    """The patient and the clinician of a body are ours, and its start of the pathway is of late."""
    told = parameters_of(body)
    told["patient"]["valueIdentifier"]["value"] = a_patient().nhs_number
    body["parameter"] = [e for e in body["parameter"] if e["name"] != "eReferralPathwayStart"]
    if "referringClinician" not in told:
        return a_gp()
    referrer = a_member(Role.REFERRER, "A81001")
    Identity.objects.create(person=referrer.person, issuer="cis2", subject=CLINICIAN)
    return a_secretary()


def shortlisted(body, *, triage=False):
    """Services that satisfy the search of a shortlist stand on it; what no service has is out."""
    shortlist = parameters_of(body)["shortlist"]["resource"]
    (criteria,) = shortlist["contained"]
    told = parameters_of(criteria)
    criteria["parameter"] = [e for e in criteria["parameter"] if e["name"] != "clinicalTerm"]
    kinds = [e["valueCoding"]["code"] for name, e in told.items() if name == "clinicType"]
    special = told.get("specialty", {}).get("valueCoding", {}).get("code", "CARDIOLOGY")
    code = told.get("organisation", {}).get("valueIdentifier", {}).get("value", "RAA")
    for each in shortlist["entry"]:
        service = a_service(
            code,
            clinicians=(CLINICIAN,),
            clinic_types=tuple(kinds),
            specialty=special,
            takes_triage=triage,
            two_week_wait=True,
        )
        each["item"]["identifier"]["value"] = str(service.pk)
    return told


def search(body, name):
    caller, term = named_in(body), "clinicalTerm" in str(body)
    kind = parameters_of(body)["requestType"]["valueCoding"]["code"]
    a_slot(
        a_service(
            specialty="CARDIOLOGY",
            clinic_types=("LIPID_MANAGEMENT",),
            clinicians=(CLINICIAN,),
            takes_advice=kind.startswith("ADVICE"),
        )
    )
    path = "/STU3/HealthcareService/$ers.searchHealthcareServicesForPatient"
    response = caller.post(path, body)
    if term:
        assert codes_of(response) == NO_TERMS
    else:
        assert len(response.json()["entry"]) == 1
    return response, 422 if term else 200


def create(body, name, step="createReferral"):
    triage = step != "createReferral"
    caller = named_in(body)
    if "clinicalTerm" in str(body):
        assert codes_of(caller.post(f"{REFERRALS}/$ers.{step}", body)) == NO_TERMS
    sent = shortlisted(body, triage=triage)
    response = caller.post(f"{REFERRALS}/$ers.{step}", body)
    (searched,) = contained(response.json(), "Parameters")
    told = parameters_of(searched)
    for each in ("postcode", "distanceLimit", "indicativeAppointmentWaitTimeLimit"):
        assert told.get(each) == sent.get(each)
    return response, 201


def create_for_triage(body, name):
    return create(body, name, "createReferralAndSendForTriage")


def change(body, name, step="changeShortlist"):
    shortlisted(body, triage=step != "changeShortlist")
    referral = a_referral()
    return a_gp().post(at(referral, step), body, **on(referral)), 200


def change_for_triage(body, name):
    return change(body, name, "changeShortlistAndSendForTriage")


def worklist(body, name):
    caller = a_gp() if name.startswith("Minimal") else a_consultant()
    if name in {"MinimalAppointmentSlotIssues", "MinimalReferralsForReview"}:
        caller = a_consultant()
    booked()
    return caller.post(f"{REFERRALS}/$ers.fetchworklist", body), 200


def advice_worklist(body, name):
    a_question()
    return a_consultant().post("/STU3/CommunicationRequest/$ers.fetchworklist", body), 200


def book(body, name):
    is_booking = body["status"] == "booked"
    clinician = CLINICIAN if name == "BookingWithNamedClinician" else ""
    service = a_service(takes_triage=name == "TriageDeferral")
    referral = a_referral(service)
    slot = a_slot(service, clinician=clinician, status="free" if is_booking else "booked")
    ours = appointment(referral, service, slot=slot, reason="" if is_booking else "x")
    for key in ("incomingReferral", "slot", "start", "end"):
        if key in body:
            body[key] = ours[key]
    body["participant"][:2] = ours["participant"]
    response = a_gp().post("/STU3/Appointment", body)
    assert response.json().get("comment") == body.get("comment")
    return response, 201


def cancel_appointment(body, name):
    referral = booked()
    held = referral.appointments.get()
    ours = appointment(referral, held.service)
    body |= {key: ours[key] for key in ("incomingReferral", "participant")} | {"id": str(held.pk)}
    response = a_gp().put(f"/STU3/Appointment/{held.pk}", body, **on(held))
    published = example(f"stu3/updateAppointment/responses/{name}")
    if published["resourceType"] == "OperationOutcome":
        codes = [each["details"]["coding"][0]["code"] for each in published["issue"]]
        assert codes_of(response) == codes
        return response, 422
    return response, 200


def cancel(body, name):
    """By the side whose reason it is."""
    responses = []
    for caller in (a_gp(), a_consultant()):
        referral = booked()
        responses.append(caller.post(at(referral, "cancelReferral"), body, **on(referral)))
    return min(responses, key=lambda each: each.status_code), 200


def with_files(body, caller, request):
    """Each file that a body names was uploaded for the request."""
    for place, each in enumerate(body["parameter"]):
        if "resource" in each and each["resource"]["resourceType"] == "DocumentReference":
            location = uploaded(caller, f"{place}.pdf", to=request)["Location"]
            each["resource"]["content"][0]["attachment"]["url"] = location
    return body


def of_provider(made, step):
    def run(body, name):
        referral, caller = made(), a_consultant()
        body = with_files(body, caller, referral)
        return caller.post(at(referral, step), body, **on(referral)), 200

    return run


def triaged():
    return a_referral(a_service(takes_triage=True), triage=True)


def put_letter(body, name):
    referral, caller = booked(), a_gp()
    body = with_files(body, caller, referral)
    return caller.post(at(referral, "maintainReferralLetter"), body, **on(referral)), 200


def answer(body, name):
    question, caller = a_question(two_week_wait=True), a_consultant()
    path = f"/STU3/CommunicationRequest/{question.ubrn}/$ers.sendCommunicationToRequester"
    return caller.post(path, with_files(body, caller, question), **on(question)), 200


def convert(body, name):
    question, caller = a_question(), a_consultant()
    reference = f"CommunicationRequest/{question.ubrn}/_history/{question.version}"
    parameters_of(body)["createFrom"]["valueReference"]["reference"] = reference
    path = f"{REFERRALS}/$ers.createFromCommunicationRequestActionLater"
    return caller.post(path, with_files(body, caller, question)), 201


RUNS = {
    "bookOrDeferAppointment": book,
    "cancelAppointmentActionLater": of_provider(booked, "cancelAppointmentActionLater"),
    "cancelReferral": cancel,
    "changeShortlist": change,
    "changeShortlistAndSendForTriage": change_for_triage,
    "convertAdviceAndGuidanceToReferral": convert,
    "createReferral": create,
    "createReferralAndSendForTriage": create_for_triage,
    "maintainReferralLetter": put_letter,
    "patientServiceSearch": search,
    "recordTriageOutcome": of_provider(triaged, "recordReviewOutcome"),
    "rejectReferral": of_provider(booked, "rejectReferral"),
    "retrieveAdviceAndGuidanceWorklist": advice_worklist,
    "retrieveWorklist": worklist,
    "sendAdviceAndGuidanceResponse": answer,
    "updateAppointment": cancel_appointment,
}


def requests():
    """All there are, as ``createReferral/MinimalRequest``; none without the documents."""
    found = sorted(folder().glob("ers/examples/**/requests/*.json")) if folder() else []
    return [f"{each.parent.parent.name}/{each.stem}" for each in found]


def test_each_request_is_run_or_of_an_operation_that_the_table_calls_not_done(specs):
    kinds = {each.partition("/")[0] for each in requests()}
    assert kinds == RUNS.keys() | NOT_DONE.keys()
    assert all(not operations()[code].is_there for code in NOT_DONE.values())


@pytest.mark.parametrize("which", [e for e in requests() if e.partition("/")[0] in RUNS])
def test_a_published_request_is_answered_in_the_published_shape(which, specs):
    """The caller holds each answer to the schema."""
    kind, _, name = which.partition("/")
    body = example(f"stu3/{kind}/requests/{name}")
    response, status = RUNS[kind](body, name)
    assert response.status_code == status, response.content


@given(
    st.builds(
        Criteria,
        specialty=st.sampled_from(sorted(specialties())),
        clinic_type=st.sampled_from(["", *clinic_types()]),
        priority=st.sampled_from(Priority),
        clinician=st.from_regex(r"([0-9]{12})?", fullmatch=True),
        organisation=st.from_regex(r"(R[A-Z0-9]{2,4})?", fullmatch=True),
    ),
    st.builds(
        Limits,
        postcode=st.sampled_from(["", "LS1 2UT", "br1 1ab", "LS1"]),
        miles=st.none() | st.integers(0, 2**31 - 1),
        days=st.none() | st.integers(0, 2**31 - 1),
        suits=st.booleans(),
    ),
)
def test_a_search_that_goes_out_comes_back_the_same_but_for_the_organisation(criteria, limits):
    told = resource(criteria, "https://clockstop.example/referrals/FHIR", limits)
    again = sought(told, "")
    assert again.criteria == replace(criteria, organisation="")
    assert again.limits == limits
