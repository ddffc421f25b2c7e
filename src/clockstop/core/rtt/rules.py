"""The clock rules as a table that a clinician can read; the engine names its rules by their id.

Source: NHS England, Recording and reporting referral to treatment (RTT) waiting times for
consultant-led elective care, version 5.0, 11 February 2025. ``clock_rules.csv`` holds for each rule
the number of the national clock rule, the paragraph of the guidance and our own words for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from clockstop.core.codes.load import read

_FILE = "clock_rules.csv"
_COLUMNS = ("id", "clock_rule", "paragraph", "effect", "text")


class RuleEffect(StrEnum):
    """What a rule does to the clock of a pathway."""

    STARTS = "starts"
    CONTINUES = "continues"
    STOPS = "stops"
    NULLIFIES = "nullifies"
    REOPENS = "reopens"
    NONE = "none"
    REPORTS = "reports"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One rule. ``clock_rule`` is its number in the rules suite (``3b``), blank where none is."""

    id: str
    clock_rule: str
    paragraph: str
    effect: RuleEffect
    text: str

    @property
    def reference(self) -> str:
        """Where to read it: ``rule 3b, §3.4.2``."""
        return ", ".join(filter(None, (self.clock_rule and f"rule {self.clock_rule}", self.where)))

    @property
    def where(self) -> str:
        """The paragraphs, as people write them: ``§3.4.2``, ``Annex E``."""
        parts = filter(None, self.paragraph.split("; "))
        return ", ".join(part if part[0].isalpha() else f"§{part}" for part in parts)


@cache
def clock_rules() -> Mapping[str, ClockRule]:
    """Every rule by its id, in the order of the table."""
    lines = files(__package__).joinpath(_FILE).read_text(encoding="utf-8").splitlines()
    rules = (_rule(row) for row in read(lines, _FILE, _COLUMNS))
    return MappingProxyType({rule.id: rule for rule in rules})


def _rule(row: Mapping[str, str]) -> ClockRule:
    return ClockRule(
        id=row["id"],
        clock_rule=row["clock_rule"],
        paragraph=row["paragraph"],
        effect=RuleEffect(row["effect"]),
        text=row["text"],
    )
