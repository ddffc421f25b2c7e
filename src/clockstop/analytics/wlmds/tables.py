"""The tables of the weekly data set, their columns and the codes that these take, as data.

``columns.csv`` says of each column where it comes from: a ``fact`` from a public table, a name ``to
verify``, or a ``design`` of ours where only the purpose of the table is known.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from clockstop.core.codes import diagnostic_tests
from clockstop.core.codes.lines import national_functions
from clockstop.core.referral_sources import referral_sources
from clockstop.core.rtt.status_codes import Status

TABLES = ("open", "starts", "stops", "diagnostics", "asi", "pifu")
LOG = "log"
TITLES: Mapping[str, str] = {
    "open": "Open pathways",
    "starts": "Clock starts",
    "stops": "Clock stops",
    "diagnostics": "Diagnostics",
    "asi": "Slot issues and assessment services",
    "pifu": "Patient-initiated follow-up",
    LOG: "Submission log",
}
# One pathway is told from another by these.
KEY = (
    "organisation_code_patient_pathway_identifier_issuer",
    "patient_pathway_identifier",
    "referral_identifier",
    "referral_to_treatment_period_start_date",
)
_TYPES: Mapping[str, pl.DataType] = {
    "day": pl.Date(),
    "time": pl.Datetime("us"),
    "number": pl.Int64(),
    "flag": pl.Boolean(),
    "code": pl.String(),
    "text": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    ``type`` is ``day``, ``time``, ``number``, ``flag``, ``code`` or ``text``. ``codes`` are the
    values of a code; ``pattern`` (a regular expression for the whole value) is the shape of a text.
    ``expected`` says either in words. ``status`` is ``fact``, ``to verify`` or ``design``.
    """

    table: str
    name: str
    type: str
    required: bool
    codes: tuple[str, ...]
    pattern: str
    expected: str
    meaning: str
    status: str
    source: str

    @property
    def polars(self) -> pl.DataType:
        """The type of the column in a table in memory."""
        return _TYPES[self.type]


@dataclass(frozen=True, slots=True)
class ListType:
    """A type of waiting list: of out- or inpatients, with an RTT clock or not, and in which tables.

    ``rtt`` is None where nobody says whether its patients have a clock.
    """

    code: str
    inpatient: bool
    rtt: bool | None
    tables: tuple[str, ...]
    meaning: str
    status: str


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table, or of the log, in order. Raises KeyError for another table."""
    if table not in (*TABLES, LOG):
        raise KeyError(table)
    return tuple(
        Column(
            table=table,
            name=row["column"],
            type=row["type"],
            required=row["required"] == "yes",
            codes=_codes(row["codes"]),
            pattern=row["pattern"],
            expected=row["expected"],
            meaning=row["meaning"],
            status=row["status"],
            source=row["source"],
        )
        for row in rows("columns.csv")
        if row["table"] == table
    )


@cache
def column(table: str, name: str) -> Column:
    """One column. Raises KeyError where the table has none of the name."""
    found = {each.name: each for each in columns(table)}
    return found[name]


def schema(table: str) -> dict[str, pl.DataType]:
    """Names and types of a table's columns, in order."""
    return {each.name: each.polars for each in columns(table)}


@cache
def list_types() -> Mapping[str, ListType]:
    """The types of waiting list by code; see ``list_types.csv`` for their sources."""
    known = {"yes": True, "no": False, "unknown": None}
    return {
        row["code"]: ListType(
            code=row["code"],
            inpatient=row["patients"] == "inpatient",
            rtt=known[row["rtt"]],
            tables=tuple(name for name in ("open", "starts", "stops") if row[name] == "yes"),
            meaning=row["meaning"],
            status=row["status"],
        )
        for row in rows("list_types.csv")
    }


@cache
def rows(file: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file of this package."""
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _codes(text: str) -> tuple[str, ...]:
    if not text.startswith("@"):
        return tuple(text.split())
    return tuple(_named(text.removeprefix("@")))


def _named(name: str) -> Iterator[str]:
    """The codes of a national list that has its own place."""
    if name == "list_types":
        yield from (row["code"] for row in rows("list_types.csv"))
    elif name == "referral_sources":
        yield from referral_sources()
    elif name == "treatment_functions":
        yield from national_functions()
    elif name == "status_codes":
        yield from (status.value for status in Status)
    elif name == "diagnostic_tests":
        yield from (test.code for test in diagnostic_tests())
    else:
        raise KeyError(name)
