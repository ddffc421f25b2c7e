"""Cohorts, counted in one pass, are what one counts row by row; targets are those of the day."""

from datetime import date, timedelta
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.people import an_actor
from tests.service.tracking.listed import ago, ahead, an_entry, today
from tests.service.tracking.test_filters import a_random_row

from clockstop.core.disclosure import threshold_on
from clockstop.core.rtt.waiting import is_over
from clockstop.service.accounts.roles import Role
from clockstop.service.tracking.cohorts import WEEKS, Horizon, horizon_on, targets_of
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.lists import OwnList
from clockstop.service.tracking.presenters.cohorts import _sums, protected_lines, target_words


def own_list(**asked) -> OwnList:
    return OwnList(an_actor(), Filter(**asked), today())


@pytest.mark.django_db
def test_the_cohorts_are_what_one_counts_row_by_row():
    random, by = Random(3), ahead(100)
    rows = [a_random_row(random) for _ in range(80)]
    own = own_list(by=by)
    waiting = [row for row in rows if row.state == "waiting"]
    counted = own.tally()
    assert counted.all == len(waiting)
    assert counted.unknown == sum(row.clock_start is None for row in waiting)
    assert counted.undated == sum(not booked_before(row, date.max) for row in waiting)
    returned = [row for row in waiting if row.in_returns and row.clock_start]
    for cohort in counted.cohorts(today()):
        over = lambda row, day, n=cohort.weeks: is_over((day - row.clock_start).days, n)  # noqa: E731
        then = [row for row in returned if over(row, by)]
        assert cohort.now == sum(over(row, today()) for row in returned)
        assert cohort.then == len(then)
        assert cohort.unbooked == sum(not booked_before(row, by) for row in then)


def booked_before(row, last: date) -> bool:
    dates = (row.next_appointment, row.tci_date)
    return any(day and today() <= day <= last for day in dates)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "over"), [(126, 0), (127, 1)])
def test_a_wait_is_over_18_weeks_on_the_127th_day(days, over):
    an_entry(clock_start=ago(days))
    assert own_list().tally().over(18, today()) == over


def test_each_cohort_looks_ahead_to_its_next_target():
    """In November 2026 only the waits over 18 weeks have one to come, until March 2027."""
    day = date(2026, 11, 22)
    assert horizon_on(day) == Horizon((date(2027, 3, 31),) * len(WEEKS))
    assert {each.id for each in targets_of(52, day)} == {"rtt-52b"}
    assert {each.id for each in targets_of(65, date(2024, 4, 1))} == {"rtt-65b"}
    assert horizon_on(date(2024, 4, 1)).days[WEEKS.index(65)] == date(2024, 9, 30)
    assert horizon_on(date(2024, 4, 1)).days[WEEKS.index(52)] == date(2025, 3, 31)
    assert horizon_on(day, date(2027, 1, 1)).every == (date(2027, 1, 1),)
    assert horizon_on(date(2050, 4, 1)).every == (date(2051, 3, 31),)


def test_targets_in_words():
    day = date(2026, 11, 22)
    words = {each.id: target_words(each) for n in WEEKS for each in targets_of(n, day)}
    assert words["rtt-65b"] == "None, by 30 September 2024"
    assert words["rtt-52b"] == "Under 1%, by 31 March 2026"
    assert words["rtt-18w"] == "At least 92% within 18 weeks, always"
    assert words["rtt-18w-27-step"] == (
        "7 points better within 18 weeks, by 31 March 2027 (to verify)"
    )


DAY, LEAST = date(2026, 11, 22), threshold_on(date(2026, 11, 22))


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([100, 60, 20], [100, 60, 20]),
        ([100, 97, 20], [100, None, 20]),  # the three between could be worked out
        ([100, 100, 20], [100, 100, 20]),  # nought may be
        ([2900, 1500, 500, 230, 35, 5, 5], [2900, 1500, 500, 230, 35, None, None]),
        ([2900, 1500, 232, 230, 35, 0, 0], [2900, 1500, None, 230, 35, 0, 0]),
        ([0, 0, 0], [0, 0, 0]),
        ([5, 90, 3], [None, 90, None]),  # days that differ
    ],
)
def test_small_numbers_between_cohorts_are_not_shown(counts, shown):
    assert _sums(counts, DAY) == shown


@given(st.lists(st.integers(0, 40), min_size=len(WEEKS), max_size=len(WEEKS)))
def test_nothing_small_can_be_worked_out_and_the_standard_is_shown(parts):
    counts = [sum(parts[place:]) for place in range(len(parts))]
    found = _sums(counts, DAY)
    shown = [each for each in found if each is not None]
    assert not [one - two for one, two in combinations([*shown, 0], 2) if 0 < one - two < LEAST]
    assert (found[0] is None) == (0 < counts[0] < LEAST)
    assert all(each in (None, count) for each, count in zip(found, counts, strict=True))


@pytest.mark.django_db
def test_an_icb_reads_no_small_cohort():
    for _ in range(3):
        an_entry(clock_start=ago(weeks=60))
    own = OwnList(an_actor(Role.ICB_HUB, "QAA"), Filter(), today())
    lines = protected_lines(own.tally(), today())
    assert {line.now.text for line in lines} == {"too few to show", "0"}
    assert not any(line.now.href for line in lines)


@pytest.mark.django_db
def test_a_breach_today_is_no_breach_in_a_week():
    an_entry(clock_start=ago(weeks=18), next_appointment=ahead(3))
    cohort = own_list(by=today() + timedelta(days=1)).tally().cohorts(today())[0]
    assert (cohort.now, cohort.then, cohort.unbooked) == (0, 1, 1)
    cohort = own_list(by=today() + timedelta(days=3)).tally().cohorts(today())[0]
    assert (cohort.then, cohort.unbooked) == (1, 0)
