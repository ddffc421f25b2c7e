"""Somebody signs in as a made-up person, changes role, does what the role is for, signs out."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect
from tests.journeys import seed
from tests.journeys.everyone import then_nothing_bars_anyone, then_the_answer_is_guarded
from tests.journeys.steps import given_the_front_page, then_the_heading_is
from tests.journeys.visitors import Visitor

pytestmark = pytest.mark.browser

MANAGER, CLINICIAN = f"{seed.MANAGER}, Waiting-list manager", f"{seed.CLINICIAN}, Clinician"
ADMINISTRATOR, PATIENT = f"{seed.MANAGER}, Administrator of accounts", f"{seed.PATIENT}, Patient"
HOSPITAL = "Riverside Hospital"


def test_somebody_signs_in_and_out(anyone):
    given_the_front_page(anyone)
    when_they_choose_from_the_menu(anyone, "Sign in")
    then_the_heading_is(anyone, "Sign in")
    then_nothing_bars_anyone(anyone)

    anyone.presses(CLINICIAN)
    expect(anyone.page).to_have_url(f"{anyone.site.url}/pathways/")
    then_they_are_signed_in_as(anyone, seed.CLINICIAN, f"Clinician, {HOSPITAL}")
    expect(_account(anyone).get_by_role("link", name="Change role")).to_have_count(0)
    then_the_answer_is_guarded(anyone)
    then_no_copy_is_kept(anyone)

    anyone.presses("Sign out")
    then_the_heading_is(anyone, "You have signed out")
    expect(_account(anyone)).to_have_count(0)
    then_nothing_bars_anyone(anyone)


def test_their_name_is_on_the_pages_for_everybody_too(either):
    given_they_signed_in_as(either, CLINICIAN)
    for path in ("/", "/figures/england/", "/about-the-data/", "/nowhere/"):
        either.goes_to(path)
        then_they_are_signed_in_as(either, seed.CLINICIAN, f"Clinician, {HOSPITAL}")
        then_no_copy_is_kept(either)
        then_nothing_bars_anyone(either)


def test_somebody_with_two_roles_changes_between_them(either):
    given_they_signed_in_as(either, MANAGER)
    either.follows(_account(either).get_by_role("link", name="Change role"))
    then_the_heading_is(either, "Choose a role")
    expect(either.page.get_by_label("Waiting-list manager")).to_be_checked()
    then_nothing_bars_anyone(either)

    either.page.get_by_label("Administrator of accounts").check()
    either.presses("Continue")
    then_the_heading_is(either, re.compile("^People and roles"))
    then_they_are_signed_in_as(either, seed.MANAGER, f"Administrator of accounts, {HOSPITAL}")


def test_somebody_is_asked_to_sign_in_and_brought_back(either):
    either.goes_to("/members/give/")
    then_the_heading_is(either, "Sign in")
    either.presses(ADMINISTRATOR)
    then_the_heading_is(either, re.compile("^Give a role"))


def test_somebody_asks_for_what_is_not_theirs(either):
    given_they_signed_in_as(either, CLINICIAN)
    either.goes_to("/members/")
    then_the_heading_is(either, "This page is not open to your role")
    then_nothing_bars_anyone(either)


def test_an_administrator_gives_a_role_and_ends_it(either):
    user_id, name = uuid4().hex[:12], f"Kim {uuid4().hex[:6]}"
    given_they_signed_in_as(either, ADMINISTRATOR)
    then_nothing_bars_anyone(either)
    either.follows(either.page.get_by_role("button", name="Give a role"))
    then_nothing_bars_anyone(either)

    either.page.get_by_label("Name").fill(name)
    either.presses("Give the role")
    then_the_form_says(either, "Enter the person's user ID", "subject")
    then_the_form_says(either, "Choose a role", "role")
    expect(either.page.get_by_label("Name")).to_have_value(name)
    then_nothing_bars_anyone(either)

    either.page.get_by_label("User ID").fill(user_id)
    either.page.get_by_label("Role").select_option(label="Booking office")
    either.presses("Give the role")
    then_the_heading_is(either, re.compile("^People and roles"))
    row = either.page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("Booking office")
    then_nothing_bars_anyone(either)

    either.follows(row.get_by_role("link"))
    then_the_heading_is(either, "End this role?")
    then_nothing_bars_anyone(either)
    either.presses("End the role")
    ended = either.page.get_by_role("table", name="Roles that have ended")
    expect(ended.get_by_role("row").filter(has_text=name)).to_have_count(1)
    then_nothing_bars_anyone(either)


def test_a_patient_sees_who_can_see_their_record(either):
    given_they_signed_in_as(either, PATIENT)
    then_they_are_signed_in_as(either, seed.PATIENT, "Patient")
    when_they_choose_from_the_menu(either, "Carers")
    then_the_heading_is(either, "Carers")
    then_nothing_bars_anyone(either)
    either.page.get_by_label("Code from your carer").fill("ABCD EFGH")
    either.page.get_by_label("3 months").check()
    either.presses("Let them see it")
    then_the_form_says(
        either, "This code is not known or too old: ask your carer for a new one", "code"
    )
    expect(either.page.get_by_label("3 months")).to_be_checked()
    then_nothing_bars_anyone(either)

    either.presses("Get a code")
    then_the_heading_is(either, re.compile(r"^\s*\w{4} \w{4}\s*$"))
    then_nothing_bars_anyone(either)


def given_they_signed_in_as(visitor: Visitor, persona: str) -> None:
    visitor.goes_to("/sign-in/")
    visitor.presses(persona)


def when_they_choose_from_the_menu(visitor: Visitor, name: str) -> None:
    """With JavaScript, what does not fit into the menu stands behind a button."""
    menu = visitor.page.get_by_role("navigation", name="Menu")
    link = menu.get_by_role("link", name=name, exact=True)
    more = menu.get_by_role("button", name="More")
    if not link.is_visible():
        more.click()
    visitor.follows(link)


def then_they_are_signed_in_as(visitor: Visitor, name: str, role: str) -> None:
    expect(_account(visitor)).to_contain_text(name)
    expect(_account(visitor)).to_contain_text(role)
    expect(_account(visitor).get_by_role("button", name="Sign out")).to_be_visible()


def then_no_copy_is_kept(visitor: Visitor) -> None:
    assert "no-store" in visitor.witness.last_answer.all_headers()["cache-control"]


def then_the_form_says(visitor: Visitor, words: str, field: str) -> None:
    link = visitor.page.locator(".nhsuk-error-summary").get_by_role("link", name=words)
    expect(link).to_have_attribute("href", f"#{field}")
    expect(visitor.page.locator(f"#{field}-error")).to_contain_text(words)


def _account(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Your account")
