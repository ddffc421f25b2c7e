"""The choice that a patient had at a referral: whether the right holds, and what is counted of it.

Pure, but for the dated rules that it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clockstop.core.rtt.events import Service
from clockstop.core.rulebook.choice_rights import FIRST_APPOINTMENT, ChoiceRule, exclusions_on
from clockstop.service.directory.choices import Priority
from clockstop.service.referrals.menu import Offered

INFORMATION = {"waits": "Waiting times", "distance": "Distance", "quality": "Quality"}
WISHES = {
    "wait": "To be seen or treated sooner",
    "distance": "Nearer to home",
    "quality": "Quality of the service",
    "known": "Has been there before, or knows somebody who has",
    "clinician": "A certain consultant or team",
    "access": "Easier to get to",
    "advice": "The advice of the practice",
    "other": "Another reason",
}
WHY_FEW = {
    "patient_decided": "The patient knew where they wanted to go",
    "fewer_suitable": "Fewer than five providers suit this patient",
    "clinically_inappropriate": "More would not be clinically appropriate",
    "too_far": "The others are too far for the patient",
    "no_time": "There was no time to look at more",
    "other": "Another reason",
}
WHY_NOT_OFFERED = {
    "clinical": "Only one provider is clinically suitable",
    "declined": "The patient did not want to choose",
    "urgent": "There was no time to choose",
    "other": "Another reason",
}


class Channel(StrEnum):
    """Where patient and referrer spoke."""

    SURGERY = "surgery"
    TELEPHONE = "telephone"
    VIDEO = "video"
    MESSAGE = "message"
    API = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What the referrer says of the choice. ``offered`` is none where it was not recorded.

    ``wishes`` and ``information`` are codes of the lists above; ``excluded`` is a case in which the
    right does not hold, if the referrer knows of one. ``shown`` is how many services the menu had.
    """

    offered: bool | None = None
    not_offered_because: str = ""
    wishes: tuple[str, ...] = ()
    information: tuple[str, ...] = ()
    few_because: str = ""
    excluded: str = ""
    channel: str = ""
    shown: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of a shortlist: services, distinct providers, and the best of each."""

    services: int
    providers: int
    independent_providers: int
    fastest_days: int | None
    farthest_miles: float | None


def excluded_because(
    priority: Priority, kinds: Sequence[Service], stated: str, day: date
) -> ChoiceRule | None:
    """Why the right to choose does not hold at a referral, by the rows of the day; none if it does.

    ``kinds`` are those of the services on the shortlist.
    """
    rules = exclusions_on(day, FIRST_APPOINTMENT)
    case = stated
    if not case and priority is Priority.TWO_WEEK_WAIT:
        case = "suspected_cancer"
    for kind in (Service.NOT_CONSULTANT_LED, Service.DIRECT_ACCESS_TEST):
        if not case and kinds and all(each is kind for each in kinds):
            case = kind.value
    return rules.get(case)


def counted(shortlist: Sequence[Offered]) -> Counted:
    """What a shortlist amounts to; none where no day or distance is known."""
    days = [each.days for each in shortlist if each.days is not None]
    miles = [each.miles for each in shortlist if each.miles is not None]
    return Counted(
        len(shortlist),
        len({each.provider for each in shortlist}),
        len({each.provider for each in shortlist if each.is_independent}),
        min(days, default=None),
        max(miles, default=None),
    )


def rank(values: Sequence[float | None], chosen: int) -> int | None:
    """The place of one value among others, from 1; equal ones share the better place.

    None where the chosen value is not known.
    """
    wanted = values[chosen]
    if wanted is None:
        return None
    return 1 + sum(each is not None and each < wanted for each in values)
