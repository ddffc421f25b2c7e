"""The words of the clock as numbers, for arrays: each counts from 1, and 0 is none.

The numbers live as long as a run: nothing that is kept holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from typing import Any

from clockstop.core.rtt import events, findings, periods, policy, status_codes
from clockstop.core.rtt.reading import event_fields
from clockstop.core.rtt.rules import clock_rules


def _numbered(name: str, words: Iterable[str]) -> Any:
    found = {word.upper().replace("-", "_"): number for number, word in enumerate(words, start=1)}
    return IntEnum(name, found)


def _bits(words: Iterable[str]) -> Any:
    return IntEnum("Flag", {word.upper(): 1 << at for at, word in enumerate(words)})


def _members(words: type[StrEnum]) -> Any:
    return _numbered(words.__name__, words.__members__)


def bool_fields() -> Mapping[str, Mapping[str, bool]]:
    """The fields of yes or no by their name; for each, its default in the kinds that have it."""
    found: dict[str, dict[str, bool]] = {}
    for kind in sorted(events.KINDS):
        for name, field in event_fields(kind).items():
            if field.type is bool:
                found.setdefault(name, {})[kind] = bool(field.default)
    return found


KINDS = tuple(sorted(events.KINDS))
RULES = tuple(clock_rules())
Kind = _numbered("Kind", KINDS)
Rule = _numbered("Rule", RULES)
Problem = _members(findings.Problem)
Ending = _members(periods.Ending)
Status = _members(status_codes.Status)
Appointment = _members(events.Appointment)
By = _members(events.By)
DischargeReason = _members(events.DischargeReason)
Handover = _members(events.Handover)
PlannedFor = _members(events.PlannedFor)
Purpose = _members(events.Purpose)
Referrer = _members(events.Referrer)
ReportedBy = _members(events.ReportedBy)
Result = _members(events.Result)
Service = _members(events.Service)
Setting = _members(events.Setting)
DnaStop = _members(policy.DnaStop)
PlaceAfter = _members(policy.PlaceAfter)
PlaceRule = _members(policy.PlaceRule)
# Each field of yes or no is one bit of a row's flags.
Flag = _bits(bool_fields())
