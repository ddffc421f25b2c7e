"""Imports and what was refused of them, in the words of their pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from clockstop.service.intake.models import Import, ImportFault
from clockstop.service.pathways.names import people_named

_COLOURS = {Import.Status.DONE: "green", Import.Status.IN_PART: "yellow"}


@dataclass(frozen=True, slots=True)
class Line:
    """An import in the list: a moment, an outcome with its colour, and numbers as text."""

    key: Any
    received: str
    sender: str
    outcome: str
    colour: str
    pathways: str
    new: str
    changed: str
    entries: str
    corrections: str
    refused: str


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A value that was refused."""

    place: str
    column: str
    found: str
    expected: str


def lines(imports: Iterable[Import]) -> tuple[Line, ...]:
    """The imports, in the order given."""
    found = list(imports)
    names = people_named(each.received_by for each in found)
    return tuple(
        Line(
            key=each.pk,
            received=f"{timezone.localtime(each.received_at):%-d %B %Y, %H:%M}",
            sender=_sender(each, names),
            outcome=Import.Status(each.status).label,
            colour=_COLOURS.get(Import.Status(each.status), "red"),
            pathways=f"{each.pathways:,}",
            new=f"{each.new_pathways:,}",
            changed=f"{each.changed_pathways:,}",
            entries=f"{each.events:,}",
            corrections=f"{each.corrections:,}",
            refused=f"{each.refused_pathways:,}",
        )
        for each in found
    )


def _sender(made: Import, names: Mapping[str, str]) -> str:
    """Who brought it in: a person by a page, else a command, such as runs at night."""
    if made.part_of_id:
        return "A command, with other hospitals"
    return names.get(made.received_by, "A command")


def fault_lines(faults: Iterable[ImportFault]) -> tuple[FaultLine, ...]:
    """The refused values, in the order of the files."""
    return tuple(
        FaultLine(
            f"{each.file}, row {each.row:,}" if each.row else each.file,
            each.column or "the whole",
            each.found,
            each.expected,
        )
        for each in faults
    )
