"""The worklist of reviews, and what a patient sees who no longer needs to be seen."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    a_member,
    a_pathway,
    a_patient,
    an_actor,
    an_event,
    signed_in,
    signed_in_carer,
    signed_in_patient,
)

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.merging import look_for_duplicates
from clockstop.service.pathways.models import Merge, Review
from clockstop.service.pathways.reviews import close
from clockstop.service.pathways.validation import say_not_needed

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def a_review(kind="no_longer_needed", **patient):
    pathway = a_pathway(a_patient(**patient))
    an_event(pathway, "referral_received", date(2025, 1, 6))
    if kind == "not_brought":
        an_event(pathway, "did_not_attend", date(2025, 2, 3), appointment="first", not_brought=True)
    else:
        person = pathway.patient
        actor = Actor(person=uuid4(), name="", role=Role.PATIENT, people=(person.number,))
        say_not_needed(actor=actor, pathway=pathway)
    return pathway.reviews.get()


def near_pair(*places):
    born = date(1971, 3, 2)
    pair = [
        a_patient(given_name=name, family_name="Near", birth_date=born)
        for name in ("Catherine", "Cath")
    ]
    for patient, place in zip(pair, places, strict=True):
        a_pathway(patient, place)
    return look_for_duplicates(pair[0], SYSTEM)


def test_safeguarding_stands_first_then_who_has_waited_longest(client):
    first, second = a_review(family_name="Older"), a_review(family_name="Newer")
    a_review("not_brought", family_name="Child")
    Review.objects.filter(pk=first.pk).update(opened_at=timezone.now() - timedelta(days=5))
    page = text(signed_in(client, a_member(Role.PROVIDER_CLINICIAN)).get("/reviews/"))
    assert page.index("Child") < page.index("Older") < page.index("Newer")
    assert page.count("Safeguarding") == 1
    close(actor=an_actor(Role.PROVIDER_CLINICIAN), review=second, outcome="goes_on")
    assert "Newer" not in text(client.get("/reviews/"))


def test_nothing_to_review_says_so(client):
    a_review()
    page = signed_in(client, a_member(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL)).get("/reviews/")
    assert "Nothing waits for a review" in text(page)


def test_a_long_list_says_how_many_there_are(client, monkeypatch):
    from clockstop.service.pathways import review_views

    monkeypatch.setattr(review_views, "LISTED", 1)
    a_review()
    a_review()
    page = text(signed_in(client, a_member(Role.PROVIDER_CLINICIAN)).get("/reviews/"))
    assert "2 are open" in page
    assert page.count("Open since") == 2  # the head and one line


@pytest.mark.parametrize("kind", ["not_brought", "no_longer_needed"])
def test_a_clinician_closes_a_review_once_an_outcome_is_chosen(client, kind):
    review = a_review(kind)
    clinician = a_member(Role.PROVIDER_CLINICIAN)
    signed_in(client, clinician)
    at = f"/reviews/{review.pk}/"
    for outcome in ("", "removed"):
        refused = client.post(at, {"outcome": outcome})
        assert refused.status_code == 400
        assert text(refused).count("Choose what came of it") == 2
    review.refresh_from_db()
    assert review.closed_at is None
    answer = client.post(at, {"outcome": "decided"})
    assert (answer.status_code, answer["Location"]) == (302, at)
    review.refresh_from_db()
    assert (review.closed_by, review.outcome) == (str(clinician.person.pk), "decided")
    assert "Closed on" in text(client.get(at))
    assert "Close the review" not in text(client.get(at))


@pytest.mark.parametrize("role", [Role.WAITING_LIST_MANAGER, Role.PROVIDER_ADMINISTRATOR])
def test_others_of_the_provider_read_it_and_are_told_who_closes_it(client, role):
    review = a_review("not_brought")
    signed_in(client, a_member(role))
    page = text(client.get(f"/reviews/{review.pk}/"))
    assert "A clinician of your organisation closes this review" in page
    assert "Close the review" not in page
    assert client.post(f"/reviews/{review.pk}/", {"outcome": "decided"}).status_code == 403
    review.refresh_from_db()
    assert review.closed_at is None


def test_who_comes_second_is_told_what_the_first_decided(client, monkeypatch):
    from clockstop.service.pathways import merging

    review = a_review()
    settle = merging.settle

    def slow(*, actor, review, outcome):
        close(actor=an_actor(Role.PROVIDER_CLINICIAN), review=review, outcome="not_reached")
        settle(actor=actor, review=review, outcome=outcome)

    monkeypatch.setattr(merging, "settle", slow)
    signed_in(client, a_member(Role.PROVIDER_CLINICIAN))
    page = text(client.post(f"/reviews/{review.pk}/", {"outcome": "goes_on"}))
    assert "Somebody else has closed this review" in page
    assert "We could not reach the patient" in page


def test_two_records_of_one_hospital_are_shown_side_by_side_and_joined(client):
    review, _ = near_pair(HOSPITAL, HOSPITAL)
    signed_in(client, a_member())
    page = text(client.get(f"/reviews/{review.pk}/"))
    assert page.count("Near") == 2
    answer = client.post(f"/reviews/{review.pk}/", {"outcome": "keep_this"})
    assert answer.status_code == 302
    assert Merge.objects.get().kept == review.pathway.patient
    assert "They are one patient" in text(client.get(f"/reviews/{review.pk}/"))


def test_the_record_of_another_hospital_is_not_shown_and_cannot_be_joined(client):
    review, twin = near_pair(HOSPITAL, OTHER_HOSPITAL)
    signed_in(client, a_member())
    page = text(client.get(f"/reviews/{review.pk}/"))
    assert twin.pathway.patient.number.spaced not in page
    assert "Cath Near" not in page
    assert "another organisation" in page
    assert "keep_this" not in page
    assert client.post(f"/reviews/{review.pk}/", {"outcome": "keep_this"}).status_code == 403
    assert not Merge.objects.exists()
    assert client.post(f"/reviews/{review.pk}/", {"outcome": "different"}).status_code == 302


def test_records_that_cannot_be_joined_say_why_and_the_review_stays_open(client):
    from clockstop.service.pathways.merging import merge

    review, _ = near_pair(HOSPITAL, HOSPITAL)
    merge(actor=SYSTEM, kept=a_patient(), superseded=review.pathway.patient, reason="Superseded")
    answer = signed_in(client, a_member()).post(f"/reviews/{review.pk}/", {"outcome": "keep_this"})
    assert answer.status_code == 400
    assert "cannot be joined" in text(answer)
    review.refresh_from_db()
    assert review.closed_at is None


@pytest.mark.parametrize("sign_in", [signed_in_patient, signed_in_carer])
def test_a_patient_is_asked_first_then_told_that_somebody_will_talk_to_them(client, sign_in):
    pathway = a_pathway()
    at = f"/pathways/{pathway.pk}/not-needed/"
    sign_in(client, pathway.patient)
    asked = text(client.get(at))
    assert "Do you still need to be seen?" in asked
    assert not Review.objects.exists()
    answer = client.post(at)
    assert (answer.status_code, answer["Location"]) == (302, at)
    told = text(client.get(at))
    assert "Somebody will talk to you" in told
    assert "you keep your place" in told
    assert "<form" not in told.split("<main")[1]
    client.post(at)
    assert Review.objects.count() == 1


def test_the_words_to_the_patient_say_nothing_of_the_condition(client):
    pathway = a_pathway(condition="Something private")
    signed_in_patient(client, pathway.patient)
    page = text(client.get(f"/pathways/{pathway.pk}/not-needed/"))
    assert "Something private" not in page
    assert pathway.patient.nhs_number not in page


def test_a_sensitive_record_has_no_portal(client):
    pathway = a_pathway(a_patient(sensitive=True))
    signed_in_patient(client, pathway.patient)
    for method in (client.get, client.post):
        assert method(f"/pathways/{pathway.pk}/not-needed/").status_code == 404


def test_opening_a_review_is_opening_each_record_that_it_shows(client):
    review, twin = near_pair(HOSPITAL, HOSPITAL)
    signed_in(client, a_member())
    client.get(f"/reviews/{review.pk}/")
    opened = Entry.objects.filter(action="viewed a pathway").values_list("subject", flat=True)
    assert set(opened) == {str(review.pathway_id), str(twin.pathway_id)}
