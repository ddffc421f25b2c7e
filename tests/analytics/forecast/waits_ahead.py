"""A kept table of one list, for those who read it; every figure is made up."""

import polars as pl

from clockstop.analytics.forecast.expected.waits import KINDS
from clockstop.core.rtt.week_bands import BANDS

ROW = {
    "provider": "R01",
    "function": "C_110",
    "waiting": 100,
    "admitted_stops": 50,
    "nonadmitted_stops": 50,
    "borrowed": 0.25,
    "ends_without_treatment": 0.1,
    "shortest": 0.4,
    **{f"{kind}_{part}": 10.0 for kind in KINDS for part in ("p50", "p80")},
    **{f"{kind}_p92": 20.2 for kind in KINDS},
}


def table_of(**changed):
    """The same row for every week band, so changed."""
    return pl.DataFrame([ROW | changed | {"waited": band} for band in range(BANDS)])
