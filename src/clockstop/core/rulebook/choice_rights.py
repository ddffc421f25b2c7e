"""Who has which right to choose, and who has not: dated rows with their legal basis and source."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

FIRST_APPOINTMENT = "first_appointment"
EIGHTEEN_WEEKS = "eighteen_weeks"


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """One case of a right while it stands: ``holds`` says whether the right holds in it.

    ``known_by`` is who can tell that the case is there: the referral itself, the referrer, or the
    clock. ``days`` is how long somebody has waited from whom the right holds, None where that is no
    matter. ``reason`` is the reason of ``eligibility_reasons.csv`` that tells of the case in the
    records, blank where they do not tell. ``basis`` is the law or guidance, ``source`` where we
    have it from; many rows are to be verified. ``valid_to`` is the last day, None while no end is
    known.
    """

    right: str
    case: str
    holds: bool
    known_by: str
    days: int | None
    reason: str
    words: str
    valid_from: date
    valid_to: date | None
    basis: str
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def choice_rules_on(day: date, right: str) -> dict[str, ChoiceRule]:
    """The rows of a right in force on a day, by their case, in the order of the file."""
    return {
        each.case: each for each in choice_rules() if each.right == right and each.holds_on(day)
    }


def exclusions_on(day: date, right: str, known_by: str = "") -> dict[str, ChoiceRule]:
    """The cases in which a right does not hold, of those that somebody can tell if named."""
    return {
        case: each
        for case, each in choice_rules_on(day, right).items()
        if not each.holds and known_by in {"", each.known_by}
    }


@cache
def choice_rules() -> tuple[ChoiceRule, ...]:
    """Every row, those that no longer hold too."""
    table = files(__package__).joinpath("choice_rights.csv").read_text(encoding="utf-8")
    return tuple(
        ChoiceRule(
            row["right"],
            row["case"],
            row["holds"] == "yes",
            row["known_by"],
            int(row["days"]) if row["days"] else None,
            row["reason"],
            row["words"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["basis"],
            row["source"],
        )
        for row in csv.DictReader(table.splitlines())
    )
