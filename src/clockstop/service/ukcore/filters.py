"""What one search parameter asks of a column: tokens, references, days. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from clockstop.service.fhir.faults import Fault, FaultyError, Wrong

_COMPARES = {"eq": "", "ge": "__gte", "gt": "__gt", "le": "__lte", "lt": "__lt"}


def _refuse(words: str) -> FaultyError:
    return FaultyError([Fault(Wrong.VALUE, words)])


def number(text: str) -> int:
    """A key that is a number. Raises FaultyError."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - of a bigint
        raise _refuse(f"'{text[:40]}' is no number")
    return int(text)


def unique(text: str) -> UUID:
    """A key that is a UUID. Raises FaultyError."""
    try:
        return UUID(text)
    except ValueError:
        raise _refuse(f"'{text[:40]}' is no UUID") from None


def code(text: str) -> str:
    """A key that is an ODS code. Raises FaultyError."""
    if not text.isascii() or not text.isalnum() or len(text) > 12:  # noqa: PLR2004 - of the column
        raise _refuse(f"'{text[:40]}' is no organisation code")
    return text.upper()


def token(column: str, values: Mapping[str, Any] | None = None) -> Callable[[str], Q]:
    """Equal to a code, with or without its system; ``values`` are what codes stand for."""

    def made(text: str) -> Q:
        wanted = text.rpartition("|")[2]
        if values is None:
            return Q(**{column: wanted})
        if wanted not in values:
            raise _refuse(f"'{wanted[:40]}' is none of {', '.join(values)}")
        return Q(**{column: values[wanted]})

    return made


def reference(kind: str, column: str, key: Callable[[str], Any]) -> Callable[[str], Q]:
    """Refers to a resource, with or without its kind before the key."""

    def made(text: str) -> Q:
        named, _, wanted = text.rpartition("/")
        if named not in {"", kind}:
            raise _refuse(f"'{text[:60]}' is no {kind}")
        return Q(**{column: key(wanted)})

    return made


def moment(column: str) -> Callable[[str], Q]:
    """A day or a moment, after eq, ge, gt, le or lt; a day alone is the whole day."""

    def made(text: str) -> Q:
        prefix = text[:2] if text[:2] in _COMPARES else "eq"
        starts, ends = _span(text.removeprefix(prefix))
        if prefix == "eq":
            return Q(**{f"{column}__gte": starts, f"{column}__lt": ends})
        at = ends if prefix in {"gt", "le"} else starts
        compare = {"gt": "__gte", "le": "__lt"}.get(prefix, _COMPARES[prefix])
        return Q(**{f"{column}{compare}": at})

    return made


def _span(text: str) -> tuple[datetime, datetime]:
    try:
        if len(text) == len("2026-01-01"):
            first = datetime.combine(date.fromisoformat(text), time.min, tzinfo=UTC)
            return first, first + timedelta(days=1)
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at, at + timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise _refuse(f"'{text[:40]}' is no day or moment") from None


def starting(column: str) -> Callable[[str], Q]:
    """Begins with the words, whatever their case."""
    return lambda text: Q(**{f"{column}__istartswith": text[:100]})
