"""A provider's worklist as a CSV file: confidential, for the care of these patients alone."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from datetime import date
from io import StringIO

from django.db import transaction

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.models import NATIONAL
from clockstop.service.audit.recording import record
from clockstop.service.referrals.provider.rows import Row
from clockstop.service.referrals.provider.worklists import Worklist
from clockstop.service.tracking.exports import harmless

EXPORTED = "exported a list of referrals"
HEADINGS = (
    "Booking reference",
    "NHS number",
    "Name",
    "Date of birth",
    "Specialty",
    "Service",
    "Practice",
    "Priority",
    "State",
    "In touch by",
    "Late",
    "Appointment",
    "Waited",
    "18 weeks",
)


@transaction.atomic
def written(worklist: Worklist, lines: Iterable[Row], actor: Actor) -> str:
    """The file; the audit keeps who took it, how long it was, and its fingerprint."""
    held = list(lines)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([harmless(value) for value in _cells(each)] for each in held)
    detail: dict[str, str | int | bool | None] = {
        "list": worklist.slug,
        "rows": len(held),
        "sha256": hashlib.sha256(text.getvalue().encode()).hexdigest(),
    }
    record(EXPORTED, actor.for_audit, icb_code=actor.icb_code or NATIONAL, detail=detail)
    return text.getvalue()


def _cells(row: Row) -> tuple[str, ...]:
    is_late = any(words == "Late" for words, _ in row.tags)
    return (
        row.ubrn,
        row.nhs_number,
        row.name,
        row.born,
        row.specialty,
        row.service,
        row.practice,
        row.priority,
        row.state,
        row.due,
        "yes" if is_late else "",
        row.appointment,
        row.wait,
        row.alert,
    )


def file_name(worklist: Worklist, organisation_code: str, day: date) -> str:
    """Says that it is confidential, as nothing inside a CSV file can."""
    return f"{worklist.slug}-{organisation_code.lower()}-{day}-confidential.csv"
