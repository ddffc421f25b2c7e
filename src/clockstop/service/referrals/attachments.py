"""Files that may go with a referral: how many, how large, of which kinds. Pure.

The limits are ours; e-RS takes files of up to 5 MB. What a file is, its first bytes say: neither
its name nor what the browser calls it is believed. Nothing here looks for malware: a service that
takes files from outside its own network puts a scanner before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clockstop.core.state_tables import Refusal

MEGABYTES, MOST = 5, 10
_NAME = 100
_TEXT = "text/plain"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg .jpeg"),
    (b"{\\rtf", "application/rtf", ".rtf"),
    (b"PK\x03\x04", _WORD, ".docx"),
)
ACCEPTED = ".pdf,.docx,.rtf,.txt,.png,.jpg,.jpeg"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent: the end of its name, and its bytes."""

    name: str
    content: bytes

    @property
    def title(self) -> str:
        """Its name without folders, printable and not too long."""
        plain = self.name.replace("\\", "/").rpartition("/")[2]
        return "".join(each for each in plain if each.isprintable())[-_NAME:] or "file"

    @property
    def kind(self) -> str:
        """Its content type; empty where it is none that is taken."""
        name = self.title.lower()
        for begins, kind, endings in _KINDS:
            if self.content.startswith(begins):
                return kind if name.endswith(tuple(endings.split())) else ""
        return _TEXT if name.endswith(".txt") and _is_text(self.content) else ""


def against_files(files: Sequence[File], held: int = 0) -> tuple[Refusal, ...]:
    """All that stands against files beside the ``held`` ones that are there already."""
    found = [_refused(each) for each in files]
    refusals = [Refusal("INVALID_FILE", words, "files") for words in found if words]
    if held + len(files) > MOST:
        words = f"A referral holds up to {MOST} files"
        refusals.append(Refusal("TOO_MANY_ITEMS", words, "files"))
    return tuple(refusals)


def _refused(file: File) -> str:
    if not file.content:
        return f"“{file.title}” is empty"
    if len(file.content) > MEGABYTES * 1024 * 1024:
        return f"“{file.title}” is larger than {MEGABYTES} MB"
    if not file.kind:
        return f"“{file.title}” is no PDF, Word, RTF, text, PNG or JPEG file"
    return ""


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return "\0" not in text
