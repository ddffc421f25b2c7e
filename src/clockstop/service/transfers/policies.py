"""What stands against a step of a request for help, beyond the tables. Pure: data in, reasons out.

What a capacity takes is judged in ``fitting``, by the rule that boards and matching go by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from clockstop.core import rulebook
from clockstop.core.codes import diagnostic_tests, treatment_functions
from clockstop.core.codes.decline_reasons import Decliner, reasons_of
from clockstop.core.rulebook.working_days import working_days_after
from clockstop.core.state_tables import Refusal

MOST_PLACES = 1_000
ANAESTHETICS = {
    "none": "None",
    "local": "Local",
    "regional": "Regional",
    "general": "General",
}
PRICE_BASES = {
    "nhs_payment_scheme": "NHS Payment Scheme price",
    "local": "Local price",
    "block": "Block contract",
}
WITHDRAWALS = {
    "patient": "The patient no longer wants it",
    "clinical": "It no longer suits clinically",
    "dated": "We can offer a date ourselves",
    "error": "It was made by mistake",
    "other": "Another reason",
}
LEAVINGS = {
    "patient": "The patient would not want it",
    "provider": "The provider said that it cannot",
    "other": "Another reason",
}
CAPACITY_WITHDRAWALS = {
    "staff": "Not enough staff",
    "theatre": "A theatre, clinic or machine is not available",
    "own_patients": "Needed for our own patients",
    "error": "It was posted by mistake",
    "other": "Another reason",
}
# The most and the least that anybody could mean; beyond it is a slip of the pen.
LIMITS: Mapping[str, tuple[int, int]] = {
    "asa": (1, 5),
    "max_asa": (1, 5),
    "bmi": (10, 90),
    "max_bmi": (10, 90),
    "expected_stay": (0, 200),
    "longest_stay": (0, 200),
    "distance": (1, 600),
    "result_within": (1, 90),
    "min_age": (0, 120),
    "max_age": (0, 120),
    "places": (1, MOST_PLACES),
    "minimum_batch": (1, 100),
    "price": (0, 999_999_999),
}
# The longest texts that there is room for.
LENGTHS: Mapping[str, int] = {
    "team": 100,
    "contract": 100,
    "currency_code": 20,
    "funding": 100,
    "commissioner_agreed": 100,
    "shown_safe": 200,
}
_OPCS_4 = re.compile(r"[A-HJ-NP-Z][0-9]{2}(?:[0-9]|\.[0-9])?")
_CODE = re.compile(r"[A-Za-z0-9_-]{1,30}")


def against_reason(decliner: Decliner, code: str, comment: str) -> Iterable[Refusal]:
    """What stands against a reason that a step needs, and its words."""
    allowed = reasons_of(decliner)
    if not code:
        yield Refusal("REASON_IS_REQUIRED", "Choose a reason", "reason")
    elif code not in allowed:
        words = f"Choose a reason from the list: found {code!r}, expected {', '.join(allowed)}"
        yield Refusal("UNKNOWN_REASON", words, "reason")
    elif allowed[code].needs_comment and not comment.strip():
        words = f"Say more: “{allowed[code].words}” needs a few words"
        yield Refusal("COMMENT_IS_REQUIRED", words, "comment")


def against_choice(code: str, allowed: Mapping[str, str], comment: str) -> Iterable[Refusal]:
    """The same, of a list of our own; ``other`` needs words."""
    if code not in allowed:
        yield Refusal("REASON_IS_REQUIRED", "Choose a reason", "reason")
    elif code == "other" and not comment.strip():
        yield Refusal("COMMENT_IS_REQUIRED", "Say in a few words what it is", "comment")


def against_numbers(values: Mapping[str, object]) -> Iterable[Refusal]:
    """Numbers that nobody can mean."""
    for name, (least, most) in LIMITS.items():
        found = values.get(name)
        if isinstance(found, int) and not least <= found <= most:
            words = f"{_named(name)} is from {least} to {most}: found {found}"
            yield Refusal("OUT_OF_RANGE", words, name)


def against_lengths(values: Mapping[str, object]) -> Iterable[Refusal]:
    """Texts that are longer than there is room for."""
    for name, most in LENGTHS.items():
        found = values.get(name)
        if isinstance(found, str) and len(found) > most:
            words = f"{_named(name)}: found {len(found)} characters, expected up to {most}"
            yield Refusal("TOO_LONG", words, name)


def against_codes(values: Mapping[str, object]) -> Iterable[Refusal]:
    """Codes that no list has."""
    functions = {each.code for each in treatment_functions()}
    tests = {each.code for each in diagnostic_tests()}
    for name, known in (
        ("treatment_function", functions),
        ("diagnostic_test", tests),
        ("diagnostic_tests", tests),
        ("anaesthetic", set(ANAESTHETICS)),
        ("anaesthetics", set(ANAESTHETICS)),
    ):
        for code in _several(values.get(name)):
            if code not in known:
                expected = ", ".join(sorted(known)[:3])
                words = f"{_named(name)}: found {code!r}, expected a code like {expected}"
                yield Refusal("UNKNOWN_CODE", words, name)
    for name in ("procedure", "procedures"):
        for code in _several(values.get(name)):
            if not _OPCS_4.fullmatch(code):
                words = f"{_named(name)}: found {code!r}, expected OPCS-4 like W371"
                yield Refusal("UNKNOWN_CODE", words, name)
    for name in ("needs", "meets_needs", "comorbidities", "excluded_comorbidities"):
        for code in _several(values.get(name)):
            if not _CODE.fullmatch(code):
                words = f"{_named(name)}: found {code!r}, expected a word like interpreter"
                yield Refusal("UNKNOWN_CODE", words, name)


def against_kind(*, diagnostic: bool, test: str, function: str) -> Iterable[Refusal]:
    """A request says what it is for: a test its test, a treatment its specialty."""
    if diagnostic and not test:
        yield Refusal("TEST_IS_REQUIRED", "Choose the test", "diagnostic_test")
    if not diagnostic and not function:
        yield Refusal("FUNCTION_IS_REQUIRED", "Choose the specialty", "treatment_function")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What submitting asks for, of a request. ``review_due``: a priority review that is overdue."""

    consent: bool
    clinical: bool
    social: bool
    waiting: bool
    review_due: date | None
    diagnostic: bool = False
    protocol: str = ""
    result_within: int | None = None
    sender_reports: bool = False  # of treatment elsewhere: a subcontract
    commissioner_agreed: str = ""
    shown_safe: str = ""


