"""A few ICBs of the synthetic England, where forecasting all of it would prove no more."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from tests.analytics.story import SOUTH_YORKSHIRE, YORKSHIRE

from clockstop.analytics.published.lake import Lake

ICBS = (YORKSHIRE, SOUTH_YORKSHIRE, "QHM")


def few_of(whole: Lake, home: Path) -> Lake:
    """A copy of the lake in which no provider but those of the few ICBs has sent a return.

    A home that holds it already is left as it is.
    """
    lake = Lake(home)
    if not lake.folder.exists():
        with TemporaryDirectory(dir=home.parent) as folder:
            part = _cut(whole, Lake(Path(folder)))
            home.mkdir(exist_ok=True)
            part.folder.rename(lake.folder)
    return lake


def _cut(whole: Lake, lake: Lake) -> Lake:
    shutil.copytree(whole.folder, lake.folder)
    for revision in lake.catalogue().current("rtt").values():
        for table in ("pathways", "providers"):
            _few(lake.table_file(revision, table))
        _summed(lake.table_file(revision, "providers"), lake.table_file(revision, "england"))
    return lake


def _few(file: Path) -> None:
    table = pl.read_parquet(file, memory_map=False)
    table.filter(pl.col("icb").cast(pl.String).is_in(ICBS)).write_parquet(file)


def _summed(providers: Path, england: Path) -> None:
    columns = pl.read_parquet_schema(england)
    told = pl.read_parquet(providers).group_by(set(columns) - {"n"}).agg(pl.col("n").sum())
    told.select(*columns).write_parquet(england)
