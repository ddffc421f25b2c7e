"""What letters are made of: blocks that a page and a PDF draw alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    kind: str = "words"


@dataclass(frozen=True, slots=True)
class Steps:
    """What to do, one after the other."""

    items: tuple[str, ...]
    kind: str = "steps"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values that are read together."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; the first cell of a row is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "table"

    def as_facts(self) -> Iterator[Heading | Facts]:
        """The same without columns, for large print: each row under its own heading."""
        for first, *rest in self.rows:
            yield Heading(first, "place")
            yield Facts(tuple(zip(self.head[1:], rest, strict=True)))


Block = Heading | Words | Steps | Facts | Table


PLAIN = 12
MADE_UP = "Made-up people and places: this letter is an example and nobody's."


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to a patient; ``address`` is empty where nobody may see it.

    ``notice`` stands above it all: in the demo it says that the letter is nobody's. ``points`` is
    the size of all its words, ``form`` the form that the patient asked for, in words; or empty.
    """

    title: str
    to: str
    address: tuple[str, ...]
    sender: str
    day: str
    blocks: tuple[Block, ...]
    notice: str = ""
    points: int = PLAIN
    form: str = ""

    @property
    def is_large(self) -> bool:
        """Whether it is larger than letters usually are: then it has no table."""
        return self.points > PLAIN
