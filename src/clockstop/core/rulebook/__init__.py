"""Dated national rules, as data with their source. ``rulebook.on(day)`` gives those in force."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule while it holds: ``valid_to`` is its last day, None while no end is known."""

    name: str
    value: int
    unit: str
    valid_from: date
    valid_to: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def on(day: date) -> Mapping[str, Rule]:
    """The rules in force on a day, by name."""
    return {rule.name: rule for rule in _rules() if rule.holds_on(day)}


@cache
def _rules() -> tuple[Rule, ...]:
    table = files(__package__).joinpath("rules.csv").read_text(encoding="utf-8")
    return tuple(
        Rule(
            row["rule"],
            int(row["value"]),
            row["unit"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["source"],
        )
        for row in csv.DictReader(table.splitlines())
    )
