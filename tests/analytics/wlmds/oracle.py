"""The rules of a submission once more, row by row in plain Python: slow, and easy to read."""

import re
from collections import Counter
from datetime import date, timedelta

from clockstop.analytics.wlmds.tables import columns

PATHS = ("open", "starts", "stops")
ISSUER = "organisation_code_patient_pathway_identifier_issuer"
IDENTIFIER = "patient_pathway_identifier"
START = "referral_to_treatment_period_start_date"
END = "referral_to_treatment_period_end_date"
STATUS = "referral_to_treatment_period_status"
FUNCTION = "treatment_function_code"
PERSON = "pseudo_nhs_number"
LISTS = ("ORTT", "IRTT", "ONON", "INON", "PTLO", "PTLI", "RTTO", "RTTI")
RTT = ("ORTT", "IRTT", "RTTO", "RTTI")
INPATIENT_RTT = ("IRTT", "RTTI")
OUTPATIENT = ("ORTT", "ONON", "PTLO", "RTTO")
NO_CLOCK = ("ONON", "INON")
NEVER = (date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31))
HAPPENED = [
    "referral_request_received_date",
    "original_referral_request_received_date",
    "current_pathway_period_start_date",
    "outpatient_appointment_date",
    "date_last_attended",
    "last_dna_date",
    "cancellation_date",
    "decision_to_treat_date",
    "date_of_last_priority_review",
    "last_pas_validation_date",
    "first_activity_date",
    "preliminary_screening_and_risk_assessment_date",
    "diagnostic_clock_start_date",
    "listed_date",
    "pifu_initiation_date",
]
PRIORITIES_SINCE = date(2020, 10, 1)


def faults(tables, provider, week):
    """The set of (table, row, column, rule)."""
    found = set()
    rows = {name: list(table.iter_rows(named=True)) for name, table in tables.items()}
    for name, held in rows.items():
        for at, row in enumerate(held, start=2):
            found |= {(name, at, *each) for each in _row(name, row, provider, week)}
    return found | set(_among(rows))


def _row(table, row, provider, week):
    known = {each.name: each for each in columns(table)}
    for column in known.values():
        yield from _cell(table, column, row[column.name])
    days = {each.name for each in known.values() if each.type == "day" and each.name != START}
    row = {**row, "decision_as_written": row.get("decision_to_admit_date")} | {
        name: None for name in days if row[name] in NEVER
    }
    yield from _week(row, week)
    yield from _who(row, provider)
    yield from _function(row[FUNCTION], known[FUNCTION])
    for name in HAPPENED:
        if row.get(name) and row[name] > week:
            yield name, "day-ahead"
    own = {"open": _open, "stops": _stop, "pifu": _pifu, "asi": _asi}
    yield from own.get(table, _none)(row, week)
    if table in PATHS:
        yield from _pathway(table, row, week)


def _cell(table, column, value):
    name = column.name
    if value is None:
        if column.required:
            yield name, "blank"
    elif column.codes and name not in ("waiting_list_type", FUNCTION, "source_of_referral"):
        if value not in column.codes:
            yield name, "code"
    elif column.pattern and not re.fullmatch(column.pattern, value):
        yield name, "pseudonym-number" if name == PERSON and _is_number(value) else "shape"
    elif column.type == "day" and value in NEVER and name not in (START, "week_ending_date"):
        yield name, "day-placeholder"


def _who(row, provider):
    sender = row["provider_code"]
    if sender and re.fullmatch("[0-9A-Z]{3,6}", sender) and sender != provider:
        yield "provider_code", "provider-differs"
    if row[PERSON] is None:
        yield PERSON, "person-missing"
    if row["commissioner_code"] == "NONC":
        yield "commissioner_code", "commissioner-nonc"


def _function(function, column):
    if function is not None and len(function) != 3:
        yield FUNCTION, "function-length"
    elif function is not None and function not in column.codes:
        yield FUNCTION, "function-unknown"


def _none(row, week):
    return ()


