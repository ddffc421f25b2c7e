"""What holds for the return of any pathway, and what the worked situations do not show."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.rtt.drawn import DAYS, any_events
from tests.core.rtt.spec import Spec
from tests.core.rtt.test_invariants import EVENTS, POLICIES, UNCORRECTED

from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.commissioners import NONC, commissioner_on
from clockstop.core.rtt.explaining import explain, return_in_words
from clockstop.core.rtt.reporting import reported
from clockstop.core.rtt.return_parts import known_on
from clockstop.core.rtt.rules import RuleEffect, clock_rules
from clockstop.core.rtt.waiting import days_waited, runs_on, week_band
from clockstop.core.rtt.week_bands import label
from clockstop.core.types import Month, Part

COMPLETED = (Part.ADMITTED, Part.NONADMITTED)
MONTHS = [Month(2024, 1).plus(number) for number in range(14)]


def events(text):
    return Spec(paragraph="", title="", events=text).pathway.events


def month_by_month(found):
    return {month: reported(found, month.census) for month in MONTHS}


@given(EVENTS, POLICIES, DAYS)
def test_any_events_give_a_return_that_can_be(given_events, policy, census):
    found = derive(given_events, policy=policy, as_of=census)
    lines = reported(found, census).lines
    counts = Counter((line.part, line.period) for line in lines)
    assert all(count == 1 for count in counts.values()), "nobody is counted twice"
    waiting = {line.period for line in lines if line.part is Part.INCOMPLETE}
    assert {line.period for line in lines if line.part is Part.INCOMPLETE_DTA} <= waiting
    assert waiting.isdisjoint(line.period for line in lines if line.part in COMPLETED)
    running = {each.number for each in found.periods if runs_on(each, census) and each.in_returns}
    assert waiting == running


@given(EVENTS, DAYS)
def test_the_band_is_that_of_the_days_waited(given_events, census):
    found = derive(given_events, as_of=census)
    for line in reported(found, census).lines:
        days = days_waited(found.periods[line.period - 1], census)
        is_banded = line.part is not Part.NEW_PERIODS and days is not None
        assert line.band == (label(week_band(days)) if is_banded else None)


@given(EVENTS, DAYS)
def test_every_line_gives_its_reasons(given_events, census):
    for line in reported(derive(given_events, as_of=census), census).lines:
        effects = [clock_rules()[rule].effect for rule in line.rules]
        assert len(effects) >= 4, "for the part, the provider, the function, the commissioner"
        assert set(effects) <= {RuleEffect.REPORTS, RuleEffect.CONTINUES}


@given(UNCORRECTED)
def test_every_period_that_ends_is_completed_in_one_month_and_no_other(given_events):
    found = derive([each for each in given_events if each.day <= MONTHS[-1].census])
    returns = month_by_month(found)
    for period in found.periods:
        months = [
            month
            for month, each in returns.items()
            for line in each.lines
            if line.part in COMPLETED and line.period == period.number
        ]
        counts = period.end and period.in_returns and not period.nullified
        is_seen = counts and period.opened_on <= Month(period.end.year, period.end.month).census
        assert months == ([Month(period.end.year, period.end.month)] if is_seen else [])


@given(UNCORRECTED, st.sampled_from(MONTHS))
def test_what_happens_later_never_changes_an_earlier_return(given_events, month):
    now = derive(given_events, as_of=month.census)
    then = derive([e for e in given_events if e.day <= month.census], as_of=month.census)
    assert reported(now, month.census).lines == reported(then, month.census).lines


@given(any_events(kinds=["referral_received", "attendance", "monitoring_started", "death"]))
def test_what_is_entered_at_once_leaves_no_return_to_revise(given_events):
    """Of these kinds none reaches back; admissions do, until their outcome is known."""
    at_once = [replace(each, recorded=None) for each in given_events]
    found = derive(at_once, as_of=MONTHS[-1].census)
    assert reported(found, MONTHS[-1].census).to_revise == ()


def test_an_entry_is_never_known_before_it_happened():
    (event,) = events("2025-06-02 referral_received recorded=2025-05-01")
    assert known_on(event) == date(2025, 6, 2)


def test_a_stop_found_late_in_the_same_month_is_counted_in_it():
    found = derive(
        events("""
        2025-09-01 referral_received
        2025-09-08 treatment_started recorded=2025-09-29
        """),
        as_of=date(2025, 9, 30),
    )
    answer = reported(found, date(2025, 9, 30))
    assert [line.part for line in answer.lines] == [Part.NONADMITTED, Part.NEW_PERIODS]
    assert (answer.left_out, answer.to_revise) == ((), ())


def test_a_referral_entered_late_was_missing_from_the_earlier_returns():
    found = derive(
        events("2025-07-07 referral_received recorded=2025-09-15"), as_of=date(2025, 9, 30)
    )
    assert [
        (str(each.month), each.counted) for each in reported(found, date(2025, 9, 30)).to_revise
    ] == [
        ("2025-07", ()),
        ("2025-08", ()),
    ]


def test_a_community_period_that_ended_long_ago_is_not_worth_a_word():
    found = derive(
        events("""
        2025-01-06 referral_received service=community_consultant_led
        2025-02-03 treatment_started
        """)
    )
    assert reported(found, date(2025, 9, 30)).left_out == ()
    assert reported(found, date(2025, 2, 28)).left_out == ((1, "report-community"),)


def test_an_earlier_census_may_be_asked_of_a_later_derivation():
    found = derive(
        events("""
        2025-06-02 referral_received provider=RAA treatment_function=110
        2025-08-11 transfer_sent provider=RAA to=RBB
        2025-08-12 decision_to_admit treatment_function=120
        """)
    )
    (line,) = reported(found, date(2025, 7, 31)).lines
    assert (line.part, line.provider, line.function) == (Part.INCOMPLETE, "RAA", "C_110")
    assert "report-responsible" in line.rules


def test_an_earlier_return_knows_nothing_of_what_is_nullified_or_decided_again_later():
    found = derive(
        events("""
        2025-07-01 referral_received
        2025-07-08 decision_to_admit
        2025-09-01 decision_to_admit
        2025-09-02 did_not_attend appointment=first communicated=true
        """)
    )
    lines = reported(found, date(2025, 7, 31)).lines
    assert [(line.part, line.band) for line in lines] == [
        (Part.INCOMPLETE, "4-5"),
        (Part.INCOMPLETE_DTA, "4-5"),
        (Part.NEW_PERIODS, None),
    ]


def test_a_community_period_of_a_later_month_is_no_part_of_an_earlier_return():
    found = derive(events("2025-10-06 referral_received service=community_consultant_led"))
    assert reported(found, date(2025, 9, 30)).left_out == ()
    assert reported(found, date(2025, 10, 31)).left_out == ((1, "report-community"),)


def test_nothing_happened_and_nothing_is_reported():
    answer = reported(derive([]), date(2025, 9, 30))
    assert (answer.lines, answer.left_out, answer.to_revise) == ((), (), ())


@pytest.mark.parametrize(
    ("fields", "day", "codes"),
    [
        ("outside_england=7A4 practice=15E", "2025-09-30", (NONC, "7A4")),
        ("nhs_england=detained hub=14M outside_england=7A4", "2025-09-30", ("14M", "14M")),
        ("nhs_england=armed_forces hub=13R", "2025-09-30", ("13R", "13R")),
        ("nhs_england=secondary_dental hub=14F outside_england=7A4", "2025-09-30", (NONC, "7A4")),
        ("nhs_england=secondary_dental hub=14F practice=15E", "2013-03-31", ("15E", "15E")),
        ("nhs_england=secondary_dental hub=14F practice=15E", "2013-04-01", ("14F", "14F")),
        ("practice=15E", "2012-12-31", (None, None)),
    ],
)
def test_who_commissions(fields, day, codes):
    entries = events(f"2013-01-01 commissioner_recorded {fields}")
    found = commissioner_on(entries, date.fromisoformat(day))
    assert (found.code, found.weekly_code) == codes


def test_of_two_commissioners_recorded_on_a_day_the_later_entry_counts():
    entries = events("""
        2025-01-06 commissioner_recorded practice=15E
        2025-01-06 commissioner_changed practice=36J
        """)
    assert commissioner_on(entries, date(2025, 1, 6)).code == "36J"


def test_the_return_in_words():
    late = events("""
        2025-06-02 referral_received provider=RAA treatment_function=110
        2025-08-18 treatment_started recorded=2025-10-06
        """)

    def told(day):
        return list(return_in_words(reported(derive(late, as_of=day), day)))

    why = "(§10.1.1.2, §11.1, §10.1.4, §10.1.8)"
    assert told(date(2025, 6, 30)) == [
        f"Part 2, period 1: RAA, commissioner not known, line C_110, weeks 3-4 {why}.",
        f"Part 3, period 1: RAA, commissioner not known, line C_110 {why}.",
    ]
    assert told(date(2025, 10, 31)) == [
        f"Not counted, period 1: {clock_rules()['report-stopped-earlier'].text} (§10.1.5).",
        "To revise, August 2025: counted in Part 2, should be in Part 1B (§10.1.6).",
        "To revise, September 2025: counted in Part 2, should be in no part (§10.1.6).",
    ]


def test_the_explanation_holds_the_identifier():
    booked = derive(events("2025-01-06 ubrn_converted ubrn=000012345678"))
    day = date(2025, 1, 31)
    assert explain(booked, day)["identifier"] == {"id": f"{12345678:020}", "issuer": "X09"}
    assert explain(derive([]), day)["identifier"] is None


def test_the_explanation_holds_the_return():
    found = derive(
        events("""
        2025-06-02 referral_received provider=RAA treatment_function=110
        2025-06-02 commissioner_recorded outside_england=7A4
        2025-08-18 treatment_started treatment_function=110 recorded=2025-10-06
        """),
        as_of=date(2025, 8, 31),
    )
    told = explain(found, date(2025, 8, 31))["reported"]
    (line,) = told["lines"]
    assert (line["part"], line["provider"], line["treatment_function"]) == (
        "Part_1B",
        "RAA",
        "C_110",
    )
    assert (line["commissioner"], line["commissioner_weekly"]) == (NONC, "7A4")
    assert (line["week_band"], line["because"][0]["reference"]) == ("10-11", "§10.1.1.2")
    later = explain(derive(found.events, as_of=date(2025, 10, 31)), date(2025, 10, 31))["reported"]
    assert later["lines"] == []
    assert [each["rule"] for each in later["left_out"]] == ["report-stopped-earlier"]
    assert later["to_revise"] == [
        {"month": "2025-08", "counted": ["Part_2"], "should": ["Part_1B"]},
        {"month": "2025-09", "counted": ["Part_2"], "should": []},
    ]
