"""The rule table of the Annex B checks, and the thresholds that hold in a month.

Annex B names the checks and no thresholds: ours are data, marked *design*, and may be replaced.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

Key = tuple[str, str, str]  # check, part (empty for all parts), name


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what it found in words, what to do then, and where it comes from."""

    id: str
    part: str | None
    words: str
    todo: str
    source: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a check compares with; ``status`` is *design* where nobody published one."""

    check: str
    part: str | None
    name: str
    value: float
    unit: str
    valid_from: date
    valid_to: date | None
    status: str
    why: str


@cache
def checks() -> Mapping[str, Check]:
    """Every check of Annex B by its id, in order."""
    return {
        row["check"]: Check(
            row["check"], row["part"] or None, row["words"], row["todo"], row["source"]
        )
        for row in _rows("annex_b.csv")
    }


@cache
def thresholds() -> tuple[Threshold, ...]:
    """Every threshold, of whatever time."""
    return tuple(
        Threshold(
            row["check"],
            row["part"] or None,
            row["name"],
            float(row["value"]),
            row["unit"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["status"],
            row["why"],
        )
        for row in _rows("annex_b_thresholds.csv")
    )


class Limits:
    """The thresholds in force on a census day, some of them replaced by a provider's own."""

    def __init__(self, day: date, own: Mapping[Key, float] | None = None) -> None:
        self._held = {
            (each.check, each.part or "", each.name): each.value
            for each in thresholds()
            if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to)
        }
        unknown = sorted(set(own or {}) - set(self._held))
        if unknown:
            listed = "; ".join(" ".join(filter(None, key)) for key in unknown)
            raise ValueError(f"no threshold {listed}")
        self._held |= own or {}

    def of(self, check: str, name: str, part: str = "") -> float:
        """A threshold of a check: that of the part, else that of all parts. Raises KeyError."""
        return self._held.get((check, part, name), self._held.get((check, "", name), float("nan")))


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
