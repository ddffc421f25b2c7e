"""A patient looks for a shorter wait near home."""

import csv

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_it_is_said_to_be_made_up, then_nothing_bars_anyone
from tests.journeys.steps import (
    given_the_front_page,
    rows,
    then_the_heading_is,
    then_the_page_says,
    then_treated_and_waiting_stand_apart,
    when_they_ask_for,
    when_they_look_farther,
    when_they_sort_by,
    when_they_turn_to,
    when_they_unfold_the_rest,
)
from tests.journeys.visitors import Visitor

from clockstop.core.geography.distance import miles_between

pytestmark = pytest.mark.browser

HOME = "LS1 4AP"
FUNCTION = "C_110"


def test_a_patient_finds_a_hip_replacement(anyone, book):
    given_the_front_page(anyone)
    when_they_ask_for(anyone, "hip replacement", near=HOME, within="30 miles")
    then_the_heading_is(anyone, "Trauma and orthopaedics within 30 miles of LS1")
    then_it_is_said_to_be_made_up(anyone)
    then_the_page_says(anyone, f"Waits at {_census(book)}.", "not for urgent suspected cancer")
    then_treated_and_waiting_stand_apart(anyone, book.month.label, _census(book))
    then_the_providers_are_those_within(anyone, book, 30)
    then_the_shortest_wait_of_people_admitted_comes_first(anyone, book)

    when_they_sort_by(anyone, "Nearest")
    then_the_heading_is(anyone, "Trauma and orthopaedics within 30 miles of LS1")
    then_the_nearest_come_first(anyone)
    then_nothing_bars_anyone(anyone)

    when_they_look_farther(anyone, "50 miles")
    then_the_heading_is(anyone, "Trauma and orthopaedics within 50 miles of LS1")
    when_they_unfold_the_rest(anyone)
    then_the_providers_are_those_within(anyone, book, 50)


def test_a_patient_sees_the_chart_and_the_map(either, book):
    given_the_front_page(either)
    when_they_ask_for(either, "hip replacement", near=HOME, within="30 miles")
    listed = rows(either)
    chart = when_they_turn_to(either, "Chart")
    assert chart.locator("li a").all_inner_texts() == [row.name for row in listed]
    expect(chart.locator("svg circle").first).to_be_visible()
    then_nothing_bars_anyone(either)
    chart.get_by_role("link", name="The same figures in a table").click()
    expect(either.page.locator("#table")).to_be_in_viewport()

    drawn = when_they_turn_to(either, "Map")
    expect(drawn.get_by_role("img", name="Map of the providers compared")).to_be_visible()
    numbers = drawn.locator("svg[role=img] .app-mark").all_text_contents()
    assert sorted(map(int, numbers)) == list(range(1, len(listed) + 1))
    then_nothing_bars_anyone(either)


def test_a_patient_opens_a_provider_and_comes_back(either, book):
    given_the_front_page(either)
    when_they_ask_for(either, "hip replacement", near=HOME, within="30 miles")
    nearby = rows(either)[0]
    either.follows(either.page.get_by_role("link", name=nearby.name).first)
    then_the_heading_is(either, nearby.name)
    code = either.page.url.split("/providers/")[1].split("/")[0]
    then_its_history_has_every_month(either, book.history(code, FUNCTION))
    then_it_is_said_to_be_made_up(either)
    then_nothing_bars_anyone(either)

    either.follows(either.page.get_by_role("link", name="Compare other providers"))
    then_the_heading_is(either, "Trauma and orthopaedics at every provider")
    expect(either.page.get_by_label("What do you need")).to_have_value("Trauma and orthopaedics")


def test_a_patient_takes_the_comparison_home(visitor, book):
    given_the_front_page(visitor)
    when_they_ask_for(visitor, "hip replacement", near=HOME, within="50 miles")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Download as CSV").click()
    name = download.value.suggested_filename
    with download.value.path().open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert name == f"waits-{FUNCTION}-{book.month}.csv"
    assert [line["provider_name"] for line in lines] == [row.name for row in rows(visitor)]
    by_code = {each.provider: each for each in book.compare(FUNCTION)}
    for line in lines:
        known = by_code[line["provider"]]
        assert line["waiting_median_weeks"] == _written(known.waiting.median.weeks)
        assert line["waiting_count"] == str(known.waiting.count)


def then_the_providers_are_those_within(visitor: Visitor, book, miles: int) -> None:
    home = book.places.find(HOME).point
    near = {
        each.name: each
        for each in book.compare(FUNCTION)
        if miles_between(home, each.location) <= miles
    }
    shown = rows(visitor)
    assert len(shown) > 1
    assert {row.name for row in shown} == near.keys()
    for row in shown:
        known = near[row.name]
        assert row.miles == pytest.approx(miles_between(home, known.location), abs=0.05)
        assert f"{known.waiting.count:,} waiting" in row.size
        assert known.sector.label in row.provider
        if not known.admitted.is_small:
            assert f"{known.admitted.p80.weeks:.1f} weeks" in row.admitted
        if not known.nonadmitted.is_small:
            assert f"{known.nonadmitted.median.weeks:.1f} weeks" in row.nonadmitted
        if not known.waiting.is_small:
            assert f"{known.waiting.p92.weeks:.1f} weeks" in row.waiting


def then_the_shortest_wait_of_people_admitted_comes_first(visitor: Visitor, book) -> None:
    known = {each.name: each for each in book.compare(FUNCTION)}
    shown = [known[row.name] for row in rows(visitor)]
    ranked = [
        each.admitted.p80.weeks for each in shown if not (each.admitted.is_small or each.is_stale)
    ]
    assert len(ranked) > 1
    assert ranked == sorted(ranked)
    assert all(each.admitted.is_small or each.is_stale for each in shown[len(ranked) :])


def then_the_nearest_come_first(visitor: Visitor) -> None:
    distances = [row.miles for row in rows(visitor)]
    assert len(distances) > 1
    assert distances == sorted(distances)


def then_its_history_has_every_month(visitor: Visitor, history) -> None:
    page = visitor.page
    expect(page.get_by_role("heading", name="Month by month")).to_be_visible()
    table = page.get_by_role("table", name="Trauma and orthopaedics, all months, latest first")
    months = table.locator("tbody [scope=row]").all_inner_texts()
    assert months == [row.month.label for row in reversed(history)]
    assert len(months) > 1
    expect(page.get_by_role("img", name="Waiting list")).to_be_visible()


def _census(book) -> str:
    return f"{book.month.census.day} {book.month.label}"


def _written(weeks: float | None) -> str:
    return "" if weeks is None else str(weeks)
