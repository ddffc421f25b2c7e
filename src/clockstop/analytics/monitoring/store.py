"""Summaries kept beside the lake: each month is worked out once for as long as its return stands.

They are no part of the lake: a folder that can be deleted at any time, and is filled again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import polars as pl

from clockstop.analytics.monitoring.summaries import COLUMNS, month_summaries
from clockstop.analytics.published.catalogue import Revision
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.types import Month

FORMAT = 1  # raised whenever what a summary's columns mean changes
TOGETHER = 6  # months worked out at once: what memory allows, since each costs a fixed part
Progress = Callable[[int, int], None]


def summaries(lake: Lake, progress: Progress | None = None) -> pl.DataFrame:
    """The summaries of every month in the lake, one below the other.

    ``progress`` is called with the months worked out and how many are new. A folder that cannot be
    written to costs time, not figures. Raises NoDataError if the lake holds no RTT month.
    """
    held = lake.catalogue().current("rtt")
    if not held:
        raise NoDataError("the lake holds no RTT month yet")
    files = _files(lake, held)
    new = [month for month, file in files.items() if not file.exists()]
    made: dict[Month, pl.DataFrame] = {}
    for together in (new[at : at + TOGETHER] for at in range(0, len(new), TOGETHER)):
        made |= _made(lake, together, files)
        if progress:
            progress(len(made), len(new))
    _sweep(lake, files)
    return pl.concat(made[month] if month in made else _read(file) for month, file in files.items())


def _files(lake: Lake, held: Mapping[str, Revision]) -> dict[Month, Path]:
    """Where the summary of each month is kept: the name tells what it was made of."""
    lists = _lists(lake)
    found = {}
    for key, revision in held.items():
        digest = sha256(f"{FORMAT} {COLUMNS} {lists} {revision.id}".encode()).hexdigest()
        found[Month.parse(key)] = _folder(lake) / f"{key}-{digest[:16]}.parquet"
    return found


def _folder(lake: Lake) -> Path:
    return lake.home / "summaries"


def _made(
    lake: Lake, months: Sequence[Month], files: Mapping[Month, Path]
) -> dict[Month, pl.DataFrame]:
    every = month_summaries(lake, months)
    made = {month: every.filter(pl.col("month") == str(month)) for month in months}
    for month, table in made.items():
        _keep(table, files[month])
    return made


def _keep(table: pl.DataFrame, file: Path) -> None:
    part = file.with_suffix(f".{uuid4().hex}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        table.write_parquet(part)
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink()


def _read(file: Path) -> pl.DataFrame:
    return pl.read_parquet(file)


def _lists(lake: Lake) -> str:
    """What sectors and regions rest on: our code lists and the lists that a user supplied."""
    codes = files("clockstop.core.codes")
    ours = [codes.joinpath(f"{name}.csv").read_bytes() for name in ("provider_sectors", "icbs")]
    theirs = [revision.id for revision in lake.catalogue().current("provider_sectors").values()]
    return sha256(b"".join(ours) + " ".join(theirs).encode()).hexdigest()


def _sweep(lake: Lake, files: Mapping[Month, Path]) -> None:
    """Remove the summaries of returns that were replaced."""
    kept = set(files.values())
    for file in _folder(lake).glob("*.parquet"):
        if file not in kept:
            file.unlink(missing_ok=True)
