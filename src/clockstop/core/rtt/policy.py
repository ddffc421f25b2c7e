"""Where the guidance contradicts itself, is silent or leaves a choice: what holds on a day.

What we chose, since when and why are rows of ``core/rulebook/choices.csv``; a provider may choose
otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, get_type_hints

from clockstop.core.rulebook.choices import Choice, choices_on


class DnaStop(StrEnum):
    """On which day a discharge after a later missed appointment stops the clock."""

    DISCHARGE = "discharge"
    MISSED_APPOINTMENT = "missed_appointment"


class PlaceRule(StrEnum):
    """Which place in the queue comes back after active monitoring."""

    DAYS_WAITED = "days_waited"
    OLD_DATE = "old_date"


class PlaceAfter(StrEnum):
    """After which kinds of active monitoring the place comes back."""

    ANY_MONITORING = "any_monitoring"
    PATIENT_DELAYS = "patient_delays"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Every choice as it holds on one day. Numbers are days."""

    dna_discharge_stop: DnaStop
    rebooked_dna_nullifies: bool
    place_rule: PlaceRule
    place_after: PlaceAfter
    planned_grace: int
    reasonable_notice: int
    second_offer_within: int
    delay_review: int
    monitoring_review: int
    monitoring_too_near: int
    thinking_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One provider's own reading, on every day; None leaves a choice to the rulebook."""

    dna_discharge_stop: DnaStop | None = None
    rebooked_dna_nullifies: bool | None = None
    place_rule: PlaceRule | None = None
    place_after: PlaceAfter | None = None
    planned_grace: int | None = None
    reasonable_notice: int | None = None
    second_offer_within: int | None = None
    delay_review: int | None = None
    monitoring_review: int | None = None
    monitoring_too_near: int | None = None
    thinking_time: int | None = None

    def on(self, day: date) -> InForce:
        """The choices that hold on a day: the provider's own, else those of the rulebook."""
        return _in_force(self, day)

    @property
    def own(self) -> Mapping[str, Any]:
        """The choices that are the provider's own, by name."""
        named = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: value for name, value in named if value is not None}


DEFAULT = Policy()


@cache
def choice_types() -> Mapping[str, type]:
    """The type of each choice's value, by the choice's name: an enumeration, bool or int."""
    return get_type_hints(InForce)


@lru_cache(maxsize=4096)
def _in_force(policy: Policy, day: date) -> InForce:
    ruled = {name: value_of(choice) for name, choice in choices_on(day).items()}
    return InForce(**{**ruled, **policy.own})


def value_of(choice: Choice) -> Any:
    """The value of a row of the rulebook, as the engine uses it. Raises ValueError, KeyError."""
    kind = choice_types()[choice.name]
    if kind is bool:
        return {"true": True, "false": False}[choice.value]
    return kind(choice.value)


def read_policy(found: Mapping[str, object]) -> tuple[Policy, tuple[str, ...]]:
    """A policy from plain values, and what is wrong with them: field, found, expected.

    A field that is left out stays with the rulebook.
    """
    known = choice_types()
    problems = [
        f"{name}: unknown; expected {', '.join(known)}" for name in found if name not in known
    ]
    chosen = {}
    for name, value in found.items():
        if name in known and not _fits(value, known[name]):
            problems.append(f"{name}: found {value!r}, expected {expected_of(known[name])}")
        elif name in known:
            chosen[name] = known[name](value)
    return (Policy() if problems else Policy(**chosen)), tuple(problems)


def _fits(value: object, kind: type) -> bool:
    if issubclass(kind, StrEnum):
        return value in tuple(kind)
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    return isinstance(value, int) and value >= 0


def expected_of(kind: type) -> str:
    """What a field of the policy may be, from its type."""
    if issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    return "true or false" if kind is bool else "a number of days"
