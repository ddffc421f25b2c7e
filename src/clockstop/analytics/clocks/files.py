"""From files of events to files of periods: nothing is written unless all of it can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from clockstop.analytics.clocks.checks import EventsRefusedError, check_columns
from clockstop.analytics.clocks.deriving import derive_tables
from clockstop.analytics.clocks.tables import Derived
from clockstop.core.rtt.policy import DEFAULT, Policy


def derive_file(
    events: Path,
    periods: Path,
    *,
    findings: Path | None = None,
    policy: Policy = DEFAULT,
    as_of: date | None = None,
) -> Derived:
    """Derive a Parquet file of events, or a folder of them, into Parquet files.

    Raises EventsRefusedError, each problem with the file that has it, and OSError.
    """
    files = _files(events)
    for file in files:
        _check(file)
    try:
        found = derive_tables(pl.scan_parquet(files), policy=policy, as_of=as_of)
    except EventsRefusedError as error:
        raise EventsRefusedError(f"{events}: {each}" for each in error.problems) from error
    wanted = {periods: found.periods}
    if findings is not None:
        wanted[findings] = found.findings
    _write(wanted)
    return found


def _files(events: Path) -> list[Path]:
    files = sorted(events.glob("*.parquet")) if events.is_dir() else [events]
    if not files:
        raise EventsRefusedError([f"{events}: found no *.parquet in it"])
    return files


def _check(file: Path) -> None:
    try:
        check_columns(pl.read_parquet_schema(file))
    except pl.exceptions.ComputeError as error:
        raise EventsRefusedError([f"{file}: found no Parquet file: {error}"]) from error
    except EventsRefusedError as error:
        raise EventsRefusedError(f"{file}: {each}" for each in error.problems) from error


def _write(wanted: Mapping[Path, pl.DataFrame]) -> None:
    """Each file takes its place once all are written beside theirs."""
    beside = {file: file.with_name(f".{file.name}.part") for file in wanted}
    try:
        for file, table in wanted.items():
            table.write_parquet(beside[file])
        for file, part in beside.items():
            part.replace(file)
    finally:
        for part in beside.values():
            part.unlink(missing_ok=True)
