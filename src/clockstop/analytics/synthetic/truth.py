"""What is true of a synthetic England and stands in no return: written beside it.

``flows.parquet``: provider (code as filed), function, month, submitted, new, admitted, nonadmitted,
removed, waiting: pathways of English commissioners. ``capacities.parquet``: provider, function,
month, used (clock stops) and capacity (those that there were staff and rooms for). ``growth.
parquet``: icb, function, month, displaced_share, extra (clock stops of the independent growth) and
displaced (expected stops that it took from NHS trusts). ``truth.json``: the story and the rates.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.synthetic.cells import NO_AREA, Floats
from clockstop.analytics.synthetic.cohort import MonthOfFlows
from clockstop.analytics.synthetic.england import England
from clockstop.analytics.synthetic.filing import Filing
from clockstop.analytics.synthetic.retelling import retold
from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.core.types import Sector

Wide = npt.NDArray[np.float64]
_USED = {Sector.NHS_TRUST: (0.86, 0.97)}
_USED_BY_SITES = (0.60, 0.85)
_BUSIEST = 1.08  # against an ordinary month


class Truth:
    """Collects the truth month by month, and writes it."""

    def __init__(self, england: England) -> None:
        self.england = england
        rng = np.random.default_rng(england.seeds[3])
        self.used = np.array(
            [rng.uniform(*_USED.get(one.sector, _USED_BY_SITES)) for one in england.providers]
        )
        self.flows: list[pl.DataFrame] = []
        self.capacities: list[pl.DataFrame] = []
        self.growth: list[pl.DataFrame] = []

    def add(self, flows: MonthOfFlows, number: int) -> None:
        """Take in a month, the ``number``-th of the series."""
        filing = Filing(self.england, number)
        self.flows.append(self._flows(flows, filing))
        self.capacities.append(self._capacities(filing))
        if self.england.story.areas:
            self.growth.append(self._growth(flows, filing))

    def _flows(self, flows: MonthOfFlows, filing: Filing) -> pl.DataFrame:
        sums = {
            "new": flows.new_periods,
            "admitted": flows.admitted.sum(axis=1) + flows.admitted_unknown,
            "nonadmitted": flows.nonadmitted.sum(axis=1) + flows.nonadmitted_unknown,
            "removed": flows.removed,
            "waiting": flows.waiting.sum(axis=1),
        }
        cells, providers = self.england.cells, self.england.providers
        is_english = cells.commissioner != len(self.england.commissioners)
        at = filing.provider_of[cells.provider] * len(function_codes()) + cells.function
        groups, inverse = np.unique(at, return_inverse=True)
        provider, function = np.divmod(groups, len(function_codes()))
        keys = {
            "provider": [providers[one].code for one in provider],
            "function": [function_codes()[one] for one in function],
            "month": [str(filing.month)] * len(groups),
            "submitted": [providers[one].submits(filing.number) for one in provider],
        }
        counts = {
            name: np.bincount(inverse, np.where(is_english, values, 0)).astype(np.int64)
            for name, values in sums.items()
        }
        return pl.DataFrame(keys | counts)

    def _capacities(self, filing: Filing) -> pl.DataFrame:
        """A quiet month is one in which less of the capacity is used."""
        used = dict(zip((one.code for one in self.england.providers), self.used, strict=True))
        season = min(self.england.calendar.treatment[filing.number] / _BUSIEST, 1)
        stops = pl.col("admitted") + pl.col("nonadmitted")
        share = pl.col("provider").replace_strict(used, return_dtype=pl.Float64) * season
        return self.flows[-1].select(
            "provider",
            "function",
            "month",
            used=stops,
            capacity=(stops / share).ceil().cast(pl.Int64),
        )

    def _growth(self, flows: MonthOfFlows, filing: Filing) -> pl.DataFrame:
        cells, areas = self.england.cells, self.england.story.areas
        stops = flows.admitted.sum(axis=1) + flows.nonadmitted.sum(axis=1)
        stops = stops + flows.admitted_unknown + flows.nonadmitted_unknown

        def by_area(values: Floats, inside: npt.NDArray[np.bool_]) -> Wide:
            found = np.bincount(cells.area[inside], values[inside], len(areas))
            return found.astype(np.float64)

        return pl.DataFrame(
            {
                "icb": [area.icb for area in areas],
                "function": [function_codes()[area.function] for area in areas],
                "month": [str(filing.month)] * len(areas),
                "displaced_share": [area.displaced for area in areas],
                "extra": by_area(stops, cells.extra).astype(np.int64),
                "displaced": by_area(flows.displaced, (cells.area != NO_AREA) & ~cells.extra).round(
                    2
                ),
            }
        )

    def write(self, folder: Path) -> list[Path]:
        """Write the files into ``folder``, made if need be, and return their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        tables = {"flows": self.flows, "capacities": self.capacities, "growth": self.growth}
        paths = [folder / "truth.json"]
        paths[0].write_text(retold(self.england), encoding="utf-8")
        for name, months in tables.items():
            if months:
                paths.append(folder / f"{name}.parquet")
                pl.concat(months).write_parquet(paths[-1])
        return paths
