"""Find the files in any mix of files, folders, zips and gzips, without ever unpacking to disk."""

from __future__ import annotations

import gzip
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, NoReturn, Protocol

from clockstop.analytics.published.problems import FileRefusedError, Problem

# The largest official file is an RTT extract of 88 MB in a zip of 3.7 MB (24 to 1).
MAX_BYTES = 1 << 30
MAX_RATIO = 200
MAX_MEMBERS = 1_000  # each is found by reading the table of contents again
HEAD_BYTES = 16_384

_SEPARATOR = " > "  # between an archive and a file in it
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_GZIP = b"\x1f\x8b"
# Workbooks by their first bytes: Office Open XML and OpenDocument are zips whose first file tells,
# compound files are old or locked workbooks.
_WORKBOOK = re.compile(
    rb"PK\x03\x04.{26}(\[Content_Types\]\.xml|_rels/|docProps/|xl/"
    rb"|mimetypeapplication/vnd\.oasis\.opendocument\.)"
    rb"|\xd0\xcf\x11\xe0",
    re.DOTALL,
)
BROKEN = (  # all that the standard library raises over a spoilt archive
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


class Readable(Protocol):
    """An open file."""

    def read(self, size: int, /) -> bytes:
        """So many bytes, fewer at the end."""
        ...


@dataclass(frozen=True)
class Source:
    """One file found. ``name`` tells the way to it: ``2025-09.zip > …-extract.csv``.

    ``named`` is true when the user named the file itself, or the archive it lies in, rather than
    a folder; ``archive`` is the outermost archive around it, if any.
    """

    name: str
    stem: str
    named: bool
    opener: Callable[[], AbstractContextManager[Readable]]
    packed_bytes: int
    archive: str | None = None

    def head(self) -> bytes:
        """The first bytes, enough to recognise the file by. Raises FileRefusedError."""
        return self._read(HEAD_BYTES)

    def read(self) -> bytes:
        """The whole file. Raises FileRefusedError if it is broken or unpacks to too much."""
        limit = unpacked_limit(self.packed_bytes)
        content = self._read(limit + 1)
        if len(content) > limit:
            raise self._refusal(
                "too large",
                f"more than {limit:,} bytes once unpacked",
                f"at most {MAX_RATIO} times its packed size and {MAX_BYTES:,} bytes",
            )
        return content

    def _read(self, size: int) -> bytes:
        try:
            with self.opener() as stream:
                return stream.read(size)
        except BROKEN as error:
            raise self._refusal("broken archive", str(error) or "a cut file", "a whole") from error
        except RuntimeError as error:  # zipfile: an encrypted member
            raise self._refusal("locked", str(error), "a file without a password") from error
        except OSError as error:
            raise self._refusal("unreadable", error.strerror or str(error), "a readable") from error

    def _refusal(self, kind: str, found: str, expected: str) -> FileRefusedError:
        wanted = f"{expected} file" if expected in {"a whole", "a readable"} else expected
        return FileRefusedError([Problem(self.name, kind, found, wanted)])


def unpacked_limit(packed_bytes: int) -> int:
    """To how many bytes so many packed ones may unpack."""
    return min(MAX_BYTES, max(packed_bytes, 1 << 16) * MAX_RATIO)


def is_workbook(head: bytes) -> bool:
    """Whether a file that starts so may be a workbook, though its name says nothing of it."""
    return _WORKBOOK.match(head) is not None


def find_sources(paths: Iterable[Path]) -> Iterator[Source]:
    """Every file below the paths, in a settled order.

    What is no file, or a broken archive, comes as a source that refuses to be read. What is only
    part of a download (``.part``) is left out.
    """
    for path in paths:
        if path.is_dir():
            for child in sorted(p for p in path.rglob("*") if p.is_file() and not _is_part(p)):
                yield from _inside(child, str(child.relative_to(path.parent)), named=False)
        elif path.is_file():
            yield from _inside(path, path.name, named=True)
        else:
            found = "something else" if path.exists() else "nothing there"
            yield _refusing(Problem(str(path), "no such file", found, "a file or folder"))


def sources_of(files: Mapping[str, bytes]) -> Iterator[Source]:
    """Files that are in memory already, by their names; none of them is opened as an archive."""
    for name, content in files.items():
        stem = PurePosixPath(name).stem
        yield Source(_printable(name), stem, True, lambda c=content: BytesIO(c), len(content))  # type: ignore[misc]


def _is_part(path: Path) -> bool:
    """Whether a download of the file is under way, or broke off: it is no file yet."""
    return path.suffix == ".part"


def _refusing(*problems: Problem) -> Source:
    def refuse() -> NoReturn:
        raise FileRefusedError(problems)

    return Source(problems[0].file, "", True, refuse, 0)


def _inside(path: Path, name: str, *, named: bool) -> Iterator[Source]:
    try:
        yield from _within(path, _printable(name), named=named)
    except FileRefusedError as refusal:
        yield _refusing(*refusal.problems)


def _printable(name: str) -> str:
    """A name that any terminal and any encoding can show."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def _within(path: Path, name: str, *, named: bool) -> Iterator[Source]:
    size = path.stat().st_size
    plain = Source(name, path.stem, named, lambda: path.open("rb"), size)
    start = plain.head()
    if start.startswith((_ZIP, _EMPTY_ZIP)) and not is_workbook(start):
        yield from _members(path.open, name, named=named)
    elif start.startswith(_GZIP):
        stem = path.stem.removesuffix(".csv")
        yield Source(name, stem, named, lambda: gzip.GzipFile(path), size)
    else:
        yield plain


def _members(
    open_archive: Callable[[str], IO[bytes]], name: str, *, named: bool
) -> Iterator[Source]:
    try:
        with open_archive("rb") as raw, zipfile.ZipFile(raw) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
    except BROKEN as error:
        problem = Problem(name, "broken archive", str(error), "a whole zip file")
        raise FileRefusedError([problem]) from error
    if len(members) > MAX_MEMBERS:
        found = f"{len(members):,} files in one zip"
        raise FileRefusedError([Problem(name, "too large", found, f"at most {MAX_MEMBERS:,}")])
    if not members:
        raise FileRefusedError([Problem(name, "empty", "a zip without files", "at least one")])
    nested = 0
    for member in members:
        inner = _member(open_archive, member, name, named=named)
        start = _start_of(inner)
        if start.startswith(_GZIP):
            yield replace(inner, opener=lambda inner=inner: _unzipped(inner))  # type: ignore[misc]
        elif not start.startswith((_ZIP, _EMPTY_ZIP)) or is_workbook(start):
            yield inner
        elif _SEPARATOR in name:
            found = "a zip in a zip in a zip"
            yield _refusing(Problem(inner.name, "too deep", found, "at most a zip in a zip"))
        else:
            content = inner.read()
            nested += len(content)
            if nested > MAX_BYTES:
                found, limit = f"over {MAX_BYTES:,} bytes of zips in a zip", f"{MAX_BYTES:,}"
                raise FileRefusedError([Problem(name, "too large", found, f"at most {limit}")])
            yield from _members(lambda _mode, c=content: BytesIO(c), inner.name, named=named)  # type: ignore[misc]


def _member(
    open_archive: Callable[[str], IO[bytes]], member: zipfile.ZipInfo, archive: str, *, named: bool
) -> Source:
    return Source(
        f"{archive}{_SEPARATOR}{_printable(member.filename)}",
        Path(member.filename).stem.removesuffix(".csv"),
        named,
        lambda: _open_member(open_archive, member),
        member.compress_size,
        archive.split(_SEPARATOR, 1)[0],
    )


def _start_of(source: Source) -> bytes:
    """The first bytes; none of a broken file, which says so itself when it is read."""
    try:
        return source.head()
    except FileRefusedError:
        return b""


@contextmanager
def _unzipped(source: Source) -> Iterator[Readable]:
    with source.opener() as packed:
        yield gzip.GzipFile(fileobj=BytesIO(packed.read(MAX_BYTES)))


@contextmanager
def _open_member(
    open_archive: Callable[[str], IO[bytes]], member: zipfile.ZipInfo
) -> Iterator[IO[bytes]]:
    with (
        open_archive("rb") as raw,
        zipfile.ZipFile(raw) as archive,
        archive.open(member) as stream,
    ):
        yield stream
