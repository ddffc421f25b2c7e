from datetime import date

import pytest

from clockstop.core.rulebook.working_days import is_working_day, working_days_after


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 9, 26), True),  # a Friday
        (date(2025, 9, 27), False),
        (date(2025, 9, 28), False),
        (date(2025, 4, 18), False),  # Good Friday
        (date(2025, 12, 26), False),
        (date(2026, 12, 28), False),  # for a Boxing Day on a Saturday
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "count", "wanted"),
    [
        (date(2025, 9, 30), 13, date(2025, 10, 17)),
        (date(2025, 9, 30), 18, date(2025, 10, 24)),
        (date(2025, 3, 31), 13, date(2025, 4, 17)),  # the day before Good Friday
        (date(2025, 3, 31), 14, date(2025, 4, 22)),  # over Easter
        (date(2025, 9, 28), 3, date(2025, 10, 1)),
    ],
)
def test_working_days_after_a_day(day, count, wanted):
    assert working_days_after(day, count) == wanted


def test_no_working_days_after_a_day_are_refused():
    with pytest.raises(ValueError, match="0 working days"):
        working_days_after(date(2025, 9, 30), 0)
