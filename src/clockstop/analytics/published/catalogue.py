"""The lake's table of contents: which files it holds, their revisions, and which is current."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

FORMAT = 1


@dataclass(frozen=True)
class Revision:
    """One file as ingested. ``id`` is the SHA-256 of its content; tables lie in ``folder``."""

    id: str
    source: str
    bytes: int
    ingested_at: str
    rows: int
    tables: tuple[str, ...]
    folder: str
    warnings: int = 0
    facts: Mapping[str, int | float | str | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """All revisions of one key of a data set, oldest first; the last in ``order`` is current."""

    revisions: tuple[Revision, ...]
    current_id: str

    @property
    def current(self) -> Revision:
        """The revision in use."""
        return next(r for r in self.revisions if r.id == self.current_id)

    def find(self, prefix: str) -> Revision | None:
        """The one revision whose id starts so, or None if there is none or more than one."""
        found = [r for r in self.revisions if r.id.startswith(prefix)]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Catalogue:
    """Data set -> key -> entry. Immutable: every change returns a new catalogue."""

    entries: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)

    def entry(self, data_set: str, key: str) -> Entry | None:
        """The entry of a data set's key, if any."""
        return self.entries.get(data_set, {}).get(key)

    def current(self, data_set: str) -> dict[str, Revision]:
        """The current revision of every key of a data set, keys in order."""
        found = self.entries.get(data_set, {})
        return {key: found[key].current for key in sorted(found)}

    def revisions(self) -> Iterator[tuple[str, str, Revision, bool]]:
        """Every revision kept: data set, key, revision, whether it is current."""
        for data_set in sorted(self.entries):
            for key, entry in sorted(self.entries[data_set].items()):
                for revision in entry.revisions:
                    yield data_set, key, revision, revision.id == entry.current_id

    def with_revision(self, data_set: str, key: str, revision: Revision) -> Self:
        """This catalogue with the revision added, if it is new, and made current."""
        old = self.entry(data_set, key)
        kept = old.revisions if old else ()
        if all(r.id != revision.id for r in kept):
            kept = (*kept, revision)
        keys = {**self.entries.get(data_set, {}), key: Entry(kept, revision.id)}
        return replace(self, entries={**self.entries, data_set: keys})

    def to_json(self) -> str:
        """The catalogue as JSON text."""
        data = {
            name: {key: asdict(entry) for key, entry in keys.items()}
            for name, keys in self.entries.items()
        }
        return json.dumps({"format": FORMAT, "data_sets": data}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what to_json wrote. Raises ValueError on anything else."""
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError(f"the lake's catalogue is not of format {FORMAT}")
        return cls(
            {
                name: {key: _entry(entry) for key, entry in keys.items()}
                for name, keys in data["data_sets"].items()
            }
        )


def _entry(data: dict[str, Any]) -> Entry:
    revisions = [Revision(**{**r, "tables": tuple(r["tables"])}) for r in data["revisions"]]
    return Entry(tuple(revisions), data["current_id"])
