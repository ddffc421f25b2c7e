"""The RTT extract's columns, parts and codes as NHS England files them since April 2021."""

from __future__ import annotations

import calendar
import re

from clockstop.core.types import Month, Part

PERIOD = "Period"
PROVIDER_ICB, PROVIDER_ICB_NAME = "Provider Parent Org Code", "Provider Parent Name"
PROVIDER, PROVIDER_NAME = "Provider Org Code", "Provider Org Name"
COMMISSIONER_ICB = "Commissioner Parent Org Code"
COMMISSIONER_ICB_NAME = "Commissioner Parent Name"
COMMISSIONER, COMMISSIONER_NAME = "Commissioner Org Code", "Commissioner Org Name"
PART, PART_NAME = "RTT Part Type", "RTT Part Description"
FUNCTION, FUNCTION_NAME = "Treatment Function Code", "Treatment Function Name"
TOTAL, UNKNOWN_START, TOTAL_ALL = "Total", "Patients with unknown clock start date", "Total All"

KEYS = (
    PERIOD,
    PROVIDER_ICB,
    PROVIDER_ICB_NAME,
    PROVIDER,
    PROVIDER_NAME,
    COMMISSIONER_ICB,
    COMMISSIONER_ICB_NAME,
    COMMISSIONER,
    COMMISSIONER_NAME,
    PART,
    PART_NAME,
    FUNCTION,
    FUNCTION_NAME,
)
OPEN_BAND = 104
BANDS = (
    *(f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(OPEN_BAND)),
    f"Gt {OPEN_BAND} Weeks SUM 1",
)
COUNTS = (*BANDS, TOTAL, UNKNOWN_START, TOTAL_ALL)
COLUMNS = (*KEYS, *COUNTS)
CODES = (PROVIDER_ICB, PROVIDER, COMMISSIONER_ICB, COMMISSIONER, PART, FUNCTION)

# A code, and the name that must always stand beside it.
NAMED = {
    PROVIDER_ICB: PROVIDER_ICB_NAME,
    PROVIDER: PROVIDER_NAME,
    COMMISSIONER_ICB: COMMISSIONER_ICB_NAME,
    COMMISSIONER: COMMISSIONER_NAME,
    PART: PART_NAME,
    FUNCTION: FUNCTION_NAME,
}
TOTAL_FUNCTION = "C_999"
NONC = "NONC"  # commissioners outside England: not in the published England figures
COMPLETED = (Part.ADMITTED, Part.NONADMITTED)
WAITING = (Part.INCOMPLETE, Part.INCOMPLETE_DTA)
PART_NAMES = {
    Part.ADMITTED: "Completed Pathways For Admitted Patients",
    Part.NONADMITTED: "Completed Pathways For Non-Admitted Patients",
    Part.INCOMPLETE: "Incomplete Pathways",
    Part.INCOMPLETE_DTA: "Incomplete Pathways with DTA",
    Part.NEW_PERIODS: "New RTT Periods - All Patients",
}

_PERIOD = re.compile(r"RTT-([A-Z][a-z]+|[A-Z]+)-(\d{4})")
_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}


def month_of(period: str) -> str | None:
    """``RTT-September-2025`` as ``2025-09``; None if it is no such period."""
    match = _PERIOD.fullmatch(period)
    if not match or match[1].capitalize() not in _MONTHS:
        return None
    return str(Month(int(match[2]), _MONTHS[match[1].capitalize()]))
