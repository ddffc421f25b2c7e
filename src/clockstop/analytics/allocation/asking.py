"""Who asks for help: what is needed, how urgently, how long waited, and what would suit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clockstop.core.types import Point

_PRIORITY = re.compile(r"[PD]([1-4])[a-z]?")
_LEAST_URGENT = 4
_DECILES = (None, *range(1, 11))


class Stage(StrEnum):
    """How far the patient has come; the value is what tables carry."""

    FIRST_OUTPATIENT = "first_outpatient"
    DIAGNOSTIC = "diagnostic"
    ADMITTED = "admitted"
    CANCER = "cancer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One patient's need, without saying who. Empty, None and no entry mean: not known, or none.

    ``id`` is opaque. ``waiting_since`` is the place in the queue (``core.rtt.queue_place``): never
    the day of asking. ``priority`` is P1a to P4 or D1 to D4, ``due_by`` the day by which it asks
    for treatment, ``review_by`` the day by which a clinician must look again. ``miles`` is how
    far the patient would go, None anywhere. ``age`` in years; ``nights`` the expected stay;
    ``weeks_left`` how long the wait here is still expected to last; ``held_at`` the capacity that
    holds a place for this request already. ``wanted`` are providers: if any, none but them will
    do; ``not_wanted`` are others. ``not_then`` are capacities, by id, whose dates do not suit.
    ``is_cancer``: on a cancer list or under urgent suspicion of cancer.
    ``over_18_weeks``: has the legal right to be treated sooner elsewhere.
    """

    id: str
    provider: str
    stage: Stage
    waiting_since: date
    function: str = ""
    procedure: str = ""
    test: str = ""
    priority: str = ""
    due_by: date | None = None
    review_by: date | None = None
    is_cancer: bool = False
    age: int | None = None
    sex: str = ""
    asa: int | None = None
    bmi: float | None = None
    comorbidities: frozenset[str] = frozenset()
    anaesthetic: str = ""
    nights: int | None = None
    critical_care: bool = False
    needs: frozenset[str] = frozenset()
    home: Point | None = None
    miles: float | None = None
    wanted: frozenset[str] = frozenset()
    not_wanted: frozenset[str] = frozenset()
    not_then: frozenset[str] = frozenset()
    weeks_left: float | None = None
    over_18_weeks: bool = False
    deprivation_decile: int | None = None
    held_at: str = ""

    def days_waited(self, on: date) -> int:
        """The days that count for the place in the queue."""
        return (on - self.waiting_since).days

    def is_overdue(self, on: date) -> bool:
        """Whether the day by which the clinical priority asks for treatment has passed."""
        return self.due_by is not None and self.due_by < on

    def urgency(self, on: date) -> int:
        """How urgent, 0 first: overdue by level of priority, then the rest by level.

        The levels are those of the priority codes, 1 to 4; none is level 4. So 0 is an overdue P1
        and 7 a P4, or no priority, that is not overdue. Clinical priority comes before length of
        wait (design note, §6); the overdue come first (national services notes §6.2).
        """
        return self.level - 1 + (0 if self.is_overdue(on) else _LEAST_URGENT)

    @property
    def level(self) -> int:
        """The level of the clinical priority, 1 the most urgent; 4 where there is none."""
        found = _PRIORITY.fullmatch(self.priority)
        return int(found[1]) if found else _LEAST_URGENT

    def __post_init__(self) -> None:
        """Refuse what cannot be, naming every fault."""
        wrong = [
            f"{name}: found {found!r}, expected {expected}"
            for name, found, expected, is_right in (
                ("id", self.id, "an id", bool(self.id)),
                (
                    "priority",
                    self.priority,
                    "P1 to P4, D1 to D4 or nothing",
                    not self.priority or bool(_PRIORITY.fullmatch(self.priority)),
                ),
                ("age", self.age, "0 or more", (self.age or 0) >= 0),
                ("miles", self.miles, "0 or more", (self.miles or 0) >= 0),
                (
                    "deprivation_decile",
                    self.deprivation_decile,
                    "1 to 10",
                    self.deprivation_decile in _DECILES,
                ),
            )
            if not is_right
        ]
        if wrong:
            raise ValueError(f"request {self.id!r}: {'; '.join(wrong)}")
