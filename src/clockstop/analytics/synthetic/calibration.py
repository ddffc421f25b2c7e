"""Solves the rates so that the reference month comes out as England in September 2025.

The very simulation that makes the England is run on a few classes of like cells, without chance;
the rates of each function are corrected until its new periods, clock stops, and those waiting
within 18 weeks, up to 52, up to 65 and over are as published. Functions do not touch each other, so
all are solved at once: flows in proportion, the four spans of a wait by Newton's method.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from clockstop.analytics.synthetic.cells import Cells, Floats, Ints, in_classes
from clockstop.analytics.synthetic.chance import Expected
from clockstop.analytics.synthetic.cohort import MonthOfFlows, simulate
from clockstop.analytics.synthetic.rates import FEWEST_REMOVED, MOST_REMOVED, SPANS, Rates
from clockstop.analytics.synthetic.season import Calendar
from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.analytics.synthetic.targets import MARGINALS, WAITING, Marginals, targets

NEAR_ENOUGH = 0.001  # of each marginal, all of them
MOST_ROUNDS = 25
ROUNDS_A_SLOPE = 5  # after so many the slopes are found anew
STEP, LONGEST_STEP, FARTHEST = 0.05, 0.5, 6.0  # in the log of a rate
DAMPING = 1e-4
FEWEST = 0.5  # pathways: a target of none is aimed at as half of one, which has a logarithm


@dataclass(frozen=True)
class _Model:
    """The England to calibrate, as few cells; ``counted`` are those that the marginals count."""

    cells: Cells
    counted: npt.NDArray[np.bool_]
    calendar: Calendar
    shares: Floats
    scale: float

    def marginals(self, rates: Rates) -> tuple[Marginals, npt.NDArray[np.float64]]:
        """The reference month's marginals at full scale, and everybody who left, by function."""
        months = simulate(self.cells, rates, self.calendar, self.shares, Expected())
        flows = next(islice(months, self.calendar.reference, None))
        found = marginals_of(flows, self.cells.function, self.counted)
        counted = np.where(self.counted, flows.removed, 0)
        removed = np.bincount(self.cells.function, counted, len(function_codes()))
        stops = found["admitted"] + found["nonadmitted"]
        scaled = {name: counts / self.scale for name, counts in found.items()}
        return scaled, (stops + removed) / self.scale


def calibrated(
    cells: Cells, counted: npt.NDArray[np.bool_], calendar: Calendar, shares: Floats, scale: float
) -> Rates:
    """The rates that make the reference month like England's, times ``scale``.

    ``counted`` are the cells in the published figures: of England, by providers that submit.
    """
    few, mark = in_classes(cells, counted.astype(np.int64))
    model = _Model(few, mark.astype(bool), calendar, shares, scale)
    rates = Rates.first()
    rates = replace(rates, demand=targets()["new"] / model.marginals(rates)[0]["new"])
    slopes = None
    for number in range(MOST_ROUNDS):
        found, exits = model.marginals(rates)
        if _is_near(found):
            break
        if slopes is None or number % ROUNDS_A_SLOPE == 0:
            slopes = _slopes(model, rates, found)
        rates = _corrected(rates, found, exits, slopes)
    return rates


def marginals_of(flows: MonthOfFlows, function: Ints, counted: npt.NDArray[np.bool_]) -> Marginals:
    """Each marginal of a month by function, over the counted cells."""

    def by_function(counts: Floats) -> npt.NDArray[np.float64]:
        cells = counts if counts.ndim == 1 else counts.sum(axis=1, dtype=np.float64)
        sums = np.bincount(function, np.where(counted, cells, 0), len(function_codes()))
        return sums.astype(np.float64)

    return {
        "new": by_function(flows.new_periods),
        "admitted": by_function(flows.admitted) + by_function(flows.admitted_unknown),
        "nonadmitted": by_function(flows.nonadmitted) + by_function(flows.nonadmitted_unknown),
        "within_18": by_function(flows.waiting[:, :18]),
        "to_52": by_function(flows.waiting[:, 18:52]),
        "to_65": by_function(flows.waiting[:, 52:65]),
        "over_65": by_function(flows.waiting[:, 65:]),
    }


def _is_near(found: Marginals) -> bool:
    wanted = targets()
    return all(
        bool((abs(found[name] - wanted[name]) < np.maximum(NEAR_ENOUGH * wanted[name], 1)).all())
        for name in MARGINALS
    )


def _logs(found: Marginals, names: Sequence[str]) -> npt.NDArray[np.float64]:
    return np.log(np.maximum(np.stack([found[name] for name in names]), 1e-6))


def _slopes(model: _Model, rates: Rates, found: Marginals) -> npt.NDArray[np.float64]:
    """How the logs of those waiting follow the spans: functions x waiting x spans."""
    base = _logs(found, WAITING)
    moved = [
        (_logs(model.marginals(rates.with_step(span, STEP))[0], WAITING) - base) / STEP
        for span in range(len(SPANS))
    ]
    return np.stack(moved, axis=-1).transpose(1, 0, 2)


def _corrected(
    rates: Rates,
    found: Marginals,
    exits: npt.NDArray[np.float64],
    slopes: npt.NDArray[np.float64],
) -> Rates:
    wanted = targets()
    stops, wanted_stops = ((m["admitted"] + m["nonadmitted"]) for m in (found, wanted))
    # Where more clocks stopped than pathways left, the month's own demand was below the usual.
    short = wanted_stops / (exits * (1 - FEWEST_REMOVED))
    dip = np.where((rates.dip < 1) | (short > 1), np.minimum(rates.dip / short, 1), rates.dip)
    demand = rates.demand * wanted["new"] / found["new"] * rates.dip / dip
    grown = np.log(demand / rates.demand)
    aims = {name: np.maximum(wanted[name], FEWEST) for name in WAITING}
    off = _logs(aims, WAITING) - _logs(found, WAITING) - grown
    # Damped, for the tail of a few small functions cannot be had: their slopes vanish.
    turned = slopes.transpose(0, 2, 1)
    square = turned @ slopes + DAMPING * np.eye(len(SPANS))
    step = np.linalg.solve(square, turned @ off.T[..., None])[..., 0].T
    removed = 1 - (1 - rates.removed) * wanted_stops / stops
    admitted = rates.admitted * _admitted_share(wanted) / _admitted_share(found)
    return replace(
        rates,
        demand=demand,
        dip=dip,
        removed=removed.clip(FEWEST_REMOVED, MOST_REMOVED),
        admitted=admitted.clip(1e-3, 10),
        spans=(rates.spans + step.clip(-LONGEST_STEP, LONGEST_STEP)).clip(-FARTHEST, FARTHEST),
    )


def _admitted_share(found: Marginals) -> npt.NDArray[np.float64]:
    return found["admitted"] / (found["admitted"] + found["nonadmitted"])
