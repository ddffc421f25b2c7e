"""The lake's DM01 returns as long tables: one answer for each month and basis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import polars as pl

from clockstop.analytics.published.datasets.dm01_tables import ACTIVITY
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.types import Month

Basis = Literal["provider", "commissioner"]
_SERIES = "_series"  # the end of the key of a file of many months


def scan_diagnostics(
    lake: Lake, basis: Basis, months: Iterable[Month] | None = None
) -> pl.LazyFrame:
    """Patients waiting for a test at the end of those months (None: all that are held), lazily.

    Columns: month, basis, organisation, region, test, band (weeks waited, 13 = 13 and over) and n;
    no row is 0. By ``provider`` or by ``commissioner`` (the ICB; NHS England is ``X24``): never add
    the two, each is the whole. A month's own extract wins over a series.
    Raises NoDataError if no return on that basis is held; a month that is not held has no rows.
    """
    return _scan(lake, "diagnostics", basis, months)


def scan_activity(lake: Lake, basis: Basis, months: Iterable[Month] | None = None) -> pl.LazyFrame:
    """Tests done in those months, as ``scan_diagnostics`` reads them.

    Columns: month, basis, organisation, region, test, and tests from the waiting_list, planned,
    unscheduled and in total. A row for each test that an organisation reported, zeros too.
    """
    return _scan(lake, "activity", basis, months)


def diagnostic_months(lake: Lake, basis: Basis) -> tuple[Month, ...]:
    """The months held on that basis, earliest first."""
    try:
        found = scan_activity(lake, basis).select("month").unique().collect()
    except NoDataError:
        return ()
    return tuple(map(Month.parse, sorted(found["month"])))


def _scan(lake: Lake, table: str, basis: Basis, months: Iterable[Month] | None) -> pl.LazyFrame:
    current = lake.catalogue().current("dm01")
    extracts = {key: held for key, held in current.items() if not key.endswith(_SERIES)}
    series = [held for key, held in current.items() if key == basis + _SERIES]
    is_own = pl.col("month").is_in(list(extracts))
    frames = [lake.scan(held, table).filter(basis=basis) for held in extracts.values()]
    frames += [lake.scan(held, table).filter(~is_own) for held in series]
    if not frames:
        raise NoDataError(f"the lake holds no diagnostics (DM01) by {basis}")
    every = pl.concat(frames)
    return every if months is None else every.filter(pl.col("month").is_in(list(map(str, months))))


def disagreements(lake: Lake) -> Iterator[str]:
    """Months in which providers and commissioners do not add up to the same England, in words."""
    try:
        sides = [_england(lake, basis) for basis in ("provider", "commissioner")]
    except NoDataError:
        return
    both = sides[0].join(sides[1], on="month", suffix="_icbs").sort("month")
    for name in ("waiting", *ACTIVITY):
        apart = both.filter(pl.col(name) != pl.col(f"{name}_icbs"))
        for month, providers, icbs in apart.select("month", name, f"{name}_icbs").rows():
            yield (
                f"diagnostics {month}: {name.replace('_', ' ')} {providers:,} by provider, "
                f"{icbs:,} by commissioner: one of the two files is older, or not whole"
            )


def _england(lake: Lake, basis: Basis) -> pl.DataFrame:
    waiting = scan_diagnostics(lake, basis).group_by("month").agg(waiting=pl.col("n").sum())
    done = scan_activity(lake, basis).group_by("month").agg(pl.col(ACTIVITY).sum())
    return done.join(waiting, on="month", how="left").fill_null(0).collect()
