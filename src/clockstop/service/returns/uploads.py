"""The tables of a week that somebody uploads: CSV files, or one zip of them. Nothing is trusted."""

import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import Protocol

from clockstop.analytics.wlmds.checks import check
from clockstop.analytics.wlmds.reading import read_submission
from clockstop.analytics.wlmds.rules import ERROR
from clockstop.service.returns import weekly
from clockstop.service.returns.made import CannotMakeError, Made
from clockstop.service.returns.models import Source

MOST_FILES = 8
MOST_MEGABYTES = 200  # of all files together, once they are unpacked
_MOST = MOST_MEGABYTES * 1024 * 1024
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")  # the second is of one without a file
_TOO_LARGE = f"The files are larger than {MOST_MEGABYTES} MB: send one week of one provider"


class Sent(Protocol):
    """A file as it was uploaded."""

    name: str | None
    size: int | None

    def read(self) -> bytes: ...


def made(organisation_code: str, week_ending: date, sent: list[Sent]) -> Made:
    """What was sent, read and checked; unusable where it has an error.

    Raises CannotMakeError where there is nothing to read, or too much.
    """
    contents = _contents(sent)
    read = read_submission(contents)
    checked = check(read.tables, provider=organisation_code, week_ending=week_ending)
    faults = read.faults.vstack(checked)
    is_usable = bool(faults.filter(severity=ERROR).is_empty())
    return weekly.submission(read.tables, faults, week_ending, Source.UPLOAD, is_usable=is_usable)


def _contents(sent: list[Sent]) -> Mapping[str, bytes]:
    """The files by name, those of a zip among them."""
    if not sent:
        raise CannotMakeError("Choose the files of the week, or one zip of them")
    if sum(each.size or 0 for each in sent) > _MOST:
        raise CannotMakeError(_TOO_LARGE)
    found: dict[str, bytes] = {}
    for each in sent:
        content = each.read()
        if content.startswith(_ZIPS):
            for name, inner in _unzipped(content):
                _take(found, name, inner)
        else:
            _take(found, each.name or "file", content)
    if not found:
        raise CannotMakeError("The zip has no file in it")
    return found


def _take(found: dict[str, bytes], name: str, content: bytes) -> None:
    """Take a file in under the end of its name; two of one name are told apart."""
    plain = name.replace("\\", "/").rpartition("/")[2][-60:]
    if plain in found:
        plain = f"second {plain}"
    if len(found) == MOST_FILES:
        raise CannotMakeError(f"There are more than {MOST_FILES} files: send one for each table")
    found[plain] = content
    if sum(map(len, found.values())) > _MOST:
        raise CannotMakeError(_TOO_LARGE)


def _unzipped(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of a zip, each read no further than what is allowed, whatever it says of itself."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            inner = [each for each in archive.infolist() if not each.is_dir()]
            named = [each for each in inner if not each.filename.startswith("__MACOSX")]
            for each in named[: MOST_FILES + 1]:
                with archive.open(each) as file:
                    read = file.read(_MOST + 1)
                if len(read) > _MOST:
                    raise CannotMakeError(_TOO_LARGE)
                yield each.filename, read
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise CannotMakeError("The zip is damaged or locked: make it again") from error
