"""The weeks after a census, against a count of every day."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.season import season
from clockstop.core.rulebook.working_days import is_working_day
from clockstop.core.types import Month

months = st.builds(Month, st.integers(2019, 2026), st.integers(1, 12))


def days_of(origin, week):
    return [origin.census + timedelta(days=1 + 7 * week + day) for day in range(7)]


@given(months, st.integers(1, 14))
def test_every_week_holds_the_work_of_its_days(origin, count):
    found = weeks_after(origin, count)
    for week, (arrivals, treatment, month) in enumerate(
        zip(found.arrivals, found.treatment, found.month, strict=True)
    ):
        days = days_of(origin, week)
        at_work = [day.month - 1 for day in days if is_working_day(day)]
        assert arrivals == pytest.approx(sum(season().arrivals[at] for at in at_work) / 5)
        assert treatment == pytest.approx(sum(season().treatment[at] for at in at_work) / 5)
        assert origin.plus(1 + int(month)) == Month(days[0].year, days[0].month)


@given(months, st.integers(1, 14))
def test_the_weeks_reach_the_last_census_and_no_further(origin, count):
    found = weeks_after(origin, count)
    assert found.months == tuple(origin.plus(ahead) for ahead in range(1, count + 1))
    for month, census in zip(found.months, found.census, strict=True):
        assert origin.census + timedelta(days=round(7 * census)) == month.census
    assert len(found.month) - 1 < found.census[-1] <= len(found.month)
    assert found.month.max() < count


@given(months, st.integers(1, 8), st.integers(1, 6))
def test_more_months_change_nothing_of_the_first(origin, count, more):
    short, long = weeks_after(origin, count), weeks_after(origin, count + more)
    for name in ("arrivals", "treatment", "month"):
        part = getattr(long, name)[: len(short.month)]
        assert part == pytest.approx(getattr(short, name))
    assert long.census[:count] == pytest.approx(short.census)


def test_the_weeks_of_christmas_hold_little_work():
    treatment = weeks_after(Month(2024, 11), 2).treatment
    assert treatment[3] == pytest.approx(3 / 5 * season().treatment[11])  # 22 to 28 December
    assert treatment[3] < 0.7 * treatment[1]


@pytest.mark.parametrize("count", [0, -1])
def test_no_months_are_refused(count):
    with pytest.raises(ValueError, match=f"cannot forecast {count} months"):
        weeks_after(Month(2024, 11), count)
