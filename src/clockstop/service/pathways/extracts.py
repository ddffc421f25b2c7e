"""Pseudonymised rows of the pathways that wait, for planning.

No name, number, day of birth, address or postcode is in them: a person is a keyed hash, an age is
a band, a wait is a week band. Who opted out of planning by the national data opt-out, who is
marked sensitive and who has died is left out, by every record and number that is theirs; and so is
whoever has no NHS number, of whom nobody can say whether they opted out.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models import Q

from clockstop.analytics.engine.files import table_file
from clockstop.core.pseudonyms import check_key, pseudonym
from clockstop.core.rtt.waiting import days_waited, week_band
from clockstop.core.types import Part
from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import Pathway, Patient

_AGES = (0, 18, 30, 40, 50, 60, 70, 80)  # the first year of each band
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A pathway whose clock runs. ``week_band`` is None where nobody knows when it started."""

    pseudonym: str
    icb: str
    provider: str
    treatment_function: str
    priority: str
    part: str
    week_band: int | None
    age_band: str


@dataclass(frozen=True, slots=True)
class Extract:
    """A file of rows, and how many there are."""

    content: bytes
    rows: int


@transaction.atomic
def extract_pathways(kind: str, *, key: bytes, day: date) -> Extract:
    """The open pathways on a day as a file: ``csv`` or ``parquet``; the audit notes its hash.

    ``key`` makes the pseudonyms: the same key gives a person the same one in each extract. Raises
    ValueError for a key that is too short and for another kind of file.
    """
    check_key(key)
    rows = sorted(_rows(key, day), key=lambda row: row.pseudonym)
    content = table_file(_columns(rows), kind)
    detail: dict[str, str | int | bool | None] = {"rows": len(rows), "kind": kind}
    holds = hashlib.sha256(content).hexdigest()
    record("wrote an extract", SYSTEM, subject=("extract", holds), detail=detail)
    return Extract(content, len(rows))


def age_band(age: int) -> str:
    """``0-17``, ``18-29``, then bands of ten years to ``80+``."""
    at = max(index for index, first in enumerate(_AGES) if age >= first)
    return f"{_AGES[at]}-{_AGES[at + 1] - 1}" if at + 1 < len(_AGES) else f"{_AGES[at]}+"


def _rows(key: bytes, day: date) -> Iterator[Row]:
    left_out = _left_out()
    held = Pathway.objects.select_related("patient__merged_into").prefetch_related("events")
    for pathway in held.order_by("pk").iterator(chunk_size=_AT_ONCE):
        numbers = _numbers(pathway.patient)
        if all(numbers) and left_out.isdisjoint(numbers):
            row = _row(pathway, pseudonym(numbers[-1], key), day)
            if row:
                yield row


def _left_out() -> set[str]:
    """The numbers of everybody who must not be in an extract."""
    away = Q(planning_opt_out=True) | Q(sensitive=True) | ~Q(died_on=None)
    found = Patient.objects.filter(away).select_related("merged_into")
    return {number for patient in found for number in _numbers(patient)}


def _numbers(patient: Patient) -> tuple[str, ...]:
    """The patient's number; where records were joined, then that of the record that is kept."""
    kept = patient.merged_into
    return (patient.nhs_number, kept.nhs_number) if kept else (patient.nhs_number,)


def _row(pathway: Pathway, person: str, day: date) -> Row | None:
    period = clock_on(pathway.events.all(), day).running
    if period is None:
        return None
    days = days_waited(period, day)
    part = Part.INCOMPLETE_DTA if period.decided_to_admit else Part.INCOMPLETE
    return Row(
        pseudonym=person,
        icb=pathway.icb_code,
        provider=pathway.organisation_code,
        treatment_function=pathway.treatment_function,
        priority=pathway.priority,
        part=part.value,
        week_band=None if days is None else week_band(days),
        age_band=age_band(pathway.patient.age_on(day)),
    )


def _columns(rows: Sequence[Row]) -> Mapping[str, Sequence[object]]:
    names = [each.name for each in fields(Row)]
    columns = zip(*map(astuple, rows), strict=True) if rows else [()] * len(names)
    return dict(zip(names, columns, strict=True))
