"""Reference data of e-RS: reasons for cancelling and rejecting, priorities, specialties.

Specialties and clinic types are those few that the published examples hold: the full lists were
not published, so nothing may rest on their being whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from clockstop.core.codes.load import load

_COLUMNS = (
    "key",
    "list",
    "code",
    "display",
    "party",
    "usage",
    "roles",
    "comment",
    "cancels_referral",
    "specialty",
    "valid_from",
    "valid_to",
    "source",
)


class ErsList(StrEnum):
    """The lists, as operation A004 names them."""

    SPECIALTY = "SPECIALTY"
    CLINIC_TYPE = "CLINIC-TYPE"
    PRIORITY = "PRIORITY"
    APPOINTMENT_CANCELLATION = "APPOINTMENT-CANCELLATION-REASON"
    REFERRAL_CANCELLATION = "REFERRAL-CANCELLATION-REASON"
    NON_ATTENDANCE = "APPOINTMENT-NON-ATTENDANCE-REASON"


@dataclass(frozen=True, slots=True)
class ErsCode:
    """A code while it holds; ``party`` is whose reason it is (PATIENT, PROVIDER_REJECT, …).

    ``needs_comment``: e-RS refuses the code without words. ``cancels_referral``: it ends the whole
    referral and not the appointment alone. ``specialty`` is that of a clinic type.
    """

    list: ErsList
    code: str
    display: str
    party: str
    usage: str
    roles: tuple[str, ...]
    needs_comment: bool
    cancels_referral: bool
    specialty: str
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the code may be used on the day; ``valid_to`` is the first on which not."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@cache
def ers_codes(which: ErsList) -> dict[str, ErsCode]:
    """A list whole, codes that are no longer used too, in the order of the file."""
    rows = load("ers_reference.csv", _COLUMNS)
    return {row["code"]: _code(row) for row in rows if row["list"] == which}


def ers_codes_on(which: ErsList, day: date, *parties: str) -> dict[str, ErsCode]:
    """The codes of a list that hold on a day, of some parties alone if any are named."""
    return {
        code: each
        for code, each in ers_codes(which).items()
        if each.holds_on(day) and (not parties or each.party in parties)
    }


def _code(row: dict[str, str]) -> ErsCode:
    return ErsCode(
        ErsList(row["list"]),
        row["code"],
        row["display"],
        row["party"],
        row["usage"],
        tuple(row["roles"].split()),
        row["comment"] == "mandatory",
        row["cancels_referral"] == "yes",
        row["specialty"],
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )
