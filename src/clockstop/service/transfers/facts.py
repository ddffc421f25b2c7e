"""What the records know of a patient's need when help is asked for, and what still holds of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from clockstop.core.rulebook.allocation import DAYS_A_WEEK
from clockstop.service.pathways.models import HospitalRecord, Pathway, Patient
from clockstop.service.pathways.protections import age_on
from clockstop.service.referrals.figures import NOT_KNOWN, wait_ahead, waits_of
from clockstop.service.tracking.intervals import review_intervals_on
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.tracking.worklists import review_was_due
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.models.aid import Stage
from clockstop.service.transfers.places import district_of, middle_of

# Codes that say within how long treatment is due; P4 and D4 may wait longer.
SOON = frozenset({"P1A", "P1B", "P2", "P3", "D1", "D2", "D3"})
_ASA = re.compile(r"[1-5]")


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a patient still waits for what was asked, and a priority review that is overdue."""

    waiting: bool
    review_due: date | None = None


def standing_of(request: AidRequest, today: date) -> Standing:
    """As the tracking list has it now. A direct-access test has no row there, and waits."""
    if request.pathway_id is None:
        return Standing(request.patient.died_on is None)
    entry = ListEntry.objects.filter(pathway=request.pathway_id).first()
    if entry is None:
        return Standing(waiting=False)
    return Standing(waits(entry, request), review_was_due(entry, today))


def waits(entry: ListEntry, request: AidRequest) -> bool:
    """Whether the row of the list still waits for what was asked."""
    return entry.state == State.WAITING or (request.is_diagnostic and entry.state == State.TEST)


def facts_of(pathway: Pathway, today: date) -> dict[str, object]:
    """What list, hospital's system and patient's record know, by the fields of a request."""
    entry = ListEntry.objects.filter(pathway=pathway).first() or ListEntry()
    record = HospitalRecord.objects.filter(pk=pathway.pk).first() or HospitalRecord()
    priority = (entry.procedure_priority or entry.diagnostic_priority).upper()
    waiting_since = entry.clock_start or today
    is_cancer = pathway.is_suspected_cancer or entry.on_cancer_list
    return {
        "treatment_function": pathway.treatment_function,
        "procedure": record.procedure.replace(".", "")[:5],
        "stage": _stage(entry, is_cancer=is_cancer).value,
        "priority": priority,
        "priority_reviewed": entry.priority_reviewed,
        "waiting_since": waiting_since,
        "needed_by": _due_by(priority, entry.decided_to_admit or waiting_since, today),
        "is_cancer": is_cancer,
        "site": entry.site,
        "asa": _asa(record.asa_grade),
        "weeks_here": weeks_ahead(
            pathway.organisation_code, pathway.treatment_function, waiting_since, today
        ),
        **patients_facts(pathway.patient, today),
    }


def weeks_ahead(
    provider: str, function: str, since: date, today: date, told: float | None = None
) -> float | None:
    """Within how many weeks more half are treated there who have waited since a day.

    Where the tables tell nothing of so long a wait: what was ``told``, or of those who join now.
    """
    ahead = wait_ahead(provider, function, weeks_waited(since, today))
    if ahead is not None:
        return ahead.p50
    if told is not None:
        return told
    return waits_of(function).get(provider, NOT_KNOWN).expected_half


def weeks_waited(since: date, today: date) -> int:
    """Whole weeks, as the tables of expected waits count them."""
    return max((today - since).days, 0) // DAYS_A_WEEK


def patients_facts(patient: Patient, today: date) -> dict[str, object]:
    """Age, sex, and where the home is: its district's middle; nothing of a sensitive record."""
    postcode = "" if patient.sensitive else patient.postcode
    at = middle_of(postcode)
    return {
        "age": age_on(patient.birth_date, today),
        "sex": patient.sex,
        "deprivation_decile": patient.deprivation_decile,
        "district": district_of(postcode) if at else "",
        "latitude": at.latitude if at else None,
        "longitude": at.longitude if at else None,
    }


def renew(request: AidRequest, today: date) -> None:
    """Have on a request what the records say today; it is saved with the request's next step."""
    for name, value in known_now(request, today).items():
        setattr(request, name, value)


def known_now(request: AidRequest, today: date) -> dict[str, object]:
    """What the records say today of what changes: age, the ASA grade, suspicion of cancer."""
    found: dict[str, object] = {"age": age_on(request.patient.birth_date, today)}
    pathway = request.pathway
    if pathway is None:
        return found
    record = HospitalRecord.objects.filter(pk=pathway.pk).first() or HospitalRecord()
    entry = ListEntry.objects.filter(pathway=pathway).first() or ListEntry()
    if asa := _asa(record.asa_grade):
        found["asa"] = asa
    found["priority_reviewed"] = entry.priority_reviewed
    return found | suspicion(request)


def suspicion(request: AidRequest) -> dict[str, object]:
    """Whether the patient is under suspicion of cancer today; lifted, the stage is another too."""
    if request.pathway is None:
        return {}
    entry = ListEntry.objects.filter(pathway=request.pathway).first() or ListEntry()
    is_cancer = request.pathway.is_suspected_cancer or entry.on_cancer_list
    found: dict[str, object] = {"is_cancer": is_cancer}
    if request.stage == Stage.CANCER and not is_cancer:
        found["stage"] = _stage(entry, is_cancer=False).value
    return found


def _stage(entry: ListEntry, *, is_cancer: bool) -> Stage:
    if is_cancer:
        return Stage.CANCER
    if entry.state == State.TEST:
        return Stage.DIAGNOSTIC
    return Stage.ADMITTED if entry.decided_to_admit else Stage.FIRST_OUTPATIENT


def _due_by(priority: str, since: date, today: date) -> date | None:
    """Codes say within how long treatment is due; the review comes round in the same time."""
    found = review_intervals_on(today).get(priority)
    return since + timedelta(days=found.days) if found and priority in SOON else None


def _asa(grade: str) -> int | None:
    found = _ASA.search(grade)
    return int(found[0]) if found else None
