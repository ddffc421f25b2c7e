"""Rows of figures: those of the book, cut into pages, each row once."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.analytics.story import FULWOOD, LEEDS, YORKSHIRE

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.query import Query
from clockstop.analytics.monitoring.summaries import COLUMNS, KEYS

SHARED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)


def all_rows(figures, query=None):
    return figures.find(query or Query(), COLUMNS, limit=100_000)[1]


def test_figures_are_the_rows_of_the_book(get, figures):
    answer = get("/figures", limit=1000)
    assert answer["items"] == all_rows(figures)[:1000]
    assert answer["total"] == len(all_rows(figures))


def test_a_series_is_the_one_that_pages_draw(get, figures):
    for basis in Basis:
        answer = get(
            "/figures", kind="icb", code=YORKSHIRE, basis=str(basis), sector="all", function="C_999"
        )
        series = figures.series(figures.area(AreaKind.ICB, YORKSHIRE), basis)
        assert answer["items"] == [row for row in series.values() if row]


def test_filters_can_be_repeated_and_months_bounded(get, figures):
    answer = get("/figures", code=[LEEDS, FULWOOD], from_month="2025-03", to_month="2025-08")
    assert {item["code"] for item in answer["items"]} == {LEEDS}
    assert {item["month"] for item in answer["items"]} == {"2025-03", "2025-08"}


def test_only_the_measures_asked_for_are_given(get):
    (item,) = get(
        "/figures", code=LEEDS, function="C_110", from_month="2025-09",
        measures=["median_weeks", "over_52_weeks"],
    )["items"]  # fmt: skip
    assert item.keys() == {*KEYS, "median_weeks", "median_weeks_open", "over_52_weeks"}
    assert item["over_52_weeks"] == 10


def test_a_wait_in_the_open_band_is_null_and_says_so(get):
    (item,) = get("/figures", code=FULWOOD, function="C_110", measures="p92_weeks")["items"]
    assert item["p92_weeks"] is None
    assert item["p92_weeks_open"] is True


def test_a_wait_of_too_few_is_null_and_not_open(get):
    (item,) = get(
        "/figures", code=LEEDS, function="C_130", from_month="2025-09", measures="p92_weeks"
    )["items"]
    assert item["p92_weeks"] is None
    assert item["p92_weeks_open"] is False


@SHARED
@given(limit=st.integers(1, 1000), kind=st.sampled_from(["", "provider", "region"]))
def test_pages_hold_every_row_once(client, figures, limit, kind):
    address = f"/api/v1/figures?limit={limit}" + (f"&kind={kind}" if kind else "")
    query = Query(kind=AreaKind(kind)) if kind else Query()
    found = []
    while address:
        response = client.get(address)
        answer = json.loads(response.content)
        assert len(answer["items"]) <= limit
        found += answer["items"]
        address = answer["next"]
        assert response.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    assert found == all_rows(figures, query)


@SHARED
@given(offset=st.integers(0, 2000))
def test_a_page_begins_where_it_is_asked_to(client, figures, offset):
    answer = client.get("/api/v1/figures", {"offset": offset, "limit": 3}).json()
    assert answer["items"] == all_rows(figures)[offset : offset + 3]
