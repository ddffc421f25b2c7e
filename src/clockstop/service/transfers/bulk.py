"""Requests, direct-access tests and capacity as CSV files, up and down: as the pages do.

A file is taken whole or not at all. Every fault is said at once: file, row, column, what was
found, what was expected.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers import fields
from clockstop.service.transfers.access import patient_of
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.locking import hold_pathways
from clockstop.service.transfers.fields import Field
from clockstop.service.transfers.models import AidRequest, Capacity

REQUESTS, TESTS, CAPACITY = "requests", "tests", "capacity"
Rows = list[tuple[int, dict[str, object]]]
MOST_ROWS, MOST_BYTES = 2_000, 4_000_000
_PATHWAY = (
    Field("pathway_identifier", "Pathway identifier", needed=True),
    Field("pathway_issuer", "Pathway issuer", needed=True),
)
_TABLES: Mapping[str, tuple[Field, ...]] = {
    REQUESTS: (*_PATHWAY, *fields.NEEDS),
    TESTS: fields.DIRECT_TEST,
    CAPACITY: fields.CAPACITY,
}
# What is told of each row beside, and left alone when the file comes up again.
_STANDING = ("reference", "state")
_TOLD: Mapping[str, tuple[str, ...]] = {
    REQUESTS: _STANDING,
    TESTS: _STANDING,
    CAPACITY: ("id", "state", "taken"),
}
TITLES = {
    REQUESTS: "Requests for help",
    TESTS: "Direct-access tests",
    CAPACITY: "Capacity",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would work out instead of show


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a file. ``row`` 1 is its header; 0 is the file as a whole."""

    row: int
    column: str
    words: str

    def line(self, file: str) -> str:
        """As a command prints it."""
        where = f"row {self.row}" if self.row else "whole file"
        return f"{file}, {where}{', ' + self.column if self.column else ''}: {self.words}"


class FileRefusedError(ValueError):
    """A file of which nothing was taken; ``faults`` are all that were found."""

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(each.line(file) for each in self.faults))


def columns(table: str) -> tuple[str, ...]:
    """The header of a table's file."""
    return tuple(each.name for each in _TABLES[table])


def take_in(*, actor: Actor, table: str, file: str, content: bytes) -> int:
    """Draft the requests or tests, or post the capacity, of a file; how many there were.

    Raises FileRefusedError with every fault; then nothing of it was written.
    """
    faults: list[Fault] = []
    rows = list(_rows(table, content, faults))
    with transaction.atomic():
        number = _WRITERS[table](actor, file, rows, faults)
        if faults:
            raise FileRefusedError(file, faults)
    return number


def _rows(
    table: str, content: bytes, faults: list[Fault]
) -> Iterator[tuple[int, dict[str, object]]]:
    """Number and values of each row that can be read; what cannot goes to ``faults``."""
    text = _text(content, faults)
    reader = csv.reader(io.StringIO(text))
    header = [each.strip() for each in next(reader, [])]
    if not _is_header(table, header, faults):
        return
    found = 0
    for number, cells in enumerate(reader, 2):
        if not any(each.strip() for each in cells):
            continue
        found += 1
        if found > MOST_ROWS:
            faults.append(Fault(number, "", f"found more rows, expected at most {MOST_ROWS:,}"))
            return
        if len(cells) != len(header):
            words = f"found {len(cells)} cells, expected {len(header)}"
            faults.append(Fault(number, "", words))
            continue
        texts = dict(zip(header, map(_plain, cells), strict=True))
        values, wrong = fields.read(_TABLES[table], texts)
        if wrong:
            faults += [_fault(number, each) for each in wrong]
        else:
            yield number, values
    if not found:
        faults.append(Fault(0, "", "found no row, expected at least one below the header"))


def _text(content: bytes, faults: list[Fault]) -> str:
    if len(content) > MOST_BYTES:
        faults.append(
            Fault(0, "", f"found {len(content):,} bytes, expected at most {MOST_BYTES:,}")
        )
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = f"found a byte that is no UTF-8 at {error.start:,}, expected CSV in UTF-8"
        faults.append(Fault(0, "", words))
        return ""


def _is_header(table: str, header: list[str], faults: list[Fault]) -> bool:
    """All needed columns are there, none twice, and none that nobody knows."""
    known = columns(table)
    needed = [each.name for each in _TABLES[table] if each.needed]
    before = len(faults)
    if faults:
        return False
    missing = [name for name in needed if name not in header]
    faults += [Fault(1, name, "found no such column, expected it") for name in missing]
    for name in header:
        if name not in (*known, *_TOLD[table]):
            words = f"found {name[:60]!r}, expected one of {', '.join(known)}"
            faults.append(Fault(1, name[:60], words))
        elif header.count(name) > 1:
            faults.append(Fault(1, name, f"found {header.count(name)} times, expected once"))
    return len(faults) == before


