"""Golden figures: the book's ICBs equal the published table of ICBs by treatment function."""

import csv
import gzip

import pytest

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND
from clockstop.core.types import Month

pytestmark = pytest.mark.real_data

COLUMNS = {
    "Incomplete_Pathways": "incomplete_pathways",
    "Within_18wks": "within_18_weeks",
    "Waiters_52plus": "over_52_weeks",
    "Waiters_65plus": "over_65_weeks",
    "Waiters_78plus": "over_78_weeks",
}
WAITS = {"Median_Wait_Wks": "median_weeks", "P92_Wait_Wks": "p92_weeks"}
NOBODY = dict.fromkeys(COLUMNS.values(), 0) | dict.fromkeys(WAITS.values())


@pytest.fixture(scope="module")
def book(real_lake) -> MonitoringBook:
    return MonitoringBook(real_lake)


@pytest.fixture(scope="module")
def cells(real_data, book) -> list[dict[str, str]]:
    """The published rows of the latest month held."""
    file = real_data / "rtt" / "icb_by_treatment_function_2022-10_2025-09.csv.gz"
    with gzip.open(file, "rt") as rows:
        return [row for row in csv.DictReader(rows) if row["Period"] == str(book.month)]


def ours(book: MonitoringBook, cell: dict[str, str]) -> dict:
    area = book.area(AreaKind.ICB, cell["ICB_Code"])
    series = book.series(area, Basis.COMMISSIONER, function=cell["TF_Code"])
    return series[book.month] or NOBODY


def test_every_count_is_the_published_one(book, cells):
    assert len(cells) == 966
    for cell in cells:
        row = ours(book, cell)
        published = {key: int(cell[column]) for column, key in COLUMNS.items()}
        assert {key: row[key] for key in published} == published, cell


def test_every_published_wait_is_ours(book, cells):
    """Blank in the table means too few to say, or a wait in the open last band."""
    known = 0
    for cell in cells:
        row = ours(book, cell)
        for column, key in WAITS.items():
            if cell[column] in {"", "-"}:
                assert row[key] is None, (cell, key)
            else:
                known += 1
                assert row[key] == pytest.approx(float(cell[column]), abs=1e-9, rel=0), (cell, key)
    assert known > 1_500


def test_specialties_of_an_icb_are_those_published(book, cells):
    for code in {cell["ICB_Code"] for cell in cells}:
        found = book.by_function(book.area(AreaKind.ICB, code), Basis.COMMISSIONER)
        published = {
            cell["TF_Code"]
            for cell in cells
            if cell["ICB_Code"] == code and int(cell["Incomplete_Pathways"])
        }
        waiting = {function for function, row in found.items() if row["incomplete_pathways"]}
        assert waiting == published - {ALL_FUNCTIONS.code}


def test_england_is_the_published_list(book):
    england = book.area(AreaKind.ENGLAND, ENGLAND)
    # Source: NHS England, RTT statistics, September 2025 (with the revisions of that release).
    assert book.series(england)[book.month]["incomplete_pathways"] == 7_296_893


def test_sheffield_left_a_hole_and_a_merger_did_not(book):
    since = Month(2024, 9)
    icbs = [book.area(kind, code) for kind, code in book.areas if kind is AreaKind.ICB]
    holes = {icb.code for icb in icbs if book.incomplete(icb)}
    assert "QF7" in holes
    assert "QMJ" not in holes, (
        "North Middlesex became part of the Royal Free, which counts its waits"
    )
    assert book.lost(book.area(AreaKind.ICB, "QF7"), since) > 90_000
    assert book.lost(book.area(AreaKind.ICB, "QMJ"), since) < 29_000
