"""One entry in words: what happened, and the answers that were given."""

from collections.abc import Iterable, Mapping
from datetime import date

from clockstop.core.rtt.events import Event
from clockstop.core.rtt.reading import event_fields, written
from clockstop.core.rtt.status_codes import Status, status_codes
from clockstop.service.pathways.presenters.wording import sentence
from clockstop.service.pathways.references import is_reference
from clockstop.service.pathways.words import field_words, kind_words, option_words
from clockstop.service.ui.figures import day

Detail = tuple[str, str]
_ELSEWHERE = frozenset({"id", "day", "recorded", "supersedes"})
ORGANISATIONS = frozenset({"provider", "to", "issuer"})
_OF_THE_PATHWAY = frozenset({"provider", "treatment_function"})
_STATUSES = frozenset({"status", "intended_status"})


def entry_in_words(event: Event) -> str:
    """An entry in one line: ``Date offered, 3 February 2025 (10 March 2025)``."""
    more = [
        day(value)
        for name, field in event_fields(event.kind).items()
        if name not in _ELSEWHERE and field.type is date and (value := getattr(event, name))
    ]
    rest = f" ({', '.join(more)})" if more else ""
    return f"{kind_words(event.kind).label}, {day(event.day)}{rest}"


def details(
    event: Event,
    events: Iterable[Event],
    *,
    usual: Mapping[str, str] | None = None,
    organisations: Mapping[str, str] | None = None,
) -> tuple[Detail, ...]:
    """What was answered, apart from the day: the name of each field and its value in words.

    What goes without saying is left out: defaults that nobody had to confirm, and what the
    pathway says already (``usual``).
    """
    by_id = {each.id: each for each in events}
    held, names = written(event), organisations or {}
    shown = []
    for name in event_fields(event.kind):
        if name in _ELSEWHERE or (name in _OF_THE_PATHWAY and _is_usual(event, name, usual or {})):
            continue
        words = field_words(event.kind, name)
        value = getattr(event, name)
        if value is not None and (name in held or words.must):
            shown.append((words.short, _value(event, name, value, by_id, names)))
    return tuple(shown)


def _is_usual(event: Event, name: str, usual: Mapping[str, str]) -> bool:
    return bool(getattr(event, name) == usual.get(name))


def _value(
    event: Event,
    name: str,
    value: object,
    by_id: Mapping[str, Event],
    organisations: Mapping[str, str],
) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day(value)
    if is_reference(event.kind, name):
        return entry_in_words(by_id[str(value)]) if value in by_id else sentence(str(value))
    if name in ORGANISATIONS:
        return f"{organisations[str(value)]} ({value})" if value in organisations else str(value)
    return _chosen(event.kind, name, str(value))


def _chosen(kind: str, name: str, value: str) -> str:
    if name in _STATUSES:
        return f"{value}: {status_codes()[Status(value)].meaning}"
    return option_words(kind, name, value).label if event_fields(kind)[name].options else value
