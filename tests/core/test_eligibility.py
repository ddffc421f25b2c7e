"""Who may ask to be treated elsewhere: a case for each reason, and both sides of each number."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from clockstop.core.rulebook import eligibility
from clockstop.core.rulebook.choice_rights import EIGHTEEN_WEEKS, choice_rules, choice_rules_on
from clockstop.core.rulebook.eligibility import (
    Facts,
    against,
    outside_england,
    profile_of,
    profiles,
    profiles_on,
    reasons,
)

TODAY = date(2026, 11, 22)
LONG = Facts(day=TODAY, born=date(1960, 5, 17), clock_start=TODAY - timedelta(days=400))


def codes(profile, **changed):
    found = against(profiles_on(TODAY)[profile], replace(LONG, **changed))
    return [each.code for each in found]


def waited(days):
    return TODAY - timedelta(days=days)


def ahead(days):
    return TODAY + timedelta(days=days)


def aged(years, days=0):
    return date(TODAY.year - years, TODAY.month, TODAY.day) + timedelta(days=days)


@pytest.mark.parametrize("profile", [each.name for each in profiles()])
def test_a_long_wait_with_nothing_against_it_is_eligible(profile):
    assert codes(profile) == []


@pytest.mark.parametrize(
    ("profile", "days"),
    [
        *(("PLAN-2023", 281), ("LIVE-2023", 281), ("LEGAL-18W", 127)),
        *(("EXPAND-32", 225), ("EXPAND-26", 183), ("EXPAND-18", 127)),
    ],
)
def test_the_first_day_that_is_long_enough(profile, days):
    assert codes(profile, clock_start=waited(days - 1)) == ["too_short"]
    assert codes(profile, clock_start=waited(days)) == []


@pytest.mark.parametrize(
    ("profile", "changed", "expected"),
    [
        ("LIVE-2023", {"has_died": True}, "died"),
        ("LIVE-2023", {"is_waiting": False}, "not_waiting"),
        ("LIVE-2023", {"is_monitored": True}, "monitoring"),
        ("LIVE-2023", {"is_planned": True}, "planned"),
        ("LIVE-2023", {"clock_start": None}, "start_unknown"),
        ("PLAN-2023", {"was_seen": True}, "first_seen"),
        ("PLAN-2023", {"next_appointment": ahead(200)}, "first_booked"),
        ("LIVE-2023", {"next_appointment": ahead(56)}, "dated"),
        ("LIVE-2023", {"admission": ahead(0)}, "dated"),
        ("LIVE-2023", {"born": aged(18, days=1)}, "too_young"),
        ("LIVE-2023", {"is_consultant_led": False}, "not_consultant_led"),
        ("LIVE-2023", {"is_tertiary": True}, "tertiary"),
        ("LIVE-2023", {"codes": frozenset({"P2"})}, "clinical"),
        ("LIVE-2023", {"codes": frozenset({"P4", "D1"})}, "clinical"),
        ("LEGAL-18W", {"codes": frozenset({"P5"})}, "put_off"),
        ("LIVE-2023", {"is_outside_england": True}, "outside_england"),
        ("LEGAL-18W", {"is_cancer": True}, "cancer"),
        ("LIVE-2023", {"is_review_overdue": True}, "review_overdue"),
        ("LIVE-2023", {"is_sensitive": True}, "sensitive"),
        ("LIVE-2023", {"has_request": True}, "has_request"),
        ("LIVE-2023", {"was_asked_lately": True}, "asked_lately"),
        ("LIVE-2023", {"next_appointment": ahead(57)}, None),
        ("LIVE-2023", {"next_appointment": ahead(-1)}, None),
        ("LIVE-2023", {"born": aged(18)}, None),
        ("LIVE-2023", {"was_seen": True}, None),
        ("LIVE-2023", {"codes": frozenset({"P3", "P5"})}, None),
        ("LEGAL-18W", {"next_appointment": ahead(10)}, None),
        ("LEGAL-18W", {"born": aged(3)}, None),
        ("LEGAL-18W", {"is_tertiary": True}, None),
        ("LEGAL-18W", {"was_asked_lately": True}, None),
    ],
)
def test_each_reason(profile, changed, expected):
    assert codes(profile, **changed) == ([expected] if expected else [])


def test_every_reason_is_told_at_once_in_the_order_of_the_file():
    found = codes("LIVE-2023", is_cancer=True, has_died=True, clock_start=waited(1))
    assert found == ["died", "too_short", "cancer"]


def test_the_right_holds_for_whoever_will_have_waited_18_weeks_by_the_date_booked():
    start = waited(60)
    assert codes("LEGAL-18W", clock_start=start, admission=start + timedelta(days=126)) == [
        "too_short"
    ]
    assert codes("LEGAL-18W", clock_start=start, admission=start + timedelta(days=127)) == []
    late = start + timedelta(days=400)
    assert codes("LIVE-2023", clock_start=start, admission=late) == ["too_short"]


@pytest.mark.parametrize("profile", profiles(), ids=lambda each: each.name)
def test_a_profile_names_its_source_and_reasons_that_are_known(profile):
    assert profile.source
    assert profile.status in {"found", "to verify", "design"}
    assert profile.exclusions <= set(reasons())
    assert profile_of(profile.name, profile.valid_from) == profile


def test_each_reason_has_its_words_and_source_and_can_arise():
    every = {code for profile in profiles() for code in profile.exclusions}
    always = {"died", "not_waiting", "start_unknown", "too_short", "too_young"}
    assert every | always | {"first_seen", "first_booked", "dated"} == set(reasons())
    assert all(each.words and each.source for each in reasons().values())


def test_no_profile_holds_before_its_day():
    assert "LIVE-2023" not in profiles_on(date(2023, 10, 30))
    assert "LIVE-2023" in profiles_on(date(2023, 10, 31))


def test_cancer_and_an_overdue_review_stand_in_every_profile():
    assert all({"cancer", "review_overdue", "sensitive"} <= each.exclusions for each in profiles())


def test_the_right_of_18_weeks_is_what_the_rules_of_choice_say():
    rules = choice_rules_on(TODAY, EIGHTEEN_WEEKS)
    held = rules["waited_18_weeks"]
    [right] = [each for each in profiles() if each.is_legal]
    assert (right.days, right.valid_from, right.valid_to) == (127, held.valid_from, held.valid_to)
    known = {each.reason for each in rules.values()} - {""}
    assert known == {"put_off", "monitoring", "not_consultant_led"}
    assert known <= right.exclusions
    assert known <= set(reasons())


def test_the_right_changes_where_a_rule_of_choice_does(monkeypatch):
    """The reason that a patient chose to wait ends; from a later day the right holds no more."""
    ends = {"chose_to_wait": date(2027, 3, 31), "waited_18_weeks": date(2028, 3, 31)}
    changed = [replace(each, valid_to=ends.get(each.case)) for each in choice_rules()]
    monkeypatch.setattr(eligibility, "choice_rules", lambda: changed)
    first, then = [each for each in profiles.__wrapped__() if each.is_legal]
    assert (first.valid_from, first.valid_to) == (date(2013, 4, 1), date(2027, 3, 31))
    assert (then.valid_from, then.valid_to) == (date(2027, 4, 1), date(2028, 3, 31))
    assert first.exclusions - then.exclusions == {"put_off"}
    assert first.days == then.days == 127


def test_codes_of_other_countries():
    assert outside_england() == {"commissioner": ("NONC", "7A"), "practice": ("W", "S", "Z0")}
