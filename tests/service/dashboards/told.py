"""A book of forecasts made by hand, so that a page can be held against what is in it.

The quantiles of a figure lie evenly around its middle, and further apart each month.
"""

import json
from datetime import date
from pathlib import Path

import polars as pl

from clockstop.analytics.forecast.book import book_file
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, name
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month

ORIGIN, EARLIER = Month(2025, 9), Month(2025, 3)
AHEAD = 8
STEPS = (-3, -2, -1, 0, 1, 2, 3)
MIDDLES = {
    "incomplete_pathways": 200,
    "pct_within_18_weeks": 0.6,
    "over_18_weeks": 80,
    "over_52_weeks": 10,
    "over_65_weeks": 0,
    "over_78_weeks": 0,
}
APART = {"incomplete_pathways": 2, "pct_within_18_weeks": 0.01}
LISTS = [
    *(("england", "E92000001", function) for function in ("C_999", "C_110", "C_130")),
    *(("icb", "QWO", function) for function in ("C_999", "C_110", "C_130", "X02")),
    ("region", "Y63", "C_999"),
    ("provider", "RR8", "C_999"),
    ("sector", "independent", "C_999"),
]
NOTES = [("", "Only 2 months are known."), ("RR8", "Its past is short."), ("NVC05", "Left out.")]


def keep(home: Path, lake: Lake) -> Lake:
    """The lake in a home with a book of its own."""
    home.joinpath("lake").symlink_to(lake.folder)
    write(Lake(home))
    return Lake(home)


def write(told: Lake) -> None:
    """Put the book beside a lake."""
    book_file(told).parent.mkdir(exist_ok=True)
    notes = {"notes": json.dumps(NOTES)}
    pl.DataFrame(_forecasts()).write_parquet(book_file(told), metadata=notes)
    pl.DataFrame(_targets()).write_parquet(book_file(told, "targets"))


def _forecasts() -> list[dict]:
    keys = ("kind", "code", "function")
    return [
        {**dict(zip(keys, each, strict=True)), **_month(origin, ahead)}
        for each in LISTS
        for origin, months in ((EARLIER, 6), (ORIGIN, AHEAD))
        for ahead in range(1, months + 1)
    ]


def _month(origin: Month, ahead: int) -> dict:
    told = {
        f"{measure}_{name(quantile)}": max(
            0.0, MIDDLES[measure] + step * ahead * APART.get(measure, 1)
        )
        for measure in MEASURES
        for step, quantile in zip(STEPS, QUANTILES, strict=True)
    }
    return {"month": str(origin.plus(ahead)), "origin": str(origin), **told}


def a_target(function: str, **facts) -> dict:
    row = {
        "id": "rtt-65b",
        "name": "No waits of over 65 weeks",
        "measure": "over_65_weeks",
        "unit": "pathways",
        "due": date(2025, 3, 31),
        "month": "2026-03",
        "threshold": 0.0,
        "middle": 4.0,
        "p10": 1.0,
        "p90": 1234.0,
        "probability": 0.3,
        "gap": 4.0,
        "verdict": "unlikely",
        "reason": None,
        "clock_stops_now": 100.0,
        "clock_stops_even": 110.0,
        "clock_stops_sure": 1134.0,
        "clock_stops_longest": 120.0,
        "gap_longest": 1.0,
        "why_none_sure": None,
    }
    return {"kind": "icb", "code": "QWO", "function": function, **row, **facts}


SHARE = {
    "id": "rtt-18w-29",
    "name": "18 weeks: 92% by March 2029",
    "measure": "pct_within_18_weeks",
    "unit": "fraction",
    "due": date(2029, 3, 31),
    "month": "2029-03",
    "threshold": 0.92,
    "middle": 0.93,
    "p10": 0.9,
    "p90": 0.96,
    "probability": 0.7,
    "gap": -0.01,
    "verdict": "likely",
    "clock_stops_sure": 90.0,
    "clock_stops_longest": None,
    "gap_longest": None,
}
UNSAID = ("middle", "p10", "p90", "probability", "gap", "verdict")
UNSOLVED = (*(f"clock_stops_{of}" for of in ("now", "even", "sure", "longest")), "gap_longest")
SILENT = dict.fromkeys((*UNSAID, *UNSOLVED)) | {"reason": "nobody is expected to wait"}


def _targets() -> list[dict]:
    return [
        a_target("C_999"),
        a_target("C_999", **SHARE),
        a_target("C_110", probability=0.5, verdict="in the balance", gap=0.7),
        a_target("C_110", **SHARE) | {"gap": 0.123, "clock_stops_sure": 150.0},
        a_target("C_130", probability=0.0250004, clock_stops_sure=None)
        | {"why_none_sure": "not within 3 times today's capacity"},
        a_target("C_130", **SHARE) | {"probability": 0.99},
        a_target("X02", **SILENT),
        a_target("X02", **SHARE) | SILENT,
    ]
