"""Somebody wants to know who an organisation is, what it offers, and what became of another."""

from datetime import date

import pytest
from playwright.sync_api import expect
from tests.journeys.everyone import (
    then_it_is_said_to_be_made_up,
    then_nothing_bars_anyone,
    then_the_answer_is_guarded,
)
from tests.journeys.steps import then_the_heading_is, then_the_page_says
from tests.journeys.visitors import Visitor
from tests.service.stores import clockstop, environment

from clockstop.analytics.published import organisations as lists
from clockstop.analytics.published.organisations import OrganisationRow
from clockstop.service.ui import figures

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def _register(site, lake):
    """What an administrator does after an ingest; run by another worker too, nothing happens."""
    address = f"sqlite:///{lake.home / 'service.sqlite3'}"
    loaded = clockstop("registry", "load", env=environment(address, lake.home))
    assert loaded.returncode == 0, loaded.stderr


@pytest.fixture(scope="module")
def organisations(lake) -> dict[str, OrganisationRow]:
    return {row.code: row for row in lists.organisations(lake)}


@pytest.fixture(scope="module")
def trust(organisations) -> OrganisationRow:
    """One at work in West Yorkshire."""
    return next(
        row
        for row in organisations.values()
        if row.icb == "QWO" and row.sector == "nhs_trust" and row.closed is None
    )


def test_finding_a_trust_and_where_it_belongs(anyone, trust):
    given_the_search(anyone)
    when_they_look_for(anyone, trust.name.split()[0].lower())
    then_nothing_bars_anyone(anyone)
    when_they_open(anyone, trust.name)
    then_the_heading_is(anyone, trust.name)
    then_the_page_says(anyone, trust.code, "NHS trust", trust.postcode.split()[0], "Main address")
    then_it_is_said_to_be_made_up(anyone)
    then_the_answer_is_guarded(anyone)
    then_nothing_bars_anyone(anyone)

    when_they_open(anyone, "NHS West Yorkshire Integrated Care Board")
    then_the_page_says(anyone, "GP practices at work in its area")
    then_nothing_bars_anyone(anyone)


def test_from_an_organisation_to_its_waits(either, trust):
    given_the_search(either)
    when_they_look_for(either, trust.code)
    when_they_open(either, trust.name)
    when_they_open(either, "Waiting times at this provider")
    then_the_heading_is(either, trust.name)
    then_the_page_says(either, "People treated")


def test_what_became_of_a_trust_that_merged(either, lake, organisations):
    old, new, on = the_merger(lake, organisations)
    given_the_search(either)
    when_they_look_for(either, old.code)
    when_they_open(either, old.name)
    closed = figures.day(old.closed)
    ending = f"This organisation closed on {closed} and was taken over by {new.name}."
    then_the_page_says(either, ending, figures.day(on), f"Taken over by {new.name}")
    then_nothing_bars_anyone(either)
    when_they_open(either, new.name)
    then_the_page_says(either, f"Took over {old.name}")


def test_a_practice_is_told_from_its_namesakes(either, organisations):
    practice = next(row for row in organisations.values() if row.kind == "practice")
    given_the_search(either)
    when_they_look_for(either, practice.code.lower())
    line = either.page.get_by_role("main").get_by_role("listitem")
    expect(line).to_contain_text(f"{practice.code}, GP practice, {practice.postcode.split()[0]}")
    when_they_open(either, practice.name)
    then_the_heading_is(either, practice.name)
    then_nothing_bars_anyone(either)


def test_words_that_no_organisation_has(either):
    given_the_search(either)
    when_they_look_for(either, "qwxzqwxz")
    then_the_page_says(
        either, "0 found for \u201cqwxzqwxz\u201d", "use the organisation\u2019s code"
    )
    expect(either.page.get_by_label("Name or ODS code")).to_have_value("qwxzqwxz")
    then_nothing_bars_anyone(either)


def given_the_search(visitor: Visitor) -> None:
    visitor.goes_to("/organisations/")
    then_the_heading_is(visitor, "Find an NHS organisation")


def when_they_look_for(visitor: Visitor, words: str) -> None:
    visitor.page.get_by_label("Name or ODS code").fill(words)
    visitor.presses("Find")


def when_they_open(visitor: Visitor, name: str) -> None:
    links = visitor.page.get_by_role("main").get_by_role("link", name=name, exact=True)
    visitor.follows(links.first)


def the_merger(lake, organisations) -> tuple[OrganisationRow, OrganisationRow, date]:
    """That of two trusts: ICBs merge too."""
    for each in lists.successions(lake):
        old = organisations.get(each.predecessor)
        if old and old.kind == "provider":
            return old, organisations[each.successor], each.on
    pytest.fail("no trusts merged in this England")
