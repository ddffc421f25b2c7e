"""The faults of a submission as a data manager works through them: as a file, and rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.reading import read_submission, table_of
from clockstop.analytics.wlmds.rules import ERROR, Rule, explained, ordered, rules

PLACES = 3  # shown of a rule
_FORMULA = r"^[=+\-@\t\r]"


@dataclass(frozen=True, slots=True)
class Place:
    """One fault: where, what was found and what was expected."""

    table: str
    row: int | None
    column: str | None
    found: str
    expected: str

    def __str__(self) -> str:
        where = [self.table]
        if self.row is not None:
            where.append(f"row {self.row:,}")
        if self.column is not None:
            where.append(self.column)
        return f"{', '.join(where)}: found {self.found}; expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is broken: how often, and the first few places."""

    rule: Rule
    count: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Report:
    """The rows of each table that could be read, and all faults (columns of ``rules.FAULTS``).

    ``left_out`` counts the pathways that are in no table, since their records could not be read.
    """

    rows: Mapping[str, int]
    faults: pl.DataFrame
    left_out: int = 0

    @property
    def errors(self) -> int:
        """How many faults must be mended."""
        return self.faults.filter(severity=ERROR).height

    @property
    def warnings(self) -> int:
        """How many faults are worth a look."""
        return self.faults.height - self.errors

    def broken(self) -> Iterator[Broken]:
        """Each rule that is broken, errors first, those that are broken most before others."""
        counts = self.faults.group_by("rule", "severity").len().sort("rule")
        ranked = sorted(counts.rows(), key=lambda row: (row[1] != ERROR, -row[2], row[0]))
        for rule, _, count in ranked:
            first = self.faults.filter(rule=rule).head(PLACES)
            places = first.select("table", "row", "column", "found", "expected").iter_rows()
            yield Broken(rules()[rule], count, tuple(Place(*each) for each in places))

    def as_dict(self) -> dict[str, object]:
        """The report as plain data, for JSON."""
        return {
            "rows": dict(self.rows),
            "errors": self.errors,
            "warnings": self.warnings,
            "left_out": self.left_out,
            "faults": explained(self.faults).to_dicts(),
        }


def report_on(
    files: Mapping[str, Path | bytes],
    *,
    provider: str | None = None,
    week_ending: date | None = None,
) -> Report:
    """Read the files of a submission and check them: every fault at once.

    See ``reading.read_submission`` and ``checks.check`` for the arguments. Raises OSError.
    """
    return read_and_checked(files, provider=provider, week_ending=week_ending)[1]


def read_and_checked(
    files: Mapping[str, Path | bytes],
    *,
    provider: str | None = None,
    week_ending: date | None = None,
) -> tuple[Mapping[str, pl.DataFrame], Report]:
    """The tables of the files with the report on them. Raises OSError."""
    read = read_submission(files)
    unreadable = read.faults.filter(rule="file-unreadable")["table"].to_list()
    checked = check(read.tables, provider=provider, week_ending=week_ending).filter(
        ~((pl.col("rule") == "table-missing") & pl.col("table").is_in(unreadable))
    )
    rows = {name: table.height for name, table in read.tables.items()}
    return read.tables, Report(rows, ordered(pl.concat([read.faults, checked])))


def report_of(
    tables: Mapping[str, pl.DataFrame], *, provider: str, week_ending: date, left_out: int = 0
) -> Report:
    """The report on tables in memory; ``left_out`` pathways could not be put into them."""
    rows = {name: table.height for name, table in tables.items()}
    return Report(rows, check(tables, provider=provider, week_ending=week_ending), left_out)


def faults_csv(faults: pl.DataFrame) -> bytes:
    """The faults with the words of their rules, as CSV that a spreadsheet opens.

    What was found may be anything: a cell that a spreadsheet would take for a formula has an
    apostrophe before it.
    """
    told = explained(faults)
    texts = [name for name, kind in told.schema.items() if kind == pl.String]
    safe = [
        pl.when(pl.col(name).str.contains(_FORMULA))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    ]
    # A byte order mark, or else Excel takes the text for another encoding.
    return told.rechunk().with_columns(safe).write_csv(include_bom=True).encode()


def submitted(paths: list[Path]) -> dict[str, Path]:
    """The files named, and of each folder those that are called after a table; by their names.

    Two files of one name in two folders stand for a table sent twice. Raises FileNotFoundError.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path}: no such file or folder")
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in inside:
            if path.is_file() or (
                file.is_file() and not file.name.startswith(".") and table_of(file.name)
            ):
                found[str(file)] = file
    return found
