"""Files that somebody uploads, or one zip of them. Nothing is trusted, and nothing stays behind."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from clockstop.analytics.published.containers import BROKEN

MEGABYTE = 1024 * 1024
KEPT_MEGABYTES = 200  # of one request, whatever the page that it is for
_IN_MEMORY = 2 * MEGABYTE
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")  # the second is of one without a file
_NAME = 60  # letters at the end of a name that are kept


class UploadRefusedError(Exception):
    """Files that are not taken; ``words`` are for who sent them."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Sent(Protocol):
    """A file as it was uploaded."""

    name: str | None
    size: int | None

    def read(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Most:
    """How much is taken: so many files, so many megabytes of all of them once unpacked."""

    files: int
    megabytes: int


class UnnamedFiles(FileUploadHandler):
    """Keeps what is sent in files without a name, which are gone with the process.

    What is over the limit is counted and not kept, so that nobody fills the disk.
    """

    _room = KEPT_MEGABYTES * MEGABYTE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.file: Any = SpooledTemporaryFile(_IN_MEMORY)  # closed with its request  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """Keep a piece of it while there is room."""
        kept = raw_data[: self._room]
        self._room -= len(kept)
        self.file.write(kept)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """The file, with the size that was sent."""
        self.file.seek(0)
        kind, more = self.content_type, self.content_type_extra
        return UploadedFile(self.file, self.file_name, kind, file_size, self.charset, more)

    def upload_interrupted(self) -> None:
        """Close a file that broke off."""
        self.file.close()


def contents(sent: Sequence[Sent], most: Most) -> Mapping[str, bytes]:
    """The files by the ends of their names, those of zips among them.

    Raises UploadRefusedError where there is none, too much, or a zip that cannot be read.
    """
    if sum(each.size or 0 for each in sent) > most.megabytes * MEGABYTE:
        raise _too_large(most)
    found: dict[str, bytes] = {}
    for each in sent:
        content = each.read()
        if content.startswith(_ZIPS):
            for name, inner in _unzipped(content, most):
                _take(found, name, inner, most)
        else:
            _take(found, each.name or "file", content, most)
    if not found:
        raise UploadRefusedError("There is no file in what you sent")
    return found


def _take(found: dict[str, bytes], name: str, content: bytes, most: Most) -> None:
    """Take a file in under the end of its name; two of one name are told apart."""
    plain = name.replace("\\", "/").rpartition("/")[2][-_NAME:]
    if plain in found:
        plain = f"second {plain}"
    if len(found) == most.files:
        raise UploadRefusedError(f"There are more than {most.files} files: send one for each table")
    found[plain] = content
    if sum(map(len, found.values())) > most.megabytes * MEGABYTE:
        raise _too_large(most)


def _unzipped(content: bytes, most: Most) -> Iterator[tuple[str, bytes]]:
    """The files of a zip, each read no further than what is allowed, whatever it says of itself."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            inner = [each for each in archive.infolist() if not each.is_dir()]
            named = [each for each in inner if not each.filename.startswith("__MACOSX")]
            for each in named[: most.files + 1]:
                with archive.open(each) as file:
                    read = file.read(most.megabytes * MEGABYTE + 1)
                yield each.filename, read
    except (*BROKEN, RuntimeError) as error:  # the last is of a locked zip
        raise UploadRefusedError("The zip is damaged or locked: make it again") from error


def _too_large(most: Most) -> UploadRefusedError:
    return UploadRefusedError(f"The files are larger than {most.megabytes} MB in all")
