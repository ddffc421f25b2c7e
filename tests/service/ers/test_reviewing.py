"""A013, A014, A022, A028, A036: what becomes of a referral at its provider; ending it. A029."""

import pytest
from tests.service.ers.bodies import at, coded, listed, on, parameters, text
from tests.service.ers.calling import (
    a_booking_office,
    a_consultant,
    a_gp,
    codes_of,
    state_of,
)
from tests.service.ers.published import example
from tests.service.ers.test_retrieving import MADE
from tests.service.referrals.made_up import OTHER_HOSPITAL, a_referral, a_service, booked

from clockstop.service.ers.endpoints.tasks import available
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.states import Party, State

pytestmark = pytest.mark.django_db
BOTH = {"REFERRER": frozenset({Party.REFERRER}), "PROVIDER": frozenset({Party.PROVIDER})}


def triaged():
    return a_referral(a_service(takes_triage=True), triage=True)


def rejecting(reason="SERVICE_INAPPROPRIATE", comment="This is a short comment"):
    told = listed("rejectionReason", "APPOINTMENT-CANCELLATION-REASON", reason)
    return parameters("RejectReferral", told, text("rejectionComments", comment))


def reviewing(outcome, comment="Seen", *more):
    told = coded("reviewOutcome", "ReviewOutcome", outcome)
    return parameters("RecordReviewOutcome", told, text("reviewComments", comment), *more)


def later(comment="Please contact patient to rebook", *more):
    return parameters("cancelAppointmentActionLater", text("comments", comment), *more)


def ending(reason, comment="This is a cancellation reason comment"):
    told = listed("cancellationReason", "REFERRAL-CANCELLATION-REASON", reason)
    return parameters("CancelReferral-Request", told, text("cancellationComments", comment))


def test_a_consultant_accepts_what_is_booked():
    referral = booked()
    response = a_consultant().post(at(referral, "acceptReferral"), **on(referral))
    assert state_of(response.json())[0] == "BOOKED"
    assert response["ETag"] == 'W/"3"'
    referral.refresh_from_db()
    assert referral.accepted_at


def test_a_booking_office_acts_on_behalf_of_a_consultant():
    referral = booked()
    consultant = a_consultant()
    office, step = a_booking_office(), at(referral, "acceptReferral")
    refused = office.post(step, **on(referral))
    assert (refused.status_code, codes_of(refused)) == (403, ["FORBIDDEN"])
    obo = {"NHSD-eRS-On-Behalf-Of-User-ID": str(consultant.member.person_id)}
    assert office.post(step, **on(referral), **obo).status_code == 200
    assert referral.steps.last().acting_for == str(consultant.member.person_id)
    stranger = {"NHSD-eRS-On-Behalf-Of-User-ID": str(a_gp().member.person_id)}
    assert codes_of(office.post(step, **on(referral), **stranger)) == ["FORBIDDEN"]
    step = at(booked(), "rejectReferral")
    assert codes_of(office.post(step, rejecting(), If_Match='W/"2"')) == ["VALUE_IS_REQUIRED"]


def test_a_consultant_rejects_with_a_reason():
    referral = booked()
    told = a_consultant().post(at(referral, "rejectReferral"), rejecting(), **on(referral)).json()
    expected = ("REJECTED", "SERVICE_INAPPROPRIATE", "This is a short comment")
    assert state_of(told) == expected
    assert told["status"] == "active"


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (rejecting("PATIENT_HOLIDAY"), ["INVALID_CODE"]),
        (rejecting("COLOUR"), ["INVALID_CODE"]),
        (parameters("RejectReferral", text("rejectionComments", "x")), ["MISSING_VALUE"]),
        (parameters("RejectReferral", text("colour", "x")), ["UNEXPECTED_FIELD", "MISSING_VALUE"]),
    ],
)
def test_a_rejection_that_is_wrong_is_refused(body, codes):
    referral = booked()
    response = a_consultant().post(at(referral, "rejectReferral"), body, **on(referral))
    assert (response.status_code, codes_of(response)) == (422, codes)
    referral.refresh_from_db()
    assert referral.state == "BOOKED"