def against_submitting(of: Readiness) -> Iterable[Refusal]:
    """All that is missing before a request is shown to others (national services notes §6.2)."""
    if not of.consent:
        words = "Speak with the patient, and record that they agree"
        yield Refusal("CONSENT_IS_REQUIRED", words, "consent")
    if not of.clinical:
        words = "A clinician signs that the patient can safely be treated elsewhere"
        yield Refusal("CLINICAL_SUITABILITY_IS_REQUIRED", words, "clinical")
    if not of.social:
        words = "Somebody signs that the patient can get there and home, and has what they need"
        yield Refusal("SOCIAL_SUITABILITY_IS_REQUIRED", words, "social")
    yield from against_waiting(waiting=of.waiting, review_due=of.review_due)
    yield from _against_test(of)
    yield from _against_subcontract(of)


def _against_test(of: Readiness) -> Iterable[Refusal]:
    if of.diagnostic and not of.protocol.strip():
        words = "Write the protocol: what is to be imaged or measured, and the question"
        yield Refusal("PROTOCOL_IS_REQUIRED", words, "protocol")
    if of.diagnostic and of.result_within is None:
        words = "Agree within how many days the result comes back"
        yield Refusal("RESULT_IS_REQUIRED", words, "result_within")


def _against_subcontract(of: Readiness) -> Iterable[Refusal]:
    """A sender that goes on reporting shows that it is agreed and safe (RTT guidance §11)."""
    if of.sender_reports and not of.commissioner_agreed.strip():
        words = "Name the commissioner's agreement: it is needed in advance"
        yield Refusal("AGREEMENT_IS_REQUIRED", words, "commissioner_agreed")
    if of.sender_reports and not of.shown_safe.strip():
        words = "Name the evidence that it is clinically safe"
        yield Refusal("EVIDENCE_IS_REQUIRED", words, "shown_safe")


def against_waiting(*, waiting: bool, review_due: date | None) -> Iterable[Refusal]:
    """The patient still waits, and nobody is late with the review of the clinical priority."""
    if not waiting:
        yield Refusal("NOT_WAITING", "The patient is no longer waiting for this")
    if review_due:
        words = (
            "The review of the clinical priority was due on"
            f" {review_due:%-d %B %Y}: a clinician reviews it first"
        )
        yield Refusal("REVIEW_OVERDUE", words)


