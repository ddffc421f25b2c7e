"""What is wrong with a resource that somebody sent: everything at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """In which way something is wrong, by the FHIR issue type."""

    STRUCTURE = "structure"
    MISSING = "required"
    VALUE = "value"
    CODE = "code-invalid"
    UNEXPECTED = "not-supported"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: how, and the words; never a value that was sent."""

    wrong: Wrong
    words: str


class FaultyError(ValueError):
    """A resource that cannot be used; ``faults`` are all the reasons."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(each.words for each in self.faults))
