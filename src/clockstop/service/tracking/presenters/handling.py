"""What an organisation keeps on a pathway, as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from clockstop.service.pathways.names import people_named
from clockstop.service.tracking.models import Handling, Note
from clockstop.service.ui.day_field import Typed, typed
from clockstop.service.ui.figures import day as in_words


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note, by whom and when."""

    text: tuple[str, ...]
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Handled:
    """Who looks after a pathway and by when, as text and as one would type it, and the notes."""

    owner: str
    owner_name: str
    due: str
    due_typed: Typed
    is_late: bool
    notes: tuple[NoteLine, ...]


def handled(held: Handling | None, notes: Sequence[Note], today: date) -> Handled:
    """The handling and the notes of one organisation, the latest note first."""
    owner, due = (held.owner, held.due) if held else ("", None)
    people = people_named({owner, *(each.written_by for each in notes)})
    return Handled(
        owner=owner,
        owner_name=people.get(owner, ""),
        due=in_words(due) if due else "",
        due_typed=typed(due) if due else ("", "", ""),
        is_late=due is not None and due < today,
        notes=tuple(_line(each, people.get(each.written_by, "")) for each in notes),
    )


def _line(note: Note, by: str) -> NoteLine:
    at = timezone.localtime(note.written_at)
    return NoteLine(tuple(note.text.splitlines()), by, f"{in_words(at.date())}, {at:%H:%M}")
