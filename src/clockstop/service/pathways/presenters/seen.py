"""Who has seen or changed a record, from the audit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from clockstop.service.accounts.roles import PUBLIC, Role
from clockstop.service.audit.models import Entry
from clockstop.service.ui.figures import day as in_words

VIEWED = "viewed a pathway"
_WORDS = {
    VIEWED: "Looked at the record",
    "recorded an event": "Entered something that happened",
    "corrected an entry": "Corrected an entry",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody who did something with the record. ``who`` is empty where names are not shown."""

    when: str
    who: str
    role: str
    organisation: str
    did: str


def seen(
    entries: Iterable[Entry], people: Mapping[str, str], organisations: Mapping[str, str]
) -> tuple[Seen, ...]:
    """The latest first. Looking again and again on one day is one line."""
    return tuple(
        _seen(tuple(group), people, organisations) for _, group in groupby(entries, key=_together)
    )


def _together(entry: Entry) -> tuple[str, ...]:
    alone = "" if entry.action == VIEWED else str(entry.number)
    return entry.actor, entry.role, entry.organisation_code, str(_at(entry).date()), alone


def _seen(
    group: tuple[Entry, ...], people: Mapping[str, str], organisations: Mapping[str, str]
) -> Seen:
    latest, first = group[0], group[-1]
    code = latest.organisation_code
    did = _WORDS.get(latest.action, latest.action[:1].upper() + latest.action[1:])
    return Seen(
        when=_when(_at(first), _at(latest)),
        who="" if latest.role in PUBLIC else people.get(latest.actor, ""),
        role=Role(latest.role).label if latest.role in set(Role) else latest.role.capitalize(),
        organisation=organisations.get(code, code),
        did=did if len(group) == 1 else f"{did}, {len(group)} times",
    )


def _at(entry: Entry) -> datetime:
    return timezone.localtime(datetime.fromisoformat(entry.at))


def _when(first: datetime, latest: datetime) -> str:
    until = f" to {latest:%H:%M}" if f"{latest:%H:%M}" != f"{first:%H:%M}" else ""
    return f"{in_words(first.date())}, {first:%H:%M}{until}"
