"""Extracts until March 2021: 53 bands, the last open, taken into the same tables."""

from collections.abc import Callable

import polars as pl
import pytest
from tests.analytics.published import extracts
from tests.analytics.published.helpers import read, refusals
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.lists.statistics import list_statistics
from clockstop.analytics.published.datasets import rtt_layout, rtt_older
from clockstop.analytics.published.datasets.rtt import RTT
from clockstop.core.codes import OLDER_FUNCTIONS

BANDED = len(rtt_layout.KEYS)


def older(month: str = "2021-03") -> Sheet:
    """A made-up extract of the month in the older columns, with the function "Other"."""
    later = extracts.rtt(month)
    rows = []
    for row in later.rows:
        keys, bands, totals = row[:BANDED], row[BANDED:-3], row[-3:]
        kept, open_ones = bands[: len(rtt_older.BANDS) - 1], bands[len(rtt_older.BANDS) - 1 :]
        longest = str(sum(int(n or 0) for n in open_ones)) if any(bands) else ""
        rows.append([*map(_name, keys), *kept, longest, *totals])
    return Sheet(list(rtt_older.LAYOUT.columns), rows, name="older.csv")


def _name(cell: str) -> str:
    renamed = {
        "X02": "X01",
        "Other - Medical Services": "Other",
        "RTT-March-2021": "RTT-MARCH-2021",
    }
    return renamed.get(cell, cell.removesuffix(" Service"))


SHEET = older()


def spoilt(change: Callable[[Sheet], object], sheet: Sheet = SHEET) -> list[tuple[object, ...]]:
    sheet = sheet.copy()
    change(sheet)
    return [(p.kind, p.row, p.column) for p in refusals(RTT, sheet.bytes())]


def test_the_layout_is_of_53_bands_and_recognised() -> None:
    assert (len(rtt_older.BANDS), len(rtt_older.LAYOUT.columns)) == (53, 69)
    assert rtt_older.BANDS[:2] == ("Gt 00 To 01 Weeks SUM 1", "Gt 01 To 02 Weeks SUM 1")
    assert rtt_older.BANDS[-2:] == ("Gt 51 To 52 Weeks SUM 1", "Gt 52 Weeks SUM 1")
    assert RTT.recognises(SHEET.bytes()[:16_384])


def test_it_fills_the_same_tables_and_ends_in_band_52() -> None:
    reading, later = read(RTT, SHEET.bytes()), read(RTT, extracts.rtt("2021-04").bytes())
    assert (reading.key, set(reading.tables)) == ("2021-03", set(later.tables))
    for name, table in reading.tables.items():
        assert table.schema == later.tables[name].schema
    pathways = reading.tables["pathways"]
    assert pathways["band"].max() == 52
    cells = [dict(zip(SHEET.columns, row, strict=True)) for row in SHEET.rows]
    functions = [row for row in cells if row["Treatment Function Code"] != "C_999"]
    assert pathways.filter(band=52)["n"].sum() == sum(
        int(r[rtt_older.OPEN] or 0) for r in functions
    )
    assert set(pathways["function"].cast(pl.String)) == {"C_110", "C_130", "X01"}
    assert [function.code for function in OLDER_FUNCTIONS] == ["X01"]


def test_longer_waits_are_not_known_rather_than_0() -> None:
    reading = read(RTT, SHEET.bytes())
    assert {"over_18_weeks", "over_52_weeks"} <= set(reading.facts)
    assert not {"over_65_weeks", "over_78_weeks", "over_104_weeks"} & set(reading.facts)
    (row,) = list_statistics(reading.tables["england"]).rows(named=True)
    assert row["over_52_weeks"] == reading.facts["over_52_weeks"] > 0
    assert (row["over_65_weeks"], row["over_104_weeks"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda s: s.put(2, "Treatment Function Code", "X02"),
            ("code", 2, "Treatment Function Code"),
        ),
        (lambda s: s.put(3, "Gt 52 Weeks SUM 1", "x"), ("number", 3, "Gt 52 Weeks SUM 1")),
        (lambda s: s.put(3, "Total All", "1"), ("total", 3, "Total All")),
        (
            lambda s: s.columns.__setitem__(-4, "Gt 52 Week SUM 1"),
            ("header", 1, "Gt 52 Week SUM 1"),
        ),
    ],
)
def test_each_fault_is_refused_and_named(
    change: Callable[[Sheet], object], fault: tuple[object, ...]
) -> None:
    assert fault in spoilt(change)


def test_the_columns_must_be_those_of_the_month() -> None:
    assert ("layout", 2, "Period") in spoilt(lambda s: s, older("2021-04"))
    assert ("layout", 2, "Period") in spoilt(lambda s: s, extracts.rtt("2021-03"))
