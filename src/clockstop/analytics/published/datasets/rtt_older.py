"""The RTT extract as filed until March 2021: weekly bands to 52+, nineteen treatment functions.

69 columns: the thirteen keys of the later layout, its weekly bands ``Gt 00 To 01 Weeks SUM 1`` to
``Gt 51 To 52 Weeks SUM 1``, the open ``Gt 52 Weeks SUM 1``, then ``Total``, ``Patients with unknown
clock start date`` and ``Total All``. Period may be in capitals (``RTT-MARCH-2019``). There is one
function ``X01``, "Other", where ``X02`` to ``X06`` came later, and names lack "Service" ("General
Medicine", "Thoracic Medicine"). Providers' parents are the regional teams, then from April 2020 the
STPs.

Evidence: code in public repositories that reads NHS England's files of February and March 2019,
December 2020 and March 2021 by these names (the 53 bands, ``Total All``, the parent columns, the
period in capitals, the function codes and names). No such file was at hand: verify on the first
ones the order of the columns, the names of the parts and of ``Patients with unknown clock start
date``, and whether a row may lack ``Total All``; files before October 2015 (adjusted admitted
pathways) are not meant.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from clockstop.analytics.published.csv_text import Layout
from clockstop.analytics.published.datasets import rtt_layout as layout
from clockstop.core.codes import OLDER_FUNCTIONS, treatment_functions
from clockstop.core.rtt.week_bands import OLDER_OPEN_BAND, open_band

OPEN = f"Gt {OLDER_OPEN_BAND} Weeks SUM 1"
BANDS = (*layout.BANDS[:OLDER_OPEN_BAND], OPEN)
COUNTS = (*BANDS, layout.TOTAL, layout.UNKNOWN_START, layout.TOTAL_ALL)
LAYOUT = Layout((*layout.KEYS, *COUNTS))
_SINCE_APRIL_2021 = frozenset({"X02", "X03", "X04", "X05", "X06"})


def is_older(month: str | None) -> bool:
    """Whether returns of the month, ``2021-03``, have the older bands and functions."""
    return month is not None and open_band(month) == OLDER_OPEN_BAND


def function_codes(month: str | None) -> Collection[str]:
    """The codes of the treatment functions of that month, the total's among them."""
    codes = {function.code for function in treatment_functions()}
    if is_older(month):
        codes = codes - _SINCE_APRIL_2021 | {function.code for function in OLDER_FUNCTIONS}
    return codes | {layout.TOTAL_FUNCTION}


def widened(rows: pl.DataFrame) -> pl.DataFrame:
    """Older rows under the later columns: the open band stands in band 52, later ones are blank."""
    later = dict.fromkeys(layout.BANDS[OLDER_OPEN_BAND + 1 :], pl.lit(None, pl.Int32))
    wide = rows.rename({OPEN: layout.BANDS[OLDER_OPEN_BAND]}).with_columns(**later)
    return wide.select(*(c for c in rows.columns if c == "row"), *layout.COLUMNS)