def against_day(day: date | None, first: date, last: date, today: date) -> Iterable[Refusal]:
    """What stands against the day of an offer; offers tell a day (RTT guidance)."""
    if day is None:
        yield Refusal("DAY_IS_REQUIRED", "Enter the day that is offered", "day")
    elif day < max(first, today) or day > last:
        words = (
            f"The day is from {max(first, today):%-d %B %Y} to {last:%-d %B %Y}:"
            f" found {day:%-d %B %Y}"
        )
        yield Refusal("DAY_OUT_OF_WINDOW", words, "day")


def against_terms(values: Mapping[str, object], today: date) -> Iterable[Refusal]:
    """What stands against capacity as somebody would post it; ``values`` by its fields."""
    yield from against_numbers(values)
    yield from against_lengths(values)
    yield from against_codes(values)
    diagnostic = values.get("kind") == "diagnostic"
    tests = _several(values.get("diagnostic_tests"))
    if diagnostic and not tests:
        yield Refusal("TEST_IS_REQUIRED", "Choose at least one test", "diagnostic_tests")
    if not diagnostic and not values.get("treatment_function"):
        yield Refusal("FUNCTION_IS_REQUIRED", "Choose the specialty", "treatment_function")
    if not str(values.get("team") or "").strip():
        words = "Name the consultant or team: patients are told who treats them"
        yield Refusal("TEAM_IS_REQUIRED", words, "team")
    if values.get("price_basis") not in PRICE_BASES:
        yield Refusal("PRICE_BASIS_IS_REQUIRED", "Choose what the price rests on", "price_basis")
    yield from _against_days(values, today)
    low, high = values.get("min_age"), values.get("max_age")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        words = f"The youngest age, {low}, is over the oldest, {high}"
        yield Refusal("OUT_OF_RANGE", words, "max_age")


def _against_days(values: Mapping[str, object], today: date) -> Iterable[Refusal]:
    first, last, expires = (values.get(name) for name in ("first_date", "last_date", "expires_on"))
    for name, found in (("first_date", first), ("last_date", last), ("expires_on", expires)):
        if not isinstance(found, date):
            yield Refusal("DAY_IS_REQUIRED", f"{_named(name)}: enter a day", name)
    if isinstance(first, date) and isinstance(last, date) and last < first:
        yield Refusal("OUT_OF_RANGE", "The last day is before the first", "last_date")
    if isinstance(last, date) and last < today:
        yield Refusal("OUT_OF_RANGE", "The last day has passed", "last_date")
    if isinstance(expires, date) and expires < today:
        yield Refusal("OUT_OF_RANGE", "The day until which it stands has passed", "expires_on")


def held_until(today: date) -> date:
    """The last day of a hold that is made today."""
    return working_days_after(today, rulebook.on(today)["aid_hold"].value)


def decided_by(today: date) -> date:
    """The last day for the patient to say, of offers that they are told of today."""
    return working_days_after(today, rulebook.on(today)["aid_decision"].value)


def open_until(today: date) -> date:
    """The last day for offers, of a request that is opened today."""
    return today + timedelta(days=rulebook.on(today)["aid_request_open"].value)


def cancer_treated_by(waiting_since: date, today: date) -> date:
    """The day by which somebody under suspicion of cancer is treated."""
    return waiting_since + timedelta(days=rulebook.on(today)["cancer_treated_within"].value)


def _several(found: object) -> tuple[str, ...]:
    if isinstance(found, str):
        return (found,) if found else ()
    return tuple(found) if isinstance(found, tuple | list | frozenset) else ()


def _named(name: str) -> str:
    return FIELD_NAMES.get(name, name.replace("_", " ").capitalize())


FIELD_NAMES: Mapping[str, str] = {
    "asa": "ASA grade",
    "max_asa": "Highest ASA grade",
    "bmi": "BMI",
    "max_bmi": "Highest BMI",
    "min_age": "Youngest age",
    "max_age": "Oldest age",
    "expected_stay": "Expected stay in nights",
    "longest_stay": "Longest stay in nights",
    "distance": "Distance in miles",
    "price": "Price in pence",
    "result_within": "Days until the result is back",
    "treatment_function": "Specialty",
    "meets_needs": "Needs that can be met",
    "minimum_batch": "Smallest batch",
    "first_date": "First day",
    "last_date": "Last day",
    "expires_on": "Stands until",
    "team": "Consultant or team",
    "places": "Places",
}
