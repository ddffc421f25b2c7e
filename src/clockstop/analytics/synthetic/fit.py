"""How near the synthetic England comes to the published one: every marginal beside its target."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.calibration import marginals_of
from clockstop.analytics.synthetic.england import England
from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.analytics.synthetic.targets import FLOWS, WAITING, Marginals, england_target, targets
from clockstop.core.codes import ALL_FUNCTIONS

COUNT_LIMIT, SHARE_LIMIT = 0.01, 0.01
LONG_WAIT_LIMITS = {"over_52": 0.10, "over_65": 0.15}
FEWEST_LONG_WAITS = 1_000  # at full scale: fewer are not held to a limit
# Pathways: people are whole, so the smallest marginals may be off by so many instead. Who is drawn
# for them differs between processors, whose exponentials differ in the last digit.
FEW = 16


@dataclass(frozen=True, slots=True)
class Fit:
    """A marginal of the reference month, of a function or of all (``C_999``), and its target.

    ``found`` and ``target`` are pathways, or a share for ``within_18``; ``off`` is relative, for
    shares a difference. ``limit`` is what it may be, or None for too few long waits to be held.
    """

    marginal: str
    function: str
    target: float
    found: float
    off: float
    limit: float | None

    @property
    def holds(self) -> bool:
        """Whether the marginal is within its limit."""
        return self.limit is None or abs(self.off) <= self.limit


def fits(england: England) -> Iterator[Fit]:
    """Live through the months up to the reference month, and compare it with the targets.

    Over 65 weeks only the functions are compared where enough wait so long to be held to a limit.
    """
    at = england.calendar.reference
    flows = next(islice(england.months(), at, None))
    found = marginals_of(flows, england.cells.function, england.counted(at))
    for name in (*FLOWS, "waiting", "within_18", *LONG_WAIT_LIMITS):
        for code, target, value, size in _pairs(name, found, england.scale):
            limit = _limit(name, target, size, england.scale)
            if name == "over_65" and limit is None:
                continue
            off = value - target if name == "within_18" else value / target - 1
            yield Fit(name, code, target, value, off, limit)


def _pairs(name: str, found: Marginals, scale: float) -> Iterator[tuple[str, float, float, float]]:
    """Target, what was found and of how many, for all functions together and for each."""
    is_share = name == "within_18"
    ours, theirs = _column(name, found), _column(name, targets())
    size = _column("waiting", found)
    factor = 1 if is_share else scale
    together = float((ours * size).sum() / size.sum() if is_share else ours.sum())
    yield ALL_FUNCTIONS.code, england_target(name) * factor, together, float(size.sum())
    for code, target, value, of in zip(function_codes(), theirs, ours, size, strict=True):
        yield code, float(target) * factor, float(value), float(of)


def _column(name: str, marginals: Marginals) -> npt.NDArray[np.float64]:
    waiting = sum((marginals[span] for span in WAITING), np.zeros(1))
    if name == "waiting":
        return waiting
    if name == "over_52":
        return marginals["to_65"] + marginals["over_65"]
    return marginals[name] / waiting if name == "within_18" else marginals[name]


def _limit(name: str, target: float, size: float, scale: float) -> float | None:
    """How far off the marginal may be. ``size`` is the list that a share is of."""
    if name in LONG_WAIT_LIMITS:
        return LONG_WAIT_LIMITS[name] if target >= FEWEST_LONG_WAITS * scale else None
    if name == "within_18":
        return max(SHARE_LIMIT, 2 * FEW / size)  # who left and who stayed, each by so many
    return max(COUNT_LIMIT, FEW / target)
