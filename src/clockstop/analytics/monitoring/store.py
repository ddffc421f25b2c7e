"""Summaries kept beside the lake: each month is worked out once for as long as its return stands.

They are no part of the lake: a folder that can be deleted at any time, and is filled again.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import polars as pl

from clockstop.analytics.monitoring.summaries import COLUMNS, month_summary
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.types import Month

FORMAT = 1  # raised whenever what a summary's columns mean changes
Progress = Callable[[int, int], None]


def summaries(lake: Lake, progress: Progress | None = None) -> pl.DataFrame:
    """The summaries of every month in the lake, one below the other.

    ``progress`` is called with the months done and their number. A folder that cannot be written
    to costs time, not figures. Raises NoDataError if the lake holds no RTT month.
    """
    held = lake.catalogue().current("rtt")
    if not held:
        raise NoDataError("the lake holds no RTT month yet")
    lists = _lists(lake)
    folder = lake.home / "summaries"
    frames, kept = [], set()
    for done, (key, revision) in enumerate(held.items(), start=1):
        digest = sha256(f"{FORMAT} {COLUMNS} {lists} {revision.id}".encode()).hexdigest()
        file = folder / f"{key}-{digest[:16]}.parquet"
        kept.add(file.name)
        frames.append(_read(file) if file.exists() else _made(lake, Month.parse(key), file))
        if progress:
            progress(done, len(held))
    _sweep(folder, kept)
    return pl.concat(frames)


def _made(lake: Lake, month: Month, file: Path) -> pl.DataFrame:
    table = month_summary(lake, month)
    part = file.with_suffix(f".{uuid4().hex}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        table.write_parquet(part)
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
    return table


def _read(file: Path) -> pl.DataFrame:
    return pl.read_parquet(file)


def _lists(lake: Lake) -> str:
    """What sectors and regions rest on: our code lists and the lists that a user supplied."""
    codes = files("clockstop.core.codes")
    ours = [codes.joinpath(f"{name}.csv").read_bytes() for name in ("provider_sectors", "icbs")]
    theirs = [revision.id for revision in lake.catalogue().current("provider_sectors").values()]
    return sha256(b"".join(ours) + " ".join(theirs).encode()).hexdigest()


def _sweep(folder: Path, kept: set[str]) -> None:
    """Remove the summaries of returns that were replaced."""
    for file in folder.glob("*.parquet"):
        if file.name not in kept:
            file.unlink(missing_ok=True)
