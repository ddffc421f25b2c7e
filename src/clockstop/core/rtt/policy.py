"""Where the guidance contradicts itself, is silent or leaves a choice: what we chose, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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
class Policy:
    """One provider's reading of the rules, each explained in ``CHOICES``. Numbers are days."""

    dna_discharge_stop: DnaStop = DnaStop.DISCHARGE
    rebooked_dna_nullifies: bool = True
    place_rule: PlaceRule = PlaceRule.DAYS_WAITED
    place_after: PlaceAfter = PlaceAfter.ANY_MONITORING
    planned_grace: int = 0
    reasonable_notice: int = 21
    second_offer_within: int = 42
    delay_review: int = 42
    monitoring_review: int = 84
    thinking_time: int = 14


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the policy: where the question comes from, and why the default is as it is."""

    field: str
    source: str
    why: str


CHOICES = (
    Choice(
        "dna_discharge_stop",
        "§4.4.1.3",
        "The paragraph first says the day of discharge, then, in an example of a local policy, the "
        "day of the missed appointment. The rule itself (5f) stops the clock by the discharge.",
    ),
    Choice(
        "rebooked_dna_nullifies",
        "§4.4.1.3, §3.4.5",
        "The rule speaks of the first appointment after the referral. We read a rebooked first "
        "appointment as one too.",
    ),
    Choice(
        "place_rule",
        "§3.4.4, §4.4.1.4, §8.3",
        "The patient is to be treated as if at the point where they left: we bring back the days "
        "that they had waited. The other reading brings back the old date itself.",
    ),
    Choice(
        "place_after",
        "§4.4.1.4, §8.3",
        "Written of patients who wish to delay. Nobody should lose a place by watchful waiting "
        "either, so by default every active monitoring gives the place back.",
    ),
    Choice(
        "planned_grace",
        "§5.2",
        "An overdue planned treatment waits on a clock; the guidance allows for clinical "
        "timescales and gives no number.",
    ),
    Choice("reasonable_notice", "§8.3, §13", "Three weeks or more from offer to date."),
    Choice("second_offer_within", "§8.3", "Six weeks between the two dates offered."),
    Choice("delay_review", "§8.1, §8.3", "A longer delay gets a clinical review."),
    Choice("monitoring_review", "§8.3", "Twelve weeks between clinical reviews."),
    Choice("thinking_time", "§4.4.1.4", "After two weeks, talk to the patient."),
)


DEFAULT = Policy()


def read_policy(found: Mapping[str, object]) -> tuple[Policy, tuple[str, ...]]:
    """A policy from plain values, and what is wrong with them: field, found, expected.

    A field that is left out has our value.
    """
    known = {each.field: getattr(DEFAULT, each.field) for each in CHOICES}
    problems = [
        f"{name}: unknown; expected {', '.join(known)}" for name in found if name not in known
    ]
    chosen = {}
    for name, value in found.items():
        if name in known and not _fits(value, known[name]):
            problems.append(f"{name}: found {value!r}, expected {expected_of(known[name])}")
        elif name in known:
            chosen[name] = type(known[name])(value)
    return (Policy() if problems else Policy(**chosen)), tuple(problems)


def _fits(value: object, default: object) -> bool:
    if isinstance(default, StrEnum):
        return value in tuple(type(default))
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    return isinstance(value, int) and value >= 0


def expected_of(default: object) -> str:
    """What a field of the policy may be, from its default."""
    if isinstance(default, StrEnum):
        return f"one of {', '.join(type(default))}"
    return "true or false" if isinstance(default, bool) else "a number of days"
