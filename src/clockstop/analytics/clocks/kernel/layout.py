"""The records that the kernel works on, and what it was compiled from: quick to import.

``facts`` is one record of the type FACTS; the rows of each pathway follow those of the one before.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from clockstop.analytics.clocks import words
from clockstop.core.rtt.periods import Ending
from clockstop.core.rtt.policy import choice_types
from clockstop.core.rtt.status_codes import status_codes


@cache
def stamp() -> str:
    """A name for the kernel and for the numbers it was compiled with.

    What numba keeps is renewed when the file of the entry changes, not when a part of it does. So
    the type of what the entry is given carries this name: another name, another compilation.
    """
    sources = [file.read_text() for file in sorted(Path(__file__).parent.glob("*.py"))]
    numbers = [str({each.name: each.value for each in word}) for word in _words()]
    codes = [f"{code} {each.group} {each.effect}" for code, each in status_codes().items()]
    endings = [f"{each} {each.status}" for each in Ending]
    text = "\n".join([*sources, *numbers, *codes, *endings, *choice_types()])
    return f"made_{sha256(text.encode()).hexdigest()[:16]}"


def _words() -> list[Any]:
    return [each for name, each in sorted(vars(words).items()) if hasattr(each, "__members__")]


NONE = -(1 << 31)  # no day
NOBODY = -1  # no provider

_BOOLS = (
    "two_dates_possible",
    "interface",
    "seen",
    "rebookable",
    "emergency",
    "referred_outward",
    "died",
    "monitored",
    "monitoring_wished",
    "by_hand",
)
_NUMBERS = (
    "pathway",
    "row",
    "entries",
    "first_period",
    "periods",
    "first_finding",
    "findings",
    "first_test",
    "tests",
    "planned",
    "declined",
    "last_missed",
    "subcontractor",
    "name",
    "monitoring_since",
    "monitoring_reviewed",
    "monitoring_event",
    "left_since",
)
FACTS = np.dtype(
    [
        *((name, np.bool_) for name in _BOOLS),
        *((name, np.int64) for name in _NUMBERS),
        (stamp(), np.bool_),
    ]
)
PERIOD = np.dtype(
    [
        ("pathway", np.int32),
        ("start", np.int32),
        ("start_rule", np.uint16),
        ("opened_by", np.uint16),
        ("opened_on", np.int32),
        ("end", np.int32),
        ("ending", np.uint8),
        ("stop_rule", np.uint16),
        ("closed_by", np.uint16),
        ("provisional", np.bool_),
        ("in_returns", np.bool_),
        ("decided_to_admit", np.int32),
        ("since", np.int32),
        ("days_brought", np.int32),
        ("listed_by", np.int32),
    ]
)
FINDING = np.dtype(
    [("pathway", np.int32), ("number", np.uint16), ("problem", np.uint8), ("day", np.int32)]
)
TEST = np.dtype(
    [("pathway", np.int32), ("start", np.int32), ("opened_by", np.uint16), ("end", np.int32)]
)
STANDING = np.dtype(
    [
        ("pathway", np.int32),
        ("died", np.bool_),
        ("monitoring_since", np.int32),
        ("monitoring_reviewed", np.int32),
        ("planned_due", np.int32),
    ]
)


# One entry, in the order of entry. ``choice`` and ``other_choice`` are its fields with a list of
# words, ``refers`` the entry that it names, ``other_day`` its further day, ``name`` the pathway
# identifier that it gives. ``mark`` is for what its kind is remembered by: an admission, a planned
# listing, a decision held, an unratified referral by 1; an offer by the number of the clock that it
# was made in, ``declined`` by that of the clock in which it was declined. ``order`` has nothing to
# do with the entry: in these the numbers of the entries that count stand by their day.
ROW = np.dtype(
    [
        ("number", np.uint16),
        ("kind", np.uint8),
        ("status", np.uint8),
        ("day", np.int32),
        ("provider", np.int32),
        ("flags", np.uint32),
        ("choice", np.uint8),
        ("other_choice", np.uint8),
        ("refers", np.int32),
        ("supersedes", np.int32),
        ("other_day", np.int32),
        ("to", np.int32),
        ("name", np.int32),
        ("mark", np.int32),
        ("declined", np.int32),
        ("order", np.int32),
    ]
)
Event = Any  # a record of the type ROW


class State(NamedTuple):
    """A pathway so far: its facts, and the arrays that it shares with other pathways."""

    facts: Any
    periods: Any
    findings: Any
    tests: Any
    standings: Any
    rows: Any
