"""What every event has, and how a kind of event joins the vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from clockstop.core.rtt.status_codes import Status

KINDS: dict[str, type[Event]] = {}
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened on one patient's pathway.

    ``id`` names it within the pathway; ``day`` is when it happened. ``provider`` is the ODS code of
    the organisation it happened at. ``status`` is the RTT period status code recorded with it;
    ``intended_status`` the one foreseen before, which decides nothing (Annex E).
    ``treatment_function`` is the national code of the service it happened in, like 110.
    ``recorded`` is the day on which the entry was made, if later than ``day``. ``supersedes`` names
    the wrong entry that this one replaces: the wrong one stays visible.
    """

    kind: ClassVar[str] = ""
    id: str
    day: date
    provider: str | None = None
    status: Status | None = None
    intended_status: Status | None = None
    treatment_function: str | None = None
    recorded: date | None = None
    supersedes: str | None = None

    def __init_subclass__(cls) -> None:
        """Enter the class under its kind: ``ReferralReceived`` is ``referral_received``."""
        super().__init_subclass__()
        cls.kind = _WORD.sub("_", cls.__name__).lower()
        KINDS[cls.kind] = cls


@dataclass(frozen=True, kw_only=True)
class Decision(Event):
    """A decision, which counts once the patient has been told (§4.4).

    ``communicated`` is false while the patient has not been told; ``decision_communicated`` then
    brings it into force.
    """

    communicated: bool = True


del KINDS[Decision.kind]


@dataclass(frozen=True, kw_only=True)
class DecisionCommunicated(Event):
    """The patient was told of an earlier decision, named by ``decision``."""

    decision: str


@dataclass(frozen=True, kw_only=True)
class EntryWithdrawn(Event):
    """An entry was wrong and nothing replaces it; ``supersedes`` names it."""
