"""Asking patients whether they still wait: their word goes to a clinician, silence nowhere."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.service.people import a_pathway, a_patient, an_actor, an_event

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Review
from clockstop.service.pathways.reviews import OUTCOMES, AlreadyClosedError, close
from clockstop.service.pathways.validation import say_not_needed

pytestmark = pytest.mark.django_db


def waiting():
    pathway = a_pathway()
    an_event(pathway, "referral_received", date(2025, 1, 6))
    return pathway


def a_public(role, patient):
    return Actor(person=uuid4(), name="Somebody", role=role, people=(patient.number,))


def runs(pathway):
    return clock_on(pathway.events.all(), timezone.localdate()).running is not None


@pytest.mark.parametrize("role", [Role.PATIENT, Role.CARER])
def test_no_longer_needed_opens_a_review_and_the_clock_runs_on(role):
    pathway = waiting()
    review = say_not_needed(actor=a_public(role, pathway.patient), pathway=pathway)
    assert (review.kind, review.closed_at) == ("no_longer_needed", None)
    assert pathway.events.count() == 1
    assert runs(pathway)
    assert Entry.objects.filter(action="opened a review", role=role).count() == 1


def test_saying_it_twice_is_saying_it_once_and_again_after_an_answer_is_new():
    pathway = waiting()
    patient = a_public(Role.PATIENT, pathway.patient)
    first = [say_not_needed(actor=patient, pathway=pathway) for _ in range(2)]
    assert first[0] == first[1]
    close(actor=an_actor(Role.PROVIDER_CLINICIAN), review=first[0], outcome="goes_on")
    assert say_not_needed(actor=patient, pathway=pathway).closed_at is None
    assert Review.objects.count() == 2


@pytest.mark.parametrize("outcome", OUTCOMES["no_longer_needed"])
def test_no_outcome_of_a_review_touches_the_clock(outcome):
    pathway = waiting()
    review = say_not_needed(actor=a_public(Role.PATIENT, pathway.patient), pathway=pathway)
    close(actor=an_actor(Role.PROVIDER_CLINICIAN), review=review, outcome=outcome)
    assert runs(pathway)
    assert pathway.events.count() == 1


def test_silence_for_years_removes_nobody():
    pathway = waiting()
    say_not_needed(actor=a_public(Role.PATIENT, pathway.patient), pathway=pathway)
    with time_machine.travel(timezone.now() + timedelta(days=1_000)):
        assert runs(pathway)
        assert Review.objects.get().closed_at is None


@pytest.mark.parametrize("role", sorted(Role))
def test_nobody_says_it_for_another(role):
    pathway, stranger = waiting(), a_patient()
    public = role in {Role.PATIENT, Role.CARER}
    actor = a_public(role, stranger) if public else an_actor(role)
    with pytest.raises(PermissionDenied):
        say_not_needed(actor=actor, pathway=pathway)
    assert not Review.objects.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PATIENT, Role.CARER}))
@pytest.mark.parametrize("place", ["RAA", "RBB"])
def test_only_a_clinician_of_the_provider_closes_it(role, place):
    pathway = waiting()
    review = say_not_needed(actor=a_public(Role.PATIENT, pathway.patient), pathway=pathway)
    actor = an_actor(role, place)
    if (role, place) == (Role.PROVIDER_CLINICIAN, "RAA"):
        close(actor=actor, review=review, outcome="goes_on")
    else:
        with pytest.raises(PermissionDenied):
            close(actor=actor, review=review, outcome="goes_on")
    review.refresh_from_db()
    assert bool(review.closed_at) is (role is Role.PROVIDER_CLINICIAN and place == "RAA")


def test_a_review_is_closed_once_with_an_outcome_that_there_is():
    pathway = waiting()
    review = say_not_needed(actor=a_public(Role.PATIENT, pathway.patient), pathway=pathway)
    clinician = an_actor(Role.PROVIDER_CLINICIAN)
    with pytest.raises(ValueError, match="no outcome"):
        close(actor=clinician, review=review, outcome="removed")
    closed = [close(actor=clinician, review=review, outcome="goes_on") for _ in range(2)]
    assert closed[0].closed_at == closed[1].closed_at
    assert closed[0].closed_by == str(clinician.person)
    with pytest.raises(AlreadyClosedError):
        close(actor=an_actor(Role.PROVIDER_CLINICIAN), review=review, outcome="goes_on")
    assert Entry.objects.filter(action="closed a review").count() == 1
