"""What a folder holds of what was fetched: one small index, always replaced whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from clockstop.analytics.published.fetchers.parts import Version
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.core.types import Month

INDEX = "fetched.json"
FORMAT = 1


@dataclass(frozen=True)
class Record:
    """One file fetched. ``etag`` and ``last_modified`` are as its site gave them, if it did."""

    file: str
    url: str
    etag: str | None
    last_modified: str | None
    sha256: str
    size: int
    fetched_at: str

    @property
    def version(self) -> Version:
        """What to ask the site by whether it has another."""
        return Version(self.url, self.etag, self.last_modified, self.size)


@dataclass
class Index:
    """The records of a folder: for each month its files, the current one last."""

    folder: Path
    months: dict[str, list[Record]] = field(default_factory=dict)

    def current(self, month: Month) -> Record | None:
        """The file of the month that was fetched last, if any."""
        records = self.months.get(str(month))
        return records[-1] if records else None

    def keep(self, month: Month, record: Record) -> None:
        """Make a file the month's current one, and write the index. Raises OSError."""
        others = [each for each in self.months.get(str(month), []) if each.file != record.file]
        self.months[str(month)] = [*others, record]
        self._write()

    def _write(self) -> None:
        months = {
            month: [asdict(record) for record in records]
            for month, records in sorted(self.months.items())
        }
        text = json.dumps({"format": FORMAT, "months": months}, indent=1)
        new = self.folder / f"{INDEX}.part"
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.folder / INDEX)


def read_index(folder: Path) -> Index:
    """The folder's index, empty if there is none. Raises FileRefusedError if it cannot be read."""
    file = folder / INDEX
    try:
        data = json.loads(file.read_bytes())
        return Index(folder, _months(data))
    except FileNotFoundError:
        return Index(folder)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = "the index as it was written; without it, all is fetched anew"
        raise FileRefusedError([Problem(str(file), "index", str(error), expected)]) from error


def _months(data: Mapping[str, Any]) -> dict[str, list[Record]]:
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']!r}, not {FORMAT}")
    return {
        str(Month.parse(month)): [_record(record) for record in records]
        for month, records in data["months"].items()
    }


def _record(data: Mapping[str, Any]) -> Record:
    record = Record(**data)
    needed = (record.file, record.url, record.sha256, record.fetched_at)
    given = (text for text in (record.etag, record.last_modified) if text is not None)
    if not all(isinstance(text, str) for text in (*needed, *given)):
        raise ValueError(f"{record} with something else for text")
    return record
