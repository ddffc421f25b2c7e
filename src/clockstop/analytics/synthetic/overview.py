"""England's headline series of the synthetic data, summed straight from the simulation.

It takes another route to the figures than the list statistics do (whole arrays, no files), so that
the one can be checked against the other. Columns that cannot be known stay blank.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from clockstop.analytics.published.datasets.rtt_overview import LAYOUT, SERIES
from clockstop.analytics.synthetic.cells import Floats
from clockstop.analytics.synthetic.cohort import MonthOfFlows
from clockstop.analytics.synthetic.england import England
from clockstop.core.types import Month

Figures = dict[str, float | int | None]
_OPEN_BAND = 104


@dataclass(frozen=True)
class EnglandMonth:
    """England's own pathways by band: everything the headline figures are made of."""

    month: Month
    waiting: npt.NDArray[np.int64]
    admitted: npt.NDArray[np.int64]
    nonadmitted: npt.NDArray[np.int64]
    unknown: tuple[int, int]  # clock starts of admitted and other stops
    new_periods: int


def england_month(england: England, flows: MonthOfFlows, number: int) -> EnglandMonth:
    """Add up what submitting providers did for English commissioners in the ``number``-th month."""
    mine = england.counted(number)

    def summed(counts: Floats) -> npt.NDArray[np.int64]:
        total: npt.NDArray[np.int64] = counts[mine].sum(axis=0, dtype=np.float64).astype(np.int64)
        return total

    return EnglandMonth(
        month=flows.month,
        waiting=summed(flows.waiting),
        admitted=summed(flows.admitted),
        nonadmitted=summed(flows.nonadmitted),
        unknown=(int(summed(flows.admitted_unknown)), int(summed(flows.nonadmitted_unknown))),
        new_periods=int(summed(flows.new_periods)),
    )


def write_overview(path: Path, months: Sequence[EnglandMonth]) -> Path:
    """Write the series in the layout of the published one."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(LAYOUT.columns)
        for before, now in zip([None, *months], months, strict=False):
            figures = _open_figures(now) | _flow_figures(now, before)
            cells = (figures.get(name) for _, name, _ in SERIES)
            rows.writerow([now.month, *("" if cell is None else cell for cell in cells)])
    return path


def _open_figures(england: EnglandMonth) -> Figures:
    waiting, size = england.waiting, int(england.waiting.sum())
    over = {weeks: int(waiting[weeks:].sum()) for weeks in (18, 52, 65, 78, 104)}
    return {
        "median_weeks": _percentile(waiting, 50),
        "p92_weeks": _percentile(waiting, 92),
        "within_18_weeks": size - over[18],
        "pct_within_18_weeks": (size - over[18]) / size,
        "pct_over_52_weeks": over[52] / size,
        "incomplete_pathways": size,
        **{f"over_{weeks}_weeks": count for weeks, count in over.items()},
    }


def _flow_figures(now: EnglandMonth, before: EnglandMonth | None) -> Figures:
    figures: Figures = {"new_periods": now.new_periods}
    stops = 0
    parts = (("admitted", now.admitted), ("nonadmitted", now.nonadmitted))
    for (name, counts), unknown in zip(parts, now.unknown, strict=True):
        all_stops = int(counts.sum()) + unknown
        stops += all_stops
        figures |= {
            f"{name}_median_weeks": _percentile(counts, 50),
            f"{name}_p95_weeks": _percentile(counts, 95),
            f"{name}_within_18_weeks": int(counts[:18].sum()),
            f"{name}_over_52_weeks": int(counts[52:].sum()),
            f"{name}_stops": all_stops,
        }
    figures["stops"] = stops
    return figures if before is None else figures | _removal_figures(now, before, stops)


def _removal_figures(now: EnglandMonth, before: EnglandMonth, stops: int) -> Figures:
    unreported = int(before.waiting.sum() - now.waiting.sum()) + now.new_periods - stops
    return {
        "unreported_removals": unreported,
        "removals": stops + unreported,
        "pct_unreported_removals": unreported / (stops + unreported),
    }


def _percentile(counts: npt.NDArray[np.int64], percent: int) -> float | None:
    """Linear within the one-week band; None in the open last band and for nobody at all."""
    total = int(counts.sum())
    target = percent * total / 100
    upto = np.cumsum(counts)
    band = int(np.searchsorted(upto, target))
    if not total or band >= _OPEN_BAND:
        return None
    return float(band + (target - (upto[band] - counts[band])) / counts[band])
