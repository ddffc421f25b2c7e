"""The columns, periods and tests of the DM01 diagnostics return, as published in two forms.

The monthly full extract has had these 30 columns since April 2019, every provider × commissioner
pair with 15 tests and a ``TOTAL`` row (number 16) that adds them up.
"""

from __future__ import annotations

import calendar
import re

from clockstop.core.types import Month

PERIOD = "Period"
PROVIDER_ICB, PROVIDER_ICB_NAME = "Provider Parent Org Code", "Provider Parent Name"
PROVIDER, PROVIDER_NAME = "Provider Org Code", "Provider Org Name"
COMMISSIONER_ICB = "Commissioner Parent Org Code"
COMMISSIONER_ICB_NAME = "Commissioner Parent Name"
COMMISSIONER, COMMISSIONER_NAME = "Commissioner Org Code", "Commissioner Org Name"
TEST_NUMBER, TEST = "Diagnostic Tests Sort Order", "Diagnostic Tests"
OPEN_BAND = 13
BANDS = (
    "00 < 01 Week",
    *(f"{week:02d} < {week + 1:02d} Weeks" for week in range(1, OPEN_BAND)),
    f"{OPEN_BAND}+ Weeks",
)
TOTAL_WAITING = "Total WL"
WAITING_LIST, PLANNED, UNSCHEDULED = (
    "Waiting List Activity",
    "Planned Activity",
    "Unscheduled Activity",
)
TOTAL_ACTIVITY = "Total Activity"

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
    TEST_NUMBER,
    TEST,
)
COUNTS = (*BANDS, TOTAL_WAITING, WAITING_LIST, PLANNED, UNSCHEDULED, TOTAL_ACTIVITY)
COLUMNS = (*KEYS, *COUNTS)
TOTAL_TEST, TOTAL_NUMBER = "TOTAL", 16

_PERIOD = re.compile(r"DM01-([A-Z]+)-(\d{4})", re.IGNORECASE)
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_name) if name}


def month_of(period: str) -> str | None:
    """``DM01-JANUARY-2025`` as ``2025-01``; None if it is no such period."""
    match = _PERIOD.fullmatch(period)
    if not match or match[1].upper() not in _MONTHS:
        return None
    return str(Month(int(match[2]), _MONTHS[match[1].upper()]))


def period_of(month: Month) -> str:
    """The month as the extract writes it: ``DM01-JANUARY-2025``."""
    return f"DM01-{calendar.month_name[month.number].upper()}-{month.year}"
