"""Reads the code lists that ship with the package, and refuses a damaged one."""

import csv
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import chain


class CodeListError(ValueError):
    """A code list that cannot be trusted; ``problems`` holds every fault found, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def load(file: str, columns: Sequence[str]) -> tuple[dict[str, str], ...]:
    """Read a code list of this package; see ``read`` for what is checked."""
    text = files(__package__).joinpath(file).read_text(encoding="utf-8")
    return read(text.splitlines(), file, columns)


def read(lines: Iterable[str], file: str, columns: Sequence[str]) -> tuple[dict[str, str], ...]:
    """The rows of a CSV whose header is exactly ``columns`` and whose first column is the key.

    Raises CodeListError naming file and row where the header differs, a row is too short or
    too long, or a key is blank or comes twice: all such problems at once.
    """
    table = list(csv.reader(lines))
    header, rows = (table[0], table[1:]) if table else ([], [])
    if header != list(columns):
        raise CodeListError([f"{file}, row 1: found columns {header}, expected {list(columns)}"])
    problems = [*chain(_ragged(rows, file, len(columns)), _bad_keys(rows, file, columns[0]))]
    if problems:
        raise CodeListError(problems)
    return tuple(dict(zip(columns, row, strict=True)) for row in rows)


def _ragged(rows: list[list[str]], file: str, width: int) -> list[str]:
    return [
        f"{file}, row {number}: found {len(row)} cells, expected {width}"
        for number, row in enumerate(rows, start=2)
        if len(row) != width
    ]


def _bad_keys(rows: list[list[str]], file: str, column: str) -> list[str]:
    first_seen: dict[str, int] = {}
    problems = []
    for number, row in enumerate(rows, start=2):
        key = row[0] if row else ""
        if not key:
            problems.append(f"{file}, row {number}, {column}: found a blank, expected a code")
        elif key in first_seen:
            problems.append(
                f"{file}, row {number}, {column}: found {key!r} again, expected it once"
                f" (first in row {first_seen[key]})"
            )
        first_seen.setdefault(key, number)
    return problems
