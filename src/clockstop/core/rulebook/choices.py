"""Choices: how we read a national rule that contradicts itself, is silent or leaves room."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice while it holds: ``value`` as written in the file, and why it is so.

    ``paragraph`` is where the question comes from, in the edition that ``source`` names.
    ``valid_to`` is the last day, None while no end is known.
    """

    name: str
    value: str
    valid_from: date
    valid_to: date | None
    paragraph: str
    why: str
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether the choice is in force on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def choices_on(day: date) -> Mapping[str, Choice]:
    """Every choice as it stands on a day, by name, in the order of the file.

    On a day before the first edition that we hold, the oldest reading counts.
    """
    oldest = {each.name: each for each in reversed(choices())}
    in_force = {each.name: each for each in choices() if each.holds_on(day)}
    return {each.name: in_force.get(each.name, oldest[each.name]) for each in choices()}


@cache
def choices() -> tuple[Choice, ...]:
    """Every choice, those that were replaced too: older rows of a choice stand first."""
    table = files(__package__).joinpath("choices.csv").read_text(encoding="utf-8")
    return tuple(
        Choice(
            row["choice"],
            row["value"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["paragraph"],
            row["why"],
            row["source"],
        )
        for row in csv.DictReader(table.splitlines())
    )
