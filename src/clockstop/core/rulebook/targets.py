"""National targets, as data with their dates, what replaced them and where sources disagree."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from clockstop.core.types import Month


class Comparison(StrEnum):
    """How a figure is held against a target's threshold."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"
    RISE_OF = "rise_of"


class Verdict(StrEnum):
    """What holding a figure against a target says; the value is the word that pages show."""

    MET = "Met"
    NOT_MET = "Not met"
    NOT_KNOWN = "Not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A national target.

    ``measure`` is the key of the figure that it is about; ``threshold`` is in ``unit`` (a fraction
    for shares). ``applies_to`` names kinds of area. ``due`` is the day by which it is to be
    reached, None for a standing standard; ``retired_on`` the day from which another replaced it or
    it was dropped. A rise is measured from ``baseline``. ``conflicts_with`` names the targets that
    other sources give instead; ``is_verified`` is False where only general knowledge supports it.
    """

    id: str
    name: str
    measure: str
    comparison: Comparison
    threshold: float
    unit: str
    applies_to: frozenset[str]
    set_on: date
    due: date | None
    retired_on: date | None
    baseline: Month | None
    supersedes: str | None
    conflicts_with: tuple[str, ...]
    exceptions: str
    source: str
    is_verified: bool

    def is_in_force(self, day: date) -> bool:
        """Whether it had been set, and not yet replaced or dropped, on the day."""
        return self.set_on <= day and (self.retired_on is None or day < self.retired_on)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A figure against a target.

    ``gap`` is how much is missing, in the target's unit: 0 or less where it is met, None where it
    is not known.
    """

    target: Target
    value: float | None
    verdict: Verdict
    gap: float | None


def judge(target: Target, value: float | None, baseline: float | None = None) -> Judgement:
    """Hold a figure against a target; ``baseline`` is the figure that a rise is measured from."""
    needed = target.threshold
    if target.comparison is Comparison.RISE_OF:
        if baseline is None:
            return Judgement(target, value, Verdict.NOT_KNOWN, None)
        needed += baseline
    if value is None:
        return Judgement(target, None, Verdict.NOT_KNOWN, None)
    is_ceiling = target.comparison in (Comparison.AT_MOST, Comparison.BELOW)
    gap = value - needed if is_ceiling else needed - value
    is_met = gap < 0 if target.comparison is Comparison.BELOW else gap <= 0
    return Judgement(target, value, Verdict.MET if is_met else Verdict.NOT_MET, gap)


def targets_on(day: date, kind: str | None = None) -> tuple[Target, ...]:
    """The targets in force on a day (for a kind of area), in the order of the list."""
    return tuple(
        target
        for target in targets().values()
        if target.is_in_force(day) and (kind is None or kind in target.applies_to)
    )


@cache
def targets() -> Mapping[str, Target]:
    """Every target by its id, those that were replaced too. The file holds the sources."""
    table = files(__package__).joinpath("targets.csv").read_text(encoding="utf-8")
    return {row["id"]: _target(row) for row in csv.DictReader(table.splitlines())}


def _target(row: Mapping[str, str]) -> Target:
    return Target(
        id=row["id"],
        name=row["name"],
        measure=row["measure"],
        comparison=Comparison(row["comparison"]),
        threshold=float(row["threshold"]),
        unit=row["unit"],
        applies_to=frozenset(row["applies_to"].split()),
        set_on=date.fromisoformat(row["set_on"]),
        due=_day(row["due"]),
        retired_on=_day(row["retired_on"]),
        baseline=Month.parse(row["baseline"]) if row["baseline"] else None,
        supersedes=row["supersedes"] or None,
        conflicts_with=tuple(row["conflicts_with"].split()),
        exceptions=row["exceptions"],
        source=row["source"],
        is_verified=row["source_status"] == "found",
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
