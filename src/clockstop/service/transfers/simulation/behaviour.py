"""What made-up people do: drawn from a seed, the same for the same patient in every design.

Whoever takes a place of one chance takes any of a higher: one number is drawn for each patient and
held against the chance of each offer. So designs are compared on the same people.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from clockstop.analytics.allocation.acceptance import Design

# Ours, until they are measured: how people answer beside whether they accept.
STAYS, STAYS_AFTER = 0.1, 0.5  # says so at once; after a declined offer
UNSUITABLE, FAILS_CHECK = 0.1, 0.05
_DISTANCES = ((0.6, 50), (0.85, 100))  # the rest would go anywhere
_BY_PHONE = frozenset({"asked_first", "navigator"})
_MINUTES = {"asked_first": 12, "navigator": 45}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A way of asking, and the seed that its people's answers are drawn from."""

    design: Design
    seed: int

    @property
    def by_phone(self) -> bool:
        """Whether staff call, instead of a message that patients answer online."""
        return self.design.design in _BY_PHONE

    @property
    def pays_travel(self) -> bool:
        """Whether the journey is arranged and paid for."""
        return self.design.design == "navigator"

    @property
    def minutes(self) -> int | None:
        """What a call takes staff, where they call."""
        return _MINUTES.get(self.design.design)

    def share(self, what: str, who: str) -> float:
        """A number from 0 to 1 of one patient for one question."""
        return Random(f"{self.seed} {what} {who}").random()

    def days(self, what: str, who: str, least: int, most: int) -> int:
        """After how many days one patient's turn comes."""
        return Random(f"{self.seed} days {what} {who}").randint(least, most)

    def asks(self, who: str) -> bool:
        """Whether a patient would take the best that the design could find: a place next door."""
        return self._takes(who, 0, self.design.at_weeks)

    def accepts(self, who: str, miles: float | None, weeks: float | None) -> bool:
        """Whether a patient takes one offer; what is not known of it is as at the anchor."""
        at = self.design
        return self._takes(
            who, at.at_miles if miles is None else miles, at.at_weeks if weeks is None else weeks
        )

    def wishes(self, who: str) -> dict[str, Any]:
        """How far a patient would go."""
        drawn = self.share("distance", who)
        distance = next((miles for upto, miles in _DISTANCES if drawn < upto), None)
        return {"distance": distance, "anywhere": distance is None}

    def _takes(self, who: str, miles: float, weeks: float) -> bool:
        return self.share("takes", who) < self.design.probability(miles, weeks)
