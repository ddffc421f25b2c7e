"""The form of a scenario: what stands in its fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

YEARLY, MONTHLY, WEEKLY = "yearly", "monthly", "weekly"
SIDES: Mapping[str, Mapping[str, str]] = {
    "demand": {
        MONTHLY: "% more, in each of the months",
        YEARLY: "% more a year, building up from now",
    },
    "capacity": {
        WEEKLY: "clock stops a week more, in the months",
        MONTHLY: "% more, in each of the months",
        YEARLY: "% more a year, building up from now",
    },
}
ROWS, MOST_ROWS = 2, 12
USUAL_MONTHS, USUAL_WEEKS = 18, 52
LABELS = {
    "title": "Name",
    "months": "Months ahead",
    "share": "Share for long waits",
    "share-weeks": "Long waits",
    "cliff-weeks": "Nobody waits over",
    "cliff-by": "By the end of",
}


@dataclass(slots=True)
class Change:
    """The fields of one change, as they were typed."""

    function: str = ""
    kind: str = ""
    amount: str = ""
    first: str = ""
    last: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.function or self.amount or self.first or self.last)


@dataclass(slots=True)
class Form:
    """All fields, as they were typed."""

    title: str = ""
    months: str = str(USUAL_MONTHS)
    demand: list[Change] = field(default_factory=list)
    capacity: list[Change] = field(default_factory=list)
    share: str = ""
    share_weeks: str = str(USUAL_WEEKS)
    cliff_weeks: str = ""
    cliff_by: str = ""

    def side(self, name: str) -> list[Change]:
        """The changes of demand or of capacity."""
        return self.demand if name == "demand" else self.capacity

    def shown(self, name: str, more: int = 0) -> list[Change]:
        """The changes of a side, and blank ones after them to be filled in."""
        filled = self.side(name)
        rows = max(ROWS, len(filled) + 1) + more
        return [*filled, *(Change() for _ in range(min(rows, MOST_ROWS) - len(filled)))]


def typed(given: Mapping[str, str]) -> Form:
    """The form as it was sent."""
    sent: dict[str, Any] = {name.replace("-", "_"): given.get(name, "").strip() for name in LABELS}
    sent |= {side: list(_changes(given, side)) for side in SIDES}
    return Form(**sent)


def _changes(given: Mapping[str, str], side: str) -> Iterator[Change]:
    """The changes of a side that are not blank, in their order."""
    for at in range(MOST_ROWS):
        names = {"function": "function", "kind": "kind", "amount": "amount"}
        names |= {"first": "from", "last": "to"}
        found = {key: given.get(f"{side}-{at}-{name}", "").strip() for key, name in names.items()}
        change = Change(**found)
        if not change.is_blank:
            yield change
