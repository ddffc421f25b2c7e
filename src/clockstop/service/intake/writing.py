"""The rows of an import into the store, in the transaction of its caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from clockstop.analytics.records import persons, planning, register, shares
from clockstop.analytics.records.faults import together
from clockstop.analytics.records.planning import By, Held, Kept, Placed, Plan
from clockstop.analytics.records.reading import Extract
from clockstop.analytics.records.sealing import Seal
from clockstop.analytics.tracking.terms import OF_PATIENT
from clockstop.core.types import Sector
from clockstop.service.audit.recording import Actor
from clockstop.service.intake.models import Import
from clockstop.service.intake.noting import Outcome, note
from clockstop.service.intake.signals import extract_written
from clockstop.service.pathways import bulk, deaths
from clockstop.service.pathways.models import (
    CareRelationship,
    HospitalRecord,
    Pathway,
    PathwayEvent,
    Patient,
    PatientKey,
    Review,
)
from clockstop.service.pathways.persons import locked_for_a_death
from clockstop.service.pathways.protections import ADULT
from clockstop.service.registry.models import Kind, Organisation
from clockstop.service.tracking.models import ListEntry
from clockstop.service.tracking.projection import refresh

if TYPE_CHECKING:
    import polars as pl

_CACHE_KIB = 262_144
_AT_ONCE = 500
_PATHWAYS = 50_000  # that are planned and written together: enough to be quick, in bounded memory
# In the order in which rows need each other.
_HOW: Mapping[str, tuple[Callable[[Any, Any], int], type[Any]]] = {
    "patients": (bulk.insert, Patient),
    "changed_patients": (bulk.change, Patient),
    "keys": (bulk.insert, PatientKey),
    "pathways": (bulk.insert, Pathway),
    "changed_pathways": (bulk.change, Pathway),
    "events": (bulk.insert, PathwayEvent),
    "relationships": (bulk.insert, CareRelationship),
    "records": (bulk.upsert, HospitalRecord),
    "list": (bulk.upsert, ListEntry),
    "reviews": (bulk.insert, Review),
}


def write(
    made: Import, extract: Extract, by: Actor, day: date, progress: Callable[[str], None]
) -> None:
    """Write all that an extract changes, its faults, and the audit's entry."""
    whose = By(
        icb=made.icb_code,
        batch=made.pk.hex,
        moment=made.received_at,
        stamp=_stamp(made),
        day=day,
        person=by.id,
        role=by.role,
        adult=ADULT,
    )
    seal = Seal()
    with _room():
        progress("Matching")
        placed = planning.place(extract, _held(made.icb_code), whose)
        people = planning.plan_people(placed, whose)
        made.new_patients = len(people["patients"])
        kinds = _kinds()
        counts: list[pl.DataFrame] = []
        later = []
        for planned in _planned(placed, kinds, whose, seal, lambda: _write(people)):
            _write(planned.rows)
            for name in shares.COUNTED:
                setattr(made, name, getattr(made, name) + int(planned.counts[name].sum()))
            counts.append(planned.counts)
            later.append((planned.alone.to_list(), planned.deaths.rows()))
            progress(f"Writing: {made.pathways:,} pathways")
    _cut_anew(people["changed_patients"]["id"].to_list())
    for alone, _ in later:
        for pathway in Pathway.objects.filter(pk__in=alone):  # rows of other providers' lists
            refresh(pathway)
    died = [
        (patient, locked_for_a_death(patient), of_death)
        for _, told in later
        for patient, of_death in _told(told)
    ]
    extract_written.send(sender=Import, icb_code=made.icb_code)
    for patient, pathways, of_death in died:
        deaths.tell(patient, pathways, of_death, by)
    made.refused_pathways += len(placed.faults)
    by_provider = shares.with_new_patients(shares.summed(counts), placed.people, placed.pathways)
    outcome = Outcome(
        faults=together([extract.faults, placed.faults]),
        taken=placed.pathways["pathway"],
        counts=by_provider,
        seal=seal.text,
    )
    note(made, extract, outcome, by)


