"""What the tests of ingest ask of a lake."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import polars as pl

from clockstop.analytics.published.ingest import FileResult, IngestReport, ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading


def take(lake: Lake, *paths: Path) -> IngestReport:
    """An ingest that must succeed."""
    report = ingest(paths, lake)
    assert report.committed, said(report.files)
    return report


def said(files: Iterable[FileResult]) -> list[str]:
    return [str(problem) for file in files for problem in file.problems]


def refusals(data_set: DataSet, content: bytes, name: str = "file.csv") -> list[Problem]:
    """The problems that a data set refuses the content for; empty if it does not."""
    try:
        data_set.read(content, name, Path(name).stem)
    except FileRefusedError as refusal:
        return refusal.problems
    return []


def read(data_set: DataSet, content: bytes, name: str = "file.csv") -> Reading:
    return data_set.read(content, name, Path(name).stem)


def tree(lake: Lake) -> dict[str, str]:
    """Every file of the lake but its lock, with the hash of its content."""
    return {
        str(path.relative_to(lake.folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(lake.folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def current_tables(lake: Lake) -> dict[tuple[str, str, str], list[tuple[object, ...]]]:
    """Every current table as sorted rows of text: what a reader of the lake sees."""
    return {
        (data_set, key, table): rows_of(lake.scan(revision, table).collect())
        for data_set, key, revision, is_current in lake.catalogue().revisions()
        if is_current
        for table in revision.tables
    }


def rows_of(table: pl.DataFrame) -> list[tuple[object, ...]]:
    return sorted(table.with_columns(pl.all().cast(pl.String)).rows(), key=repr)
