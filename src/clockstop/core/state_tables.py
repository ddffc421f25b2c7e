"""State machines as tables: a CSV file says which action leads from where to where, and by whom.

Columns: ``action``, ``label``, ``from`` (states between spaces; empty: it begins something new),
``to``, ``by`` (parties between spaces), ``guards`` (names between spaces, may be left out) and
``source``. Others are kept as ``further``. Source of the form: design §2, "state machines are
transition tables (data)".
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

_KNOWN = {"action", "label", "from", "to", "by", "guards", "source"}


@dataclass(frozen=True, slots=True)
class Transition:
    """A row: what an action leads to, from which states, by whom, under which guards.

    ``starts`` is empty where the action begins something new.
    """

    action: str
    label: str
    starts: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    guards: tuple[str, ...]
    source: str
    further: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step is refused: a code, the words, and the field of a form that they are about."""

    code: str
    words: str
    field: str = ""


class StepRefusedError(ValueError):
    """A step that cannot be taken; ``refusals`` are all the reasons. Nothing was written."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(each.words for each in self.refusals))


def by_field(refusals: Iterable[Refusal], rest: str) -> dict[str, str]:
    """The words of refusals by the field that they are about, joined; else under ``rest``."""
    found: dict[str, list[str]] = {}
    for each in refusals:
        found.setdefault(each.field or rest, []).append(each.words)
    return {field: ". ".join(words) for field, words in found.items()}


NOT_YOURS = "NOT_YOURS"
NOT_FROM_HERE = "NOT_FROM_HERE"


@dataclass(frozen=True, slots=True)
class StateTable:
    """All rows of a machine by their action; ``labels`` are its states as people say them."""

    rows: Mapping[str, Transition]
    labels: Mapping[str, str]

    def against(self, action: str, state: str, parties: Iterable[str]) -> Iterator[Refusal]:
        """What the table itself has against an action; ``state`` is empty for what is not there.

        Raises KeyError for an action that is not in the table.
        """
        row = self.rows[action]
        if not set(row.by) & set(parties):
            yield Refusal(NOT_YOURS, f"Only {_listed(row.by)} may do this")
        if state not in (row.starts or ("",)):
            where = self.labels[state].lower() if state else "not there yet"
            yield Refusal(NOT_FROM_HERE, f"“{row.label}” is not possible while it is {where}")

    def actions_from(self, state: str, parties: Iterable[str]) -> tuple[Transition, ...]:
        """What these parties may do next, as far as the table can say, in its order."""
        able = set(parties)
        return tuple(
            each for each in self.rows.values() if state in each.starts and able & set(each.by)
        )

    def diagram(self) -> str:
        """The table as lines of arrows, for the documentation; what is new comes from nowhere."""
        width = max(len(state) for state in ("(new)", *self.labels))
        return "\n".join(
            f"{start or '(new)':>{width}} --{row.action}--> {row.to}"
            for row in self.rows.values()
            for start in row.starts or ("",)
        )

    def reachable(self) -> frozenset[str]:
        """The states that some order of actions leads to from nothing."""
        found: set[str] = set()
        while more := {
            row.to
            for row in self.rows.values()
            if row.to not in found and (not row.starts or found & set(row.starts))
        }:
            found |= more
        return frozenset(found)


def read_states(package: str, name: str, labels: Mapping[str, str]) -> StateTable:
    """The table in a package's file. Raises ValueError for states it does not know, all at once."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    rows = [_transition(row) for row in csv.DictReader(text.splitlines())]
    problems = [
        f"{name}: row {number}, {row.action}: {state!r} is none of {', '.join(labels)}"
        for number, row in enumerate(rows, 2)
        for state in (*row.starts, row.to)
        if state not in labels
    ]
    if problems:
        raise ValueError("\n".join(problems))
    return StateTable({row.action: row for row in rows}, dict(labels))


def _transition(row: Mapping[str, str]) -> Transition:
    return Transition(
        action=row["action"],
        label=row["label"],
        starts=tuple(row["from"].split()),
        to=row["to"],
        by=tuple(row["by"].split()),
        guards=tuple(row.get("guards", "").split()),
        source=row["source"],
        further={name: value for name, value in row.items() if name not in _KNOWN},
    )


def _listed(words: Iterable[str]) -> str:
    *first, last = (each.replace("_", " ") for each in words)
    return f"{', '.join(first)} or {last}" if first else last
