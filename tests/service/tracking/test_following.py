"""Rows of the list follow what is entered, deaths, and the days."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from tests.service.people import OTHER_HOSPITAL, a_pathway, an_actor, an_event

from clockstop.service.accounts.roles import Role
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.actions import record_death, record_event
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.tracking.refreshing import refresh_due

pytestmark = pytest.mark.django_db
TODAY = date(2025, 9, 30)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2025-09-30T08:00:00+01:00", tick=False):
        yield


def row(pathway):
    return ListEntry.objects.get(pk=pathway.pk)


def test_an_entry_makes_the_row_anew():
    pathway = a_pathway()
    an_event(pathway, "referral_received", date(2025, 1, 6))
    assert (row(pathway).state, row(pathway).clock_start) == (State.WAITING, date(2025, 1, 6))
    an_event(pathway, "treatment_started", date(2025, 3, 3))
    assert (row(pathway).state, row(pathway).clock_start) == (State.CLOSED, None)


def test_a_death_is_seen_on_every_row_and_so_is_that_it_was_none():
    first = a_pathway()
    second = a_pathway(first.patient, OTHER_HOSPITAL)
    for each in (first, second):
        an_event(each, "referral_received", date(2025, 1, 6))
    record_death(actor=SYSTEM, patient=first.patient, day=date(2025, 9, 1))
    assert row(first).state == row(second).state == State.CLOSED
    record_event(
        actor=an_actor(Role.PROVIDER_CLINICIAN),
        pathway=first,
        values={"kind": "entry_withdrawn", "day": "2025-09-01", "supersedes": "e2"},
        submission=uuid4(),
        reason="Somebody else",
    )
    assert row(first).state == row(second).state == State.WAITING


def test_who_takes_a_patient_over_has_the_row():
    pathway = a_pathway()
    an_event(pathway, "referral_received", date(2025, 1, 6))
    an_event(pathway, "transfer_sent", date(2025, 3, 3), to=OTHER_HOSPITAL)
    there = an_actor(Role.PROVIDER_CLINICIAN, OTHER_HOSPITAL)
    an_event(pathway, "transfer_received", date(2025, 3, 4), by=there)
    assert row(pathway).organisation_code == OTHER_HOSPITAL


def test_a_day_passing_opens_a_clock():
    pathway = a_pathway()
    an_event(pathway, "referral_received", date(2025, 1, 6))
    an_event(pathway, "treatment_started", date(2025, 3, 3))
    an_event(pathway, "planned_listed", date(2025, 3, 3), due="2025-10-02")
    assert (row(pathway).state, row(pathway).changes_on) == (State.PLANNED, date(2025, 10, 3))
    assert refresh_due(TODAY + timedelta(days=2)) == 0
    assert refresh_due(TODAY + timedelta(days=3)) == 1
    assert (row(pathway).state, row(pathway).clock_start) == (State.WAITING, date(2025, 10, 2))
    assert refresh_due(TODAY + timedelta(days=3)) == 0
