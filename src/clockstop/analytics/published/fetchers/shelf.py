"""The folder of what was fetched: each file whole and checked, an older one never overwritten.

A month's files are called ``rtt-2024-05-v01.zip``, ``…-v02.zip``: sorted by name, the one fetched
last comes last, which is the order in which ingest takes the files of a folder.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clockstop.analytics.published.fetchers.download import Downloaded
from clockstop.analytics.published.fetchers.parts import Part, Version
from clockstop.analytics.published.fetchers.records import Index, Record, read_index
from clockstop.core.types import Month

_NUMBER = re.compile(r"-v(\d+)\.zip")


class FolderBusyError(OSError):
    """Another process is fetching into the folder."""


@dataclass(frozen=True)
class Shelf:
    """The files of one data set in a folder, and the index of them."""

    folder: Path
    name: str
    index: Index

    def part(self, month: Month) -> Part:
        """Where the month's file is downloaded to."""
        return Part(self.folder / f"{self.name}-{month}.zip.part")

    def latest(self, month: Month) -> Path | None:
        """The month's last file, whether the index knows it or not."""
        files = sorted(self.folder.glob(f"{self.name}-{month}-v*.zip"), key=_number)
        return files[-1] if files else None

    def intact(self, month: Month) -> Record | None:
        """The month's current record, if its file is there still as it was fetched."""
        record = self.index.current(month)
        if record and _sha256(self.folder / record.file) == record.sha256:
            return record
        return None

    def put(self, month: Month, done: Downloaded) -> Path:
        """Give a checked download its name, and enter it. Raises OSError.

        The name is that of the file with the same content, if it is the month's last, and
        otherwise a new one.
        """
        record = self.index.current(month)
        latest = self.latest(month)
        if record and record.sha256 == done.sha256:
            file = self.folder / record.file
        elif latest and _sha256(latest) == done.sha256:
            file = latest
        else:
            number = _number(latest) + 1 if latest else 1
            file = self.folder / f"{self.name}-{month}-v{number:02d}.zip"
        done.part.file.replace(file)
        _flush(self.folder)
        self.enter(month, file, done.version, done.sha256)
        done.part.drop()
        return file

    def enter(self, month: Month, file: Path, version: Version, sha256: str) -> None:
        """Enter a file in the index, as fetched now."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        size = file.stat().st_size
        etag, day = version.etag, version.last_modified
        self.index.keep(month, Record(file.name, version.url, etag, day, sha256, size, now))


@contextmanager
def shelf(folder: Path, name: str) -> Iterator[Shelf]:
    """Hold the folder, made if need be, for fetching.

    Raises FolderBusyError if somebody else holds it, OSError if it cannot be made or written, and
    FileRefusedError if its index cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FolderBusyError(f"another process is fetching into {folder}") from error
        yield Shelf(folder, name, read_index(folder))
    finally:
        os.close(handle)


def _number(file: Path) -> int:
    match = _NUMBER.search(file.name)
    return int(match[1]) if match else 0


def _sha256(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
