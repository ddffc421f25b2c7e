"""Extracts of a hospital's system as files, row by row."""

import csv
from datetime import date, timedelta

from django.utils import timezone
from tests.service.people import HOSPITAL, ICB, PRACTICE, nhs_number

from clockstop.analytics.clocks import events_table
from clockstop.analytics.records.columns import schema
from clockstop.service.intake.models import Import

TODAY = date(2025, 9, 30)


def person(key=1, **values):
    plain = {
        "person": key,
        "nhs_number": str(nhs_number(300_000 + key)),
        "given_name": "Ada",
        "family_name": f"Person{key}",
        "sex": "2",
        "birth_date": "1960-05-17",
        "practice": PRACTICE,
        "postcode": "ZZ99 3VZ",
    }
    return plain | values


def pathway(key=1, of=None, **values):
    plain = {
        "pathway": key,
        "person": of or key,
        "identifier": f"{key:020d}",
        "issuer": HOSPITAL,
        "provider": HOSPITAL,
        "icb": ICB,
        "treatment_function": "110",
        "priority": "1",
        "source_of_referral": "03",
        "referrer": PRACTICE,
    }
    return plain | values


def events(key, *told):
    """Entries of a pathway, numbered; days count back from today where they are numbers."""
    return [
        {"pathway": key, "number": number, "provider": HOSPITAL, **_dated(each)}
        for number, each in enumerate(told, start=1)
    ]


def _dated(values):
    return {
        name: (TODAY - timedelta(days=value)).isoformat()
        if name in {"day", "due"} and isinstance(value, int)
        else value
        for name, value in values.items()
    }


REFERRED = {"kind": "referral_received", "day": 100}
SEEN = {"kind": "attendance", "day": 60, "status": "20"}
TREATED = {"kind": "treatment_started", "day": 10}


def write(folder, people, pathways, entries):
    """A folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "people.csv", list(schema("people")), people)
    _write(folder / "pathways.csv", list(schema("pathways")), pathways)
    _write(folder / "events.csv", list(events_table.columns()), entries)
    return folder


def _write(file, names, rows):
    with file.open("w", newline="") as content:
        table = csv.DictWriter(content, names)
        table.writeheader()
        table.writerows(rows)


def an_import(organisation_code=HOSPITAL, icb_code=ICB):
    """An import without any row, as its pages show it."""
    return Import.objects.create(
        icb_code=icb_code,
        organisation_code=organisation_code,
        received_at=timezone.now(),
        received_by="system",
        digest="0" * 64,
        status=Import.Status.DONE,
    )
