"""Judge a fetched zip before it may take its place: whole, and of the kind that was asked for."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from clockstop.analytics.published.containers import (
    BROKEN,
    Source,
    find_sources,
    unpacked_limit,
)
from clockstop.analytics.published.problems import FileRefusedError, Problem


def check_whole(file: Path, name: str) -> None:
    """Read every byte of every file in a zip. Raises FileRefusedError if it is not whole."""
    try:
        with zipfile.ZipFile(file) as archive:
            _check_size(archive, file, name)
            spoilt = archive.testzip()
    except RuntimeError as error:  # an encrypted member; NotImplementedError is of BROKEN
        kind = "broken archive" if isinstance(error, BROKEN) else "locked"
        raise _refusal(name, kind, str(error)) from error
    except BROKEN as error:
        raise _refusal(name, "broken archive", str(error) or "a cut file") from error
    if spoilt is not None:
        raise _refusal(name, "broken archive", f"{spoilt!r} with a wrong checksum")


def _check_size(archive: zipfile.ZipFile, file: Path, name: str) -> None:
    size, limit = sum(m.file_size for m in archive.infolist()), unpacked_limit(file.stat().st_size)
    if size > limit:
        found = f"{size:,} bytes once unpacked"
        raise FileRefusedError([Problem(name, "too large", found, f"at most {limit:,}")])


def _refusal(name: str, kind: str, found: str) -> FileRefusedError:
    return FileRefusedError([Problem(name, kind, found, "a whole zip file without a password")])


def the_one_of(file: Path, name: str, is_it: Callable[[bytes], bool], kind: str) -> Source:
    """The one file in a whole zip whose first bytes are judged right, under the zip's ``name``.

    Raises FileRefusedError if the zip is not whole, or holds no such file, or more than one.
    """
    check_whole(file, name)
    sources = list(find_sources([file]))
    try:
        fitting = [source for source in sources if is_it(source.head())]
    except FileRefusedError as refusal:
        called = [replace(p, file=p.file.replace(file.name, name, 1)) for p in refusal.problems]
        raise FileRefusedError(called) from refusal
    renamed = [replace(s, name=s.name.replace(file.name, name, 1)) for s in fitting or sources]
    if len(fitting) != 1:
        found = f"{len(fitting)} in {', '.join(source.name for source in renamed)}"
        raise FileRefusedError([Problem(name, "content", found, f"{kind}, one")])
    return renamed[0]
