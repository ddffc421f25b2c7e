"""When the slots of a clinic are."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clockstop.service.directory.clinics import LONDON, Session, weekly

DAYS = st.dates(date(2025, 1, 1), date(2030, 12, 31))


@given(
    DAYS,
    st.times().map(lambda t: t.replace(microsecond=0)),
    st.integers(5, 240),
    st.integers(1, 40),
)
def test_slots_follow_one_another_and_are_all_of_one_length(day, begins, minutes, number):
    """In absolute time: also on the nights on which the clock changes."""
    times = list(Session(day=day, begins=begins, minutes=minutes, slots=number).times())
    assert len(times) == number
    utc = [(starts.astimezone(UTC), ends.astimezone(UTC)) for starts, ends in times]
    assert all(ends - starts == timedelta(minutes=minutes) for starts, ends in utc)
    assert [ends for _, ends in utc[:-1]] == [starts for starts, _ in utc[1:]]


def test_a_clinic_begins_at_the_hour_of_the_clock_on_the_wall():
    winter, summer = (
        next(Session(day=day, begins=time(9, 30), minutes=20, slots=1).times())[0]
        for day in (date(2026, 1, 5), date(2026, 7, 6))
    )
    assert winter.astimezone(UTC) == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert summer.astimezone(UTC) == datetime(2026, 7, 6, 8, 30, tzinfo=UTC)
    assert winter.tzinfo == summer.tzinfo == LONDON


@given(DAYS, st.integers(0, 6), st.integers(0, 200))
def test_a_weekly_clinic_is_on_every_such_day_and_on_no_other(first, weekday, length):
    until = first + timedelta(days=length)
    every = [first + timedelta(days=number) for number in range(length)]
    assert list(weekly(first, weekday, until)) == [d for d in every if d.weekday() == weekday]
