"""One count of a simulation, by each place that it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What is counted, and how many there are by where it was counted."""

    what: str
    counts: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Whether every count is the same."""
        return len(set(self.counts.values())) == 1
