"""Patients' records as files in a folder: people, pathways and their events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from clockstop.analytics.clocks.checks import EventsRefusedError, check_columns
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.records.columns import columns

_EVENTS = "events"
_WHOLE_NUMBERS = (pl.UInt64(), pl.Int16())


@dataclass(frozen=True)
class Records:
    """The three tables, in the columns of ``records.columns`` and ``clocks.events_table``."""

    people: pl.DataFrame
    pathways: pl.DataFrame
    events: pl.DataFrame


def read_records(folder: Path) -> Records:
    """Read ``people.parquet``, ``pathways.parquet`` and ``events/*.parquet`` (``events.parquet``).

    A column that may be blank may be missing. Raises FileRefusedError with all that is wrong with
    the files: what is not there or no Parquet, columns missing or of another type.
    """
    problems: list[Problem] = []
    people = _table(folder / "people.parquet", "people", problems)
    pathways = _table(folder / "pathways.parquet", "pathways", problems)
    whole = folder / f"{_EVENTS}.parquet"
    parts = [whole] if whole.exists() else sorted((folder / _EVENTS).glob("*.parquet"))
    if not parts:
        problems.append(Problem(str(folder / _EVENTS), "missing", "no *.parquet", "events"))
    events = _events(parts, problems)
    if problems:
        raise FileRefusedError(problems)
    return Records(people, pathways, events)


def _table(file: Path, name: str, problems: list[Problem]) -> pl.DataFrame:
    held = _schema(file, problems)
    if held is None:
        return pl.DataFrame()
    found = len(problems)
    for column in columns(name):
        have = held.get(column.name)
        if have is None and column.required:
            problems.append(_problem(file, column.name, "no such column", str(column.polars)))
        elif have is not None and not _fits(have, column.polars):
            problems.append(_problem(file, column.name, str(have), str(column.polars)))
    if len(problems) > found:
        return pl.DataFrame()
    given = pl.read_parquet(file)
    has = [pl.col(each.name).cast(each.polars) for each in columns(name) if each.name in held]
    lacks = {c.name: pl.lit(None, c.polars) for c in columns(name) if c.name not in held}
    return given.select(has).with_columns(**lacks).select([each.name for each in columns(name)])


def _fits(have: pl.DataType, want: pl.DataType) -> bool:
    """Other tools write whole numbers and text in types of their own."""
    if want in _WHOLE_NUMBERS:
        return have.is_integer() or have == pl.Null()
    texts = (pl.String, pl.Categorical, pl.Enum, pl.Null)
    return have.base_type() in texts if want == pl.String() else have in (want, pl.Null())


def _events(files: Sequence[Path], problems: list[Problem]) -> pl.DataFrame:
    for file in files:
        held = _schema(file, problems)
        try:
            check_columns(held or {})
        except EventsRefusedError as error:
            wrong = error.problems if held else ()
            problems += [Problem(str(file), "column", each, "a table of events") for each in wrong]
    return pl.DataFrame() if problems or not files else pl.read_parquet(list(files)).rechunk()


def _schema(file: Path, problems: list[Problem]) -> Mapping[str, pl.DataType] | None:
    try:
        return pl.read_parquet_schema(file)
    except FileNotFoundError:
        problems.append(Problem(str(file), "missing", "no such file", "a Parquet file"))
    except (pl.exceptions.PolarsError, OSError) as error:
        problems.append(Problem(str(file), "parquet", str(error), "a Parquet file"))
    return None


def _problem(file: Path, column: str, found: str, expected: str) -> Problem:
    return Problem(str(file), "column", found, expected, None, column)