def _requests(actor: Actor, file: str, rows: Rows, faults: list[Fault]) -> int:
    """One cohort of the whole file. What is refused of one row is said at it."""
    known = _pathways(actor, (values for _, values in rows))
    told: dict[Any, aid.Needs] = {}
    at: dict[Any, int] = {}
    for number, values in rows:
        key = (values.pop("pathway_identifier"), values.pop("pathway_issuer"))
        pathway = known.get(key)
        if pathway is None:
            words = f"found {key[0]!r} of {key[1]!r}, expected a pathway of your own list"
            faults.append(Fault(number, "pathway_identifier", words))
        elif pathway in told:
            words = f"found it again, expected it once (first in row {at[pathway]})"
            faults.append(Fault(number, "pathway_identifier", words))
        else:
            more: Any = values
            told[pathway], at[pathway] = aid.Needs(**more), number
    hold_pathways(pk__in=list(told))
    for pathway, needs in told.items():
        faults += _tried(actor, pathway, needs, at[pathway])
    if not faults:
        name = f"File {file}"[:100]
        aid.create_cohort(actor=actor, name=name, needs=told, source="file")
    return len(told)


def _tried(actor: Actor, pathway: Any, needs: aid.Needs, number: int) -> list[Fault]:
    """Whether the row alone would be taken: asked, and taken back at once."""
    point = transaction.savepoint()
    try:
        made = aid.create(actor=actor, pathway_id=pathway, needs=needs)
    except StepRefusedError as refused:
        return [_fault(number, each) for each in refused.refusals]
    finally:
        transaction.savepoint_rollback(point)
    if made.is_cancer:
        words = "found cancer or its urgent suspicion, expected others: those go one by one"
        return [Fault(number, "pathway_identifier", words)]
    return []


def _pathways(
    actor: Actor, rows: Iterable[Mapping[str, object]]
) -> dict[tuple[object, object], Any]:
    wanted = {str(each.get("pathway_identifier", "")) for each in rows}
    held = Pathway.objects.visible_to(actor).filter(
        identifier__in=wanted, organisation_code=actor.organisation_code
    )
    return {(row[0], row[1]): row[2] for row in held.values_list("identifier", "issuer", "pk")}


def _tests(actor: Actor, _file: str, rows: Rows, faults: list[Fault]) -> int:
    """Each test of somebody once in a file. No fault repeats an NHS number."""
    at: dict[tuple[object, object], int] = {}
    for number, values in rows:
        told: Any = values
        typed, since = told.pop("nhs_number"), told.pop("waiting_since")
        try:
            patient = patient_of(actor, typed)
            first = at.setdefault((patient.pk, told["diagnostic_test"]), number)
            if first != number:
                words = f"found this test of the same patient again, expected once (row {first})"
                faults.append(Fault(number, "nhs_number", words))
                continue
            with transaction.atomic():
                needs = aid.Needs(**told)
                aid.create_direct(
                    actor=actor, patient_id=patient.pk, waiting_since=since, needs=needs
                )
        except StepRefusedError as refused:
            faults += [_fault(number, each) for each in refused.refusals]
    return len(rows)


def _capacities(actor: Actor, _file: str, rows: Rows, faults: list[Fault]) -> int:
    for number, values in rows:
        told: Any = values
        try:
            with transaction.atomic():
                aid.post(actor=actor, posting=aid.Posting(**told))
        except StepRefusedError as refused:
            faults += [_fault(number, each) for each in refused.refusals]
    return len(rows)


_WRITERS: Mapping[str, Callable[[Actor, str, Rows, list[Fault]], int]] = {
    REQUESTS: _requests,
    TESTS: _tests,
    CAPACITY: _capacities,
}


def _fault(number: int, refusal: Refusal) -> Fault:
    return Fault(number, refusal.field, refusal.words)


def template(table: str) -> str:
    """An empty file of a table: its header."""
    return _csv(columns(table), [])


def requests_file(requests: Iterable[AidRequest]) -> str:
    """Requests with reference and state, and what ``take_in`` reads of them."""
    header = (*_TOLD[REQUESTS], *columns(REQUESTS))
    return _csv(header, (_request_row(each) for each in requests))


def tests_file(requests: Iterable[AidRequest]) -> str:
    """The same of direct-access tests, with the NHS numbers by which they are taken in."""
    header = (*_TOLD[TESTS], *columns(TESTS))
    return _csv(header, (_test_row(each) for each in requests))


def capacity_file(capacities: Iterable[Capacity]) -> str:
    """Capacity with what is taken of it, and what ``take_in`` reads of it."""
    header = (*_TOLD[CAPACITY], *columns(CAPACITY))
    return _csv(header, (_capacity_row(each) for each in capacities))


def _request_row(row: AidRequest) -> dict[str, str]:
    pathway = row.pathway
    return {
        "reference": row.reference,
        "state": row.state,
        "pathway_identifier": pathway.identifier if pathway else "",
        "pathway_issuer": pathway.issuer if pathway else "",
        **fields.written(fields.NEEDS, row),
    }


def _test_row(row: AidRequest) -> dict[str, str]:
    told = {"reference": row.reference, "state": row.state, "nhs_number": row.patient.nhs_number}
    return told | fields.written(fields.DIRECT_TEST[1:], row)


def _capacity_row(row: Capacity) -> dict[str, str]:
    told = fields.written(fields.CAPACITY, row)
    return {"id": str(row.pk), "state": row.state, "taken": str(row.taken), **told}


def _csv(header: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    names = list(header)
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(text) for name, text in row.items()})
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(text: str) -> str:
    """What stood before ``_harmless``."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
