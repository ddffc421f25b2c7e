"""A hospital's extract comes in: what is new, what is told otherwise, what stays as it is."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from tests.service.intake.extracts import (
    REFERRED,
    SEEN,
    TODAY,
    TREATED,
    events,
    pathway,
    person,
    write,
)
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_HOSPITAL,
    PRACTICE,
    a_pathway,
    a_patient,
    an_actor,
    an_event,
)

from clockstop.analytics.records.faults import ExtractRefusedError
from clockstop.core.rtt.reading import written
from clockstop.service.accounts.roles import Role
from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.audit.sealing import canonical
from clockstop.service.intake.actions import import_extract
from clockstop.service.intake.models import Import, ImportFault
from clockstop.service.pathways.actions import record_event
from clockstop.service.pathways.clock import events_of
from clockstop.service.pathways.merging import look_for_duplicates
from clockstop.service.pathways.models import (
    CareRelationship,
    HospitalRecord,
    Pathway,
    PathwayEvent,
    Patient,
    PatientKey,
    Review,
)
from clockstop.service.pathways.persons import records_of
from clockstop.service.pathways.records import tables
from clockstop.service.pathways.verifying import verify
from clockstop.service.registry.models import Kind, Organisation
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.tracking.projection import refresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY}T08:00:00+01:00", tick=False):
        yield


@pytest.fixture
def bring(tmp_path):
    """Bring in an extract of these tables, as a file of the night."""

    def given(people, pathways, entries, **how):
        folder = write(tmp_path / str(uuid4()), people, pathways, entries)
        found = import_extract(SYSTEM, folder, **({"provider": HOSPITAL} | how))
        holds()
        return found

    return given


def holds():
    """Every row of the list is what the pathway alone would make; all is as it was entered."""
    assert verify().faults == ()
    for held in Pathway.objects.all():
        kept = vars(ListEntry.objects.get(pk=held.pk))
        made = vars(refresh(held))
        assert {k: v for k, v in kept.items() if k[0] != "_"} == {
            k: v for k, v in made.items() if k[0] != "_"
        }
        for entry, event in zip(held.events.all(), events_of(held.events.all()), strict=True):
            assert entry.values == canonical(written(event))
            assert (entry.kind, entry.day) == (event.kind, event.day)


ONE = ([person()], [pathway()], events(1, REFERRED, SEEN))


def test_a_first_extract(bring):
    (made,) = bring(*ONE).imports
    assert (made.status, made.pathways, made.new_pathways, made.events) == ("done", 1, 1, 2)
    patient = Patient.objects.get()
    assert (patient.icb_code, patient.name, patient.birth_date) == (
        ICB,
        "Ada Person1",
        date(1960, 5, 17),
    )
    held = Pathway.objects.get()
    assert (held.treatment_function, held.length, held.organisation_code) == ("C_110", 2, HOSPITAL)
    entry = ListEntry.objects.get()
    assert (entry.state, entry.clock_start) == (State.WAITING, TODAY - timedelta(days=100))
    assert entry.last_seen == TODAY - timedelta(days=60)
    assert set(held.relationships.values_list("organisation_code", "part", "starts")) == {
        (HOSPITAL, "provider", TODAY),
        (PRACTICE, "referrer", TODAY),
    }
    told = Entry.objects.get(action="imported an extract")
    assert (told.subject, told.icb_code, told.actor) == (str(made.pk), ICB, "system")


def test_the_same_extract_twice_changes_nothing(bring):
    bring(*ONE)
    before = [list(m.objects.order_by("pk").values()) for m in (Patient, Pathway, PathwayEvent,
              CareRelationship, HospitalRecord, ListEntry)]  # fmt: skip
    (made,) = bring(*ONE).imports
    assert (made.events, made.changed_pathways, made.new_pathways, made.new_patients) == (
        0,
        0,
        0,
        0,
    )
    after = [list(m.objects.order_by("pk").values()) for m in (Patient, Pathway, PathwayEvent,
             CareRelationship, HospitalRecord, ListEntry)]  # fmt: skip
    assert after == before


def test_what_is_told_later_is_added_and_what_is_told_otherwise_corrected(bring):
    bring(*ONE)
    told = events(1, REFERRED | {"day": 101}, SEEN, TREATED)
    (made,) = bring([person(family_name="Newname")], [pathway(priority="2")], told).imports
    assert (made.events, made.corrections, made.changed_pathways) == (2, 1, 1)
    third, fourth = PathwayEvent.objects.filter(number__gt=2)
    assert (third.reason, third.source_number) == ("The hospital's system corrected it", 1)
    assert (fourth.kind, fourth.source_number, fourth.reason) == ("treatment_started", 3, "")
    assert Patient.objects.get().family_name == "Newname"
    assert ListEntry.objects.get().priority == "2"
    assert ListEntry.objects.get().state == State.CLOSED


def test_what_was_entered_here_keeps_its_place(bring):
    bring(*ONE)
    held = Pathway.objects.get()
    an_event(held, "decision_to_admit", TODAY - timedelta(days=30))
    (made,) = bring(ONE[0], ONE[1], events(1, REFERRED, SEEN, TREATED)).imports
    assert made.events == 1
    assert list(held.events.values_list("number", "source_number")) == [
        (1, 1),
        (2, 2),
        (3, None),
        (4, 3),
    ]


def test_dates_and_priorities_are_the_systems_and_an_entry_leaves_them(bring):
    bring(ONE[0], [pathway(tci_date="2025-10-20", procedure_priority="P2", site="RAA01")], ONE[2])
    an_event(Pathway.objects.get(), "decision_to_admit", TODAY)
    entry = ListEntry.objects.get()
    assert (entry.tci_date, entry.procedure_priority, entry.site) == (
        date(2025, 10, 20),
        "P2",
        "RAA01",
    )
    assert entry.decided_to_admit == TODAY
    bring(*ONE)
    assert ListEntry.objects.get().tci_date is None


def test_a_patient_is_known_by_the_number_and_keeps_what_nobody_told(bring):
    patient = a_patient(nhs_number=person()["nhs_number"], sensitive=True, address="7 Hidden Lane")
    bring(*ONE)
    held = Patient.objects.get()
    assert (held.pk, held.sensitive, held.address) == (patient.pk, True, "7 Hidden Lane")
    assert held.family_name == "Person1"


def test_without_a_number_a_patient_is_known_by_the_systems_own_key(bring):
    nobody = [person(1, nhs_number=""), person(2, nhs_number="")]
    told = (nobody, [pathway(1), pathway(2)], [*events(1, REFERRED), *events(2, REFERRED)])
    bring(*told)
    assert Patient.objects.filter(nhs_number="").count() == PatientKey.objects.count() == 2
    bring(*told)
    assert Patient.objects.count() == 2
    bring([person(1), nobody[1]], *told[1:])
    assert Patient.objects.get(nhs_number=person(1)["nhs_number"]).family_name == "Person1"
    assert Patient.objects.count() == 2


def test_a_death_goes_to_every_pathway_and_can_be_taken_back(bring):
    people, pathways = [person()], [pathway(1), pathway(2, of=1)]
    told = [*events(1, REFERRED), *events(2, REFERRED)]
    bring(people, pathways, told)
    elsewhere = a_pathway(Patient.objects.get(), OTHER_HOSPITAL)
    an_event(elsewhere, "referral_received", TODAY - timedelta(days=50))
    death = {"kind": "death", "day": 3}
    bring(people, pathways, [*events(1, REFERRED, death), *events(2, REFERRED)])
    assert Patient.objects.get().died_on == TODAY - timedelta(days=3)
    assert set(ListEntry.objects.values_list("state", flat=True)) == {State.CLOSED}
    bring(people, pathways, told)
    assert Patient.objects.get().died_on is None
    assert set(ListEntry.objects.values_list("state", flat=True)) == {State.WAITING}


def test_a_day_of_death_in_the_table_of_people(bring):
    bring([person(died_on="2025-09-20")], *ONE[1:])
    assert Patient.objects.get().died_on == date(2025, 9, 20)
    assert PathwayEvent.objects.filter(kind="death").count() == 1
    bring([person(died_on="2025-09-20")], *ONE[1:])
    assert PathwayEvent.objects.filter(kind="death").count() == 1


def test_a_child_who_missed_an_appointment_goes_to_a_clinician(bring):
    missed = {"kind": "did_not_attend", "appointment": "first", "day": 20, "communicated": "true"}
    bring([person(birth_date="2015-03-01")], [pathway()], events(1, REFERRED, missed))
    review = Review.objects.get()
    entry = PathwayEvent.objects.get(kind="did_not_attend")
    assert (review.kind, review.safeguarding, review.opened_for) == (
        "not_brought",
        True,
        str(entry.pk),
    )
    assert '"not_brought":true' in entry.values


def test_another_hospital_tells_of_the_same_pathway(bring):
    bring(*ONE)
    received = {"kind": "transfer_received", "day": 5, "provider": OTHER_HOSPITAL}
    there = [pathway(provider=OTHER_HOSPITAL, tci_date="2025-11-03")]
    bring(ONE[0], there, events(1, received), provider=OTHER_HOSPITAL)
    held = Pathway.objects.get()
    assert (held.organisation_code, held.length) == (OTHER_HOSPITAL, 3)
    assert ListEntry.objects.get().organisation_code == OTHER_HOSPITAL
    bring(*ONE)
    assert Pathway.objects.get().organisation_code == OTHER_HOSPITAL
    assert ListEntry.objects.get().tci_date == date(2025, 11, 3)


FAULTY = [
    ("people", {"nhs_number": "9990000000"}, "nhs_number", "a check digit that fits"),
    ("people", {"birth_date": "17/05/1960"}, "birth_date", "a day like 2025-01-31"),
    ("people", {"birth_date": ""}, "birth_date", "a day of birth"),
    ("people", {"died_on": "2025-12-01"}, "died_on", "a day between the day of birth and 2025-09-30"),
    ("people", {"sex": "F"}, "sex", "one of 1, 2, 9"),
    ("people", {"deprivation_decile": "11"}, "deprivation_decile", "1 to 10"),
    ("pathways", {"person": 99}, "person", "a person of the table of people"),
    ("pathways", {"provider": "RZZ"}, "provider", "pathways of RAA alone"),
    ("pathways", {"treatment_function": "999"}, "treatment_function", "a national code, like 110"),
    ("pathways", {"priority": ""}, "priority", "Priority type: 1 routine, 2 urgent, 3 urgent suspected cancer"),
    ("pathways", {"on_cancer_list": "perhaps"}, "on_cancer_list", "true or false"),
    ("pathways", {"consultant": "C" * 13}, "consultant", "at most 12 characters"),
    ("events", {"kind": "wedding"}, "kind", "a kind of event"),
    ("events", {"day": "2025-10-01"}, "day", "a day until 2025-09-30: what has happened"),
    ("events", {"day": ""}, "day", "a day like 2025-01-31"),
    ("events", {"number": 3}, "number", "the entries of the pathway numbered from 1 without a gap"),
    ("events", {"supersedes": "e7"}, "supersedes", "an entry of the same pathway, like e1"),
    ("events", {"status": "77"}, "status", None),
    ("events", {"pathway": 7}, "pathway", "a pathway of the table of pathways"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "wrong", "column", "expected"), FAULTY)
def test_a_fault_keeps_the_whole_pathway_out_and_no_other(bring, table, wrong, column, expected):
    rows = {
        "people": [person(1), person(2)],
        "pathways": [pathway(1), pathway(2)],
        "events": [*events(1, REFERRED), *events(2, REFERRED, SEEN)],
    }
    rows[table][-1] = rows[table][-1] | wrong
    found = bring(rows["people"], rows["pathways"], rows["events"])
    (made,) = found.imports
    refused = 0 if wrong == {"pathway": 7} else 1
    assert (made.status, made.refused_pathways) == ("in_part", refused)
    said = set(ImportFault.objects.values_list("file", "column"))
    assert (f"{table}.csv", column) in said
    (fault,) = ImportFault.objects.filter(file=f"{table}.csv", column=column)[:1]
    assert expected in {None, fault.expected}
    last = 1 + len(rows[table])
    assert fault.row in {last, last - 1}
    assert fault.imported == made
    if refused:
        assert list(Pathway.objects.values_list("identifier", flat=True)) == [f"{1:020d}"]


def test_a_strict_import_brings_nothing_in(bring):
    found = bring([person(1), person(2, sex="F")], [pathway(1), pathway(2)], ONE[2], strict=True)
    assert (found.imports[0].status, Pathway.objects.count()) == ("refused", 0)
    assert found.imports[0].fault_rows.count() == 1


def test_no_extract_at_all(tmp_path):
    folder = write(tmp_path, *ONE)
    (folder / "events.csv").write_text("pathway,number,day,colour\n")
    with pytest.raises(ExtractRefusedError) as refused:
        import_extract(SYSTEM, folder, provider=HOSPITAL)
    said = refused.value.faults.select("file", "column", "found").rows()
    assert said == [("events.csv", "colour", "an unknown column"), ("events.csv", "kind", "no such column")]  # fmt: skip
    assert not Import.objects.exists()


def test_a_night_that_is_no_extract_is_an_import_that_was_refused(tmp_path):
    """Where the register says whose it is, so that the hospital's page tells it."""
    Organisation.objects.create(code=HOSPITAL, name="A", kind=Kind.PROVIDER, icb_code=ICB)
    folder = write(tmp_path, *ONE)
    (folder / "events.csv").unlink()
    found = import_extract(SYSTEM, folder, provider=HOSPITAL)
    (made,) = found.imports
    assert (made.status, made.pathways, made.faults, len(found.faults)) == ("refused", 0, 1, 1)
    assert "no events.csv" in made.fault_rows.get().found
    assert not Pathway.objects.exists()


