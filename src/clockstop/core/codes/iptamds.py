"""The Inter-Provider Transfer Administrative Minimum Data Set (IPTAMDS), and its faults.

Names and mandation of the 36 elements: NHS Data Dictionary, from DSCN 44/2007 and 07/2008. The
keys, who fills each and how each is checked are ours; the form's status list is known to us only as
far as code 20, which a clock that goes on has (RTT guidance 5.0, Annex D).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise

from clockstop.core.codes.load import load
from clockstop.core.types import NhsNumber

GOES_ON = "20"
PARTED_BY = " "  # the codes of the element that repeats
LONGEST = 300
_COLUMNS = ("key", "number", "group", "element", "mandation", "kind", "filled_by", "of_clock")
_PATTERNS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "postcode": (re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}"), "a postcode like LS1 4AP"),
    "organisation": (re.compile(r"[0-9A-Z]{3,8}"), "an organisation code like RR8"),
    "organisations": (
        re.compile(r"[0-9A-Z]{3,8}( [0-9A-Z]{3,8})*"),
        "organisation codes with a space between them",
    ),
    "professional": (
        re.compile(r"[A-Z]{0,2}[0-9]{5,8}"),
        "a code of a care professional like C1234567",
    ),
    "function": (re.compile(r"[0-9]{3}[A-Z]?"), "a treatment function code like 110"),
    "status": (re.compile(GOES_ON), f"{GOES_ON}: the clock goes on"),
    "pathway": (re.compile(r"[0-9A-Z]{20}"), "20 capital letters and digits"),
    "phone": (re.compile(r"\+?[0-9][0-9 ]{8,18}"), "a telephone number"),
    "email": (re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an email address"),
}


class FilledBy(StrEnum):
    """Where the value of an element is known from."""

    RECORD = "record"
    CONTACT = "contact"
    PATHWAY = "pathway"
    CLOCK = "clock"
    REGISTER = "register"
    REQUEST = "request"
    OFFER = "offer"
    RULE = "rule"
    STAFF = "staff"
    RECEIVER = "receiver"


@dataclass(frozen=True, slots=True)
class Element:
    """One element. ``of_clock``: it is of an RTT pathway, so that a test without one has none."""

    key: str
    number: int
    group: str
    name: str
    mandatory: bool
    kind: str
    filled_by: FilledBy
    of_clock: bool

    @property
    def label(self) -> str:
        """The name as people read it, without capitals."""
        plain = self.name.lower()
        for word in ("nhs", "gp"):
            plain = re.sub(rf"\b{word}\b", word.upper(), plain)
        return plain[:1].upper() + plain[1:]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an element: what was found (never repeated), what was expected."""

    key: str
    found: str
    expected: str

    @property
    def words(self) -> str:
        """The fault for people."""
        return f"{elements()[self.key].label}: found {self.found}, expected {self.expected}"


@cache
def elements() -> dict[str, Element]:
    """Every element by its key, in the order of the data set."""
    return {
        row["key"]: Element(
            row["key"],
            int(row["number"]),
            row["group"],
            row["element"],
            row["mandation"] == "M",
            row["kind"],
            FilledBy(row["filled_by"]),
            row["of_clock"] == "yes",
        )
        for row in load("iptamds.csv", _COLUMNS)
    }


def problems(
    data_set: Mapping[str, str], *, has_clock: bool = True, withheld: Collection[str] = ()
) -> tuple[Fault, ...]:
    """Every mandatory element that is missing, every one that is ill-formed, all at once.

    ``data_set`` is text by key, days as YYYY-MM-DD. ``has_clock``: false for a test that a practice
    asked for directly, which needs nothing of an RTT pathway. ``withheld`` are keys that may be
    missing, since the record is marked sensitive. Never raises.
    """
    found = [*_unknown(data_set)]
    for each in elements().values():
        value = data_set.get(each.key, "").strip()
        needed = each.mandatory and (has_clock or not each.of_clock) and each.key not in withheld
        if not value:
            found += [Fault(each.key, "nothing", _expected(each))] if needed else []
        elif not _fits(each.kind, value):
            found.append(Fault(each.key, "something else", _expected(each)))
    return (*found, *(_order(data_set) if not found else ()))


def _unknown(data_set: Mapping[str, str]) -> Iterator[Fault]:
    """Keys that are none of the data set's would be lost on the way: refused."""
    extra = sorted(set(data_set) - set(elements()))
    if extra:
        first = next(iter(elements()))
        yield Fault(first, f"also {', '.join(extra)[:80]}", "the 36 elements alone")


def _order(data_set: Mapping[str, str]) -> Iterator[Fault]:
    """Days that cannot be: each of these comes no earlier than the one before it."""
    order = ("birth_date", "clock_start", "decided_on", "requested_on", "received_on")
    held = [(key, _day(data_set.get(key, ""))) for key in order]
    known = [(key, day) for key, day in held if day is not None]
    for (before, first), (after, then) in pairwise(known):
        if then < first:
            name = elements()[before].label.lower()
            yield Fault(after, then.isoformat(), f"no day before the {name}, {first.isoformat()}")


def _fits(kind: str, value: str) -> bool:
    if len(value) > LONGEST:
        return False
    if kind in _PATTERNS:
        return _PATTERNS[kind][0].fullmatch(value) is not None
    return _CHECKS[kind](value) if kind in _CHECKS else value.replace("\n", "").isprintable()


def _expected(element: Element) -> str:
    if element.kind in _PATTERNS:
        return _PATTERNS[element.kind][1]
    words = {"day": "a day like 2026-03-27", "nhs_number": "an NHS number with its check digit"}
    return words.get(element.kind, f"text of up to {LONGEST} characters")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    try:
        NhsNumber(text)
    except ValueError:
        return False
    return True


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "day": lambda text: _day(text) is not None,
    "nhs_number": _is_number,
}
