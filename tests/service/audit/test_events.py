"""Events of pathways that are not what the audit says was entered."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from tests.service.audit.tampering import undone, unlock
from tests.service.people import ICB, OTHER_ICB, a_pathway, a_patient, an_event

from clockstop.service.audit.models import Chain, Entry
from clockstop.service.pathways import verifying
from clockstop.service.pathways.models import CareRelationship, Pathway, PathwayEvent
from clockstop.service.pathways.verifying import verify
from clockstop.service.tracking.models import ListEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def pathway():
    """One of two pathways with events, where triggers no longer keep anything."""
    pathways = [a_pathway(), a_pathway(a_patient(OTHER_ICB))]
    for each in pathways:
        an_event(each, "referral_received", date(2025, 1, 6))
        an_event(each, "decision_to_treat", date(2025, 2, 3))
        an_event(each, "treatment_started", date(2025, 3, 3))
    for table in ("audit_entry", "pathways_pathwayevent"):
        unlock(table)
    assert verify() == verifying.EventsVerified(2, ())
    return pathways[0]


def events(pathway, **where):
    return PathwayEvent.objects.filter(pathway=pathway, **where)


def found(pathway):
    faults = verify().faults
    assert {each.pathway for each in faults} <= {str(pathway.pk)}
    return [(each.number, each.problem) for each in faults]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "decision_not_to_treat"},
        {"day": date(2025, 2, 4)},
        {"values": "{}"},
        {"reason": "None"},
        {"acting_for": "somebody"},
        {"recorded_by": "somebody"},
        {"recorded_role": "referrer"},
        {"organisation_code": "RZZ"},
        {"submission": UUID(int=0)},
    ],
)
def test_an_altered_event(pathway, change):
    events(pathway, number=2).update(**change)
    assert found(pathway) == [(2, "was altered since it was entered")]


def test_an_event_of_another_moment(pathway):
    event = events(pathway).last()
    events(pathway, number=3).update(recorded_at=event.recorded_at.replace(microsecond=1))
    assert found(pathway) == [(3, "was altered since it was entered")]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_event(pathway, number):
    events(pathway, number=number).delete()
    lost = (number, "is in the audit but is not there")
    assert found(pathway) == [lost, (0, "should have 3 events, numbered without a gap")]


def test_a_removed_event_whose_pathway_says_nothing_of_it(pathway):
    events(pathway, number=3).delete()
    Pathway.objects.filter(pk=pathway.pk).update(length=2)
    assert found(pathway) == [(3, "is in the audit but is not there")]


def test_an_event_that_nobody_entered(pathway):
    copied = events(pathway).last()
    copied.pk, copied.number, copied.submission = uuid4(), 4, uuid4()
    copied.save()
    Pathway.objects.filter(pk=pathway.pk).update(length=4)
    assert found(pathway) == [(4, "is not in the audit")]


def test_events_in_another_order(pathway):
    for old, new in ((1, 9), (2, 1), (9, 2)):
        events(pathway, number=old).update(number=new)
    assert {(1, "was entered as number 2"), (2, "was entered as number 1")} <= set(found(pathway))


def test_an_event_in_another_icb(pathway):
    events(pathway, number=1).update(icb_code=OTHER_ICB)
    assert found(pathway) == [(1, f"was entered in ICB {ICB}")]


def test_an_event_of_another_pathway(pathway):
    other = Pathway.objects.exclude(pk=pathway.pk).get()
    events(pathway, number=3).update(pathway=other, number=4)
    assert {each.pathway for each in verify().faults} == {str(pathway.pk), str(other.pk)}


def test_a_pathway_that_is_gone(pathway):
    events(pathway).delete()
    CareRelationship.objects.filter(pathway=pathway).delete()
    ListEntry.objects.filter(pathway=pathway).delete()
    Pathway.objects.filter(pk=pathway.pk).delete()
    assert found(pathway) == [(0, "is in the audit but is not there")]


def test_an_audit_that_is_gone(pathway):
    Entry.objects.filter(subject=str(pathway.pk)).delete()
    Chain.objects.all().delete()
    assert [problem for _, problem in found(pathway)] == ["is not in the audit"] * 3


def test_many_pathways_are_read_in_batches(pathway, monkeypatch):
    monkeypatch.setattr(verifying, "_BATCH", 2)
    for _ in range(3):
        an_event(a_pathway(), "referral_received", date(2025, 1, 6))
    events(pathway, number=2).update(reason="None")
    told = []
    assert len(verify(told.append).faults) == 1
    assert told == [2, 4, 5]


@pytest.mark.parametrize("change", ["day = 'never'", "recorded_at = 'now-ish'", "number = 'q'"])
def test_what_the_column_should_not_hold_at_all(pathway, change):
    """SQLite keeps anything anywhere; PostgreSQL refuses it."""
    key = pathway.pk.hex
    try:
        with undone(), connection.cursor() as cursor:
            where = f"pathway_id = '{key}' AND number = 2"
            cursor.execute(f"UPDATE pathways_pathwayevent SET {change} WHERE {where}")
            assert found(pathway)
    except DatabaseError:
        assert connection.vendor == "postgresql"


def test_an_event_of_no_pathway(pathway):
    """Where foreign keys are not looked at."""
    with undone():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA defer_foreign_keys = ON")
        stray = uuid4()
        events(pathway, number=3).update(pathway=stray)
        problems = [each.problem for each in verify().faults]
    assert "is of a pathway that is not there" in problems
