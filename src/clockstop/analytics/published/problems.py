"""What can be wrong with a file, said so that whoever sent it can mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TypeVar

SHOWN_OF_A_KIND = 1_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: where it is, what was found there and what was expected.

    ``row`` is the line of the file as an editor numbers it (the header is line 1); ``row`` and
    ``column`` are None where the fault is of the whole file. ``kind`` groups like faults.
    """

    file: str
    kind: str
    found: str
    expected: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row:,}")
        if self.column is not None:
            place.append(f"column {self.column!r}")
        return f"{', '.join(place)}: found {self.found}; expected {self.expected}"

    def as_dict(self) -> dict[str, object]:
        """The fault as plain data, for JSON."""
        return asdict(self)


class FileRefusedError(Exception):
    """A file cannot be taken. ``problems`` lists every fault found, and is never empty."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = capped(problems)
        super().__init__("\n".join(map(str, self.problems)))


def together(steps: Iterable[Callable[[], T]]) -> list[T]:
    """The results of all steps. Raises FileRefusedError with the problems of every one."""
    results, problems = [], []
    for step in steps:
        try:
            results.append(step())
        except FileRefusedError as refusal:
            problems += refusal.problems
    if problems:
        raise FileRefusedError(problems)
    return results


def capped(problems: Iterable[Problem], limit: int = SHOWN_OF_A_KIND) -> list[Problem]:
    """The problems, with at most ``limit`` of a kind and a line that counts the rest."""
    kept: list[Problem] = []
    seen: Counter[str] = Counter()
    first: dict[str, Problem] = {}
    for problem in problems:
        seen[problem.kind] += 1
        first.setdefault(problem.kind, problem)
        if seen[problem.kind] <= limit:
            kept.append(problem)
    for kind, count in seen.items():
        if count > limit:
            kept.append(
                Problem(first[kind].file, kind, f"{count - limit:,} more like it", "none of them")
            )
    return kept
