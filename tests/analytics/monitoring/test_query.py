"""Questions to the table of figures: the rows asked for, no others, in one order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.analytics.monitoring.query import Query
from clockstop.analytics.monitoring.summaries import COLUMNS, KEYS
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND
from clockstop.core.types import Month

ALL = 100_000


@pytest.fixture(scope="session")
def book(story_lake) -> MonitoringBook:
    return MonitoringBook(story_lake)


def key(row):
    return tuple(row[name] for name in KEYS)


def test_everything_comes_in_the_order_of_the_keys(book):
    total, rows = book.find(Query(), COLUMNS, limit=ALL)
    keys = [key(row) for row in rows]
    assert total == len(rows) > 100
    assert keys == sorted(set(keys))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    kind=st.none() | st.sampled_from(AreaKind),
    codes=st.sets(st.sampled_from([ENGLAND, "QWO", "RR8", "ZZZ"])),
    basis=st.none() | st.sampled_from(Basis),
    sectors=st.sets(st.sampled_from(["all", "nhs_trust", "independent"])),
    functions=st.sets(st.sampled_from([ALL_FUNCTIONS.code, "C_110", "C_130"])),
    first=st.none() | st.sampled_from([Month(2024, 9), Month(2025, 3)]),
    last=st.none() | st.sampled_from([Month(2024, 8), Month(2025, 8)]),
)
def test_a_query_is_what_plain_python_would_choose(
    book, kind, codes, basis, sectors, functions, first, last
):
    query = Query(
        kind=kind, codes=codes, basis=basis, sectors=sectors, functions=functions,
        first=first, last=last,
    )  # fmt: skip
    _, every = book.find(Query(), ["median_weeks"], limit=ALL)
    wanted = [
        row
        for row in every
        if kind in (None, row["kind"])
        and (not codes or row["code"] in codes)
        and basis in (None, row["basis"])
        and (not sectors or row["sector"] in sectors)
        and (not functions or row["function"] in functions)
        and (first is None or row["month"] >= str(first))
        and (last is None or row["month"] <= str(last))
    ]
    assert book.find(query, ["median_weeks"], limit=ALL) == (len(wanted), wanted)


def test_a_page_has_the_measures_asked_for_and_their_flags(book):
    total, rows = book.find(Query(), ["over_52_weeks", "p92_weeks"], limit=7, offset=20)
    _, every = book.find(Query(), COLUMNS, limit=ALL)
    assert total == len(every)
    assert list(rows[0]) == [*KEYS, "over_52_weeks", "p92_weeks", "p92_weeks_open"]
    assert rows == [{name: row[name] for name in rows[0]} for row in every[20:27]]


def test_each_area_has_all_its_rows_and_no_others(book):
    _, every = book.find(Query(), ["incomplete_pathways"], limit=ALL)
    for area in book.areas.values():
        own = [row for row in every if (row["kind"], row["code"]) == (area.kind, area.code)]
        series = book.series(area)
        assert {str(month) for month, row in series.items() if row} == {
            row["month"]
            for row in own
            if row["basis"] == "provider"
            and row["sector"] == "all"
            and row["function"] == ALL_FUNCTIONS.code
        }
