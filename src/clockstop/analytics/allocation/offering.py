"""Where there is room: places that a provider gives to others' patients, and whom it can take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clockstop.analytics.allocation.asking import Stage
from clockstop.core.types import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Places of one kind at one site. An empty set is no limit, None no ceiling.

    ``places`` are those left, what is held already taken off. ``first_date`` and ``last_date``
    are the window, ``weeks_until`` how long from now to the first date that can be given.
    ``procedures`` are OPCS-4 codes or how they begin. Ages in whole years, both ends included.
    ``critical_care``: there is some. ``minimum_batch``: none, or at least so many, are taken from
    one sender. ``expires_on`` is the last day on which a place can be given.

    The receiver's own patients come first (the no-harm rule): ``own_need`` of the places are for
    them; ``own_overdue`` is how many of them are past the date of their clinical priority, in
    this specialty, and ``own_longest_weeks`` how long the longest of them has waited. ``price``,
    in pence, is carried and decides nothing.
    """

    id: str
    provider: str
    places: int
    first_date: date
    last_date: date
    expires_on: date
    weeks_until: float
    site: str = ""
    at: Point | None = None
    functions: frozenset[str] = frozenset()
    procedures: frozenset[str] = frozenset()
    tests: frozenset[str] = frozenset()
    stages: frozenset[Stage] = frozenset()
    youngest: int | None = None
    oldest: int | None = None
    sex: str = ""
    highest_bmi: float | None = None
    highest_asa: int | None = None
    critical_care: bool = False
    excluded: frozenset[str] = frozenset()
    anaesthetics: frozenset[str] = frozenset()
    longest_stay: int | None = None
    meets: frozenset[str] = frozenset()
    minimum_batch: int = 1
    own_need: int = 0
    own_overdue: int = 0
    own_longest_weeks: float = 0
    price: int | None = None

    @property
    def free(self) -> int:
        """The places for others' patients: those left, less what the receiver's own need."""
        return max(self.places - self.own_need, 0)

    def __post_init__(self) -> None:
        """Refuse what cannot be, naming every fault."""
        wrong = [
            f"{name}: found {found!r}, expected {expected}"
            for name, found, expected, is_right in (
                ("id", self.id, "an id", bool(self.id)),
                ("places", self.places, "0 or more", self.places >= 0),
                ("own_need", self.own_need, "0 or more", self.own_need >= 0),
                ("minimum_batch", self.minimum_batch, "1 or more", self.minimum_batch >= 1),
                (
                    "last_date",
                    self.last_date.isoformat(),
                    "no day before first_date",
                    self.last_date >= self.first_date,
                ),
            )
            if not is_right
        ]
        if wrong:
            raise ValueError(f"capacity {self.id!r}: {'; '.join(wrong)}")
