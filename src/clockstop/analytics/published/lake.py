"""The Parquet lake: immutable revisions on disk, and one small catalogue that is swapped whole.

A revision's tables are written into a staging folder, flushed to disk and moved to their place;
only then is the catalogue replaced, by one atomic rename. Whatever stops the work before that
rename leaves the old catalogue, and so the old lake, as it was; what it leaves behind is swept by
the next writer. Readers never lock: the revisions that their catalogue names are never changed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import polars as pl

from clockstop.analytics.published.catalogue import Catalogue, Revision
from clockstop.analytics.published.problems import Problem

_STAGING = ".staging"
_WARNINGS = "warnings.json"
_REVISION_ID = re.compile(r"[0-9a-f]{16}")  # the last part of a revision's folder


class LakeBusyError(Exception):
    """Somebody else is writing to the lake."""


class LakeBrokenError(Exception):
    """The catalogue cannot be read."""


class Lake:
    """The tables of every data set under one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "lake"
        self.catalogue_file = self.folder / "catalogue.json"

    def catalogue(self) -> Catalogue:
        """The table of contents as it stands; empty if nothing was ingested yet.

        Raises LakeBrokenError if the file is there but cannot be read.
        """
        try:
            return Catalogue.from_json(self.catalogue_file.read_text())
        except FileNotFoundError:
            return Catalogue()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LakeBrokenError(f"{self.catalogue_file}: {error}") from error

    def version(self) -> int:
        """A number that changes whenever the catalogue does; 0 while there is none."""
        try:
            return self.catalogue_file.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def table_file(self, revision: Revision, table: str) -> Path:
        """The Parquet file of a table of a revision."""
        return self.folder / revision.folder / f"{table}.parquet"

    def scan(self, revision: Revision, table: str) -> pl.LazyFrame:
        """A table of a revision, lazily."""
        return pl.scan_parquet(self.table_file(revision, table))

    def warnings(self, revision: Revision) -> list[Problem]:
        """The warnings recorded when the revision was ingested."""
        file = self.folder / revision.folder / _WARNINGS
        return [Problem(**w) for w in json.loads(file.read_bytes())] if revision.warnings else []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lake for writing and sweep what an interrupted writer left.

        Raises LakeBusyError if somebody else holds it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise LakeBusyError(f"another process is writing to {self.folder}") from error
            self._begin()
            self._sweep()
            try:
                yield
            finally:
                self._sweep()

    def stage(self, tables: Mapping[str, pl.DataFrame]) -> Path:
        """Write a revision's tables into a new staging folder, flushed to disk; OSError if not."""
        folder = self.folder / _STAGING / uuid4().hex
        folder.mkdir(parents=True)
        for name, table in tables.items():
            # Polars would say a full disk in its own words: Python's say which error it is.
            parquet = BytesIO()
            table.write_parquet(parquet, compression="zstd", compression_level=1)
            _write_flushed(folder / f"{name}.parquet", parquet.getbuffer())
        return folder

    def keep_warnings(self, staged: Path, warnings: Sequence[Problem]) -> None:
        """Write a revision's warnings, if any, beside its staged tables."""
        if warnings:
            text = json.dumps([w.as_dict() for w in warnings], indent=1)
            _write_flushed(staged / _WARNINGS, text.encode())

    def publish(self, catalogue: Catalogue, staged: Mapping[str, Path]) -> None:
        """Move the staged folders to their places, then replace the catalogue: all or nothing.

        ``staged`` maps a revision's folder in the lake to its staging folder.
        """
        for place, folder in staged.items():
            target = self.folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            folder.replace(target)
            for made in (target, *target.parents[: len(Path(place).parts)]):
                _flush_folder(made)
        self._replace_catalogue(catalogue)

    def _begin(self) -> None:
        """Write an empty catalogue into an empty lake, so that a lost one is known as lost."""
        if self.catalogue_file.exists():
            return
        if any(self._revision_folders()):
            raise LakeBrokenError(f"{self.catalogue_file} is gone, but its tables are there")
        self._replace_catalogue(Catalogue())

    def _replace_catalogue(self, catalogue: Catalogue) -> None:
        new = self.catalogue_file.with_suffix(".new")
        _write_flushed(new, catalogue.to_json().encode())
        new.replace(self.catalogue_file)
        _flush_folder(self.folder)

    def _revision_folders(self) -> Iterator[Path]:
        """The folders that revisions lie in, and nothing that somebody else put there."""
        for folder in self.folder.glob("*/*/*"):
            if folder.is_dir() and _REVISION_ID.fullmatch(folder.name):
                yield folder

    def _sweep(self) -> None:
        """Remove what no catalogue names: the leavings of an interrupted writer."""
        shutil.rmtree(self.folder / _STAGING, ignore_errors=True)
        known = {revision.folder for _, _, revision, _ in self.catalogue().revisions()}
        for folder in self._revision_folders():
            if str(folder.relative_to(self.folder)) not in known:
                shutil.rmtree(folder, ignore_errors=True)


def _write_flushed(path: Path, content: bytes | memoryview) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
