"""The four steps of a request and the answers to them; hidden fields carry what was said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from clockstop.service.transfers.actions.asking.asking import (
    DISTANCES,
    LONGEST_WORDS,
    NEEDS,
    Wishes,
)

CONFIRM, SERVICE, DISTANCE, HELP, CHECK = "confirm", "service", "distance", "needs", "check"
STEPS = (CONFIRM, SERVICE, DISTANCE, HELP, CHECK)
ANYWHERE = "anywhere"
FAR = {str(each): f"Up to {each} miles" for each in DISTANCES} | {ANYWHERE: "Anywhere in England"}


def after(step: str) -> str:
    """The step that follows; the first one after what is none."""
    at = STEPS.index(step) if step in STEPS else -1
    return STEPS[min(at + 1, len(STEPS) - 1)]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the patient has said so far, as typed."""

    given: QueryDict

    @property
    def confirm(self) -> str:
        return str(self.given.get("confirm", ""))

    @property
    def service(self) -> str:
        return str(self.given.get("service", ""))

    @property
    def distance(self) -> str:
        return str(self.given.get("distance", ""))

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(each for each in self.given.getlist("needs") if each in NEEDS)

    @property
    def needs_words(self) -> str:
        return str(self.given.get("needs_words", "")).strip()

    @property
    def travel_support(self) -> bool:
        return self.given.get("travel_support") == "yes"

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """All of them, to go along with the next page."""
        single = ("confirm", "service", "distance", "needs_words", "travel_support")
        found = [(name, str(self.given.get(name, ""))) for name in single]
        return [*found, *(("needs", each) for each in self.needs)]

    def missing(self, step: str) -> Mapping[str, str]:
        """What is wrong with the answer to one step, by field."""
        match step:
            case "confirm" if self.confirm != "yes":
                return {"confirm": "Tick that you have read this and want to go on"}
            case "service" if self.service not in {"yes", "no"}:
                return {"service": "Choose yes or no"}
            case "distance" if self.distance not in FAR:
                return {"distance": "Choose how far you can travel"}
            case "needs" if len(self.needs_words) > LONGEST_WORDS:
                return {"needs_words": f"Use {LONGEST_WORDS} characters or fewer"}
        return {}

    def first_missing(self) -> str:
        """The first step without a good answer; else the check."""
        return next((step for step in STEPS[:-1] if self.missing(step)), CHECK)

    def wishes(self, channel: str, estimate: Mapping[str, object]) -> Wishes:
        """What is asked for."""
        is_anywhere = self.distance == ANYWHERE
        return Wishes(
            distance=None if is_anywhere else int(self.distance),
            anywhere=is_anywhere,
            needs=self.needs,
            needs_words=self.needs_words,
            travel_support=self.travel_support,
            channel=channel,
            estimate=estimate,
        )

    def summary(self) -> list[tuple[str, str, str]]:
        """For the last look: the question, the answer, and the step it belongs to."""
        needs = [NEEDS[each] for each in self.needs]
        needs += [self.needs_words] if self.needs_words else []
        return [
            ("How far you can travel", FAR.get(self.distance, ""), DISTANCE),
            ("What you need", ", ".join(needs) or "Nothing", HELP),
            ("Help with travel", "Yes" if self.travel_support else "No", HELP),
        ]