def test_a_provider_cancels_and_will_rebook():
    referral = booked()
    step = at(referral, "cancelAppointmentActionLater")
    told = a_consultant().post(step, later(), **on(referral)).json()
    assert state_of(told) == (
        "TRIAGED_PROVIDER_TO_ACTION",
        "CANCEL_APPOINTMENT_ACTION_LATER",
        "Please contact patient to rebook",
    )


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("ACCEPT_REFER_BOOK_LATER", "TRIAGED_PROVIDER_TO_ACTION"),
        ("RETURN_TO_REFERRER_WITH_ADVICE", "TRIAGE_RESPONSE"),
    ],
)
def test_a_review_has_its_outcome(outcome, state):
    referral = triaged()
    step = at(referral, "recordReviewOutcome")
    told = a_consultant().post(step, reviewing(outcome), **on(referral)).json()
    assert state_of(told) == (state, outcome, "Seen")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (reviewing("RETURN_TO_REFERRER_WITH_ADVICE", " "), "VALUE_IS_REQUIRED"),
        (reviewing("CANCEL_APPOINTMENT_ACTION_LATER"), "INVALID_CODE"),
        (
            reviewing(
                "RETURN_TO_REFERRER_WITH_ADVICE",
                "x",
                coded("reviewPriority", "Priority", "ROUTINE"),
            ),
            "PRIORITY_NOT_CURRENT",
        ),
    ],
)
def test_a_review_that_is_wrong_is_refused(body, code):
    referral = triaged()
    response = a_consultant().post(at(referral, "recordReviewOutcome"), body, **on(referral))
    assert codes_of(response) == [code]


@pytest.mark.parametrize(
    ("reason", "caller"),
    [("RAISED_IN_ERROR", a_gp), ("INTEND_PRIVATE", a_gp), ("NO_LONGER_REQUIRED", a_gp)],
)
def test_a_referral_ends_with_its_appointment(reason, caller):
    referral = booked()
    response = caller().post(at(referral, "cancelReferral"), ending(reason), **on(referral))
    if response.status_code == 422:
        assert codes_of(response) == ["INAPPROPRIATE_VALUE"], "not one of this side's reasons"
        return
    (updated,) = response.json()["parameter"]
    assert state_of(updated["resource"])[:2] == ("CANCELLED_REFERRAL", reason)
    assert updated["resource"]["status"] == "cancelled"


STEPS = {
    "acceptReferral": (None, a_consultant, booked),
    "rejectReferral": (rejecting(), a_consultant, booked),
    "cancelAppointmentActionLater": (later(), a_consultant, booked),
    "recordReviewOutcome": (reviewing("ACCEPT_REFER_BOOK_LATER"), a_consultant, triaged),
    "cancelReferral": (ending("REFERRER_CANCELLATION"), a_gp, booked),
}


@pytest.mark.parametrize("step", STEPS)
def test_every_change_asks_for_the_version_that_was_read(step):
    body, caller, made = STEPS[step]
    referral = made()
    assert caller().post(at(referral, step), body).status_code == 412
    assert caller().post(at(referral, step), body, If_Match="3").status_code == 400
    assert caller().post(at(referral, step), body, If_Match='W/"99"').status_code == 409
    version = referral.version
    referral.refresh_from_db()
    assert referral.version == version
    assert caller().post(at(referral, step), body, **on(referral)).status_code == 200


@pytest.mark.parametrize("step", STEPS)
def test_nobody_elsewhere_can_take_a_step(step):
    body, caller, made = STEPS[step]
    referral = made()
    elsewhere = a_gp("A81002") if caller is a_gp else a_consultant(OTHER_HOSPITAL)
    assert elsewhere.post(at(referral, step), body, **on(referral)).status_code == 404


@pytest.mark.parametrize("step", sorted(set(STEPS) - {"cancelReferral"}))
def test_a_referrer_may_not_call_what_is_the_providers(step):
    body, _, made = STEPS[step]
    referral = made()
    response = a_gp().post(at(referral, step), body, **on(referral))
    assert (response.status_code, codes_of(response)) == (403, ["FORBIDDEN"])


