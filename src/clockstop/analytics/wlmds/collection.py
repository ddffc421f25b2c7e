"""Submissions of many providers in a folder: what came is kept, and the latest of each week counts.

``log.parquet`` is the submission log; beside it stands a folder for each submission, called by its
hash. Nothing that was received is ever changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from clockstop.analytics.wlmds.checks import most
from clockstop.analytics.wlmds.log import (
    added,
    current,
    empty_log,
    latest,
    received,
    submission_hash,
)
from clockstop.analytics.wlmds.reading import table_of
from clockstop.analytics.wlmds.report import Report, read_and_checked
from clockstop.analytics.wlmds.rules import ERROR
from clockstop.analytics.wlmds.tables import TABLES
from clockstop.analytics.wlmds.writing import write_submission

_LOG = "log.parquet"
_OF_WEEK = ["provider_code", "week_ending_date"]


class SubmissionRefusedError(Exception):
    """A submission with errors; ``report`` lists them all."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.errors:,} errors")
        self.report = report


def receive(
    home: Path,
    files: Mapping[str, Path | bytes],
    *,
    received_at: datetime,
    provider: str | None = None,
    week_ending: date | None = None,
    with_errors: bool = False,
) -> pl.DataFrame:
    """Keep a submission and log it; its entry, as ``log.latest`` gives it.

    One with errors is kept if it may be, ``with_errors``, but never where a table is missing or a
    row or cell could not be read. A table without rows says of no provider and week: where all
    are, both must be given. Raises SubmissionRefusedError for one with errors, LogRefusedError for
    one that is older than what came before, ValueError where nobody says whose it is, OSError.
    Nothing is then kept.
    """
    tables, report = read_and_checked(files, provider=provider, week_ending=week_ending)
    if report.errors and not (with_errors and _is_whole(report)):
        raise SubmissionRefusedError(report)
    sender, week = _whose(tables, provider, week_ending)
    name = submission_hash({str(table_of(each)): given for each, given in files.items()})
    log = added(
        read_log(home),
        provider=sender,
        week_ending=week,
        received_at=received_at,
        file_name=", ".join(sorted(Path(each).name for each in files)),
        file_hash=name,
    )
    write_submission(home / name, tables, kind="parquet")
    _keep(home, log)
    return latest(log).filter(provider_code=sender, week_ending_date=week)


def _is_whole(report: Report) -> bool:
    """Whether all tables are there, and all of them could be read."""
    broken = [each.rule for each in report.broken() if each.rule.severity == ERROR]
    return not any(rule.stage == "reading" or rule.id == "table-missing" for rule in broken)


def _whose(
    tables: Mapping[str, pl.DataFrame], provider: str | None, week_ending: date | None
) -> tuple[str, date]:
    """What was said, else what most rows say; without errors all rows agree."""
    sender, week = provider or most(tables, _OF_WEEK[0]), week_ending or most(tables, _OF_WEEK[1])
    if sender is None or week is None:
        raise ValueError("no table has rows: say whose submission it is, and of which week")
    return sender, week


def read_log(home: Path) -> pl.DataFrame:
    """The log of a collection, oldest entry first; without entries if there is none yet."""
    file = home / _LOG
    return pl.read_parquet(file) if file.exists() else empty_log()


def _keep(home: Path, log: pl.DataFrame) -> None:
    part = home / f".{_LOG}.part"
    try:
        log.write_parquet(part)
        part.replace(home / _LOG)
    finally:
        part.unlink(missing_ok=True)


def current_of(home: Path) -> Mapping[str, pl.DataFrame]:
    """The tables of all providers and weeks, from the submissions that count and no others.

    Raises LogRefusedError where one of them is not there.
    """
    log = read_log(home)
    wanted = latest(log)["file_hash"].unique().to_list()
    there = {name: _tables(home / name) for name in wanted if (home / name).is_dir()}
    return current(there, log)


def _tables(folder: Path) -> Mapping[str, pl.DataFrame]:
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}


def states(home: Path) -> pl.DataFrame:
    """Each provider that ever sent, in each week from the first to the last: ``log.received``."""
    log = read_log(home)
    if log.is_empty():
        return received(log, [], [])
    first, last = log.select(
        first=pl.col("week_ending_date").min(), last=pl.col("week_ending_date").max()
    ).row(0)
    weeks = [first + timedelta(weeks=count) for count in range((last - first).days // 7 + 1)]
    return received(log, sorted(set(log["provider_code"])), weeks)