def _planned(
    placed: Placed,
    kinds: Mapping[str, str],
    by: By,
    seal: Seal,
    meanwhile: Callable[[], None],
) -> Iterator[Plan]:
    """The parts of an extract one after another; each is planned while the last is written.

    What is to be done before any of them is written is done ``meanwhile``.
    """
    with ThreadPoolExecutor(1) as planner:
        before: Future[Plan] | None = None
        for part in placed.parts(_PATHWAYS):
            kept = _kept(part)  # on the connection of this thread
            done = before.result() if before else None
            before = planner.submit(planning.plan, part, kept, kinds, by, seal)
            if done:
                yield done
            else:
                meanwhile()
        if before:
            yield before.result()


def _stamp(made: Import) -> str:
    """The moment as the store writes it."""
    moment = made.received_at.astimezone(UTC)
    if connection.vendor == "postgresql":
        return moment.isoformat()
    return str(moment.replace(tzinfo=None))


@contextmanager
def _room() -> Iterator[None]:
    """More memory for pages while many rows are written; only of this connection."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


def _held(icb: str) -> Held:
    of_icb = "WHERE t.icb_code = %s"
    return Held(
        patients=bulk.read(Patient, persons.PATIENTS, of_icb, [icb]),
        keys=bulk.read(PatientKey, persons.KEYS, of_icb, [icb]),
        pathways=bulk.read(Pathway, register.PATHWAYS, of_icb, [icb]),
    )


def _kept(placed: Placed) -> Kept:
    """What the store keeps of the pathways of an extract; locked until the import ends."""
    wanted = bulk.want(placed.known)
    of = {"id": "pathway"}
    by_pathway = f"{wanted}pathway_id"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pathways_pathway t JOIN wanted w ON w.id = t.id "
                "ORDER BY t.id FOR UPDATE OF t"
            )
    kept = Kept(
        entries=bulk.read(PathwayEvent, planning.ENTRIES, by_pathway, fields=of),
        relationships=bulk.read(
            CareRelationship,
            planning.RELATIONSHIPS,
            f"{by_pathway} WHERE t.ends IS NULL",
            fields=of,
        ),
        records=bulk.read(HospitalRecord, register.RECORDS, by_pathway, fields=of),
    )
    bulk.forget()
    return kept


def _kinds() -> Mapping[str, str]:
    """What organisations are, by the words of the rules for sources of referrals."""
    found: dict[str, str] = {}
    for code, kind, sector in Organisation.objects.values_list("code", "kind", "sector"):
        if kind == Kind.PRACTICE:
            found[code] = "practice"
        elif kind == Kind.PROVIDER and sector == Sector.NHS_TRUST:
            found[code] = "trust"
        elif kind == Kind.PROVIDER and sector == Sector.INDEPENDENT:
            found[code] = "independent"
    return found


def _write(rows: Mapping[str, pl.DataFrame]) -> None:
    for name, (how, model) in _HOW.items():
        if name in rows:
            how(model, rows[name])


def _told(told: Sequence[tuple[str, date | None]]) -> Iterator[tuple[Patient, date | None]]:
    """Whose death, of which day, is not told in columns but by its rules; in a fixed order."""
    days = {UUID(key): day for key, day in told}
    for patient in Patient.objects.filter(pk__in=days).order_by("pk"):
        yield patient, days[patient.pk]


def _cut_anew(patients: Sequence[Any]) -> None:
    """Rows of the list that another hospital's extract does not hold, of patients that changed."""
    for start in range(0, len(patients), _AT_ONCE):
        theirs = ListEntry.objects.filter(pathway__patient__in=patients[start : start + _AT_ONCE])
        for entry in theirs.select_related("pathway__patient"):
            now = {name: getattr(entry.pathway.patient, name) for name in OF_PATIENT}
            if any(getattr(entry, name) != value for name, value in now.items()):
                for name, value in now.items():
                    setattr(entry, name, value)
                entry.save(update_fields=OF_PATIENT)
