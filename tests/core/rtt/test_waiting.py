"""Days, bands and breaches at their edges (§10.1.7)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.events import Attendance, ReferralReceived
from clockstop.core.rtt.status_codes import Status
from clockstop.core.rtt.waiting import (
    breach_day,
    days_waited,
    first_day_over,
    is_over,
    last_day_within,
    latest_start_over,
    runs_on,
    week_band,
)

START = date(2025, 1, 6)


def waiting(*events):
    return derive([ReferralReceived(id="r", day=START), *events]).periods[0]


@pytest.mark.parametrize(
    ("days", "band"),
    [
        *[(0, 0), (1, 0), (7, 0), (8, 1), (14, 1), (15, 2), (119, 16), (120, 17), (126, 17)],
        *[(127, 18), (280, 39), (281, 40), (358, 51), (364, 51), (365, 52), (728, 103)],
        *[(729, 104), (5000, 104)],
    ],
)
def test_week_bands(days, band):
    assert week_band(days) == band


def test_the_first_band_holds_eight_days_and_every_other_seven():
    bands = [week_band(days) for days in range(729)]
    assert [bands.count(band) for band in range(104)] == [8] + [7] * 103


def test_a_negative_wait_is_refused():
    with pytest.raises(ValueError, match="no wait"):
        week_band(-1)


@pytest.mark.parametrize(
    ("days", "weeks", "over"),
    [
        *[(126, 18, False), (127, 18, True), (280, 40, False), (281, 40, True)],
        *[(364, 52, False), (365, 52, True)],
    ],
)
def test_more_than_so_many_weeks(days, weeks, over):
    assert is_over(days, weeks) is over
    day = START + timedelta(days=days)
    assert (day >= breach_day(waiting(), weeks)) is over
    assert days_waited(waiting(), day) == days


def test_the_last_day_within_18_weeks():
    assert last_day_within(waiting(), 18) == date(2025, 5, 12)
    assert breach_day(waiting(), 18) == date(2025, 5, 13)


def test_a_stopped_clock_counts_no_further_and_is_off_the_census_of_its_day():
    treated = waiting(Attendance(id="t", day=date(2025, 3, 3), status=Status.TREATED))
    assert days_waited(treated, date(2026, 1, 1)) == 56
    assert days_waited(treated, date(2025, 2, 3)) == 28
    assert runs_on(treated, date(2025, 3, 2))
    assert not runs_on(treated, date(2025, 3, 3))


def test_before_the_start_nobody_waits():
    assert days_waited(waiting(), date(2025, 1, 5)) is None
    assert not runs_on(waiting(), date(2025, 1, 5))


def test_an_unknown_start_gives_no_days_but_is_on_the_list():
    period = derive([Attendance(id="a", day=START, status=Status.LATER_ACTIVITY)]).periods[0]
    assert days_waited(period, date(2025, 3, 3)) is None
    assert breach_day(period, 18) is None
    assert runs_on(period, START)
    assert not runs_on(period, START - timedelta(days=1))


@given(st.integers(0, 2000))
def test_bands_and_limits_agree(days):
    assert is_over(days, 18) == (week_band(days) >= 18)
    assert is_over(days, 52) == (week_band(days) >= 52)


@given(
    start=st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    day=st.dates(date(2000, 1, 1), date(2099, 1, 1)),
    weeks=st.integers(0, 200),
)
def test_a_list_cut_by_its_starts_is_cut_by_its_waits(start, day, weeks):
    is_it = is_over((day - start).days, weeks)
    assert (start <= latest_start_over(day, weeks)) == is_it
    assert (day >= first_day_over(start, weeks)) == is_it
