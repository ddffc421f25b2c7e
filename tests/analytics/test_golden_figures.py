"""Golden figures: what the lake gives equals what NHS England published, for every month held.

The published England series and the published table of commissioner ICBs by treatment function
come from elsewhere than the extracts: they are the official tables.
"""

import csv
import gzip
from functools import cache

import pytest

from clockstop.analytics.lists.headline import HEADLINE_KEYS
from clockstop.analytics.lists.tables import as_shown, headline, waits_table
from clockstop.analytics.published.datasets.rtt_overview import SERIES
from clockstop.analytics.published.pathways import months_held
from clockstop.core.types import Month

pytestmark = pytest.mark.real_data

MONTHS = [str(Month(2024, 4).plus(n)) for n in range(18)]
NOT_PUBLISHED = {"month", "incomplete_dta"}
EXACT = 1e-9
PERCENTILES = {"median_weeks", "p92_weeks"}  # null where there is nobody; counts are 0
ICB_COLUMNS = {
    "Incomplete_Pathways": "incomplete_pathways",
    "Within_18wks": "within_18_weeks",
    "Median_Wait_Wks": "median_weeks",
    "P92_Wait_Wks": "p92_weeks",
    "Waiters_52plus": "over_52_weeks",
    "Waiters_65plus": "over_65_weeks",
    "Waiters_78plus": "over_78_weeks",
}


@cache
def _series(folder):
    file = folder / "rtt" / "rtt_overview_timeseries_to_2025-09.csv"
    with file.open() as rows:
        return {row["month"]: row for row in csv.DictReader(rows)}


@cache
def _icb_cells(folder):
    cells = {}
    file = folder / "rtt" / "icb_by_treatment_function_2022-10_2025-09.csv.gz"
    with gzip.open(file, "rt") as rows:
        for row in csv.DictReader(rows):
            cells.setdefault(row["Period"], []).append(row)
    return cells


def test_every_month_is_held(real_lake):
    assert [str(month) for month in months_held(real_lake)] == MONTHS


@pytest.mark.parametrize("month", MONTHS)
def test_the_headline_equals_the_published_series(real_lake, real_data, month):
    found = headline(real_lake, Month.parse(month))
    published = {key: _series(real_data)[month][column] for column, key, _ in SERIES}
    assert tuple(found) == HEADLINE_KEYS
    for key in set(HEADLINE_KEYS) - NOT_PUBLISHED:
        if key == "unreported_removals" and month == MONTHS[0]:
            assert found[key] is None  # the month before is not in the lake
        elif isinstance(found[key], int):
            assert found[key] == float(published[key]), key
        else:
            assert found[key] == pytest.approx(float(published[key]), abs=EXACT, rel=0), key


@pytest.mark.parametrize("month", MONTHS)
def test_every_published_icb_cell_equals(real_lake, real_data, month):
    """A cell that is not in the extract is 0; a blank median means fewer than 20 pathways."""
    when = Month.parse(month)
    found = {
        (row["commissioner_icb"], row["function"]): row
        for row in as_shown(waits_table(real_lake, when, ("commissioner_icb", "function")))
    }
    for row in as_shown(waits_table(real_lake, when, ("commissioner_icb",))):
        found[row["commissioner_icb"], "C_999"] = row
    cells = _icb_cells(real_data)[month]
    assert len(cells) == 966
    for cell in cells:
        ours = found.get((cell["ICB_Code"], cell["TF_Code"]), {})
        for column, key in ICB_COLUMNS.items():
            nobody = None if key in PERCENTILES else 0
            _assert_equal(cell[column], ours.get(key, nobody), (cell, key))
        if int(cell["Incomplete_Pathways"]):
            _assert_equal(cell["Pct_Within_18wks"], ours["pct_within_18_weeks"], cell)


def _assert_equal(published, ours, where):
    if published in {"", "-"}:
        assert ours is None, where
    else:
        assert ours == pytest.approx(float(published), abs=EXACT, rel=0), where


def test_icb_sums_are_below_england_by_the_specialised_hubs(real_lake):
    """Commissioners without a parent are in England's figures and in no ICB's."""
    when = Month(2025, 9)
    england = headline(real_lake, when)["incomplete_pathways"]
    rows = list(as_shown(waits_table(real_lake, when, ("commissioner_icb",))))
    hubs = [row for row in rows if row["commissioner_icb"] is None]
    assert len(hubs) == 1
    assert sum(row["incomplete_pathways"] for row in rows) == england
    assert 0 < hubs[0]["incomplete_pathways"] < england / 10


def test_a_silent_trust_is_absent_not_zero(real_lake):
    """Sheffield Teaching Hospitals (RHQ) sent its last return for June 2025."""
    june, july = (
        {
            row["provider"]
            for row in as_shown(waits_table(real_lake, Month(2025, month), ("provider",)))
        }
        for month in (6, 7)
    )
    assert "RHQ" in june
    assert "RHQ" not in july


def test_unknown_sectors_are_at_most_one_in_a_hundred_pathways(real_lake):
    for month in months_held(real_lake):
        rows = {r["sector"]: r for r in as_shown(waits_table(real_lake, month, ("sector",)))}
        everyone = sum(row["incomplete_pathways"] for row in rows.values())
        unknown = rows.get("unknown", {"incomplete_pathways": 0})["incomplete_pathways"]
        assert unknown <= everyone / 100
