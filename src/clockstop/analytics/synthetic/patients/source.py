"""The counts of a month of the lake that patients are made for, one ICB's providers at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import require_month, scan_pathways
from clockstop.analytics.synthetic.chance import Whole
from clockstop.analytics.synthetic.patients.mix import rate
from clockstop.core.rtt.week_bands import FINER_SINCE
from clockstop.core.types import Month, Part

Ints = npt.NDArray[np.int64]

WAITING, DECIDED, ADMITTED, NONADMITTED, PAST = range(5)  # what became of a pathway by the census
UNKNOWN = -1  # the band of an unknown clock start
CELL = ("provider", "commissioner", "commissioner_icb", "function")
_EPOCH = date(1970, 1, 1)
_SPARE = 10  # room for what rounding adds


def day_number(day: date) -> int:
    """A day as the days since 1970."""
    return (day - _EPOCH).days


@dataclass(frozen=True)
class Area:
    """What the providers of one ICB returned for a month.

    ``number`` is its place among the month's ICBs, ``people_before`` the most people that those
    before it can have. ``returned`` are the counts as they were, by cell, part and band;
    ``counts`` those that patients are made for, by cell, role and band, in which nobody has a
    decision to admit who does not wait.
    """

    icb: str
    number: int
    month: Month
    seed: int
    people_before: int
    cells: pl.DataFrame
    returned: pl.DataFrame
    counts: pl.DataFrame

    @property
    def providers(self) -> list[str]:
        """The providers' codes, in order."""
        return list(self.cells["provider"].unique(maintain_order=True))

    @property
    def new_periods(self) -> Ints:
        """The new periods that each cell returned."""
        rows = self.returned.filter(part=str(Part.NEW_PERIODS))
        found = np.bincount(rows["cell"].to_numpy(), rows["n"].to_numpy(), self.cells.height)
        return found.astype(np.int64)

    @property
    def first_day(self) -> int:
        """The first day of the month, since 1970."""
        return self.census - self.month.days + 1

    @property
    def census(self) -> int:
        """The last day of the month, since 1970."""
        return day_number(self.month.census)

    def rng(self, *what: int) -> np.random.Generator:
        """Chance of the area's own, the same whatever else is made."""
        return np.random.default_rng([self.seed, *self.icb.encode(), *what])


def areas(
    lake: Lake, month: Month, *, seed: int, scale: float, icbs: tuple[str, ...] = ()
) -> Iterator[Area]:
    """The ICBs of a month in order of their codes, all or those named.

    Raises NoDataError where the lake lacks the month, ValueError for an ICB that it does not have,
    a scale of 0 or less, and a month whose returns had fewer bands.
    """
    require_month(lake, month)
    if str(month) < FINER_SINCE:
        raise ValueError(
            f"{month}: expected a month from {FINER_SINCE}, when bands reach 104 weeks"
        )
    if scale <= 0:
        raise ValueError(f"scale must be above 0, not {scale}")
    every = _month(lake, month)
    held = every["icb"].unique().sort().to_list()
    if unknown := sorted(set(icbs) - set(held)):
        raise ValueError(
            f"no providers of {', '.join(unknown)} in {month}; it has {', '.join(held)}"
        )
    return _areas(every, month, seed, scale, {icb: icb in icbs or not icbs for icb in held})


def _areas(
    every: pl.DataFrame, month: Month, seed: int, scale: float, wanted: dict[str, bool]
) -> Iterator[Area]:
    people = 0
    for number, (icb, is_wanted) in enumerate(wanted.items()):
        rows = every.filter(icb=icb)
        if is_wanted:
            scaled = _scaled(rows, icb, seed, scale)
            if not scaled.is_empty():
                yield _area(icb, number, month, seed, people, scaled)
        people += _most_people(rows, scale)


def _month(lake: Lake, month: Month) -> pl.DataFrame:
    columns = ["part", "icb", *CELL, "band", "n"]
    table = scan_pathways(lake, [month], {"commissioner", "commissioner_icb", "provider", "icb"})
    text = pl.col("part", "icb", *CELL).cast(pl.String)
    every = table.select(columns).with_columns(text).collect()
    return every.with_columns(pl.col("icb").fill_null(""), pl.col("band").fill_null(UNKNOWN)).sort(
        "icb", *CELL, "part", "band", nulls_last=True
    )


def _scaled(rows: pl.DataFrame, icb: str, seed: int, scale: float) -> pl.DataFrame:
    if scale == 1:
        return rows
    rng = np.random.default_rng([seed, *icb.encode()])
    whole = Whole(rng).count((rows["n"].to_numpy() * scale).astype(np.float64))
    return rows.with_columns(n=pl.Series(whole.astype(np.int64))).filter(pl.col("n") > 0)


def _most_people(rows: pl.DataFrame, scale: float) -> int:
    kept = rows.filter(pl.col("part").is_in([Part.INCOMPLETE, Part.ADMITTED, Part.NONADMITTED]))
    return int(int(kept["n"].sum()) * scale * (1 + rate("past_pathways"))) + _SPARE


def _area(icb: str, number: int, month: Month, seed: int, people: int, rows: pl.DataFrame) -> Area:
    cells = rows.select(CELL).unique(maintain_order=True).sort(CELL, nulls_last=True)
    returned = rows.join(cells.with_row_index("cell"), on=CELL, nulls_equal=True)
    returned = returned.group_by("cell", "part", "band").agg(pl.col("n").sum())
    return Area(
        icb=icb,
        number=number,
        month=month,
        seed=seed,
        people_before=people,
        cells=cells,
        returned=returned.sort("cell", "part", "band"),
        counts=_counts(returned),
    )


def _counts(returned: pl.DataFrame) -> pl.DataFrame:
    by_part = {part: returned.filter(part=str(part)).drop("part") for part in Part}
    waiting = by_part[Part.INCOMPLETE].join(
        by_part[Part.INCOMPLETE_DTA], on=["cell", "band"], how="left", suffix="_decided"
    )
    decided = pl.min_horizontal("n", pl.col("n_decided").fill_null(0))
    roles = {
        WAITING: waiting.with_columns(n=pl.col("n") - decided),
        DECIDED: waiting.with_columns(n=decided),
        ADMITTED: by_part[Part.ADMITTED],
        NONADMITTED: by_part[Part.NONADMITTED],
    }
    tables = [
        table.select("cell", "band", "n").with_columns(role=pl.lit(role, pl.Int64))
        for role, table in roles.items()
    ]
    return pl.concat(tables).filter(pl.col("n") > 0).sort("cell", "role", "band")
