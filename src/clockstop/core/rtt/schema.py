"""The JSON schema of a pathway's events, made from the classes of the events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from clockstop.core.rtt.events import KINDS
from clockstop.core.rtt.identifiers import LENGTH
from clockstop.core.rtt.policy import choice_types
from clockstop.core.rtt.reading import EventField, event_fields

Schema = Mapping[str, object]

_DAY = {"type": "string", "pattern": "^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$", "format": "date"}


def json_schema() -> Schema:
    """The schema (draft 2020-12) of what ``read_pathway`` takes. Null stands for left out."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Events of one patient's pathway",
        "type": "object",
        "required": ["events"],
        "additionalProperties": False,
        "properties": {
            "events": {"type": "array", "items": {"oneOf": [_event(kind) for kind in KINDS]}},
            "pathway": _or_null(_identifier()),
            "as_of": _or_null(_DAY),
            "policy": _or_null(_policy()),
        },
    }


def _event(kind: str) -> Schema:
    fields = event_fields(kind).values()
    return {
        "title": kind,
        "type": "object",
        "required": ["kind", *(each.name for each in fields if each.required)],
        "additionalProperties": False,
        "properties": {"kind": {"const": kind}} | {each.name: _field(each) for each in fields},
    }


def _field(field: EventField) -> Schema:
    if field.type is date:
        schema: Schema = _DAY
    elif field.options:
        schema = {"enum": list(field.options)}
    elif field.type is bool:
        schema = {"type": "boolean"}
    else:
        schema = {"type": "string", "minLength": 1}
    return schema if field.required else _or_null(schema)


def _identifier() -> Schema:
    return {
        "type": "object",
        "required": ["id", "issuer"],
        "properties": {
            "id": {"type": "string", "pattern": f"^[0-9A-Z]{{{LENGTH}}}$"},
            "issuer": {"type": "string", "pattern": "^[0-9A-Z]{3,6}$"},
        },
    }


def _policy() -> Schema:
    choices = {name: _choice(kind) for name, kind in choice_types().items()}
    return {"type": "object", "additionalProperties": False, "properties": choices}


def _choice(kind: type) -> Schema:
    if issubclass(kind, StrEnum):
        return {"enum": [each.value for each in kind]}
    return {"type": "boolean"} if kind is bool else {"type": "integer", "minimum": 0}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}
