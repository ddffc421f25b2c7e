"""What decides who is helped first, and from when a move is worth asking for: dated values."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRules:
    """The values in force on a day. The file says where each is from.

    ``least_weeks_gained``: the fewest whole weeks that a move must bring. ``miles_a_week``: how
    many miles further one week sooner is worth, where the places for one patient are ranked.
    ``own_overdue_priority`` and ``own_longest_weeks``: the most overdue patients, and the longest
    wait, that a receiver may have among its own. ``bands``: the waits over which nobody should be
    left, in weeks, longest first.
    """

    least_weeks_gained: int
    miles_a_week: int
    own_overdue_priority: int
    own_longest_weeks: int
    bands: tuple[int, ...]

    def band(self, days: int) -> int:
        """The first of ``bands`` that so many days are over: their number if they are over none."""
        over = (at for at, weeks in enumerate(self.bands) if days > weeks * DAYS_A_WEEK)
        return next(over, len(self.bands))


def allocation_on(day: date) -> AllocationRules:
    """The values in force on a day; before the first of a value, that first counts."""
    held: dict[str, int] = {}
    bands = []
    for row in sorted(_rows(), key=lambda row: row["valid_from"]):
        is_over = bool(row["valid_to"]) and date.fromisoformat(row["valid_to"]) < day
        begins = date.fromisoformat(row["valid_from"])
        if row["name"] == "band":
            bands += [] if is_over else [int(row["value"])]
        elif row["name"] not in held or begins <= day:
            held[row["name"]] = int(row["value"])
    return AllocationRules(bands=tuple(sorted(bands, reverse=True)), **held)


@cache
def _rows() -> tuple[dict[str, str], ...]:
    table = files(__package__).joinpath("allocation.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(table.splitlines()))
