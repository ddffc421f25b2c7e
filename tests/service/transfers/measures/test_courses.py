"""Counting courses: each definition by a case, and the whole against a recount step by step."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.service.transfers.measures import courses
from clockstop.service.transfers.measures.courses import (
    PATIENTS,
    PROVIDERS,
    REFUSALS,
    TESTS,
    Course,
    StepTaken,
)

BEGUN = datetime(2026, 1, 5, 9, tzinfo=UTC)
STAGES = {"patients": PATIENTS, "providers": PROVIDERS, "tests": TESTS}
ACTIONS = sorted(
    {each for stages in STAGES.values() for _, actions in stages.values() for each in actions}
    | set(REFUSALS)
)


def course(*actions, group="A", minutes=None, **values):
    """Steps a week apart, from the day of asking."""
    steps = [
        StepTaken(action, BEGUN + timedelta(weeks=number), minutes=minutes)
        for number, action in enumerate(actions)
    ]
    return Course(group, steps, BEGUN, **values)


def cells(found):
    return {group: {k: n for k, n in row.items() if n} for group, row in found.cells.items()}


def test_a_course_counts_once_at_the_furthest_it_got():
    held = [
        course("invite"),
        course("invite", "ask", "find_suitable", "search", "offer", "decline"),
        course("find_eligible"),
        course("ask", group="B"),
    ]
    assert cells(courses.furthest(held, PATIENTS)) == {
        "A": {"Invited": 1, "Offered": 1},
        "B": {"Asked": 1},
    }


def test_days_count_from_the_first_time_at_a_stage_to_the_next_one_reached():
    held = [course("submit", "send_to_patient", "decline_all", "send_to_patient", "choose")]
    found = courses.days_between(held, PROVIDERS)
    assert {step: cells(each) for step, each in found.items()} == {
        "Help asked for to offered": {"A": {"Up to 7 days": 1}},
        "Offered to accepted": {"A": {"15 to 28": 1}},
    }
    assert found["Offered to accepted"].middle("A") == 21


def test_days_and_refusals_are_counted_by_group():
    """Steps a week apart: what is known of one group says nothing of another."""
    held = [course("submit", "send_to_patient"), course("submit", "choose", group="B")]
    days = courses.days_between(held, PROVIDERS)
    assert [(step, each.middle("A"), each.middle("B")) for step, each in days.items()] == [
        ("Help asked for to offered", 7, None),
        ("Help asked for to accepted", None, 7),
    ]
    held = [course("stay"), course("decline_all", "refuse", group="B")]
    refused = courses.refusals(held, lambda who, _: who.upper())
    assert {who: cells(each) for who, each in refused.items()} == {
        "patient": {"A": {"PATIENT": 1}, "B": {"PATIENT": 1}},
        "provider": {"B": {"PROVIDER": 1}},
    }


@pytest.mark.parametrize(
    ("here", "actions", "weeks"),
    [
        (30.0, ("ask", "accept", "complete"), 28.0),
        (1.0, ("ask", "accept", "complete"), -1.0),
        (None, ("ask", "accept", "complete"), None),
        (30.0, ("ask", "accept"), None),
    ],
)
def test_weeks_saved_are_those_expected_here_less_those_until_treatment(here, actions, weeks):
    assert course(*actions, weeks_here=here).weeks_saved == weeks


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "None"), (0.1, "1 to 12 weeks"), (12, "1 to 12 weeks"), (27, "Over 26")],
)
def test_bands_hold_their_upper_end(value, words):
    assert courses.band(value, courses.WEEKS, courses.MORE_WEEKS) == words


def test_minutes_are_those_of_all_steps_of_requests_that_somebody_dealt_with():
    held = [course("invite"), course("invite", "ask", minutes=10), course("ask")]
    found = courses.burden(held)
    assert cells(found) == {"A": {"16 to 30": 1, "None noted": 1}}
    assert found.mean() == 20


def test_moves_are_counted_between_sectors_by_specialty():
    held = [course(flow="nhs is", function="C_110"), course(flow="", function="C_110")]
    assert cells(courses.flows(held)) == {"C_110": {"NHS to independent": 1}}


SOME = st.builds(
    lambda actions, group, days, reason: Course(
        group,
        [
            StepTaken(action, BEGUN + timedelta(days=sum(days[: number + 1])), reason)
            for number, action in enumerate(actions)
        ],
        BEGUN,
    ),
    st.lists(st.sampled_from(ACTIONS), max_size=8),
    st.sampled_from("ABC"),
    st.lists(st.integers(0, 40), min_size=8, max_size=8),
    st.sampled_from(["22", "26"]),
)


@given(st.lists(SOME, max_size=12), st.sampled_from(sorted(STAGES)))
def test_every_table_equals_a_recount_from_the_steps(held, name):
    stages = STAGES[name]
    assert cells(courses.furthest(held, stages)) == _furthest(held, stages)
    counts, medians = _days(held, stages)
    found = courses.days_between(held, stages)
    in_steps = {
        (step, group): sum(row.values())
        for step, each in found.items()
        for group, row in each.cells.items()
    }
    assert in_steps == counts
    told = {(step, group): found[step].middle(group) for step, group in in_steps}
    assert told == pytest.approx(medians)
    refused = courses.refusals(held, lambda who, code: f"{who} {code}")
    assert {who: cells(each) for who, each in refused.items()} == _refusals(held)


def _furthest(held, stages):
    """Slow and obvious: go through the stages backwards until one was reached."""
    found = {}
    for each in held:
        done = {step.action for step in each.steps}
        for words, actions in reversed(list(stages.values())):
            if done & actions:
                found.setdefault(each.group, Counter())[words] += 1
                break
    return {group: dict(row) for group, row in found.items()}


def _days(held, stages):
    told = {}
    for each in held:
        last = None
        for words, actions in stages.values():
            times = [step.at for step in each.steps if step.action in actions]
            if times:
                if last:
                    days = max((min(times) - last[1]).total_seconds() / 86_400, 0)
                    step = f"{last[0]} to {words.lower()}"
                    told.setdefault((step, each.group), []).append(days)
                last = (words, min(times))
    return {k: len(v) for k, v in told.items()}, {k: median(v) for k, v in told.items()}


def _refusals(held):
    found = {}
    for each in held:
        for step in each.steps:
            if step.action in REFUSALS:
                who = REFUSALS[step.action]
                groups = found.setdefault(who, {}).setdefault(each.group, Counter())
                groups[f"{who} {step.reason}"] += 1
    return {who: {group: dict(row) for group, row in rows.items()} for who, rows in found.items()}