def test_a_step_that_the_state_does_not_allow_is_refused():
    referral = triaged()
    response = a_consultant().post(at(referral, "acceptReferral"), **on(referral))
    assert response.status_code == 422
    assert "INVALID_REQUEST_STATE" in codes_of(response)


# A029


def tasks(referral, caller, **change):
    query = {
        "focus": f"ReferralRequest/{referral.ubrn}/_history/{referral.version}",
        "intent": "proposal",
        "status": "ready",
    } | change
    return caller.get("/STU3/Task", {k: v for k, v in query.items() if v is not None})


def actions_in(response):
    return [each["resource"]["code"]["coding"][0]["code"] for each in response.json()["entry"]]


def test_what_may_be_done_is_what_the_table_of_states_says():
    referral = a_referral()
    assert actions_in(tasks(referral, a_gp())) == [
        "CREATE_APPOINTMENT",
        "CHANGE_SHORTLIST",
        "CHANGE_SHORTLIST_AND_SEND_FOR_TRIAGE",
        "CANCEL_REFERRAL",
    ]
    assert actions_in(tasks(triaged(), a_consultant())) == [
        "RECORD_REVIEW_OUTCOME",
        "CANCEL_REFERRAL",
    ]
    assert actions_in(tasks(booked(), a_gp())) == [
        "CANCEL_REFERRAL",
        "CANCEL_DIRECTLY_BOOKED_APPOINTMENT",
    ]


@pytest.mark.parametrize("made", MADE)
def test_in_every_state_the_tasks_are_told_in_the_published_shape(made):
    referral = Referral.objects.get(pk=made().pk)
    assert actions_in(tasks(referral, a_gp())) == available(State(referral.state), BOTH["REFERRER"])


PUBLISHED = {
    "WithCreateAppointment": "REFERRER",
    "WithChangeShortlist": "REFERRER",
    "WithChangeShortlistAndSendForTriage": "REFERRER",
    "WithCancelReferral": "REFERRER",
    "WithCancelDBAppointment": "REFERRER",
    "WithRecordReviewOutcome": "PROVIDER",
}


@pytest.mark.parametrize(("name", "side"), PUBLISHED.items())
def test_each_published_task_is_one_that_some_state_of_ours_offers(name, side, specs):
    """The fixtures name no state: each of their actions must be offered to the side it is of."""
    (entry,) = example(f"stu3/availableActionsForUserList/{name}")["entry"]
    code = entry["resource"]["code"]["coding"][0]["code"]
    offered = [state for state in State if code in available(state, BOTH[side])]
    assert offered
    other = next(parties for key, parties in BOTH.items() if key != side)
    if code != "CANCEL_REFERRAL":
        assert not [state for state in State if code in available(state, other)]


def test_nothing_may_be_done_to_what_has_ended(specs):
    assert example("stu3/availableActionsForUserList/Empty")["entry"] == []
    for parties in BOTH.values():
        assert available(State.CANCELLED_REFERRAL, parties) == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"focus": None, "status": None}, ["MISSING_PARAMETER", "MISSING_PARAMETER"]),
        ({"intent": "order"}, ["INVALID_VALUE"]),
        ({"focus": "ReferralRequest/1"}, ["INVALID_VALUE"]),
        ({"focus": "ReferralRequest/000000000000/_history/1"}, ["REFERENCE_NOT_FOUND"]),
    ],
)
def test_a_question_for_tasks_that_is_wrong_is_refused(change, codes):
    response = tasks(a_referral(), a_gp(), **change)
    assert (response.status_code, codes_of(response)) == (400, codes)


def test_tasks_are_of_the_current_version_alone():
    referral = booked()
    focus = f"ReferralRequest/{referral.ubrn}/_history/1"
    assert codes_of(tasks(referral, a_gp(), focus=focus)) == ["HISTORY_NOT_SUPPORTED"]
    assert codes_of(tasks(referral, a_gp("A81002"))) == ["REFERENCE_NOT_FOUND"]