def test_only_who_keeps_the_data_of_the_provider_may(tmp_path):
    folder = write(tmp_path, *ONE)
    for actor in (an_actor(Role.PROVIDER_CLINICIAN), an_actor(organisation_code=OTHER_HOSPITAL)):
        with pytest.raises(PermissionDenied):
            import_extract(actor, folder, provider=HOSPITAL)
    import_extract(an_actor(Role.WAITING_LIST_MANAGER), folder, provider=HOSPITAL)


def test_the_store_gives_out_what_was_brought_in(bring):
    bring(*ONE)
    record_event(
        actor=an_actor(Role.PROVIDER_CLINICIAN),
        pathway=Pathway.objects.get(),
        values={"kind": "decision_to_admit", "day": TODAY.isoformat()},
        submission=uuid4(),
    )
    people, pathways, entries = tables(HOSPITAL)
    assert people.row(0, named=True)["nhs_number"] == person()["nhs_number"]
    told = {name: value for name, value in pathway().items() if name not in {"pathway", "person"}}
    row = pathways.row(0, named=True)
    assert {name: row[name] for name in told} == told
    assert (row["line"], row["site"]) == ("C_110", None)
    assert entries["kind"].to_list() == ["referral_received", "attendance", "decision_to_admit"]
    assert [each.height for each in tables(icb_code=ICB)] == [1, 1, 3]
    assert [each.height for each in tables(OTHER_HOSPITAL)] == [0, 0, 0]


