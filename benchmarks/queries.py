"""The same statistic by Clockstop and by hand-written code of its peers, on the same files."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

from clockstop.analytics.lists.statistics import list_statistics
from clockstop.analytics.lists.tables import headline
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import months_held, scan_pathways

SMALL = 20
_MEDIAN_SQL = """
with bands as (
  select {keys}, band, sum(n) as n from read_parquet({files})
  where part = 'Part_2' group by all
), ranked as (
  select *, sum(n) over (partition by {keys} order by band) as upto,
         sum(n) over (partition by {keys}) as everyone from bands
)
select {keys}, any_value(everyone) as size,
       min(band + (everyone / 2 - (upto - n)) / n) as median
from ranked where 2 * upto >= everyone and 2 * (upto - n) < everyone group by {keys}
"""


def headline_calls(home: Path) -> dict[str, Callable[[], object]]:
    lake = Lake(home)
    month = months_held(lake)[-1]
    file = _files(lake)[-1]
    return {
        "Clockstop: the whole headline": lambda: headline(lake, month),
        f"polars {version('polars')}: size and median": lambda: _polars([file], ["month"]),
        f"duckdb {version('duckdb')}: size and median": lambda: _duckdb([file], ["month"]),
        f"pandas {version('pandas')}: size and median": lambda: _pandas([file], ["month"]),
    }


def one_statistic_calls(home: Path) -> dict[str, Callable[[], object]]:
    lake = Lake(home)
    by = ["provider", "function"]
    keys = ["month", *by]
    files = _files(lake)
    return {
        "Clockstop": lambda: list_statistics(
            scan_pathways(lake, None, by), by, measures=["median_weeks"]
        ).collect(),
        f"polars {version('polars')}": lambda: _polars(files, keys),
        f"duckdb {version('duckdb')}": lambda: _duckdb(files, keys),
        f"pandas {version('pandas')}": lambda: _pandas(files, keys),
    }


def _files(lake: Lake) -> list[str]:
    current = lake.catalogue().current("rtt").values()
    return [str(lake.table_file(revision, "providers")) for revision in current]


def _polars(files: list[str], keys: list[str]) -> pl.DataFrame:
    bands = (
        pl.scan_parquet(files)
        .filter(pl.col("part") == "Part_2")
        .group_by(*keys, "band")
        .agg(pl.col("n").sum())
        .sort(*keys, "band")
        .with_columns(upto=pl.col("n").cum_sum().over(keys), everyone=pl.col("n").sum().over(keys))
    )
    reached = bands.filter(
        2 * pl.col("upto") >= pl.col("everyone"),
        2 * (pl.col("upto") - pl.col("n")) < pl.col("everyone"),
    )
    lower = pl.col("upto") - pl.col("n")
    median = pl.col("band") + (pl.col("everyone") / 2 - lower) / pl.col("n")
    return reached.select(*keys, size="everyone", median=median).collect()


def _duckdb(files: list[str], keys: list[str]) -> object:
    sql = _MEDIAN_SQL.format(keys=", ".join(keys), files=files)
    return duckdb.connect().execute(sql).fetchall()


def _pandas(files: list[str], keys: list[str]) -> pd.DataFrame:
    frame = pd.concat(pd.read_parquet(file) for file in files)
    waiting = frame[frame["part"] == "Part_2"]
    bands = waiting.groupby([*keys, "band"], observed=True)["n"].sum().reset_index()
    groups = bands.groupby(keys, observed=True)["n"]
    bands["upto"], bands["everyone"] = groups.cumsum(), groups.transform("sum")
    lower = bands["upto"] - bands["n"]
    reached = bands[(2 * bands["upto"] >= bands["everyone"]) & (2 * lower < bands["everyone"])]
    share = (reached["everyone"] / 2 - lower[reached.index]) / reached["n"]
    return reached.assign(median=reached["band"] + share)
