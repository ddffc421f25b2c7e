"""How often what happens: ``mix.csv``, each figure with its source or marked as our design."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.patients.tables import rows

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NOTHING = "none"


@dataclass(frozen=True)
class Choices:
    """What may come at one place of a story: names, how often, and what is known of each."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    flags: tuple[frozenset[str], ...]
    referrals: tuple[str, ...]

    def draw(self, rng: np.random.Generator, size: int) -> Ints:
        """So many of the choices, by their weights."""
        upto = np.cumsum(self.weights)
        drawn = np.searchsorted(upto / upto[-1], rng.random(size), side="right")
        return drawn.astype(np.int64)

    def flagged(self, flag: str) -> Flags:
        """Which of the choices have a flag."""
        return np.array([flag in each for each in self.flags])


@cache
def choices(slot: str) -> Choices:
    """The choices at a place of a story."""
    found = [row for row in rows("mix.csv") if row["slot"] == slot]
    return Choices(
        names=tuple(row["name"] for row in found),
        weights=tuple(float(row["value"]) for row in found),
        flags=tuple(frozenset(row["flags"].split()) for row in found),
        referrals=tuple(row["referral"] for row in found),
    )


def rate(name: str) -> float:
    """A single figure of the mix."""
    (found,) = (row for row in rows("mix.csv") if (row["slot"], row["name"]) == ("rate", name))
    return float(found["value"])
