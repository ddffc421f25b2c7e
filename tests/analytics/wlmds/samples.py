"""For each rule a row that breaks it and one that does not, though it comes near."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from tests.analytics.wlmds.rows import IDENTIFIER, ISSUER, KEY, START, SUNDAY, day

from clockstop.analytics.wlmds.tables import columns

OLD = date(1900, 1, 1)
STATUS = "referral_to_treatment_period_status"
END = "referral_to_treatment_period_end_date"
RECEIVED = "referral_request_received_date"
FIRST = "original_referral_request_received_date"
LIST = "waiting_list_type"
DECIDED = "decision_to_admit_date"
PERSON = "pseudo_nhs_number"
INPATIENT = {LIST: "IRTT", DECIDED: day(1), "procedure_priority_code": "P2"}
OUTPATIENT = {LIST: "ORTT", DECIDED: None, "procedure_priority_code": None, "tci_date": None}
OTHER_LIST = {**OUTPATIENT, LIST: "ONON"}


@dataclass(frozen=True)
class Sample:
    """Changes of a row of a table; ``column`` is where the rule says that it is wrong.

    ``like`` names a table whose first row lends its key and person.
    """

    table: str
    column: str
    wrong: dict
    right: dict
    like: str | None = None
    more: tuple[str, ...] = field(default=())

    def change(self, tables) -> dict:
        return self.wrong if self.like is None else _key(tables, self.like) | self.wrong


def _key(tables, name) -> dict:
    (row,) = tables[name].head(1).iter_rows(named=True)
    return {column: row[column] for column in (*KEY, PERSON)}


def of(table: str, column: str, wrong, right, **more) -> Sample:
    return Sample(table, column, {column: wrong}, {column: right}, **more)


def with_(table: str, column: str, base: dict, wrong, right) -> Sample:
    return Sample(table, column, {**base, column: wrong}, {**base, column: right})


ROWS: dict[str, Sample] = {
    "blank": of("open", "commissioner_code", None, "01E"),
    "code": of("open", "ethnic_category", "I", "99"),
    "shape": of("open", "practice_code", "b86001", "P81001"),
    "week-not-sunday": of("open", "week_ending_date", day(1), SUNDAY),
    "week-differs": of("stops", "week_ending_date", day(7), SUNDAY),
    "provider-differs": of("pifu", "provider_code", "RHQ", "RR8"),
    "pseudonym-number": of("asi", PERSON, "999 000 0018", "9" * 64),
    "person-missing": of("diagnostics", PERSON, None, "0" * 64),
    "day-placeholder": of("open", "due_date", OLD, date(1900, 1, 2)),
    "day-ahead": of("open", "last_dna_date", day(-1), SUNDAY),
    "received-before-first": Sample(
        "open", RECEIVED, {RECEIVED: day(9), FIRST: day(8)}, {RECEIVED: day(8), FIRST: day(8)}
    ),
    "commissioner-nonc": of("open", "commissioner_code", "NONC", "7A3"),
    "function-length": of("open", "treatment_function_code", "C_110", "110"),
    "function-unknown": of("stops", "treatment_function_code", "ZZZ", "502"),
    "source-unknown": of("open", "source_of_referral", "3", "97"),
    "list-type": of("stops", LIST, "ONON", "PTLI"),
    "start-missing": of("open", START, None, day(50)),
    "start-placeholder": of("open", START, OLD, date(1999, 1, 1)),
    "start-after-week": of("open", START, day(-1), SUNDAY),
    "start-before-week": of("starts", START, day(7), day(6), more=("start-unlisted",)),
    "open-ended": of("open", END, day(3), None),
    "priority-missing": with_("open", "procedure_priority_code", INPATIENT, None, "P6"),
    "decided-after-week": with_("open", DECIDED, INPATIENT, day(-1), SUNDAY),
    "decided-outpatient": Sample(
        "open", LIST, {**OUTPATIENT, DECIDED: day(1)}, {**OTHER_LIST, LIST: "INON", STATUS: "90"}
    ),
    "inpatient-undecided": Sample(
        "open", DECIDED, {**INPATIENT, DECIDED: None}, {**INPATIENT, LIST: "PTLI", DECIDED: None}
    ),
    "tci-outpatient": with_("open", "tci_date", OUTPATIENT, day(-5), None),
    "tci-past": with_("open", "tci_date", INPATIENT, SUNDAY, day(-1)),
    "appointment-past": of("open", "outpatient_future_appointment_date", SUNDAY, day(-1)),
    "status-stopped": of("open", STATUS, "33", "21"),
    "status-outside": of("open", STATUS, "91", "99"),
    "status-on-other-list": with_("open", STATUS, OTHER_LIST, "20", "98"),
    "accepted-unmarked": Sample(
        "open",
        "transfer_status",
        {"mutual_aid_accepting_provider": "NT438"},
        {"mutual_aid_accepting_provider": "NT438", "transfer_status": "01"},
    ),
    "end-before-start": Sample(
        "stops", END, {START: day(1), END: day(2)}, {START: day(2), END: day(2)}
    ),
    "end-outside-week": of("stops", END, day(7), day(6)),
    "status-running": Sample(
        "stops",
        STATUS,
        {STATUS: "33", "completed_type": "NONADMITTED"},
        {STATUS: "36", "completed_type": "NONADMITTED"},
    ),
    "admitted-untreated": Sample(
        "stops",
        "completed_type",
        {STATUS: "34"},
        {STATUS: "34", "completed_type": "NONADMITTED"},
    ),
    "pifu-order": Sample(
        "pifu",
        "pifu_expiry_date",
        {"pifu_initiation_date": day(4), "pifu_expiry_date": day(5)},
        {"pifu_initiation_date": day(5), "pifu_expiry_date": day(5)},
    ),
    "pifu-over": of("pifu", "pifu_expiry_date", day(7), day(6)),
    "asi-unreferenced": Sample(
        "asi",
        "unique_booking_reference_number",
        {"unique_booking_reference_number": None},
        {"unique_booking_reference_number": None, "list_kind": "CAS"},
    ),
    "duplicate": Sample("open", IDENTIFIER, {}, {ISSUER: "RHQ"}, like="open"),
    "stop-still-open": Sample("open", IDENTIFIER, {}, {ISSUER: "RHQ"}, like="stops"),
    "start-unlisted": of("starts", IDENTIFIER, "X" * 20, None),
    "person-differs": of("starts", PERSON, "f" * 64, None),
}
# Those of one row where nothing is to be changed: a near miss is another row's business.
UNCHANGED = ("start-unlisted", "person-differs")

LOG: dict[str, tuple[list[dict], list[dict]]] = {
    "log-blank": ([{"file_hash": None}], [{}]),
    "log-latest-many": (
        [{"latest": True}, {"latest": True}],
        [{"latest": False}, {"latest": True}],
    ),
    "log-latest-old": (
        [{"latest": True}, {"latest": False}],
        [{"latest": False}, {"latest": True}],
    ),
    "log-sequence": ([{"sequence": 1}, {"sequence": 3}], [{"sequence": 1}, {"sequence": 2}]),
    "log-repeat": (
        [{"file_hash": "a" * 64}, {"file_hash": "a" * 64}],
        [{"file_hash": "a" * 64}, {"file_hash": "a" * 64, "provider_code": "RHQ", "sequence": 1}],
    ),
}

WHOLE: dict[str, tuple[Callable, Callable]] = {
    "table-missing": (
        lambda tables: {name: table for name, table in tables.items() if name != "asi"},
        lambda tables: {**tables, "asi": tables["asi"].clear()},
    ),
    "open-empty": (
        lambda tables: {name: table.clear() for name, table in tables.items()},
        lambda tables: {**tables, "starts": tables["starts"].clear()},
    ),
}


def csv(table: str, header: str | None = None, *lines: str) -> bytes:
    names = header if header is not None else ",".join(each.name for each in columns(table))
    return "\n".join([names, *lines]).encode() + b"\n"


def log_header(*, without: str = "") -> str:
    return ",".join(each.name for each in columns("pifu") if each.name != without)


READING: dict[str, tuple[dict[str, bytes], dict[str, bytes]]] = {
    "file-unknown": ({"waiters.csv": b""}, {"pifu.csv": csv("pifu")}),
    "file-twice": (
        {"pifu.csv": csv("pifu"), "new-pifu.csv": csv("pifu")},
        {"pifu.csv": csv("pifu")},
    ),
    "file-unreadable": ({"pifu": b"PK\x03\x04 a workbook"}, {"pifu": csv("pifu")}),
    "column-missing": (
        {"pifu": csv("pifu", log_header(without="pifu_initiation_date"))},
        {"pifu": csv("pifu")},
    ),
    "column-left-out": (
        {"pifu": csv("pifu", log_header(without="pifu_expiry_date"))},
        {"pifu": csv("pifu")},
    ),
    "column-unknown": (
        {"pifu": csv("pifu", log_header() + ",pifu_ends")},
        {"pifu": csv("pifu", ",".join(reversed(log_header().upper().split(","))))},
    ),
    "column-twice": (
        {"pifu": csv("pifu", log_header() + ",pifu_expiry_date")},
        {"pifu": csv("pifu")},
    ),
    "row-ragged": (
        {"pifu": csv("pifu", None, "2026-11-15,x")},
        {"pifu": csv("pifu", None, "," * log_header().count(","))},
    ),
    "value-unreadable": (
        {"pifu": csv("pifu", "week_ending_date,provider_code", "15/11/2026,RR8")},
        {"pifu": csv("pifu", "week_ending_date,provider_code", "2026-11-15 00:00:00,RR8")},
    ),
}
