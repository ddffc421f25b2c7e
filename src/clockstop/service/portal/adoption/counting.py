"""Counting acts on appointments by the way in which they were done. Pure: plain rows in.

An act is a booking, a change or a cancellation. A change is a cancellation and a booking of the
same referral, one right after the other, by the same hand: it counts once, and as neither of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

BOOKS = frozenset({"book", "provider_book"})
CANCELS = frozenset({"cancel_by_patient", "cancel_by_provider", "cancel_action_later"})
AT_ONCE = timedelta(minutes=5)  # between the two halves of a change
ACTS = {"booked": "Booked", "changed": "Changed", "cancelled": "Cancelled"}
WAYS = {
    "account": "Online, signed in",
    "reference": "Online, by reference",
    "phone": "By phone",
    "practice": "By the practice",
    "hospital": "By the hospital",
}
ONLINE = ("account", "reference")


@dataclass(frozen=True, slots=True)
class Taken:
    """A step on a referral: of which group, in which way, by whom."""

    referral: object
    version: int
    action: str
    group: str
    way: str
    by: str
    at: datetime


def way_of(role: str, by: str, acting_for: str, *, reference: str) -> str:
    """In which way a step was taken; ``reference`` is who acts by a booking reference alone."""
    if role in {"patient", "carer"}:
        return "reference" if by == reference else "account"
    if acting_for == "patient":
        return "phone"
    is_practice = role in {"referrer", "referring_administrator"}
    return "practice" if is_practice else "hospital"


def acts(steps: Iterable[Taken]) -> Iterator[tuple[str, str, str]]:
    """Each act: what it was, its group and its way. ``steps`` are by referral and version."""
    for _, each in groupby(steps, key=lambda step: step.referral):
        yield from _acts(list(each))


def _acts(steps: list[Taken]) -> Iterator[tuple[str, str, str]]:
    skipped = False
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        if skipped:
            skipped = False
        elif step.action in BOOKS:
            yield "booked", step.group, step.way
        elif step.action in CANCELS:
            skipped = after is not None and _are_a_change(step, after)
            last = after if skipped and after else step
            yield "changed" if skipped else "cancelled", last.group, last.way


def _are_a_change(cancelled: Taken, then: Taken) -> bool:
    is_next = then.action in BOOKS and then.version == cancelled.version + 1
    return is_next and then.by == cancelled.by and then.at - cancelled.at <= AT_ONCE


def counted(pairs: Iterable[tuple[str, str]]) -> dict[str, Counter[str]]:
    """Of each group how often each column comes."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for group, column in pairs:
        found[group][column] += 1
    return found
