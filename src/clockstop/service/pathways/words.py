"""What the kinds of event and their fields are called on pages: one file holds all the words.

``event_words.csv`` has a row for each kind (``attendance``), each field (``attendance.is_test``)
and each option of a field (``*.result.treated``). A star stands for every kind without a row of
its own. ``ask``: ``must`` where no answer is taken for granted. ``patient``: what the patient is
told of the kind; ``-`` where nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from clockstop.core.codes.load import read

_FILE = "event_words.csv"
_COLUMNS = ("key", "label", "hint", "short", "ask", "patient")
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Words:
    """How something is called: ``label`` in a form, ``short`` in a summary."""

    label: str
    hint: str
    short: str
    must: bool
    patient: str


def kind_words(kind: str) -> Words:
    """The words of a kind of event. Raises KeyError where there are none."""
    return all_words()[kind]


def field_words(kind: str, field: str) -> Words:
    """The words of a field. Raises KeyError where there are none."""
    return _of(kind, field)


def option_words(kind: str, field: str, option: str) -> Words:
    """The words of one option of a field. Raises KeyError where there are none."""
    return _of(kind, f"{field}.{option}")


def told_patients(kind: str) -> str:
    """What a patient reads of an event of this kind; empty where nothing."""
    words = kind_words(kind).patient
    return "" if words == _NOTHING else words


@cache
def all_words() -> Mapping[str, Words]:
    """Every row of the file by its key."""
    lines = files(__package__).joinpath(_FILE).read_text(encoding="utf-8").splitlines()
    return {row["key"]: _words(row) for row in read(lines, _FILE, _COLUMNS)}


def _of(kind: str, rest: str) -> Words:
    words = all_words()
    return words.get(f"{kind}.{rest}") or words[f"*.{rest}"]


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["label"], row["hint"], row["short"], row["ask"] == "must", row["patient"])
