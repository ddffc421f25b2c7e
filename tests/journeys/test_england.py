"""A national analyst checks the England page against the figures behind it."""

import csv

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import then_nothing_bars_anyone
from tests.journeys.visitors import Visitor

from clockstop.analytics.lists.measures import MEASURES
from clockstop.analytics.lists.tables import headline

pytestmark = pytest.mark.browser

SHOWN = {
    "incomplete_pathways": "{:,}",
    "pct_within_18_weeks": "{:.1%}",
    "over_52_weeks": "{:,}",
    "median_weeks": "{:.1f} weeks",
    "p92_weeks": "{:.1f} weeks",
    "incomplete_dta": "{:,}",
    "admitted_stops": "{:,}",
    "nonadmitted_stops": "{:,}",
    "new_periods": "{:,}",
    "unreported_removals": "{:,}",
}


def test_an_analyst_finds_the_headline_figures(either, book, lake):
    given_the_england_page(either)
    figures = headline(lake, book.month)
    then_the_figures_are(either, figures)
    then_the_missing_are_named(either, book)
    then_nothing_bars_anyone(either)
    when_they_open_a_definition(either, "Unreported removals")
    then_it_says_what_is_counted(either, "unreported_removals")


def test_an_analyst_downloads_every_month(visitor, book, lake):
    given_the_england_page(visitor)
    lines = downloaded(visitor, "Download all months (CSV)")
    then_the_file_equals_the_table(visitor, lines)
    latest = lines[-1]
    for key, value in headline(lake, book.month).items():
        assert latest[key] == str(value)


def test_an_analyst_downloads_the_missing(visitor, book):
    given_the_england_page(visitor)
    lines = downloaded(visitor, "Download the missing providers (CSV)")
    assert {line["provider"]: int(line["last_size"]) for line in lines} == {
        each.provider: each.last_size for each in book.missing(book.month)
    }


def given_the_england_page(visitor: Visitor) -> None:
    visitor.goes_to("/")
    if visitor.has_javascript and visitor.width < 640:
        visitor.page.get_by_role("button", name="More").click()
    visitor.page.get_by_role("link", name="England", exact=True).click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Waiting times in England")


def when_they_open_a_definition(visitor: Visitor, name: str) -> None:
    _card(visitor, name).get_by_text("What this counts").click()


def downloaded(visitor: Visitor, link: str) -> list[dict[str, str]]:
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name=link).click()
    with download.value.path().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def then_the_figures_are(visitor: Visitor, figures) -> None:
    values = visitor.page.locator(".app-figure__value")
    expect(values).to_have_count(len(SHOWN))
    for key, written in SHOWN.items():
        value = _card(visitor, MEASURES[key].name).locator(".app-figure__value")
        expect(value).to_have_text(written.format(figures[key]))


def then_it_says_what_is_counted(visitor: Visitor, key: str) -> None:
    measure = MEASURES[key]
    card = _card(visitor, measure.name)
    for words in (measure.numerator, measure.source, measure.caveat):
        expect(card.get_by_text(words)).to_be_visible()


def then_the_missing_are_named(visitor: Visitor, book) -> None:
    missing = book.missing(book.month)
    assert missing
    count = f"{len(missing)} provider{'s' if len(missing) > 1 else ''}"
    heading = f"{count} sent no figures for {book.month.label}"
    expect(visitor.page.get_by_role("heading", name=heading)).to_be_visible()
    table = visitor.page.get_by_role("table", name="Providers that sent no figures")
    for each in missing:
        line = table.get_by_role("row").filter(has_text=each.name)
        expect(line).to_contain_text(each.last_month.label)
        expect(line).to_contain_text(f"{each.last_size:,}")


def then_the_file_equals_the_table(visitor: Visitor, lines) -> None:
    table = visitor.page.get_by_role("table", name="All months, latest first")
    shown = [line.locator("td").all_inner_texts() for line in table.locator("tbody tr").all()]
    filed = [[_written(key, line[key]) for key in line if key != "month"] for line in lines]
    assert len(filed) > 12
    assert shown == filed[::-1]


def _written(key: str, value: str) -> str:
    if not value:
        return "not known"
    if MEASURES[key].unit == "fraction":
        return f"{float(value):.1%}"
    return f"{float(value):.1f}" if MEASURES[key].unit == "weeks" else f"{int(value):,}"


def _card(visitor: Visitor, name: str):
    heading = visitor.page.get_by_role("heading", name=name, exact=True)
    return visitor.page.locator(".app-figure").filter(has=heading)