@pytest.mark.parametrize("change", [{"values": "{}"}, {"day": date(2020, 1, 1)}, {"batch": None},
                                    {"source_number": 9}, {"reason": "x"}])  # fmt: skip
def test_an_imported_event_that_is_altered(bring, change):
    from tests.service.audit.tampering import unlock

    bring(*ONE)
    unlock("pathways_pathwayevent")
    PathwayEvent.objects.filter(number=2).update(**change)
    assert verify().faults


def test_an_imported_event_that_is_removed_or_added(bring):
    from tests.service.audit.tampering import undone, unlock

    bring(*ONE)
    unlock("pathways_pathwayevent")
    with undone():
        PathwayEvent.objects.filter(number=2).delete()
        Pathway.objects.update(length=1)
        assert [each.problem for each in verify().faults] == [
            "an event was altered, added or removed since it was imported"
        ]
    event = PathwayEvent.objects.get(number=2)
    event.pk, event.number, event.submission = uuid4(), 3, uuid4()
    event.save(force_insert=True)
    Pathway.objects.update(length=3)
    assert len(verify().faults) == 1


def test_nobody_without_a_number_is_somebody_else_without_one(bring):
    nobody = [person(1, nhs_number=""), person(2, nhs_number="")]
    told = [*events(1, REFERRED, {"kind": "death", "day": 3}), *events(2, REFERRED)]
    bring(nobody, [pathway(1), pathway(2)], told)
    one, other = Patient.objects.order_by("family_name")
    assert records_of(one) == (one,)
    assert (one.died_on is None, other.died_on) == (False, None)
    assert one.spaced_number == "Not known"
    assert look_for_duplicates(one, SYSTEM) == ()
