"""RTT period status codes: what was recorded at an activity, and what that does to a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from clockstop.core.codes.load import read

_FILE = "status_codes.csv"
_COLUMNS = ("code", "group", "effect", "meaning", "note")


class Status(StrEnum):
    """The 17 national codes (DSCN 18/2006; guidance Annex D)."""

    FIRST_ACTIVITY = "10"
    MONITORING_ENDED = "11"
    CONSULTANT_REFERRAL = "12"
    LATER_ACTIVITY = "20"
    TRANSFER = "21"
    TREATED = "30"
    MONITORING_BY_PATIENT = "31"
    MONITORING_BY_PROFESSIONAL = "32"
    DID_NOT_ATTEND = "33"
    NOT_TREATED = "34"
    DECLINED = "35"
    DIED = "36"
    AFTER_TREATMENT = "90"
    DURING_MONITORING = "91"
    NOT_YET_REFERRED = "92"
    NOT_APPLICABLE = "98"
    NOT_YET_KNOWN = "99"


class Effect(StrEnum):
    """What a status code says of the clock."""

    STARTS = "starts"
    CONTINUES = "continues"
    STOPS = "stops"
    NULLIFIES = "nullifies"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatusCode:
    """One code of the list, in plain words."""

    status: Status
    group: str
    effect: Effect
    meaning: str
    note: str


@cache
def status_codes() -> Mapping[Status, StatusCode]:
    """Every code in the order of the list. The file repeats the national list of 17."""
    lines = files(__package__).joinpath(_FILE).read_text(encoding="utf-8").splitlines()
    rows = (StatusCode(*_row(each)) for each in read(lines, _FILE, _COLUMNS))
    return MappingProxyType({row.status: row for row in rows})


def _row(row: Mapping[str, str]) -> tuple[Status, str, Effect, str, str]:
    effect = Effect(row["effect"])
    return Status(row["code"]), row["group"], effect, row["meaning"], row["note"]
