"""How many moves a number of offers brings: acceptance by distance and weeks gained.

Plans are made in offers, not in moves: few accept. The shares are designs, each with the figure
that it is anchored to and bounds (``core/rulebook/acceptance.csv``); until offers are measured
here, read them as "about so".
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A way of asking patients.

    ``share`` of those asked accept a place ``at_miles`` away that brings ``at_weeks``; ``lowest``
    and ``highest`` bound it. The odds double with ``weeks_doubling`` more weeks gained and halve
    with ``miles_halving`` more miles.
    """

    design: str
    words: str
    at_miles: float
    at_weeks: float
    share: float
    lowest: float
    highest: float
    weeks_doubling: float
    miles_halving: float
    source: str

    def probability(self, miles: float, weeks_gained: float, share: float | None = None) -> float:
        """The chance that one offer is taken.

        Log-odds are straight lines in miles and weeks through the anchor: a design, chosen for
        its few numbers. ``share`` asks with another anchor, such as ``lowest``.
        """
        at_anchor = self.share if share is None else share
        doublings = (weeks_gained - self.at_weeks) / self.weeks_doubling
        halvings = (miles - self.at_miles) / self.miles_halving
        odds = log(at_anchor / (1 - at_anchor)) + log(2) * (doublings - halvings)
        return 1 / (1 + exp(-odds))


@cache
def designs() -> Mapping[str, Design]:
    """Every way of asking, by name."""
    text = files("clockstop.core.rulebook").joinpath("acceptance.csv").read_text(encoding="utf-8")
    return {row["design"]: _design(row) for row in csv.DictReader(text.splitlines())}


def moves(chances: Floats) -> Floats:
    """The chance of 0, 1, … moves from offers (n,) that are taken or not by themselves: (n + 1,).

    The Poisson binomial law, by adding one offer after another; of equal chances, the binomial.
    """
    law = np.ones(1)
    for chance in chances:
        law = np.append(law * (1 - chance), 0) + np.append(0, law * chance)
    return law


def offers_for(places: int, chance: float, risk: float = 0.05) -> int:
    """How many offers can be open at once for some places, at least as many as there are.

    The most with which the chance that more than ``places`` are taken is no more than ``risk``.
    Raises ValueError for a chance that is not over 0, or a risk that is not between 0 and 1.
    """
    if not 0 < chance <= 1 or not 0 < risk < 1:
        raise ValueError(f"found chance {chance} and risk {risk}, expected both over 0, up to 1")
    law, offers = moves(np.full(places, chance)), places
    while True:
        law = np.append(law * (1 - chance), 0) + np.append(0, law * chance)
        if law[places + 1 :].sum() > risk:
            return offers
        offers += 1


def _design(row: Mapping[str, str]) -> Design:
    numbers = (
        "at_miles",
        "at_weeks",
        "share",
        "lowest",
        "highest",
        "weeks_doubling",
        "miles_halving",
    )
    return Design(
        design=row["design"],
        words=row["words"],
        source=row["source"],
        **{name: float(row[name]) for name in numbers},
    )
