"""The fields of a request for help and of capacity, once for pages, files and programs.

``read`` turns texts into values; what cannot be read is said with what was found and expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from clockstop.core.codes import diagnostic_tests, treatment_functions
from clockstop.core.state_tables import Refusal
from clockstop.service.transfers.models.aid import Kind, Reporter, Stage
from clockstop.service.transfers.policies import ANAESTHETICS, CAPACITY_WITHDRAWALS, PRICE_BASES

Options = tuple[tuple[str, str], ...]
_LONGEST = {"text": 200, "area": 2_000, "codes": 300}
_FREE = frozenset({"text", "area"})
_WHOLE = re.compile(r"[0-9]{1,7}")
_POUNDS = re.compile(r"([0-9]{1,7})(?:\.([0-9]{2}))?")
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}
YES_NO: Options = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field: ``kind`` is text, area, number, day, choice, codes, flag or pounds.

    ``codes`` are words between spaces; ``tells`` is the column of a file and the id on a page.
    """

    name: str
    label: str
    kind: str = "text"
    options: Callable[[], Options] | None = None
    hint: str = ""
    needed: bool = False

    @property
    def choices(self) -> Options:
        """What may be chosen; none where anything may be written."""
        return self.options() if self.options else ()


def _enum(values: type[Kind | Stage | Reporter]) -> Callable[[], Options]:
    return lambda: tuple((each.value, str(each.label)) for each in values)


def functions() -> Options:
    """Specialties, as filed and as people say them."""
    return tuple((each.code, each.name) for each in treatment_functions())


def tests() -> Options:
    """Diagnostic tests."""
    return tuple((each.code, each.name) for each in diagnostic_tests())


def _named(words: Mapping[str, str]) -> Callable[[], Options]:
    return lambda: tuple(words.items())


def _sexes() -> Options:
    return (("1", "Male"), ("2", "Female"))


_KIND = Field("kind", "What is asked for", "choice", _enum(Kind))
_TEST = Field("diagnostic_test", "Test", "choice", tests, "For a test alone")
NEEDS: tuple[Field, ...] = (
    _KIND,
    _TEST,
    Field("procedure", "Procedure", hint="OPCS-4, like W371"),
    Field("needed_by", "Needed by", "day"),
    Field("asa", "ASA grade", "number", hint="1 to 5"),
    Field("bmi", "BMI", "number"),
    Field("comorbidities", "Comorbidities", "codes", hint="Words like diabetes, with spaces"),
    Field("anaesthetic", "Anaesthetic", "choice", _named(ANAESTHETICS)),
    Field("expected_stay", "Expected stay in nights", "number"),
    Field("critical_care", "Is critical care needed?", "flag"),
    Field("distance", "How far the patient would go, in miles", "number", hint="Empty: anywhere"),
    Field("needs", "Needs", "codes", hint="Words like interpreter wheelchair, with spaces"),
    Field("travel_support", "Is help with travel needed?", "flag"),
    Field("contrast", "Is contrast needed?", "flag", hint="For a test"),
    Field("sedation", "Is sedation needed?", "flag", hint="For a test"),
    Field("protocol", "Protocol", "area", hint="For a test: what is measured, and the question"),
    Field("result_within", "Days until the result is back", "number", hint="For a test"),
    Field(
        "reported_by",
        "Who reports the wait",
        "choice",
        _enum(Reporter),
        "A test is always reported by you",
    ),
    Field("commissioner_agreed", "Commissioner's agreement", hint="Reference, if you report"),
    Field("shown_safe", "Evidence that it is safe", hint="Reference, if you report"),
    Field("funding", "Funding"),
)
_OF_TREATMENT = frozenset(
    {"kind", "diagnostic_test", "procedure", "asa", "anaesthetic", "expected_stay"}
    | {"critical_care", "reported_by", "commissioner_agreed", "shown_safe"}
)
# A test that a practice asked for directly: on no pathway, with a diagnostic wait of its own.
DIRECT_TEST: tuple[Field, ...] = (
    Field("nhs_number", "NHS number", hint="Of somebody whose record you hold", needed=True),
    replace(_TEST, hint="", needed=True),
    Field("waiting_since", "Day on which you got the request", "day", needed=True),
    *(each for each in NEEDS if each.name not in _OF_TREATMENT),
)
CAPACITY: tuple[Field, ...] = (
    Field("kind", "What is offered", "choice", _enum(Kind), needed=True),
    Field("treatment_function", "Specialty", "choice", functions, "For treatment"),
    Field("diagnostic_tests", "Tests", "codes", tests, "For tests: codes like MRI CT, with spaces"),
    Field("procedures", "Procedures", "codes", hint="OPCS-4 like W37 W38; empty: all"),
    Field("stages", "Stages", "codes", _enum(Stage), "Empty: all. Codes like admitted"),
    Field("site", "Site", hint="Code of your site, if you have several"),
    Field("team", "Consultant or team", hint="As patients read it", needed=True),
    Field("places", "Places", "number", needed=True),
    Field("first_date", "First day", "day", needed=True),
    Field("last_date", "Last day", "day", needed=True),
    Field("expires_on", "Offered until", "day", needed=True),
    Field("minimum_batch", "Smallest batch from one sender", "number"),
    Field("min_age", "Youngest age", "number"),
    Field("max_age", "Oldest age", "number"),
    Field("sex", "Sex", "choice", _sexes),
    Field("max_bmi", "Highest BMI", "number"),
    Field("max_asa", "Highest ASA grade", "number"),
    Field("excluded_comorbidities", "Comorbidities not taken", "codes"),
    Field("anaesthetics", "Anaesthetics", "codes", _named(ANAESTHETICS), "Empty: all"),
    Field("longest_stay", "Longest stay in nights", "number"),
    Field("critical_care", "Is there critical care?", "flag"),
    Field("contrast", "Is contrast possible?", "flag", hint="For tests"),
    Field("sedation", "Is sedation possible?", "flag", hint="For tests"),
    Field("result_within", "Days until the result is back", "number", hint="For tests"),
    Field("meets_needs", "Needs that can be met", "codes", hint="Words like interpreter"),
    Field("travel_support", "Is travel paid for?", "flag"),
    Field("price_basis", "Price basis", "choice", _named(PRICE_BASES), needed=True),
    Field("price", "Price in pounds", "pounds"),
    Field("currency_code", "Unit of the price", hint="Such as an HRG"),
    Field("contract", "Contract"),
)
WITHDRAWAL: tuple[Field, ...] = (
    Field("reason", "Reason", "choice", _named(CAPACITY_WITHDRAWALS)),
    Field("comment", "Comment", "area", hint="Another reason needs one."),
)


