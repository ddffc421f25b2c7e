"""A pathway's events from JSON: every problem at once, each with its path in the file.

    {"events": [{"id": "e1", "kind": "referral_received", "day": "2025-01-02"}, …]}

``pathway`` (``id``, ``issuer``), ``as_of`` and ``policy`` may stand beside ``events``. The fields
of each kind are those of its class; one that is left out has the default of the class.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_type_hints

from clockstop.core.rtt.events import KINDS, Event
from clockstop.core.rtt.identifiers import PathwayId
from clockstop.core.rtt.policy import DEFAULT, Policy, read_policy

_DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d")
_TOP = ("events", "pathway", "as_of", "policy")


class PathwayRefusedError(ValueError):
    """A file that is no pathway; ``problems`` holds each of them: path, found, expected."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Pathway:
    """One patient's pathway as read: events, identifier, the day asked about, the policy."""

    events: tuple[Event, ...]
    identifier: PathwayId | None = None
    as_of: date | None = None
    policy: Policy = DEFAULT


@dataclass(frozen=True, slots=True)
class EventField:
    """One field of a kind of event, as JSON has it."""

    name: str
    expected: str
    required: bool
    default: object
    options: tuple[str, ...]
    type: type


def read_pathway(text: str) -> Pathway:
    """Read a pathway. Raises PathwayRefusedError with all that is wrong with it."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise PathwayRefusedError((f"not JSON: {error}",)) from error
    except RecursionError as error:
        raise PathwayRefusedError(("nested too deeply for a pathway",)) from error
    problems: list[str] = []
    if not isinstance(found, dict):
        raise PathwayRefusedError((_said("the file", found, "an object with events"),))
    strange = [key for key in found if key not in _TOP]
    problems.extend(f"{key}: unknown; expected {', '.join(_TOP)}" for key in strange)
    events = _events(found.get("events"), problems)
    identifier = _identifier(found.get("pathway"), problems)
    as_of = None if found.get("as_of") is None else _day(found["as_of"], "as_of", problems)
    policy = _policy(found.get("policy"), problems)
    if problems:
        raise PathwayRefusedError(tuple(problems))
    return Pathway(tuple(events), identifier, as_of, policy)


@cache
def event_fields(kind: str) -> Mapping[str, EventField]:
    """The fields of a kind of event by their name, in the order of its class."""
    hints = get_type_hints(KINDS[kind])
    return {each.name: _field(each, hints[each.name]) for each in fields(KINDS[kind])}


def _field(field: Field[Any], hint: Any) -> EventField:
    kept = [each for each in get_args(hint) if each is not types.NoneType] or [hint]
    options = tuple(kept[0]) if issubclass(kept[0], StrEnum) else ()
    return EventField(
        name=field.name,
        expected=_expected(kept[0]),
        required=field.default is MISSING,
        default=None if field.default is MISSING else field.default,
        options=options,
        type=kept[0],
    )


def _expected(kind: type) -> str:
    if issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    return {date: "a day like 2025-01-31", bool: "true or false", str: "text"}[kind]


def _events(found: object, problems: list[str]) -> list[Event]:
    if not isinstance(found, list):
        problems.append(_said("events", found, "a list of events"))
        return []
    read = (read_event(each, f"events[{at}]", problems) for at, each in enumerate(found))
    return [event for event in read if event is not None]


def read_event(found: object, path: str, problems: list[str]) -> Event | None:
    """One event from its JSON values; what is wrong is added to ``problems``, under ``path``."""
    if not isinstance(found, dict):
        problems.append(_said(path, found, "an object"))
        return None
    kind = found.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        expected = f"one of {', '.join(sorted(KINDS))}"
        problems.append(_said(f"{path}.kind", kind, expected))
        return None
    before = len(problems)
    values = _values(found, event_fields(kind), path, problems)
    return KINDS[kind](**values) if len(problems) == before else None


def written(event: Event) -> dict[str, object]:
    """An event as the JSON values that ``read_event`` takes; fields left at their default go."""
    values: dict[str, object] = {"kind": event.kind}
    for name, field in event_fields(event.kind).items():
        value = getattr(event, name)
        if field.required or value != field.default:
            values[name] = value.isoformat() if isinstance(value, date) else value
    return values


def _values(
    found: Mapping[str, object], known: Mapping[str, EventField], path: str, problems: list[str]
) -> dict[str, Any]:
    strange = [name for name in found if name not in known and name != "kind"]
    problems.extend(f"{path}.{name}: unknown; expected {', '.join(known)}" for name in strange)
    values = {}
    for name, field in known.items():
        where = f"{path}.{name}"
        if found.get(name) is None:
            if field.required:
                problems.append(_said(where, found.get(name), field.expected))
            continue
        values[name] = _value(found[name], field, where, problems)
    return values


def _value(found: object, field: EventField, path: str, problems: list[str]) -> object:
    if field.type is date:
        return _day(found, path, problems)
    if field.options:
        if found in field.options:
            return field.type(found)
    elif isinstance(found, field.type) and found != "":
        return found
    problems.append(_said(path, found, field.expected))
    return None


def _day(found: object, path: str, problems: list[str]) -> date | None:
    try:
        if isinstance(found, str) and _DAY.fullmatch(found):
            return date.fromisoformat(found)
    except ValueError:  # such as 2025-02-30
        pass
    problems.append(_said(path, found, "a day like 2025-01-31"))
    return None


def _identifier(found: object, problems: list[str]) -> PathwayId | None:
    if found is None:
        return None
    if not isinstance(found, dict):
        problems.append(_said("pathway", found, "an object with id and issuer"))
        return None
    try:
        return PathwayId(str(found.get("id")), str(found.get("issuer")))
    except ValueError as error:
        problems.append(f"pathway: {error}")
        return None


def _policy(found: object, problems: list[str]) -> Policy:
    if found is None:
        return DEFAULT
    if not isinstance(found, dict):
        problems.append(_said("policy", found, "an object with choices"))
        return DEFAULT
    policy, wrong = read_policy(found)
    problems.extend(f"policy.{problem}" for problem in wrong)
    return policy


def _said(path: str, found: object, expected: str) -> str:
    shown = "nothing" if found is None else json.dumps(found, ensure_ascii=False, default=str)
    return f"{path}: found {shown[:60]}, expected {expected}"
