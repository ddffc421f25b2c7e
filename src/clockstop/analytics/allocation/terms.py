"""The day, and the dated values, that a match is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clockstop.core.rulebook.allocation import AllocationRules, allocation_on


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds on a day; another set of rules may be asked what it would bring."""

    on: date
    rules: AllocationRules

    @classmethod
    def of(cls, on: date) -> Terms:
        """The terms with the rules in force on the day (``core/rulebook/allocation.csv``)."""
        return cls(on, allocation_on(on))
