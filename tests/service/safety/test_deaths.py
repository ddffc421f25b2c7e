"""A death closes every pathway of the person, whoever records it, and can be taken back."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.service.lock_order import in_order
from tests.service.people import (
    HOSPITAL,
    OTHER_HOSPITAL,
    OTHER_ICB,
    a_pathway,
    a_patient,
    an_actor,
    an_event,
)

from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.status_codes import Status
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.audit.verifying import verify
from clockstop.service.pathways import protections
from clockstop.service.pathways.actions import EntryRefusedError, record_death, record_event
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import PathwayEvent

pytestmark = pytest.mark.django_db
every_lock_in_order = pytest.fixture(autouse=True)(in_order)
DAY = date(2025, 3, 3)


def clock(pathway):
    return clock_on(pathway.events.all(), date(2025, 6, 1))


def two_running():
    """A patient with a pathway at each of two hospitals."""
    patient = a_patient()
    pathways = [a_pathway(patient, code) for code in (HOSPITAL, OTHER_HOSPITAL)]
    for pathway in pathways:
        an_event(pathway, "referral_received", date(2025, 1, 6))
    return patient, pathways


def then_all_have_died(patient, pathways, day=DAY):
    for pathway in pathways:
        (period,) = clock(pathway).periods
        assert (period.end, period.ending, period.ending.status) == (
            day,
            Ending.DIED,
            Status("36"),
        )
    patient.refresh_from_db()
    assert patient.died_on == day
    assert not protections.may_be_contacted(patient)
    assert verify().faults == ()


@pytest.mark.parametrize("by", ["a member of staff", "the system"])
def test_a_death_closes_every_pathway_with_36_and_bars_every_message(by):
    patient, pathways = two_running()
    assert protections.may_be_contacted(patient)
    record_death(
        actor=SYSTEM if by == "the system" else an_actor(Role.PROVIDER_ADMINISTRATOR),
        patient=patient,
        day=DAY,
    )
    then_all_have_died(patient, pathways)


def test_a_death_recorded_on_one_pathway_closes_the_others():
    patient, pathways = two_running()
    an_event(pathways[0], "death", DAY)
    then_all_have_died(patient, pathways)
    assert [each.events.filter(kind="death").count() for each in pathways] == [1, 1]


def test_an_outcome_of_36_is_a_death_too():
    patient, pathways = two_running()
    an_event(pathways[0], "administrative_outcome", DAY, status="36")
    then_all_have_died(patient, pathways)


def test_a_death_told_twice_is_told_once():
    patient, pathways = two_running()
    for _ in range(2):
        record_death(actor=SYSTEM, patient=patient, day=DAY)
    then_all_have_died(patient, pathways)
    assert PathwayEvent.objects.filter(kind="death").count() == 2
    assert Entry.objects.filter(action="noted a death").count() == 1


def test_the_records_of_a_person_in_two_icbs_die_together():
    patient, pathways = two_running()
    elsewhere = a_patient(OTHER_ICB, nhs_number=patient.nhs_number)
    pathway = a_pathway(elsewhere, OTHER_HOSPITAL)
    an_event(pathway, "referral_received", date(2025, 1, 6))
    an_event(pathways[1], "death", DAY)
    then_all_have_died(elsewhere, [pathway])


def test_nobody_else_dies():
    two_running()
    other, pathways = two_running()
    record_death(actor=SYSTEM, patient=two_running()[0], day=DAY)
    other.refresh_from_db()
    assert other.died_on is None
    assert all(clock(each).running for each in pathways)


def test_a_death_that_was_wrong_is_taken_back_visibly_everywhere():
    patient, pathways = two_running()
    wrong = an_event(pathways[0], "death", DAY)
    record_event(
        actor=an_actor(Role.PROVIDER_CLINICIAN),
        pathway=pathways[0],
        values={
            "kind": "entry_withdrawn",
            "day": DAY.isoformat(),
            "supersedes": f"e{wrong.number}",
        },
        submission=uuid4(),
        reason="Entered for the wrong patient",
    )
    patient.refresh_from_db()
    assert patient.died_on is None
    assert protections.may_be_contacted(patient)
    for pathway in pathways:
        found = clock(pathway)
        assert found.running.start == date(2025, 1, 6)
        assert [each.wrong.kind for each in found.corrections] == ["death"]
        assert pathway.events.last().reason


def test_a_wrong_day_of_death_is_corrected_visibly_everywhere():
    patient, pathways = two_running()
    record_death(actor=SYSTEM, patient=patient, day=DAY)
    record_death(actor=SYSTEM, patient=patient, day=DAY + timedelta(days=2))
    then_all_have_died(patient, pathways, DAY + timedelta(days=2))
    assert all(len(clock(each).corrections) == 1 for each in pathways)
    assert [each.events.filter(kind="death").count() for each in pathways] == [2, 2]


def test_a_pathway_that_knew_of_the_death_already_gets_no_second_entry():
    patient, pathways = two_running()
    patient.refresh_from_db()
    an_event(pathways[0], "death", DAY)
    record_death(actor=SYSTEM, patient=patient, day=DAY)
    assert pathways[0].events.filter(kind="death").count() == 1


@pytest.mark.parametrize("day", ["tomorrow", "before birth"])
def test_a_day_that_cannot_be_is_refused_and_nothing_is_written(day):
    patient, pathways = two_running()
    days = {
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "before birth": patient.birth_date - timedelta(days=1),
    }
    with pytest.raises(EntryRefusedError, match="between"):
        record_death(actor=SYSTEM, patient=patient, day=days[day])
    assert all(clock(each).running for each in pathways)


@pytest.mark.parametrize("role", sorted(Role))
def test_only_people_of_a_provider_that_cares_for_the_patient_record_a_death(role):
    patient = a_patient()
    an_event(a_pathway(patient), "referral_received", date(2025, 1, 6))
    allowed = role in {
        Role.PROVIDER_ADMINISTRATOR,
        Role.PROVIDER_CLINICIAN,
        Role.WAITING_LIST_MANAGER,
    }
    for place in (OTHER_HOSPITAL, *(() if allowed else (HOSPITAL,))):
        with pytest.raises(PermissionDenied):
            record_death(actor=some_actor(role, place, patient), patient=patient, day=DAY)
    patient.refresh_from_db()
    assert patient.died_on is None


def some_actor(role, place, patient):
    from clockstop.service.accounts.actor import Actor

    people = (patient.number,) if role in {Role.PATIENT, Role.CARER} else ()
    return Actor(person=uuid4(), name="Somebody", role=role, organisation_code=place, people=people)


def test_a_refused_death_leaves_the_other_pathways_as_they_were():
    patient, pathways = two_running()
    stranger = an_actor(Role.PROVIDER_CLINICIAN, "RCC")
    with pytest.raises(PermissionDenied):
        record_event(
            actor=stranger,
            pathway=pathways[0],
            values={"kind": "death", "day": DAY.isoformat()},
            submission=uuid4(),
        )
    assert [each.events.count() for each in pathways] == [1, 1]
    patient.refresh_from_db()
    assert patient.died_on is None
