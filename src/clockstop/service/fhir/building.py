"""The pieces of which resources are built. Pure: a dictionary out of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
# Of what is no visible character, FHIR's strings hold spaces, tabs and ends of lines alone.
_NOT_HELD = re.compile(r"[^\S \t\r\n]|[\x00-\x08\x0e-\x1b\x7f]")


def plain(text: str) -> str:
    """A text as a string of FHIR may hold it: other white space is a space."""
    return _NOT_HELD.sub(" ", text)


def coding(system: str, code: str, display: str = "") -> Json:
    """A Coding."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(system: str, code: str, display: str = "") -> Json:
    """A CodeableConcept of one coding."""
    return {"coding": [coding(system, code, display)]}


def identifier(system: str, value: str) -> Json:
    """An Identifier."""
    return {"system": system, "value": value}


def logical(system: str, value: str, display: str = "") -> Json:
    """A Reference by identifier."""
    found: Json = {"identifier": identifier(system, value)}
    return found | ({"display": display} if display else {})


def extension(url: str, **value: Any) -> Json:
    """An Extension; ``value`` is one ``value…`` or its inner ``extension``."""
    return {"url": url, **value}


def instant(moment: datetime) -> str:
    """A moment in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def whole(resource: Json) -> Json:
    """A resource without what is none or an empty text: FHIR has no empty values."""
    return {name: value for name, value in resource.items() if value not in (None, "")}


def bundle(key: str, entries: Iterable[Json], at: datetime, link: str, **more: Any) -> Json:
    """A Bundle of search results; ``entries`` are whole, with their mode."""
    return {
        "id": key,
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": "self", "url": link}],
        "entry": list(entries),
        **more,
        "meta": {"lastUpdated": instant(at)} | more.get("meta", {}),
    }


def found(full_url: str, resource: Json, mode: str = "match") -> Json:
    """An entry of such a Bundle."""
    return {"fullUrl": full_url, "resource": resource, "search": {"mode": mode}}
