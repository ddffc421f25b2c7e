"""Imports and what was refused of them, in the words of their pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from clockstop.service.intake.models import Import, ImportFault

_COLOURS = {Import.Status.DONE: "green", Import.Status.IN_PART: "yellow"}


@dataclass(frozen=True, slots=True)
class Line:
    """An import in the list: a moment, an outcome with its colour, and numbers as text."""

    key: Any
    received: str
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
    return tuple(
        Line(
            key=each.pk,
            received=f"{timezone.localtime(each.received_at):%-d %B %Y, %H:%M}",
            outcome=Import.Status(each.status).label,
            colour=_COLOURS.get(Import.Status(each.status), "red"),
            pathways=f"{each.pathways:,}",
            new=f"{each.new_pathways:,}",
            changed=f"{each.changed_pathways:,}",
            entries=f"{each.events:,}",
            corrections=f"{each.corrections:,}",
            refused=f"{each.refused_pathways:,}",
        )
        for each in imports
    )


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
