"""A data manager brings in the hospital's extract on a page, and reads what was refused."""

import re

import pytest
from playwright.sync_api import expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import then_the_heading_is, then_the_page_says

pytestmark = pytest.mark.browser
PEOPLE = """person,nhs_number,birth_date,sex
1,9990000026,1960-05-17,2
2,9990000034,1971-03-02,F
"""
PATHWAYS = """pathway,person,identifier,issuer,provider,icb,treatment_function,priority
1,1,00000000000000700001,RAA,RAA,QAA,110,1
2,2,00000000000000700002,RAA,RAA,QAA,110,1
"""
# Treated long ago, so that no other journey meets them on a list or in a return.
EVENTS = """pathway,number,kind,day
1,1,referral_received,2025-01-06
1,2,treatment_started,2025-02-03
2,1,referral_received,2025-01-06
"""
FILES = {"people.csv": PEOPLE, "pathways.csv": PATHWAYS, "events.csv": EVENTS}


def test_an_extract_comes_in_and_what_was_refused_is_said(either):
    given_the_upload(either)
    then_nothing_bars_anyone(either)
    either.presses("Upload and bring in")
    then_the_page_says(either, "Choose the zip of the extract")
    then_nothing_bars_anyone(either)
    when_they_send(either, FILES)
    then_the_heading_is(either, re.compile("^Import of "))
    then_the_page_says(either, "some rows refused", seed.OFFICE, "people.csv, row 3", "1, 2, 9")
    then_nothing_bars_anyone(either)
    then_the_answer_is_guarded(either)
    with either.page.expect_download() as report:
        either.page.get_by_role("link", name=re.compile("^Download it")).click()
    assert report.value.suggested_filename == "refused.csv"
    either.follows(either.page.get_by_role("link", name="Imports").last)
    then_the_page_says(either, "The latest imports")
    then_nothing_bars_anyone(either)


def given_the_upload(visitor) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(f"{seed.OFFICE}, Booking office")
    visitor.goes_to("/imports/")
    visitor.follows(visitor.page.get_by_role("link", name="Upload an extract"))
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("Upload an extract")


def when_they_send(visitor, files) -> None:
    chosen = [
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
        for name, text in files.items()
    ]
    visitor.page.get_by_label("Files").set_input_files(chosen)
    visitor.presses("Upload and bring in")
