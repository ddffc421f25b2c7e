"""Who waits: the groups of each area in the latest week, in the publisher's order."""

import pytest
from python_calamine import CalamineWorkbook
from tests.analytics.published.helpers import take
from tests.analytics.published.test_wlmds_demographics import wlmds

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.monitoring.equity import DIMENSIONS, EquityBook
from clockstop.analytics.published.datasets import wlmds_layout as layout
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ENGLAND

WHOLE = Area(AreaKind.ENGLAND, ENGLAND, "England")
BOARD = Area(AreaKind.ICB, "QWO", "West Yorkshire")
TRUST = Area(AreaKind.PROVIDER, "RR8", "Leeds")
REGION = Area(AreaKind.REGION, "Y63", "North East and Yorkshire")
NOWHERE = Area(AreaKind.PROVIDER, "RHQ", "Sheffield")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> EquityBook:
    folder = tmp_path_factory.mktemp("equity")
    (folder / "wlmds.xlsx").write_bytes(wlmds().bytes())
    lake = Lake(folder / "home")
    take(lake, folder / "wlmds.xlsx")
    return EquityBook(lake)


@pytest.mark.parametrize(("area", "units"), [(WHOLE, 24), (REGION, 12), (BOARD, 12), (TRUST, 12)])
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_area_has_its_own_groups(book, area, units, dimension):
    """England is every provider together, not the acute ones."""
    rows = book.groups(area, dimension)
    assert [row["group"] for row in rows] == list(layout.GROUPS[dimension.capitalize()])
    (one,) = {row["total"] for row in rows}
    (trust,) = {row["total"] for row in book.groups(TRUST, dimension)}
    assert one / trust == units / 12
    assert all(row["within_18_share"] == row["within_18"] / row["total"] for row in rows)


def test_deprivation_runs_from_the_most_deprived(book):
    groups = [row["group"] for row in book.groups(WHOLE, "deprivation")]
    assert groups[:10] == [f"IMD {tenth}" for tenth in range(1, 11)]


def test_the_week_is_that_of_the_workbook(book):
    assert str(book.week_ending) == "2026-01-25"


def test_an_area_without_figures(book):
    assert book.has(TRUST)
    assert not book.has(NOWHERE)
    assert book.groups(NOWHERE, "age") == []


def test_without_data_nothing_is_answered(tmp_path):
    book = EquityBook(Lake(tmp_path))
    assert not book.has(WHOLE)
    assert book.groups(WHOLE, "age") == []
    assert book.week_ending is None


@pytest.mark.real_data
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_published_rows_of_england(real_data, tmp_path, dimension):
    lake = Lake(tmp_path / "home")
    take(lake, real_data / "wlmds")
    found = EquityBook(lake).groups(WHOLE, dimension)
    published = _england(next((real_data / "wlmds").glob("*.xlsx")), dimension)
    assert len(found) == len(layout.GROUPS[dimension.capitalize()])
    for row, cells in zip(found, published, strict=True):
        counted = [row["total"], row["within_18"], row["over_52"]]
        assert counted == [cells[0], cells[1], cells[3]]
        assert [row["within_18_share"], row["over_52_share"]] == pytest.approx(cells[5:7], abs=1e-9)


def _england(file, dimension: str) -> list[list[float]]:
    """England's row of the official sheet, cut into its groups of seven figures."""
    name = next(
        n for n, key in layout.SHEETS.items() if key == (layout.PROVIDER, dimension.capitalize())
    )
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name(name).to_python()
    (row,) = [row for row in rows if "ENGLAND" in row and "ALL" in row]
    cells = row[row.index("ALL") + 1 :]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)][
        : len(layout.GROUPS[dimension.capitalize()])
    ]
