"""Pages of patients who ask to be treated elsewhere, and of the staff who review and call."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.service.directory.made_up import a_service
from tests.service.people import (
    OTHER_HOSPITAL,
    a_member,
    a_patient,
    signed_in,
    signed_in_carer,
    signed_in_patient,
)
from tests.service.tracking.listed import ago, an_entry
from tests.service.transfers.asking.asked import LEGAL, an_asked_request
from tests.service.transfers.asking.test_actions import (
    an_invited,
    choosing,
    searched,
    told_of_offer,
)
from tests.service.transfers.made_up import a_clinician, waits

from clockstop.service.accounts.roles import Role
from clockstop.service.transfers.actions.asking import asking, telling
from clockstop.service.transfers.actions.asking.inviting import invite_cohort, remind_cohort
from clockstop.service.transfers.actions.asking.opening import way_of_visitor
from clockstop.service.transfers.models import Invitation, PatientRequest
from clockstop.service.transfers.states import Asked

pytestmark = pytest.mark.django_db
ANSWERS = {"confirm": "yes", "service": "yes", "distance": "50", "needs": ["wheelchair"]}


def page(response):
    return response.content.decode()


def own(request):
    return signed_in_patient(Client(), request.patient)


def at(request, name="tracker"):
    return reverse(f"own_sooner_{name}", args=(request.pk,))


def born(request, days=0):
    day = request.patient.birth_date + timedelta(days=days)
    return {"born-day": day.day, "born-month": day.month, "born-year": day.year}


def an_invitation():
    """A request whose patient was invited."""
    request = an_asked_request(Asked.ELIGIBLE, waits())
    assert invite_cohort().told == 1
    request.refresh_from_db()
    return request


# The right.


@pytest.mark.parametrize(
    ("profile", "days", "has_right", "chooses"),
    [("EXPAND-18", 126, False, False), ("LIVE-2023", 127, True, False), (LEGAL, 300, True, True)],
)
def test_whoever_waits_over_18_weeks_reads_that_it_is_their_right(
    profile, days, has_right, chooses
):
    request = an_asked_request(Asked.INVITED, waits(since=ago(days)), profile)
    text = page(own(request).get(at(request)))
    assert ("by law it is your right to ask to be treated sooner" in text) is has_right
    assert ("saying no never counts against you" in text) is chooses
    care = page(own(request).get(reverse("care")))
    assert "by law it is your right" not in care  # asked already, or too soon
    PatientRequest.objects.filter(pk=request.pk).update(state=Asked.CLOSED_WITHDRAWN)
    assert "by law it is your right" not in page(own(request).get(at(request)))
    care = page(own(request).get(reverse("care")))
    assert ("by law it is your right" in care) is has_right


def test_what_was_asked_for_and_who_asked_is_said_as_people_say_it():
    request = an_asked_request(Asked.INVITED, waits())
    wishes = asking.Wishes(distance=None, anywhere=True)
    asking.ask(way=way_of_visitor(request.pk), request_id=request.pk, wishes=wishes)
    assert "You asked for a place: anywhere in England." in page(own(request).get(at(request)))
    staff = signed_in(Client(), a_member(Role.WAITING_LIST_MANAGER, request.organisation_code))
    text = page(staff.get(reverse("asked", args=(request.pk,))))
    assert "Ask to be treated elsewhere, by the patient, with their code" in text


# Inviting.


def test_an_invitation_tells_its_code_and_names_neither_hospital_nor_specialty():
    request = an_invitation()
    told = request.patient.outbox.get()
    assert (told.template, request.state) == ("sooner_invitation", Asked.INVITED)
    assert telling.code_of(request) in told.payload
    assert telling.code_of(request) not in str(Invitation.objects.values().get())


def test_children_cancer_and_sensitive_records_are_in_no_cohort():
    for values in (
        {"birth_date": ago(365 * 10)},
        {"on_cancer_list": True},
        {"patient": a_patient(sensitive=True)},
        {"patient": a_patient(died_on=ago(1))},
    ):
        entry = an_entry(clock_start=ago(300), **values)
        an_asked_request(Asked.ELIGIBLE, entry.pathway)
    found = invite_cohort()
    assert (found.cohort, found.told, found.left_out, found.ended) == (4, 0, 3, 1)
    assert not Invitation.objects.exists()


def test_a_reminder_is_sent_once_after_its_time_with_the_same_code():
    request = an_invitation()
    assert remind_cohort().cohort == 0
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=14))
    assert remind_cohort().told == 1
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=40))
    assert remind_cohort().cohort == 0
    told = request.patient.outbox.get(template="sooner_reminder")
    assert telling.code_of(request) in told.payload


def test_who_has_a_date_meanwhile_is_not_invited():
    request = an_asked_request(Asked.ELIGIBLE, waits())
    entry = request.pathway.list_entry
    entry.next_appointment = timezone.localdate() + timedelta(days=20)
    entry.save()
    assert invite_cohort().ended == 1
    request.refresh_from_db()
    assert request.state == Asked.CLOSED_DATED


# Whether a message is genuine, and the way in by its code.


def test_anybody_can_check_a_message_and_learns_nothing_of_the_patient(client):
    request = an_invitation()
    found = client.post(reverse("check_message"), {"code": telling.code_of(request).lower()})
    assert "this message is genuine" in page(found)
    assert request.patient.family_name not in page(found)
    assert Invitation.objects.get().checked == 1
    wrong = client.post(reverse("check_message"), {"code": "AAAA 2222"})
    assert wrong.status_code == 400
    assert "may not be genuine" in page(wrong)


def test_the_code_and_the_day_of_birth_open_the_one_request(client):
    request = an_invitation()
    given = {"code": telling.code_of(request)} | born(request)
    opened = client.post(reverse("sooner"), given, follow=True)
    assert "You can ask to be treated sooner" in page(opened)
    assert opened["Cache-Control"] == "no-store"
    client.post(reverse("sooner_close"))
    assert client.get(reverse("opened_sooner_tracker")).status_code == 302


def test_wrong_days_of_birth_lock_the_code(client):
    request = an_invitation()
    code = {"code": telling.code_of(request)}
    for _ in range(5):
        assert client.post(reverse("sooner"), code | born(request, days=1)).status_code == 400
    assert client.post(reverse("sooner"), code | born(request)).status_code == 400
    Invitation.objects.update(locked_until=timezone.now() - timedelta(minutes=1))
    assert client.post(reverse("sooner"), code | born(request)).status_code == 302


# The patient's pages.


def test_the_tracker_tells_what_to_expect_before_asking_and_promises_nothing():
    request = an_invited()
    a_service(OTHER_HOSPITAL, treatment_function=request.treatment_function)
    text = page(own(request).get(at(request)))
    for words in ("What to expect", "There is no promise", "You keep your place on the list"):
        assert words in text


def test_four_steps_and_a_last_look_make_a_request():
    request = an_invited()
    client, where = own(request), at(request, "ask")
    assert "Step 1 of 4" in page(client.get(where))
    said = {"said": "confirm"}
    assert "Tick that you have read this" in page(client.post(where, said))
    for step, number in (("confirm", 2), ("service", 3), ("distance", 4)):
        said = {name: ANSWERS[name] for name in ANSWERS if name in said} | said
        said |= {"said": step, step: ANSWERS[step]}
        assert f"Step {number} of 4" in page(client.post(where, said))
    said |= {"said": "needs", "needs": ["wheelchair"], "travel_support": "yes"}
    text = page(client.post(where, said))
    assert "Check your answers" in text
    assert "Up to 50 miles" in text
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
    carried = dict(hidden)
    carried.pop("csrfmiddlewaretoken", None)
    assert client.post(where, carried).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.distance, request.needs) == (
        Asked.REQUESTED,
        50,
        ("wheelchair",),
    )
    assert request.travel_support
    assert "Your hospital is checking" in page(client.get(at(request)))


def test_an_answer_can_be_changed_at_the_last_look():
    request = an_invited()
    given = ANSWERS | {"said": "check", "go": "distance"}
    assert "How far can you travel?" in page(own(request).post(at(request, "ask"), given))


def test_who_wants_to_stay_presses_one_button():
    request = an_invited()
    text = page(own(request).post(at(request), follow=True))
    assert "You stay with your hospital" in text


def test_the_offer_states_day_provider_and_team_and_asks_why_not():
    request = searched()
    offer = told_of_offer(request)
    client, where = own(request), at(request, "offer")
    text = page(client.get(where))
    assert offer.team in text
    assert "Answer by" in text
    version = {"version": request.version}
    assert "Choose a reason" in page(client.post(where, {"answer": "no"} | version))
    done = client.post(where, {"answer": "no", "reason": "42"} | version, follow=True)
    assert "We are looking for a place" in page(done)


def test_an_offer_is_taken_by_its_patient():
    request = searched()
    offer = told_of_offer(request)
    given = {"answer": f"yes-{offer.pk}", "version": request.version}
    assert "You said yes" in page(own(request).post(at(request, "offer"), given, follow=True))


def test_in_the_right_of_18_weeks_the_patient_picks_and_may_stop():
    request = choosing()
    a_service(OTHER_HOSPITAL, treatment_function=request.treatment_function)
    client = own(request)
    assert OTHER_HOSPITAL in page(client.get(at(request, "choose")))
    given = {"provider": OTHER_HOSPITAL, "version": request.version}
    text = page(client.post(at(request, "choose"), given, follow=True))
    assert "is looking for a date" in text
    stopped = client.post(at(request, "withdraw"), {"reason": "stay"}, follow=True)
    assert "You took your request back" in page(stopped)


@pytest.mark.parametrize("state", list(Asked), ids=str)
def test_every_state_has_words_for_its_patient(state):
    request = an_asked_request(state, waits(), reason="team")
    text = page(own(request).get(at(request)))
    assert "{" not in re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL)


def test_a_carer_reads_it_for_whom_they_care_and_others_find_nothing():
    request = an_invited()
    carer = signed_in_carer(Client(), request.patient)
    assert request.patient.name in page(carer.get(at(request)))
    assert own(an_invited()).get(at(request)).status_code == 404


def test_a_child_has_no_page():
    pathway = waits(a_patient(birth_date=ago(365 * 10)))
    request = an_asked_request(Asked.INVITED, pathway, LEGAL)
    assert own(request).get(at(request)).status_code == 404


def test_a_patient_starts_on_their_own_or_reads_every_reason():
    pathway = waits()
    client = signed_in_patient(Client(), pathway.patient)
    started = client.post(reverse("sooner_start", args=(pathway.pk,)))
    assert started.url == at(PatientRequest.objects.get())
    other = waits(pathway.patient, since=ago(20))
    refused = client.post(reverse("sooner_start", args=(other.pk,)))
    assert refused.status_code == 409
    assert "Has not waited long enough" in page(refused)


# Staff.


def manager():
    return signed_in(Client(), a_member(Role.WAITING_LIST_MANAGER))


def test_the_queue_has_what_is_overdue_first():
    late = an_asked_request(Asked.REQUESTED, waits(), due=ago(2))
    soon = an_asked_request(Asked.REQUESTED, waits(), due=ago(-3))
    text = page(manager().get(reverse("asked_queue")))
    assert text.index(late.reference) < text.index(soon.reference)
    assert text.count("Overdue") == 1


def test_a_review_is_saved_for_the_clinician_who_decided():
    request = an_asked_request(Asked.REQUESTED, waits())
    client, where = manager(), reverse("asked", args=(request.pk,))
    wrong = page(client.post(where, {"act": "suitable"}))
    assert "Choose the clinician" in wrong
    given = {
        "act": "suitable",
        "social": "yes",
        "acting_for": str(a_clinician().person),
        "minutes": "7",
        "version": request.version,
    }
    assert "Saved" in page(client.post(where, given, follow=True))
    request.refresh_from_db()
    assert (request.state, request.steps.last().minutes) == (Asked.SUITABLE, 7)


def test_staff_act_for_a_caller_whom_they_know():
    pathway = waits()
    client = signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR))
    where = reverse("sooner_by_phone")
    number = {"called": pathway.patient.nhs_number}
    assert "at least 3" in page(client.post(where, number | {"checks": ["name"]})).lower()
    known = number | {"checks": ["name", "birth", "address"]}
    text = page(client.post(where, known, follow=True))
    assert "You act for" in text
    assert "How many minutes did the call take?" in text
    request = PatientRequest.objects.get()
    given = ANSWERS | {"said": "check", "minutes": "9"}
    client.post(reverse("phoned_sooner_ask"), given)
    request.refresh_from_db()
    assert (request.state, request.channel) == (Asked.REQUESTED, "phone")
    assert request.steps.last().minutes == 9
    client.post(reverse("sooner_end_call"))
    assert client.get(reverse("phoned_sooner_tracker")).url == where


def test_a_manager_scans_reads_the_counts_invites_and_sees_what_patients_read():
    an_entry(clock_start=ago(300))
    an_entry(clock_start=ago(300), on_cancer_list=True)
    client, where = manager(), reverse("asked_scans")
    client.post(where, {"profile": "LIVE-2023", "act": "scan"})
    text = page(client.get(where))
    assert "1 of 2 eligible, 1 new" in text
    assert "On a cancer list" in text
    client.post(where, {"profile": "LIVE-2023", "act": "invite"})
    assert PatientRequest.objects.get().state == Asked.INVITED
    assert "Your code is" in page(client.get(reverse("asked_preview")))


def test_why_a_patient_is_not_eligible_is_told():
    pathway = waits(since=ago(130))
    text = page(manager().get(reverse("asked_why", args=(pathway.pk,))))
    assert "Has not waited long enough" in text
