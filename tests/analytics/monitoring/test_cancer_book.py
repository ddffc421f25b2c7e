"""Cancer waits by area: the workbook of a month before the series, halves kept as they are."""

import pytest
from tests.analytics.published.helpers import take
from tests.analytics.published.test_cancer_62_day import waits
from tests.analytics.published.test_cancer_waits import cancer

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.monitoring.cancer import STANDARDS, CancerBook
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ENGLAND
from clockstop.core.types import Month

AUGUST, SEPTEMBER = Month(2025, 8), Month(2025, 9)
WHOLE = Area(AreaKind.ENGLAND, ENGLAND, "England")
LEEDS = Area(AreaKind.PROVIDER, "RR8", "Leeds")
BOARD = Area(AreaKind.ICB, "QWO", "West Yorkshire")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> CancerBook:
    folder = tmp_path_factory.mktemp("cancer")
    lake = Lake(folder / "home")
    (folder / "cancer.xlsx").write_bytes(cancer().bytes())
    waits().save(folder, "series.csv")
    take(lake, folder / "cancer.xlsx", folder / "series.csv")
    return CancerBook(lake)


def figures(row) -> tuple[float, float, float]:
    return row["total"], row["within"], row["share"]


def test_the_workbook_of_a_month_wins_over_the_series(book):
    """The series says that Leeds had half a patient in September, the workbook 32."""
    found = book.whole(LEEDS, "cancer_62_day")
    assert list(found) == [AUGUST, SEPTEMBER]
    assert figures(found[AUGUST]) == (4.0, 3.0, 0.75)
    assert figures(found[SEPTEMBER]) == (32.0, 24.0, 0.75)


def test_england_is_the_published_total(book):
    found = book.whole(WHOLE, "cancer_62_day")
    assert figures(found[AUGUST]) == (6.5, 5.0, pytest.approx(5 / 6.5))
    assert figures(found[SEPTEMBER]) == (48.0, 36.0, 0.75)


@pytest.mark.parametrize("standard", ["cancer_28_day", "cancer_31_day"])
def test_a_standard_without_a_series_has_the_workbooks_month(book, standard):
    assert list(book.whole(WHOLE, standard)) == [SEPTEMBER]


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("area", [WHOLE, LEEDS], ids=str)
def test_parts_add_up_to_the_whole(book, standard, area):
    whole = book.whole(area, standard)[SEPTEMBER]
    parts = book.parts(area, standard, SEPTEMBER)
    by_cancer = [row["total"] for row in parts if row["breakdown"] == "cancer"]
    assert sum(by_cancer) == whole["total"]
    assert {row["group"] for row in parts if row["breakdown"] == "cancer"} == {"Breast", "Lung"}
    by_route = [row["total"] for row in parts if row["breakdown"] == "all"]
    assert sum(by_route) == (0 if standard == "cancer_28_day" else whole["total"])


def test_an_icb_has_none(book):
    assert book.has(LEEDS)
    assert not book.has(BOARD)
    assert book.whole(BOARD, "cancer_62_day") == {}


def test_without_data_nothing_is_answered(tmp_path):
    book = CancerBook(Lake(tmp_path))
    assert not book.has(WHOLE)
    assert book.whole(WHOLE, "cancer_31_day") == {}
    assert book.parts(WHOLE, "cancer_31_day", SEPTEMBER) == []


@pytest.mark.real_data
def test_england_of_the_published_workbook(real_data, tmp_path):
    lake = Lake(tmp_path / "home")
    take(lake, real_data / "cancer")
    book = CancerBook(lake)
    # Source: Cancer Waiting Times, provider workbook for September 2025 (final), England's rows.
    published = {
        "cancer_28_day": (295_202.0, 217_972.0),
        "cancer_31_day": (61_001.0, 55_638.0),
        "cancer_62_day": (30_483.0, 20_733.0),
    }
    for standard, (total, within) in published.items():
        row = book.whole(WHOLE, standard)[SEPTEMBER]
        assert figures(row) == (total, within, pytest.approx(within / total))
    assert len(book.whole(WHOLE, "cancer_62_day")) > 12  # and the series before it