def _is_number(value):
    return re.fullmatch(r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", value)


def _week(row, week):
    ends = row["week_ending_date"]
    if ends and ends.isoweekday() != 7:
        yield "week_ending_date", "week-not-sunday"
    elif ends and ends != week:
        yield "week_ending_date", "week-differs"


def _pathway(table, row, week):
    received, first = (
        row["referral_request_received_date"],
        row["original_referral_request_received_date"],
    )
    if received and first and received < first:
        yield "referral_request_received_date", "received-before-first"
    source, start, kind = row["source_of_referral"], row[START], row["waiting_list_type"]
    if source is not None and source not in (
        [
            "01",
            "02",
            "03",
            "04",
            "05",
            "06",
            "07",
            "10",
            "11",
            "12",
            "13",
            "14",
            "15",
            "16",
            "17",
            "92",
            "93",
            "97",
        ]
    ):
        yield "source_of_referral", "source-unknown"
    if kind is not None and kind not in [
        each for each in LISTS if table == "open" or each not in NO_CLOCK
    ]:
        yield "waiting_list_type", "list-type"
    if start is None:
        yield START, "start-missing"
    elif start in NEVER:
        yield START, "start-placeholder"
    elif start > week:
        yield START, "start-after-week"
    elif table == "starts" and start < week - timedelta(days=6):
        yield START, "start-before-week"


def _open(row, week):
    if row[END]:
        yield END, "open-ended"
    if row["mutual_aid_accepting_provider"] and row["transfer_status"] is None:
        yield "transfer_status", "accepted-unmarked"
    appointment = row["outpatient_future_appointment_date"]
    if appointment and appointment <= week:
        yield "outpatient_future_appointment_date", "appointment-past"
    yield from _admission(row, week)
    yield from _status(row[STATUS], row["waiting_list_type"])


def _admission(row, week):
    kind, tci = row["waiting_list_type"], row["tci_date"]
    decided, written = row["decision_to_admit_date"], row["decision_as_written"]
    if kind in INPATIENT_RTT:
        if row["procedure_priority_code"] is None and week >= PRIORITIES_SINCE:
            yield "procedure_priority_code", "priority-missing"
        if written is None:
            yield "decision_to_admit_date", "inpatient-undecided"
    if decided and decided > week:
        yield "decision_to_admit_date", "decided-after-week"
    if written and kind in OUTPATIENT:
        yield "waiting_list_type", "decided-outpatient"
    if tci and kind in OUTPATIENT:
        yield "tci_date", "tci-outpatient"
    if tci and tci <= week:
        yield "tci_date", "tci-past"


def _status(status, kind):
    if status in ENDED and kind and kind not in NO_CLOCK:
        yield STATUS, "status-stopped"
    if status in ("90", "91", "92", "98") and kind in RTT:
        yield STATUS, "status-outside"
    if status in (*ENDED, "10", "11", "12", "20", "21") and kind in NO_CLOCK:
        yield STATUS, "status-on-other-list"


ENDED = ("30", "31", "32", "33", "34", "35", "36")
STATUSES = [
    "10",
    "11",
    "12",
    "20",
    "21",
    "30",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "90",
    "91",
    "92",
    "98",
    "99",
]


def _stop(row, week):
    end, start, status = row[END], row[START], row[STATUS]
    if end and start and end < start:
        yield END, "end-before-start"
    if end and not week - timedelta(days=6) <= end <= week:
        yield END, "end-outside-week"
    stops = ("30", "31", "32", "34", "35", "36")
    if status in STATUSES and status not in stops:
        yield STATUS, "status-running"
    if status in stops and status != "30" and row["completed_type"] == "ADMITTED":
        yield "completed_type", "admitted-untreated"


def _pifu(row, week):
    began, ends = row["pifu_initiation_date"], row["pifu_expiry_date"]
    if began and ends and ends < began:
        yield "pifu_expiry_date", "pifu-order"
    if ends and ends < week - timedelta(days=6):
        yield "pifu_expiry_date", "pifu-over"


def _asi(row, week):
    if row["list_kind"] == "ASI" and row["unique_booking_reference_number"] is None:
        yield "unique_booking_reference_number", "asi-unreferenced"


def _among(rows):
    keys = {
        table: [(at, _key(row)) for at, row in enumerate(rows[table], start=2) if _key(row)]
        for table in PATHS
    }
    for table, held in keys.items():
        seen = Counter()
        for at, key in held:
            if seen[key]:
                yield table, at, IDENTIFIER, "duplicate"
            seen[key] += 1
    stopped, opened = ({key for _, key in keys[table]} for table in ("stops", "open"))
    for at, key in keys["open"]:
        if key in stopped:
            yield "open", at, IDENTIFIER, "stop-still-open"
    for at, key in keys["starts"]:
        if key not in stopped | opened:
            yield "starts", at, IDENTIFIER, "start-unlisted"
    yield from _people(rows)
    if not rows["open"]:
        yield "open", None, None, "open-empty"


def _people(rows):
    people = {}
    for table in PATHS:
        for at, row in enumerate(rows[table], start=2):
            pathway, person = (row[ISSUER], row[IDENTIFIER]), row[PERSON]
            if None not in pathway and person and people.setdefault(pathway, person) != person:
                yield table, at, PERSON, "person-differs"


def _key(row):
    told = row[ISSUER], row[IDENTIFIER], row[START]
    return None if None in told else (*told, row["referral_identifier"])
