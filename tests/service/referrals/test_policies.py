"""The rules E4 to E9 of the national services notes, as tables."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.rtt.events import Service
from clockstop.core.rulebook.working_days import is_working_day
from clockstop.service.directory.choices import Priority
from clockstop.service.referrals import policies
from clockstop.service.referrals.choice import excluded_because, rank
from clockstop.service.referrals.policies import Entry

TODAY = date(2026, 11, 23)  # a Monday


def entries(count, providers=None):
    return [Entry(at, f"P{at % (providers or 99)}", takes_triage=False) for at in range(count)]


@pytest.mark.parametrize(
    ("count", "found"),
    [(0, ["MISSING_VALUE"]), (1, []), (5, []), (20, []), (21, ["TOO_MANY_ITEMS"])],
)
def test_a_shortlist_holds_one_to_twenty_services(count, found):
    refused = policies.against_shortlist(entries(count), TODAY)
    assert [each.code for each in refused] == found


def test_everything_that_is_wrong_with_a_shortlist_is_said_at_once():
    wrong = [*entries(20), Entry(3, "P3", takes_triage=False, against=("not for children",))]
    refused = policies.against_shortlist(wrong, TODAY)
    assert [each.code for each in refused] == [
        "TOO_MANY_ITEMS",
        "DUPLICATE_SERVICE",
        "SHORTLISTED_SERVICE_NOT_IN_RESULTS",
    ]
    assert "not for children" in refused[-1].words


@pytest.mark.parametrize(
    ("services", "providers", "in_scope", "asked"),
    [
        (5, 5, True, False),
        (5, 4, True, True),  # one trust twice: providers are counted, not services
        (1, 1, True, True),
        (1, 1, False, False),  # suspected cancer: nobody is asked
        (20, 5, True, False),
    ],
)
def test_fewer_than_five_providers_are_asked_about(services, providers, in_scope, asked):
    found = policies.asks_why_so_few(entries(services, providers), in_scope=in_scope, today=TODAY)
    assert found is asked


@pytest.mark.parametrize(
    ("reason", "has_slots", "wanted_is_free", "found"),
    [
        ("NO_SLOTS_AT_SERVICE", False, False, []),
        ("NO_SLOTS_AT_SERVICE", True, False, ["SLOTS_CURRENTLY_AVAILABLE"]),
        ("SLOT_NOT_AVAILABLE", True, False, []),
        ("SLOT_NOT_AVAILABLE", True, True, ["THIS_SLOT_IS_AVAILABLE"]),
        ("BOOKING_ATTEMPT_PROBLEM", True, True, []),
        ("", False, False, ["INVALID_CODE"]),
        ("TRIAGE", False, False, ["INVALID_CODE"]),
    ],
)
def test_deferring_needs_that_nothing_can_be_booked(reason, has_slots, wanted_is_free, found):
    refused = policies.against_deferring(reason, has_slots=has_slots, wanted_is_free=wanted_is_free)
    assert [each.code for each in refused] == found


@pytest.mark.parametrize(
    ("step", "priority", "working_days"),
    [
        ("defer", "routine", 40),
        ("defer", "urgent", 10),
        ("defer", "two_week_wait", 5),
        ("triage", "routine", 40),
        ("triage", "urgent", 5),
        ("triage", "two_week_wait", 2),
    ],
)
def test_providers_promise_to_be_in_touch_within_working_days(step, priority, working_days):
    due = policies.contact_by(step, priority, TODAY)
    days = [TODAY + timedelta(days=n) for n in range(1, (due - TODAY).days + 1)]
    assert sum(map(is_working_day, days)) == working_days
    assert is_working_day(due)


@pytest.mark.parametrize(
    ("days_ago", "stands"), [(0, True), (1, True), (365, True), (366, False), (-1, False)]
)
def test_a_supplied_start_lies_within_a_year_past(days_ago, stands):
    refused = policies.against_start(TODAY - timedelta(days=days_ago), TODAY)
    assert (refused == ()) is stands


def test_nobody_missed_what_has_not_begun():
    now = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001
    assert policies.has_begun(now, now) == ()
    assert policies.has_begun(now + timedelta(minutes=1), now)


@pytest.mark.parametrize(
    ("guard", "code", "comment", "found"),
    [
        ("reject_reason", "", "", ["VALUE_IS_REQUIRED"]),
        ("reject_reason", "PATIENT_HOLIDAY", "", ["INVALID_CODE"]),
        ("reject_reason", "OTHER", "", []),
        ("patient_reason", "PATIENT_OTHER_ENGAGEMENT", " ", ["VALUE_IS_REQUIRED"]),
        ("patient_reason", "PATIENT_OTHER_ENGAGEMENT", "A wedding", []),
        ("redirect_reason", "REDIRECTED_AGE", "Adults only", []),
        ("redirect_reason", "REDIRECTED_TEMPORARILY", "", ["INVALID_CODE"]),  # ended in 2014
    ],
)
def test_reasons_are_of_the_list_and_say_more_where_they_must(guard, code, comment, found):
    refused = policies.against_reason(guard, code, comment, TODAY)
    assert [each.code for each in refused] == found


def test_a_practice_and_a_provider_cancel_for_reasons_of_their_own():
    practice = set(policies.reasons_for("cancel_reason", TODAY, ["referrer"]))
    provider = set(policies.reasons_for("cancel_reason", TODAY, ["provider"]))
    assert "RAISED_IN_ERROR" in practice - provider
    assert "STRAIGHT_TO_TEST" in provider - practice
    assert "PATIENT_DIED" in practice & provider


@pytest.mark.parametrize(
    ("priority", "kinds", "stated", "case"),
    [
        (Priority.ROUTINE, [Service.CONSULTANT_LED], "", None),
        (Priority.TWO_WEEK_WAIT, [Service.CONSULTANT_LED], "", "suspected_cancer"),
        (Priority.ROUTINE, [Service.CONSULTANT_LED], "prisoner", "prisoner"),
        (Priority.ROUTINE, [Service.NOT_CONSULTANT_LED], "", "not_consultant_led"),
        (Priority.ROUTINE, [Service.NOT_CONSULTANT_LED, Service.CONSULTANT_LED], "", None),
        (Priority.ROUTINE, [Service.DIRECT_ACCESS_TEST], "", "direct_access_test"),
    ],
)
def test_where_the_right_to_choose_does_not_hold(priority, kinds, stated, case):
    rule = excluded_because(priority, kinds, stated, TODAY)
    assert (rule.case if rule else None) == case


@given(st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=20), st.data())
def test_a_rank_is_one_more_than_how_many_are_better(values, data):
    at = data.draw(st.integers(0, len(values) - 1))
    better = [each for each in values if each is not None and values[at] is not None]
    expected = None if values[at] is None else 1 + len([b for b in better if b < values[at]])
    assert rank(values, at) == expected
