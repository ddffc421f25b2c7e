"""A data manager makes the month's return, looks behind a figure and mends an upload; a manager
signs it off, and the commissioner sends it back."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys import lists, seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import then_the_heading_is, then_the_page_says

pytestmark = pytest.mark.browser
WHY = "We looked: the clinic of the month was a small one."


def test_a_month_is_made_signed_off_and_sent_back(anyone, lake):
    lists.prepare(lake.home, "waiting")
    given_they_are(anyone, f"{seed.OFFICE}, Booking office")
    month = when_they_make_the_latest_month(anyone)
    then_nothing_bars_anyone(anyone)
    then_the_answer_is_guarded(anyone)
    then_the_page_says(anyone, "What the checks found", "The parts of the return")
    then_the_page_says(anyone, "A waiting-list manager of your organisation signs off")
    at = anyone.page.url

    figure = anyone.page.get_by_role("link", name=re.compile("pathways: .*, Waiting "))
    anyone.follows(figure.first)
    expect(anyone.page.get_by_role("heading", level=1)).to_contain_text("waiting (2)")
    expect(anyone.page.get_by_role("link", name=re.compile("Example"))).not_to_have_count(0)
    then_nothing_bars_anyone(anyone)

    anyone.presses("Sign out")
    given_they_are(anyone, f"{seed.MANAGER}, Waiting-list manager")
    anyone.page.goto(at)
    anyone.presses("Sign off")
    then_the_page_says(anyone, "Confirm that the figures are right")
    expect(anyone.page).to_have_title(re.compile("^Error: "))
    then_nothing_bars_anyone(anyone)
    for box in anyone.page.get_by_role("textbox").all():
        box.fill(WHY)
    anyone.page.get_by_label("These figures are right").check()
    anyone.presses("Sign off")
    then_the_page_says(anyone, "Signed off on", seed.MANAGER)
    then_nothing_bars_anyone(anyone)

    anyone.presses("Sign out")
    given_they_are(anyone, f"{seed.COMMISSIONER}, Commissioner")
    anyone.goes_to("/returns/")
    then_the_heading_is(anyone, re.compile("^Returns of providers"))
    then_nothing_bars_anyone(anyone)
    anyone.follows(anyone.page.get_by_role("link", name="Riverside Hospital"))
    expect(anyone.page.get_by_role("heading", level=1)).to_contain_text(month)
    then_nothing_bars_anyone(anyone)
    anyone.page.get_by_role("radio", name="Send it back").check()
    anyone.page.get_by_role("textbox", name="If you send it back").fill(
        "Part 3 looks too small to us"
    )
    anyone.presses("Save the review")
    then_the_page_says(anyone, "Sent back on", "Part 3 looks too small to us")


def test_a_week_with_errors_comes_back_with_how_to_mend_it(anyone):
    given_they_are(anyone, f"{seed.OFFICE}, Booking office")
    anyone.goes_to("/returns/upload/")
    then_nothing_bars_anyone(anyone)
    anyone.presses("Upload and check")
    then_the_page_says(anyone, "Choose the files of the week")
    then_nothing_bars_anyone(anyone)
    wrong = {"name": "open.csv", "mimeType": "text/csv", "buffer": b"week_ending_date\nyesterday\n"}
    anyone.page.get_by_label("Files").set_input_files([wrong])
    anyone.presses("Upload and check")
    then_the_page_says(anyone, "Rejected", "How to mend", "Download every fault")
    then_nothing_bars_anyone(anyone)
    with anyone.page.expect_download() as report:
        anyone.page.get_by_role("link", name="Download every fault").click()
    assert report.value.suggested_filename.endswith("faults.csv")


def given_they_are(visitor, name: str) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(name)


def when_they_make_the_latest_month(visitor) -> str:
    """With one click the first time; then again, as often as somebody wants."""
    visitor.goes_to("/returns/")
    then_nothing_bars_anyone(visitor)
    row = visitor.page.get_by_role("table").first.get_by_role("row").nth(1)
    month = row.get_by_role("rowheader").inner_text()
    button = row.get_by_role("button")
    if button.count():
        visitor.follows(button)
    else:
        visitor.follows(row.get_by_role("link").first)
        visitor.presses("Make it again")
    return month
