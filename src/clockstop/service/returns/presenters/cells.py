"""Tables as pages draw them: a heading, columns, and cells of text, links and tags."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: text, a tag of a colour, a link (``hidden`` is read out behind), or lines."""

    text: str = ""
    href: str = ""
    hidden: str = ""
    colour: str = ""
    note: str = ""
    is_number: bool = False
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row is its heading. ``numbers`` are the columns of figures."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def text(words: str, href: str = "") -> Cell:
    return Cell(text=words, href=href)


def number(value: int | None, href: str = "", hidden: str = "") -> Cell:
    """A count; what is not known is a dash."""
    words = "–" if value is None else f"{value:,}"
    return Cell(text=words, href=href, hidden=hidden, is_number=True)


def tag(words: str, colour: str, note: str = "") -> Cell:
    return Cell(text=words, colour=colour, note=note)