def read(
    fields: Sequence[Field], given: Mapping[str, str]
) -> tuple[dict[str, object], list[Refusal]]:
    """The values of the fields that were given, and all that cannot be read, each by its field.

    An empty text gives no value; one that is needed is missed.
    """
    values: dict[str, object] = {}
    wrong: list[Refusal] = []
    for each in fields:
        text = given.get(each.name, "").strip()
        if not text:
            if each.needed:
                words = _missing(each)
                wrong.append(Refusal("VALUE_IS_REQUIRED", words, each.name))
            continue
        value = _value(each, text)
        if value is None:
            words = _unreadable(each, text)
            wrong.append(Refusal("UNREADABLE", words, each.name))
        else:
            values[each.name] = value
    return values, wrong


def _missing(field: Field) -> str:
    if field.kind == "day":
        return f"{field.label}: enter a day"
    wanted = "an answer" if field.kind in _FREE else _expected(field)
    return f"{field.label}: found nothing, expected {wanted}"


def _unreadable(field: Field, text: str) -> str:
    """A day with spaces comes from the three boxes of a page."""
    if field.kind == "day" and " " in text:
        return f"{field.label}: enter a real day, like 31 1 2026"
    return f"{field.label}: found {text[:60]!r}, expected {_expected(field)}"


def _value(field: Field, text: str) -> object | None:
    """None where the text cannot be read, or no store could keep it."""
    if "\x00" in text:
        return None
    if field.kind == "choice":
        return text if text in dict(field.choices) else None
    if field.kind == "codes":
        return _codes(field, text)
    if reader := _READERS.get(field.kind):
        return reader(text)
    return text if len(text) <= _LONGEST[field.kind] else None


def _number(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def _pence(text: str) -> int | None:
    found = _POUNDS.fullmatch(text.replace(",", "").removeprefix("£"))
    return int(found[1]) * 100 + int(found[2] or 0) if found else None


def _flag(text: str) -> bool | None:
    return _FLAGS.get(text.lower())


def _codes(field: Field, text: str) -> tuple[str, ...] | None:
    if len(text) > _LONGEST["codes"]:
        return None
    codes = tuple(dict.fromkeys(text.replace(",", " ").split()))
    known = dict(field.choices)
    return codes if not known or set(codes) <= set(known) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_READERS: Mapping[str, Callable[[str], object | None]] = {
    "number": _number,
    "pounds": _pence,
    "day": _day,
    "flag": _flag,
}


def _expected(field: Field) -> str:
    codes = [value for value, _ in field.choices]
    if codes:
        listed = ", ".join(codes[:4]) + (", …" if len(codes) > 4 else "")  # noqa: PLR2004
        return f"{'one or more' if field.kind == 'codes' else 'one'} of {listed}"
    return {
        "number": "a whole number",
        "pounds": "pounds, like 1200 or 1200.50",
        "day": "a day, like 2026-01-31",
        "flag": "yes or no",
        "codes": "words with spaces",
        "area": "at most 2,000 characters",
    }.get(field.kind, "at most 200 characters")


def written(fields: Iterable[Field], row: object) -> dict[str, str]:
    """The fields of a row as texts that ``read`` reads again."""
    return {each.name: _text(each, getattr(row, each.name)) for each in fields}


def _text(field: Field, value: object) -> str:
    if value is None:
        return ""
    if field.kind == "flag":
        return "yes" if value else "no"
    if field.kind == "codes" and isinstance(value, tuple | list):
        return " ".join(value)
    if field.kind == "pounds" and isinstance(value, int):
        return f"{value // 100}.{value % 100:02}"
    return value.isoformat() if isinstance(value, date) else str(value)
