"""Diagnostic tests by area, from a hand-made extract of one month and of two months' series."""

import pytest
from tests.analytics.published import dm01_files
from tests.analytics.published.dm01_files import TESTS, counts
from tests.analytics.published.helpers import take

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.monitoring.diagnostics import ALL_TESTS, FIGURES, DiagnosticsBook
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ENGLAND
from clockstop.core.types import Month

JANUARY = Month(2025, 1)
WHOLE = Area(AreaKind.ENGLAND, ENGLAND, "England")
REGION = Area(AreaKind.REGION, "Y63", "North East and Yorkshire")
LEEDS, SHEFFIELD = (Area(AreaKind.PROVIDER, code, code) for code in ("RR8", "RHQ"))
BOARD = Area(AreaKind.ICB, "QWO", "West Yorkshire")
NOWHERE = Area(AreaKind.ICB, "QMM", "Norfolk and Waveney")


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> DiagnosticsBook:
    folder = tmp_path_factory.mktemp("diagnostics")
    lake = Lake(folder / "home")
    for basis in ("provider", "commissioner"):
        dm01_files.series(basis).save(folder, f"{basis}.csv")
    take(lake, folder / "provider.csv", folder / "commissioner.csv")
    return DiagnosticsBook(lake)


def expected(seeds: list[int]) -> dict[str, float]:
    """What the bands and the tests of these rows come to."""
    rows = [counts(seed) for seed in seeds]
    waiting = sum(sum(row[:14]) for row in rows)
    over_6 = sum(sum(row[6:14]) for row in rows)
    return {
        "waiting": waiting,
        "over_6_weeks": over_6,
        "over_13_weeks": sum(row[13] for row in rows),
        "pct_within_6_weeks": pytest.approx(1 - over_6 / waiting),
        "tests_done": sum(sum(row[14:]) for row in rows),
    }


@pytest.mark.parametrize(
    ("area", "providers"),
    [(WHOLE, (0, 1)), (REGION, (0, 1)), (LEEDS, (0,)), (SHEFFIELD, (1,)), (BOARD, (0,))],
)
def test_every_figure_is_the_sum_of_what_was_filed(book, area, providers):
    found = book.by_test(area, JANUARY)
    for test in TESTS:
        wanted = expected([31 * p + test.number for p in providers])
        assert {key: found[test.code][key] for key in FIGURES} == wanted
    whole = expected([31 * p + test.number for p in providers for test in TESTS])
    assert {key: found[ALL_TESTS][key] for key in FIGURES} == whole
    assert len(found) == len(TESTS) + 1


def test_a_series_has_every_month(book):
    assert list(book.series(LEEDS)) == [JANUARY, Month(2025, 2)]
    assert book.series(LEEDS, TESTS[0].code)[JANUARY] == book.by_test(LEEDS, JANUARY)[TESTS[0].code]


def test_an_area_without_tests_is_not_known(book):
    assert book.has(BOARD)
    assert not book.has(NOWHERE)
    assert set(book.series(NOWHERE).values()) == {None}
    assert book.by_test(NOWHERE, JANUARY) == {}


def test_without_data_nothing_is_answered(tmp_path):
    book = DiagnosticsBook(Lake(tmp_path))
    assert book.months == ()
    assert not book.has(WHOLE)
    assert book.series(WHOLE) == {}


@pytest.mark.real_data
def test_the_published_tests_of_january_2025(real_data, tmp_path):
    lake = Lake(tmp_path / "home")
    take(lake, real_data / "diagnostics")
    row = DiagnosticsBook(lake).series(WHOLE)[JANUARY]
    # Source: NHS England, DM01 statistical commentary, January 2025.
    assert row["tests_done"] == 2_528_287
