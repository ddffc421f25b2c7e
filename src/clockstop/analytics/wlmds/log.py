"""The submission log: what came from whom for which week, which file counts, what is missing.

Rows are only ever added. A corrected or late submission is one more row; which one counts is worked
out anew from all of them, and a week without any is missing, never zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import polars as pl

from clockstop.analytics.wlmds.tables import LOG, TABLES, schema
from clockstop.analytics.wlmds.writing import in_columns
from clockstop.core import rulebook
from clockstop.core.rulebook.working_days import working_days_after

_OF_WEEK = ["provider_code", "week_ending_date"]
_SUNDAY = 7
STATES = pl.Enum(["received", "late", "missing"])


class LogRefusedError(ValueError):
    """An entry that the log cannot take."""


def due_on(week_ending: date) -> date | None:
    """The last day on which a week's submission is in time; None where no rule was in force.

    A rule of the rulebook, ``wlmds_deadline``: working days after the Sunday of the week.
    """
    rule = rulebook.on(week_ending).get("wlmds_deadline")
    return None if rule is None else working_days_after(week_ending, rule.value)


def empty_log() -> pl.DataFrame:
    """A log without entries: the columns of the table ``log``."""
    return pl.DataFrame(schema=schema(LOG))


def submission_hash(files: Mapping[str, Path | bytes]) -> str:
    """SHA-256 over the names and contents of the files of a submission, whatever their order."""
    whole = hashlib.sha256()
    for name in sorted(files):
        given = files[name]
        content = given if isinstance(given, bytes) else given.read_bytes()
        whole.update(f"{name}\n{hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()


def added(
    log: pl.DataFrame,
    *,
    provider: str,
    week_ending: date,
    received_at: datetime,
    file_name: str,
    file_hash: str,
) -> pl.DataFrame:
    """The log with one more entry at its end; those before stay as they are.

    The sequence counts the files of a provider and week from 1. Raises LogRefusedError for a week
    that does not end on a Sunday, and for an entry older than one that the log has of the week.
    """
    if week_ending.isoweekday() != _SUNDAY:
        raise LogRefusedError(f"{week_ending} is a {week_ending:%A}; a week ends on a Sunday")
    before = log.filter(provider_code=provider, week_ending_date=week_ending)
    newest = before.select(pl.col("received_at").max()).item()
    if newest is not None and received_at < newest:
        raise LogRefusedError(f"received at {received_at}, but the log has a file of {newest}")
    entry = {
        "provider_code": provider,
        "week_ending_date": week_ending,
        "received_at": received_at,
        "file_name": file_name,
        "file_hash": file_hash,
        "sequence": len(before) + 1,
        "latest": None,
    }
    return pl.concat([in_columns(LOG, log), pl.DataFrame([entry], schema=schema(LOG))])


def with_latest(log: pl.DataFrame) -> pl.DataFrame:
    """The log with ``latest`` told anew: true for the last file of each provider and week."""
    last = pl.col("sequence") == pl.col("sequence").max().over(_OF_WEEK)
    return in_columns(LOG, log).with_columns(latest=last)


def latest(log: pl.DataFrame) -> pl.DataFrame:
    """One entry for each provider and week: the last one, with ``late`` beside it.

    ``late`` is true where it came after the last day for its week (``due_on``), null where none is
    set; ``corrected`` where files came before it.
    """
    last = with_latest(log).filter("latest").sort(_OF_WEEK)
    weeks = last["week_ending_date"].unique().to_list()
    due = pl.DataFrame(
        {"week_ending_date": weeks, "due_on": [due_on(week) for week in weeks]},
        schema={"week_ending_date": pl.Date, "due_on": pl.Date},
    )
    joined = last.join(due, on="week_ending_date", how="left", maintain_order="left")
    return joined.with_columns(
        late=pl.col("received_at").dt.date() > pl.col("due_on"), corrected=pl.col("sequence") > 1
    )


def current(
    submissions: Mapping[str, Mapping[str, pl.DataFrame]], log: pl.DataFrame
) -> Mapping[str, pl.DataFrame]:
    """The rows that count: of each provider and week those of the latest file, and no others.

    ``submissions`` are the tables of each file by its ``file_hash``. Raises LogRefusedError naming
    the files that the log counts on and that are not among them.
    """
    wanted = latest(log).select(*_OF_WEEK, "file_hash").rows()
    lacking = {name for *_, name in wanted if name not in submissions}
    if lacking:
        words = ", ".join(sorted(lacking))
        raise LogRefusedError(f"the latest files are not all there: {words}")
    return {
        name: pl.concat([in_columns(name, None), *_of_files(name, submissions, wanted)])
        for name in TABLES
    }


def _of_files(
    name: str,
    submissions: Mapping[str, Mapping[str, pl.DataFrame]],
    wanted: Iterable[tuple[str, date, str]],
) -> Iterator[pl.DataFrame]:
    """The rows of each file that are of its provider and week: others it has no say about."""
    for provider, week, file in wanted:
        table = in_columns(name, submissions[file].get(name))
        yield table.filter(provider_code=provider, week_ending_date=week)


def received(log: pl.DataFrame, providers: Iterable[str], weeks: Iterable[date]) -> pl.DataFrame:
    """Each provider and week with its ``state``: received, late or missing.

    A week that is missing says nothing of how many wait: nobody may count it as zero. Columns:
    ``provider_code``, ``week_ending_date``, ``state``, ``sequence``, ``received_at``.
    """
    wanted = pl.DataFrame(
        [(provider, week) for provider in providers for week in weeks],
        schema={"provider_code": pl.String, "week_ending_date": pl.Date},
        orient="row",
    )
    last = latest(log).select(*_OF_WEEK, "sequence", "received_at", "late")
    both = wanted.join(last, on=_OF_WEEK, how="left", maintain_order="left")
    state = (
        pl.when(pl.col("sequence").is_null())
        .then(pl.lit("missing"))
        .when("late")
        .then(pl.lit("late"))
        .otherwise(pl.lit("received"))
    )
    return both.select(*_OF_WEEK, state.cast(STATES).alias("state"), "sequence", "received_at")
