"""Few patients, no figures, no address: said as they are."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_axe_finds_nothing
from tests.journeys.steps import (
    DISTANCE_NOT_KNOWN,
    NOT_RANKED,
    OLD_FIGURES,
    given_the_front_page,
    rows,
    then_the_page_says,
    when_they_ask_for,
    when_they_ask_to_see_all,
)
from tests.journeys.visitors import Visitor

from clockstop.core.codes import ALL_FUNCTIONS
from clockstop.core.geography.distance import miles_between
from clockstop.core.geography.districts import districts

pytestmark = pytest.mark.browser

RANGE = re.compile(r"\b\d+ to (\d+|over 104) weeks\b")


def test_a_tiny_list_shows_a_range_and_no_rank(visitor, book):
    tiny, function = given_the_provider_with_the_smallest_list(book)
    visitor.goes_to(f"/?function={function}")
    when_they_ask_to_see_all(visitor)
    then_the_tiny_provider_is_not_ranked(visitor, tiny)
    then_only_the_ranked_have_percentiles(visitor)
    visitor.follows(visitor.page.get_by_role("link", name=tiny.name).first)
    then_its_page_gives_no_percentile(visitor)
    then_axe_finds_nothing(visitor)


def test_a_silent_trust_is_shown_as_it_last_reported(visitor, book):
    silent = given_the_largest_provider_that_fell_silent(book)
    given_the_front_page(visitor)
    when_they_ask_for(visitor, "hip replacement", near=home_of(book, silent), within="20 miles")
    (row,) = [row for row in rows(visitor) if row.name == silent.name]
    assert f"Last sent figures for {silent.last_month.label}" in row.provider
    assert row.section == f"{OLD_FIGURES} {book.month.label}, so older ones are shown"
    visitor.follows(visitor.page.get_by_role("link", name=silent.name).first)
    then_the_page_says(visitor, f"No figures since {silent.last_month.label}")
    then_the_months_since_are_empty(visitor, book, silent)
    then_axe_finds_nothing(visitor)


@pytest.mark.real_data
def test_providers_without_an_address_come_last(real_visitor):
    given_the_front_page(real_visitor)
    when_they_ask_for(real_visitor, "hip replacement", near="LS1 4AP", within="50 miles")
    when_they_ask_to_see_all(real_visitor)
    then_those_of_unknown_distance_follow_all_others(real_visitor)


def given_the_provider_with_the_smallest_list(book):
    smallest = min(book.compare(ALL_FUNCTIONS.code), key=lambda each: each.waiting.count)
    tiny = book.provider(smallest.provider)[1]
    assert 0 < tiny.waiting.count < 20
    return tiny, tiny.function


def given_the_largest_provider_that_fell_silent(book):
    return max(book.missing(book.month), key=lambda each: each.last_size)


def home_of(book, silent) -> str:
    """The postcode district nearest to it."""
    location = book.provider(silent.provider)[0].location
    return min(districts(), key=lambda code: miles_between(location, districts()[code].point))


def then_the_tiny_provider_is_not_ranked(visitor: Visitor, tiny) -> None:
    (row,) = [row for row in rows(visitor) if row.name == tiny.name]
    assert row.section.startswith(OLD_FIGURES if tiny.is_stale else NOT_RANKED)
    assert RANGE.search(row.waiting)
    assert "too few for more" in row.waiting
    assert "8 in 10" not in row.admitted + row.nonadmitted + row.waiting


def then_only_the_ranked_have_percentiles(visitor: Visitor) -> None:
    """They are ranked by people admitted: first the ranked, then the few, then the old."""
    shown = rows(visitor)
    sections = list(dict.fromkeys(row.section for row in shown))
    assert sections[0] == ""
    assert len(sections) > 1
    assert sections == sorted(sections)
    for row in shown:
        if not row.section.startswith(OLD_FIGURES):
            assert ("8 in 10" in row.admitted) is (row.section == "")
            assert "Last sent figures" not in row.provider


def then_its_page_gives_no_percentile(visitor: Visitor) -> None:
    table = visitor.page.locator("table.app-chosen tbody")
    assert RANGE.search(table.inner_text())
    expect(table).not_to_contain_text("8 in 10")
    expect(visitor.page.locator(".app-spread__bar")).to_have_count(0)


def then_the_months_since_are_empty(visitor: Visitor, book, silent) -> None:
    table = visitor.page.get_by_role("table", name="all months, latest first")
    lines = {
        line.locator("[scope=row]").inner_text(): line.inner_text()
        for line in table.locator("tbody tr").all()
    }
    for month in book.months:
        assert ("Sent no figures" in lines[month.label]) is (month > silent.last_month)


def then_those_of_unknown_distance_follow_all_others(visitor: Visitor) -> None:
    shown = rows(visitor)
    unknown = [row for row in shown if row.section.startswith(DISTANCE_NOT_KNOWN)]
    assert 0 < len(unknown) < len(shown)
    assert shown[-len(unknown) :] == unknown
    for row in shown:
        assert (DISTANCE_NOT_KNOWN in row.provider) is (row in unknown)
