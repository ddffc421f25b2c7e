"""Seals: what makes an entry of the audit hold the whole of its past. Pure."""

import hashlib
import json
from collections.abc import Mapping

SEALED = (
    "icb_code",
    "number",
    "at",
    "actor",
    "role",
    "organisation_code",
    "action",
    "subject_kind",
    "subject",
    "detail",
    "previous",
)


def canonical(values: Mapping[str, object]) -> str:
    """Values as JSON text that is the same wherever it is written."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def seal(entry: Mapping[str, object]) -> str:
    """The seal of an entry: a hash of each of its fields, the seal before it among them."""
    return digest(canonical({name: entry[name] for name in SEALED}))
