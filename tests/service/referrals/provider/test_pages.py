"""The provider's pages: each list finds whom it should, each act is asked for and done."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.service.directory.made_up import an_organisation
from tests.service.people import a_member, signed_in
from tests.service.referrals.made_up import (
    HOSPITAL,
    OTHER_HOSPITAL,
    PRACTICE,
    SEARCH,
    a_patient,
    a_referral,
    a_referrer,
    a_service,
    a_slot,
    begun,
    booked,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.referrals import actions
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.provider.acts import ACTS
from clockstop.service.referrals.provider.worklists import WORKLISTS
from clockstop.service.referrals.states import Party, transitions

pytestmark = pytest.mark.django_db
CANCER = Criteria(treatment_function="C_110", priority=Priority.TWO_WEEK_WAIT)
URGENT = Criteria(treatment_function="C_110", priority=Priority.URGENT)


@pytest.fixture
def clinician():
    return a_member(Role.PROVIDER_CLINICIAN, HOSPITAL)


@pytest.fixture
def client(clinician):
    return signed_in(Client(), clinician)


@pytest.fixture
def office(clinician):
    return signed_in(Client(), a_member(Role.PROVIDER_ADMINISTRATOR, HOSPITAL))


def deferred(service=None, **request):
    actor = a_referrer()
    service = service or a_service(two_week_wait=True)
    referral = a_referral(service, actor=actor, **request)
    return actions.defer(
        actor=actor, referral_id=referral.pk, service_id=service.pk, reason="NO_SLOTS_AT_SERVICE"
    )


def sent_for_triage(**request):
    return a_referral(a_service(takes_triage=True, two_week_wait=True), triage=True, **request)


def act(client, referral, slug, **given):
    at = reverse("received_act", args=(referral.pk, slug))
    return client.post(at, {"version": referral.version} | given)


def names_on(page):
    return re.findall(r"Test\d+(?=<span)", page)


def in_order(*referrals):
    return [each.patient.family_name for each in referrals]


def test_each_list_has_its_own(office):
    lists = {
        "to-review": [sent_for_triage(), booked()],
        "slot-issues": [deferred()],
        "outcomes": [begun(booked())],
    }
    accepted = sent_for_triage()
    clinician = a_member(Role.PROVIDER_CLINICIAN).as_actor()
    lists["to-book"] = [actions.accept_book_later(actor=clinician, referral_id=accepted.pk)]
    booked(organisation_code=OTHER_HOSPITAL)
    assert set(lists) == set(WORKLISTS)
    for slug, wanted in lists.items():
        page = office.get(reverse("received_list", args=(slug,))).content.decode()
        assert sorted(names_on(page)) == sorted(in_order(*wanted)), slug
    counts = re.findall(r"hidden\">: (\d+)<", office.get("/received/").content.decode())
    assert counts == ["2", "1", "1", "1", "0"]


def test_suspected_cancer_first_then_priority_then_the_oldest_promise(office):
    routine, urgent, cancer, late = (
        deferred(),
        deferred(criteria=URGENT),
        deferred(criteria=CANCER),
        deferred(),
    )
    Referral.objects.filter(pk=late.pk).update(contact_by=timezone.localdate() - timedelta(days=3))
    page = office.get(reverse("received_list", args=("slot-issues",))).content.decode()
    assert names_on(page) == in_order(cancer, urgent, late, routine)
    head, others = page.split('id="others"')
    assert names_on(head) == in_order(cancer)
    assert others.count(">Late<") == 1
    overview = office.get(reverse("received")).content.decode()
    assert "1 patient has not heard from us" in overview


def test_the_file_has_the_rows_of_the_list_and_is_audited(office):
    referral = deferred(patient=a_patient(given_name="=cmd()"))
    response = office.get(reverse("received_file", args=("slot-issues",)))
    (row,) = csv.DictReader(StringIO(response.content.decode()))
    assert row["Booking reference"] == referral.spaced_ubrn
    assert row["Name"].startswith("'=")
    assert "confidential" in response["Content-Disposition"]
    assert Entry.objects.filter(action="exported a list of referrals").count() == 1


def test_opening_a_referral_is_audited_with_its_pathway(client):
    referral = booked()
    page = client.get(reverse("received_referral", args=(referral.pk,))).content.decode()
    assert referral.patient.family_name in page
    assert reverse("pathway", args=(referral.pathway.pk,)) in page
    kinds = set(
        Entry.objects.filter(action__contains="view").values_list("subject_kind", flat=True)
    )
    assert {"referral", "pathway"} <= kinds


def test_what_the_practice_wrote_cannot_break_out_of_the_page(client):
    referral = sent_for_triage(clinical_information="<script>alert(1)</script>")
    page = client.get(reverse("received_referral", args=(referral.pk,))).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("made", "slug", "given", "state"),
    [
        (booked, "accept", {}, "BOOKED"),
        (booked, "reject", {"reason": "SERVICE_INAPPROPRIATE"}, "REJECTED"),
        (booked, "cancel", {"reason": "CLINIC_CANCELLED"}, "APPT_CANCELLED_BY_PROVIDER"),
        (booked, "cancel-for-patient", {"reason": "PATIENT_ILL"}, "APPT_CANCELLED_BY_PATIENT"),
        (booked, "cancel-book-later", {"comment": "Clinic moved"}, "TRIAGED_PROVIDER_TO_ACTION"),
        (lambda: begun(booked()), "attended", {}, "BOOKED"),
        (
            lambda: begun(booked()),
            "not-attended",
            {"reason": "PATIENT_FORGOT", "communicated": "yes", "not_brought": "no"},
            "DID_NOT_ATTEND",
        ),
        (sent_for_triage, "accept-book-later", {}, "TRIAGED_PROVIDER_TO_ACTION"),
        (sent_for_triage, "return-with-advice", {"comment": "Exercise"}, "TRIAGE_RESPONSE"),
        (
            sent_for_triage,
            "end",
            {"reason": "NO_LONGER_REQUIRED", "comment": "Well"},
            "CANCELLED_REFERRAL",
        ),
    ],
)
def test_each_act_is_asked_for_and_done(client, made, slug, given, state):
    referral = made()
    page = client.get(reverse("received_referral", args=(referral.pk,))).content.decode()
    assert reverse("received_act", args=(referral.pk, slug)) in page
    assert client.get(reverse("received_act", args=(referral.pk, slug))).status_code == 200
    response = act(client, referral, slug, **given)
    assert response.status_code == 302, response.content.decode()
    referral.refresh_from_db()
    assert referral.state == state
    assert "Saved" in client.get(response["Location"]).content.decode()


def test_an_assessment_is_told_after_the_visit(client):
    referral = begun(booked(appointment_type="ASSESSMENT_SERVICE"))
    page = reverse("received_referral", args=(referral.pk,))
    assert "/assessed/" not in client.get(page).content.decode()
    act(client, referral, "attended")
    referral.refresh_from_db()
    assert "/assessed/" in client.get(page).content.decode()
    act(client, referral, "assessed", comment="Arthritis: refer to surgery")
    referral.refresh_from_db()
    assert referral.state == "ASSESSMENT_RESULT"


def test_the_office_books_a_slot_for_whom_nothing_could_be_booked(office):
    referral = deferred()
    assert (
        "There is no free time"
        in office.get(reverse("received_act", args=(referral.pk, "book"))).content.decode()
    )
    slot = a_slot(referral.service)
    assert act(office, referral, "book", slot=slot.pk).status_code == 302
    referral.refresh_from_db()
    assert (referral.state, referral.appointments.get().slot) == ("BOOKED", slot)


def test_a_slot_that_is_gone_is_said_and_nothing_changes(office):
    first, second = deferred(), None
    second = deferred(first.service)
    slot = a_slot(first.service)
    act(office, first, "book", slot=slot.pk)
    response = act(office, second, "book", slot=slot.pk)
    assert response.status_code == 400
    assert "Somebody else has just booked this time" in response.content.decode()
    second.refresh_from_db()
    assert second.state == "DEFERRED_TO_PROVIDER"


def test_redirecting_names_another_service_of_ones_own(client):
    referral, other = sent_for_triage(), a_service(name="Hands")
    foreign = a_service(OTHER_HOSPITAL)
    page = client.get(reverse("received_act", args=(referral.pk, "redirect"))).content.decode()
    assert f'value="{other.pk}"' in page
    assert f'value="{foreign.pk}"' not in page
    reason = {"reason": "REDIRECTED_OTHER", "comment": "For the hand team"}
    assert act(client, referral, "redirect", service=foreign.pk, **reason).status_code == 400
    assert act(client, referral, "redirect", service=other.pk, **reason).status_code == 302
    referral.refresh_from_db()
    assert referral.service == other


def test_the_office_names_the_clinician_acted_for(office, clinician):
    referral = booked()
    response = act(office, referral, "accept")
    assert response.status_code == 400
    assert 'href="#acting_for"' in response.content.decode()
    assert act(office, referral, "accept", acting_for=clinician.person_id).status_code == 302
    assert referral.steps.get(action="accept").acting_for == str(clinician.person_id)


def test_errors_stand_at_their_field(client):
    page = act(client, booked(), "reject").content.decode()
    assert 'href="#reason"' in page
    assert 'id="reason-error"' in page
    page = act(client, begun(booked()), "not-attended", reason="PATIENT_FORGOT").content.decode()
    assert 'href="#communicated"' in page
    assert 'href="#not_brought"' in page


def test_what_somebody_else_changed_is_shown_and_nothing_is_lost(client, office, clinician):
    referral = booked()
    act(office, referral, "cancel", reason="CLINIC_CANCELLED")
    response = act(client, referral, "accept")
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody else changed this" in page
    assert "Clinic cancelled" in page or "clinic cancelled" in page.lower()
    referral.refresh_from_db()
    assert (referral.state, referral.version) == ("APPT_CANCELLED_BY_PROVIDER", 3)


def test_free_times_elsewhere_are_told_to_whom_waits_for_a_slot(client):
    other = a_service(OTHER_HOSPITAL, name="Elsewhere clinic")
    referral = deferred()
    at = reverse("received_referral", args=(referral.pk,))
    assert "Free appointments elsewhere" not in client.get(at).content.decode()
    a_slot(other)
    assert "Elsewhere clinic" in client.get(at).content.decode()


def test_a_provider_that_had_it_reads_it_and_can_do_nothing(client):
    referral = booked()
    act(client, referral, "reject", reason="SERVICE_INAPPROPRIATE")
    actor, other = a_referrer(), a_service(OTHER_HOSPITAL)
    actions.change_shortlist(actor=actor, referral_id=referral.pk, services=[other.pk])
    actions.book(actor=actor, referral_id=referral.pk, slot_id=a_slot(other).pk)
    referral.refresh_from_db()
    assert act(client, referral, "reject", reason="SERVICE_INAPPROPRIATE").status_code == 400
    page = client.get(reverse("received_referral", args=(referral.pk,))).content.decode()
    assert "Nothing at the moment" in page
    referral.refresh_from_db()
    assert referral.state == "BOOKED"


def test_a_sensitive_record_shows_no_practice(client):
    an_organisation(PRACTICE, name="Hidden Surgery")
    referral = sent_for_triage(patient=a_patient(sensitive=True, postcode="ZZ99 7ZZ"))
    page = client.get(reverse("received_referral", args=(referral.pk,))).content.decode()
    listed = client.get(reverse("received_list", args=("to-review",))).content.decode()
    for text in (page, listed):
        assert "Hidden Surgery" not in text
        assert "ZZ99" not in text
        assert "Nowhere Street" not in text


def test_advice_is_answered_or_made_a_referral(office, clinician):
    service, actor = a_service(takes_advice=True), a_referrer()
    patient = a_patient()
    asked = [
        actions.ask(
            actor=actor,
            patient=patient,
            service_id=service.pk,
            question="X-ray first?",
            may_convert=True,
        )
        for _ in range(2)
    ]
    assert "X-ray first?" in office.get(reverse("received_advice_list")).content.decode()
    first, second = (reverse("received_advice", args=(each.pk,)) for each in asked)
    empty = office.post(first, {"version": 1, "act": "answer"})
    assert empty.status_code == 400
    assert 'href="#outcome"' in empty.content.decode()
    told = {"version": 1, "text": "Yes", "outcome": "RETURN_TO_REFERRER_WITH_ADVICE"}
    assert office.post(first, told | {"act": "answer"}).status_code == 302
    assert office.post(first, told | {"act": "answer"}).status_code == 409
    unnamed = office.post(second, {"version": 1, "act": "convert"})
    assert 'href="#acting_for"' in unnamed.content.decode()
    given = {"version": 1, "act": "convert", "acting_for": str(clinician.person_id)}
    made = office.post(second, given | {"text": "Bring the X-ray"})
    assert made.status_code == 302
    assert [each.text for each in asked[1].messages.all()] == ["X-ray first?", "Bring the X-ray"]
    assert Referral.objects.get(from_advice=asked[1]).state == "TRIAGED_PROVIDER_TO_ACTION"


def test_the_week_has_its_appointments(office):
    referral = booked()
    starts = referral.appointments.get().starts
    ahead = (timezone.localtime(starts).date() - timezone.localdate()).days
    week = (timezone.localdate().weekday() + ahead) // 7
    page = office.get(reverse("received_appointments"), {"week": week}).content.decode()
    assert names_on(page) == in_order(referral)
    for far in (week + 1, "x", "99999"):
        page = office.get(reverse("received_appointments"), {"week": far}).content.decode()
        assert (names_on(page) == []) is (far != "x" or week != 0)


def test_every_step_of_a_provider_in_the_table_has_a_page():
    of_provider = {name for name, row in transitions().items() if Party.PROVIDER in row.by}
    assert {each.action for each in ACTS.values()} == of_provider - {"convert_advice"}
    assert SEARCH.priority is Priority.ROUTINE


def test_whoever_meets_somebody_at_it_is_asked_to_try_again(client, monkeypatch):
    def busy(**_):
        raise actions.BusyError

    monkeypatch.setattr(actions, "accept", busy)
    response = act(client, booked(), "accept")
    assert response.status_code == 423
    assert "Nothing of yours was saved" in response.content.decode()


def test_a_longer_list_asks_the_store_no_more_often(office):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            office.get(reverse("received_list", args=("slot-issues",)))
        return len(captured)

    service = a_service()
    deferred(service)
    one = asked()
    for _ in range(4):
        deferred(service)
    assert asked() == one
