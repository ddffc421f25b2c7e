"""Bringing many records up to date at once, and counting what that changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

_BATCH = 500
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a kind were new, changed, or as they were."""

    new: int
    changed: int
    unchanged: int


def held_by(
    model: type[models.Model], key: Sequence[str], names: Iterable[str]
) -> dict[tuple[Any, ...], Values]:
    """The records of a model, by the values of their key."""
    rows = model._default_manager.values(*names)  # noqa: SLF001 - Django's way to any model's rows
    return {tuple(row[name] for name in key): row for row in rows}


def upsert(
    model: type[models.Model],
    key: Sequence[str],
    wanted: Sequence[Values],
    held: Mapping[tuple[Any, ...], Values] | None = None,
) -> Tally:
    """Write those of the wanted records that are not so already; remove none.

    Every record has the same fields. ``held`` are the records as they are, where they were read
    already.
    """
    if not wanted:
        return Tally(0, 0, 0)
    if held is None:
        held = held_by(model, key, wanted[0])
    before = [held.get(tuple(values[name] for name in key)) for values in wanted]
    pairs = list(zip(wanted, before, strict=True))
    new = [values for values, old in pairs if old is None]
    changed = [values for values, old in pairs if old is not None and old != values]
    rest = [name for name in wanted[0] if name not in key]
    model._default_manager.bulk_create(  # noqa: SLF001
        [model(**values) for values in (*new, *changed)],
        batch_size=_BATCH,
        **_on_conflict(key, rest),
    )
    return Tally(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _on_conflict(key: Sequence[str], rest: Sequence[str]) -> Values:
    """A record that is all key cannot change, only be there."""
    if not rest:
        return {"ignore_conflicts": True}
    return {"update_conflicts": True, "unique_fields": key, "update_fields": rest}
