"""The questions of a form, as the macro ``pathways/_question.jinja`` draws them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen."""

    value: str
    text: str
    is_chosen: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A field of the form: ``kind`` is day, radios, select, text or area.

    The ``value`` of a day is its three boxes; what is chosen stands in the ``options``.
    """

    name: str
    label: str
    kind: str
    value: Any = ""
    options: tuple[Option, ...] = ()
    hint: str = ""
    error: str = ""


def options_of(answers: Iterable[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    """Each answer by its value and its words; "Choose" comes before those of a select by itself."""
    return tuple(Option(value, text, value == chosen) for value, text in answers)
