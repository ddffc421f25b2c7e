"""Every published request that a running system can answer, once it names our own records."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.ers.bodies import appointment, at, on
from tests.service.ers.calling import a_consultant, a_gp
from tests.service.ers.published import example
from tests.service.referrals.made_up import a_referral, a_service, a_slot, booked

from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.specialties import clinic_types
from clockstop.service.ers.resources.criteria import resource, sought, specialties

WORKLISTS = {
    "FilteringByClinician": a_consultant,
    "FilteringByService": a_consultant,
    "FilteringBySpecialty": a_consultant,
    "MinimalAppointmentSlotIssues": a_consultant,
    "MinimalReferralsForReview": a_consultant,
    "MinimalAssessmentReturnedCancelledDna": a_gp,
    "MinimalAwaitingBooking": a_gp,
    "MinimalLettersOutstanding": a_gp,
    "MinimalRejectedTriageResponse": a_gp,
}
CANCELLED = (
    "IntendPrivateWithComment",
    "IntendPrivateWithoutComment",
    "NoLongerRequired",
    "PatientRequestCancellationOther",
    "RaisedInError",
    "ReferrerCancellation",
    "bookedOutsideCabWithoutComment",
    "outpatientService",
)
SHORTLISTS = (
    "NonMixedShortlistWithDocument",
    "UnbookedReferral",
    "UnbookedReferralMixedShortlist",
    "UnbookedReferralMultipleServices",
)
KNOWN = {"priority", "specialty", "ageAndGenderAppropriate", "commissioningProvisioning"}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "caller"), WORKLISTS.items())
def test_worklists(name, caller, specs):
    body = example(f"stu3/retrieveWorklist/requests/{name}")
    response = caller().post("/STU3/ReferralRequest/$ers.fetchworklist", body)
    assert response.status_code == 200, response.content


@pytest.mark.django_db
@pytest.mark.parametrize("name", CANCELLED)
def test_cancelling_a_referral(name, specs):
    """By the side whose reason it is."""
    body = example(f"stu3/cancelReferral/requests/{name}")
    statuses = []
    for caller in (a_gp(), a_consultant()):
        referral = booked()
        response = caller.post(at(referral, "cancelReferral"), body, **on(referral))
        statuses.append(response.status_code)
    assert 200 in statuses


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["BasicExampleDbs", "BasicExampleIbs"])
def test_rejecting(name, specs):
    referral = booked()
    body = example(f"stu3/rejectReferral/requests/{name}")
    response = a_consultant().post(at(referral, "rejectReferral"), body, **on(referral))
    assert response.status_code == 200, response.content


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["MinimalExampleDBS", "MinimalExampleIBS"])
def test_cancelling_to_act_later(name, specs):
    referral = booked()
    body = example(f"stu3/cancelAppointmentActionLater/requests/{name}")
    step = at(referral, "cancelAppointmentActionLater")
    assert a_consultant().post(step, body, **on(referral)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["AcceptReferBookLater", "ReturnToReferrerWithAdvice"])
def test_reviewing(name, specs):
    referral = a_referral(a_service(takes_triage=True), triage=True)
    body = example(f"stu3/recordTriageOutcome/requests/{name}")
    step = at(referral, "recordReviewOutcome")
    assert a_consultant().post(step, body, **on(referral)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", SHORTLISTS)
def test_changing_a_shortlist(name, specs):
    referral = a_referral()
    body = example(f"stu3/changeShortlist/requests/{name}")
    (shortlist,) = [e["resource"] for e in body["parameter"] if e["name"] == "shortlist"]
    for each in shortlist["entry"]:
        each["item"]["identifier"]["value"] = str(a_service().pk)
    (criteria,) = shortlist["contained"]
    criteria["parameter"] = [e for e in criteria["parameter"] if e["name"] in KNOWN]
    for each in criteria["parameter"]:
        if each["name"] == "priority":
            each["valueCoding"]["code"] = "ROUTINE"
        if each["name"] == "specialty":
            each["valueCoding"]["code"] = "ORTHOPAEDICS"
    response = a_gp().post(at(referral, "changeShortlist"), body, **on(referral))
    assert response.status_code == 200, response.content


BOOKINGS = {
    "MinimalBooking": "",
    "BookingWithNamedClinician": "021600556514",
    "DeferralBookingAttemptProblem": None,
    "DeferralWithSlotReference": None,
    "MinimalDeferral": None,
    "TriageDeferral": None,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "clinician"), BOOKINGS.items())
def test_booking_and_deferring(name, clinician, specs):
    body = example(f"stu3/bookOrDeferAppointment/requests/{name}")
    service = a_service(takes_triage=name == "TriageDeferral")
    referral = a_referral(service)
    slot = a_slot(service, clinician=clinician or "") if clinician is not None else None
    ours = appointment(referral, service, slot=slot, reason="" if slot else "x")
    for key in ("incomingReferral", "slot", "start", "end"):
        if key in body and key in ours:
            body[key] = ours[key]
    body["participant"][:2] = ours["participant"]
    response = a_gp().post("/STU3/Appointment", body)
    assert response.status_code == 201, response.content


@given(
    st.builds(
        Criteria,
        specialty=st.sampled_from(sorted(specialties())),
        clinic_type=st.sampled_from(["", *clinic_types()]),
        priority=st.sampled_from(Priority),
        clinician=st.from_regex(r"([0-9]{12})?", fullmatch=True),
        organisation=st.from_regex(r"(R[A-Z0-9]{2,4})?", fullmatch=True),
    )
)
def test_a_search_that_goes_out_comes_back_the_same_but_for_the_organisation(criteria):
    told = resource(criteria, "https://clockstop.example/referrals/FHIR")
    assert sought(told, "").criteria == replace(criteria, organisation="")
