"""A022, A026 to A028, A031, A032: a step that changes how urgent a request is."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.service.append_only import tables
from tests.service.ers.bodies import another_shortlist, at, coded, on, search
from tests.service.ers.calling import (
    a_booking_office,
    a_consultant,
    a_gp,
    a_secretary,
    codes_of,
    contained,
    extensions,
)
from tests.service.ers.test_advice import CONVERT, answering, converting
from tests.service.ers.test_advice import at as at_question
from tests.service.ers.test_reviewing import later, reviewing
from tests.service.ers.test_worklists import a_question
from tests.service.people import signed_in
from tests.service.referrals.made_up import a_referral, a_service, booked

from clockstop.service.audit.models import Entry
from clockstop.service.directory.choices import Priority
from clockstop.service.pathways.models import Priority as PathwayPriority
from clockstop.service.referrals.models import Referral

pytestmark = pytest.mark.django_db
CANCER = "TWO_WEEK_WAIT"
ADVISED = "RETURN_TO_REFERRER_WITH_ADVICE"


def said(resource):
    """The priority of a request, and that of the search in it."""
    (criteria,) = contained(resource, "Parameters")
    search_says = {each["name"]: each for each in criteria["parameter"]}["priority"]
    held = extensions(resource)["ReferralPriority"]["coding"][0]["code"]
    return held, search_says["valueCoding"]["code"]


def triaged(**values):
    taken = {"takes_triage": True, "two_week_wait": True} | values
    return a_referral(a_service(**taken), triage=True)


def an_appointment():
    return booked(two_week_wait=True)


def review(referral, caller, priority, **headers):
    more = coded("reviewPriority", "Priority", priority)
    body = reviewing("ACCEPT_REFER_BOOK_LATER", "Soon", more)
    return caller.post(at(referral, "recordReviewOutcome"), body, **on(referral), **headers)


def cancel_later(referral, caller, priority, **headers):
    body = later("Soon", coded("priority", "Priority", priority))
    step = at(referral, "cancelAppointmentActionLater")
    return caller.post(step, body, **on(referral), **headers)


STEPS = {"A022": (cancel_later, an_appointment), "A028": (review, triaged)}


def is_now(referral, priority, on_pathway):
    referral.refresh_from_db()
    return (referral.priority, referral.pathway.priority) == (priority, on_pathway)


@pytest.mark.parametrize("step", STEPS)
def test_a_clinician_of_the_provider_makes_it_more_urgent_and_the_pathway_follows(step):
    take, made = STEPS[step]
    referral = made()
    events = referral.pathway.events.count()
    told = take(referral, a_consultant(), CANCER).json()
    assert said(told) == (CANCER, CANCER)
    assert is_now(referral, Priority.TWO_WEEK_WAIT, PathwayPriority.SUSPECTED_CANCER)
    written = Entry.objects.filter(action__endswith="changed priority")
    assert {each.subject_kind for each in written} == {"referral", "pathway"}
    starts = {"A022": 1, "A028": 0}[step]  # a cancelled appointment is an event, a priority is none
    assert referral.pathway.events.count() == events + starts


@pytest.mark.parametrize("step", STEPS)
def test_an_administrator_needs_a_clinician_who_decides(step):
    take, made = STEPS[step]
    referral, office, consultant = made(), a_booking_office(), a_consultant()
    assert "VALUE_IS_REQUIRED" in codes_of(take(referral, office, "URGENT"))
    obo = {"NHSD-eRS-On-Behalf-Of-User-ID": str(consultant.member.person_id)}
    assert take(referral, office, "URGENT", **obo).status_code == 200
    assert is_now(referral, Priority.URGENT, PathwayPriority.URGENT)


@pytest.mark.parametrize("step", STEPS)
def test_suspected_cancer_is_lowered_by_a_clinicians_own_hand_alone(step):
    take, made = STEPS[step]
    referral, office, consultant = made(), a_booking_office(), a_consultant()
    referral.priority = Priority.TWO_WEEK_WAIT
    referral.save()
    obo = {"NHSD-eRS-On-Behalf-Of-User-ID": str(consultant.member.person_id)}
    refused = take(referral, office, "ROUTINE", **obo)
    assert (refused.status_code, codes_of(refused)) == (422, ["INAPPROPRIATE_VALUE"])
    referral.refresh_from_db()
    assert referral.priority == Priority.TWO_WEEK_WAIT
    assert take(referral, consultant, "ROUTINE").status_code == 200
    referral.refresh_from_db()
    assert referral.priority == Priority.ROUTINE


HISTORY = {"provider": ("received_referral", a_consultant), "referrer": ("referred", a_gp)}


@pytest.mark.parametrize("side", HISTORY)
@pytest.mark.parametrize("step", STEPS)
def test_the_change_is_in_the_history_that_both_sides_see(step, side):
    take, made = STEPS[step]
    referral = made()
    assert "Priority changed" not in history(referral, side)
    take(referral, a_consultant(), CANCER)
    words = "Priority changed from routine to urgent suspected cancer"
    assert history(referral, side).count(words) == 1
    taken = referral.steps.last()
    assert (taken.priority_was, taken.priority) == ("routine", "two_week_wait")


def history(referral, side):
    name, caller = HISTORY[side]
    page = signed_in(Client(), caller().member).get(reverse(name, args=(referral.pk,)))
    return re.sub(r"\s+", " ", page.content.decode())


def test_a_pathway_that_the_hospital_made_more_urgent_stays_as_it_is():
    referral = an_appointment()
    referral.pathway.priority = PathwayPriority.SUSPECTED_CANCER
    referral.pathway.save()
    assert cancel_later(referral, a_consultant(), "URGENT").status_code == 200
    assert is_now(referral, Priority.URGENT, PathwayPriority.SUSPECTED_CANCER)


def test_the_priority_that_it_has_changes_nothing():
    referral = triaged()
    assert review(referral, a_consultant(), "ROUTINE").status_code == 200
    assert not Entry.objects.filter(action__endswith="changed priority").exists()
    assert not referral.steps.exclude(priority_was="", priority="").exists()


def test_a_service_that_does_not_take_a_priority_refuses_it():
    referral = triaged(urgent=False)
    refused = review(referral, a_consultant(), "URGENT")
    assert codes_of(refused) == ["INAPPROPRIATE_VALUE"], "A028 does not list UNSUPPORTED_PRIORITY"
    assert is_now(referral, Priority.ROUTINE, PathwayPriority.ROUTINE)


def test_an_answer_changes_the_priority_of_a_question():
    question = a_question(two_week_wait=True)
    step = at_question(question, "sendCommunicationToRequester")
    body = answering(ADVISED, "Refer", coded("updatedPriority", "Priority", CANCER))
    refused = a_booking_office().post(step, body, **on(question))
    assert codes_of(refused) == ["VALUE_IS_REQUIRED"]
    told = a_consultant().post(step, body, **on(question)).json()
    assert said(told["parameter"][0]["resource"]) == (CANCER, CANCER)
    question.refresh_from_db()
    assert question.priority == Priority.TWO_WEEK_WAIT
    for name, member in (
        ("received_advice", a_consultant().member),
        ("referred_advice", a_gp().member),
    ):
        page = signed_in(Client(), member).get(reverse(name, args=(question.pk,)))
        assert b"Priority changed from routine to urgent suspected cancer" in page.content


def test_a_question_becomes_a_referral_of_another_priority():
    question = a_question(two_week_wait=True)
    body = converting(question, coded("newReferralPriority", "Priority", CANCER))
    assert "VALUE_IS_REQUIRED" in codes_of(a_booking_office().post(CONVERT, body))
    response = a_consultant().post(CONVERT, body)
    assert (response.status_code, said(response.json())) == (201, (CANCER, CANCER))
    question.refresh_from_db()
    assert question.priority == Priority.TWO_WEEK_WAIT
    referral = Referral.objects.get(from_advice=question)
    assert is_now(referral, Priority.TWO_WEEK_WAIT, PathwayPriority.SUSPECTED_CANCER)
    assert referral.steps.get().priority_was == Priority.ROUTINE


def test_a_service_that_does_not_take_a_priority_refuses_a_question():
    question = a_question(urgent=False)
    step = at_question(question, "sendCommunicationToRequester")
    body = answering(ADVISED, "Refer", coded("updatedPriority", "Priority", "URGENT"))
    refused = a_consultant().post(step, body, **on(question))
    assert codes_of(refused) == ["UNSUPPORTED_PRIORITY"]


SHORTLISTS = {
    "changeShortlist": "ChangeShortlist",
    "changeShortlistAndSendForTriage": "ChangeShortlistAndSendForTriage-Request",
}


@pytest.mark.parametrize("step", SHORTLISTS)
def test_a_shortlist_of_another_priority_changes_that_of_the_referral(step):
    referral, service = a_referral(), a_service(takes_triage=True, two_week_wait=True)

    def change(caller, priority):
        criteria = search(priority)
        body = another_shortlist(service, name=SHORTLISTS[step], criteria=criteria)
        return caller.post(at(referral, step), body, **on(referral))

    told = change(a_secretary(), CANCER).json()
    told = told["parameter"][0]["resource"] if told["resourceType"] == "Parameters" else told
    assert said(told) == (CANCER, CANCER)
    refused = change(a_secretary(), "ROUTINE")
    assert codes_of(refused) == ["INAPPROPRIATE_VALUE"]
    assert change(a_gp(), "ROUTINE").status_code == 200
    referral.refresh_from_db()
    assert referral.priority == Priority.ROUTINE
    kept = referral.steps.exclude(priority_was="").values_list("priority_was", "priority")
    assert list(kept) == [("routine", "two_week_wait"), ("two_week_wait", "routine")]


def test_what_was_done_stays_append_only():
    """Adding a column to it makes the table anew on SQLite, which loses its triggers."""
    assert {"referrals_step", "referrals_advicemessage"} <= set(tables())
