"""A download under way: bytes in a ``.part`` file, and a note of the version that they are of."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import httpx

from clockstop.analytics.published.problems import FileRefusedError, Problem

MAX_BYTES = 1 << 28  # the largest official extract is a zip of 4 MB
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True)
class Version:
    """What tells one version of a file from another: its address and what its site says of it."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    size: int | None = None

    @classmethod
    def of(cls, url: str, response: httpx.Response) -> Self:
        """The version that an answer with the whole file is of."""
        length = response.headers.get("Content-Length", "")
        size = int(length) if length.isdecimal() else None
        etag, day = response.headers.get("ETag"), response.headers.get("Last-Modified")
        return cls(url, etag, day, size)

    def unless_same(self) -> dict[str, str]:
        """Headers that ask for the file only if it is another version."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}

    def from_byte(self, start: int) -> dict[str, str]:
        """Headers that ask for the rest, if it is this version; none if that cannot be asked."""
        is_strong = self.etag and not self.etag.startswith("W/")
        same = self.etag if is_strong else self.last_modified
        return {"Range": f"bytes={start}-", "If-Range": same} if start and same else {}

    def is_continued_by(self, response: httpx.Response, start: int) -> bool:
        """Whether a partial answer goes on from the byte in this version, for all that it says."""
        said = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if not said or int(said[1]) != start or (self.size or int(said[2])) != int(said[2]):
            return False
        given = (response.headers.get("ETag"), response.headers.get("Last-Modified"))
        known = (self.etag, self.last_modified)
        return all(new in {None, old} for new, old in zip(given, known, strict=True))


class Part:
    """A download under way: the bytes so far, and a note of the version that they are of."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.note = file.with_suffix(".json.part")

    @property
    def size(self) -> int:
        """How many bytes there are so far."""
        return self.file.stat().st_size if self.file.exists() else 0

    def version(self, url: str) -> Version:
        """The version begun; of a download of another address nothing is known."""
        try:
            noted = Version(**json.loads(self.note.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return Version(url)
        return noted if noted.url == url else Version(url)

    def begin(self, version: Version) -> None:
        """Start anew, and note which version it is."""
        self.note.unlink(missing_ok=True)
        self.file.write_bytes(b"")
        self.note.write_text(json.dumps(asdict(version)))

    def append(self, pieces: Iterable[bytes]) -> None:
        """Add bytes. Raises OSError if the disk fails, FileRefusedError if there are too many."""
        size = self.size
        try:
            with self.file.open("ab") as file:
                for piece in pieces:
                    size += len(piece)
                    check_size(self.file.name, size)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:  # a full disk does not say which file it failed
            raise OSError(error.errno, error.strerror, str(self.file)) from error

    def drop(self) -> None:
        """Forget what there is."""
        self.file.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def check_size(name: str, size: int) -> None:
    """Raise FileRefusedError if a file is larger than any official one could be."""
    if size > MAX_BYTES:
        found = f"{size:,} bytes or more"
        raise FileRefusedError([Problem(name, "too large", found, f"at most {MAX_BYTES:,} bytes")])
