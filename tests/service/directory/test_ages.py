"""Ages in completed months, and back to what people type and read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.service.directory import ages
from clockstop.service.directory.form_fields import AgeField


def completed(born, day):
    """Months of life, counted one by one."""
    ends = (date(born.year + n // 12, n % 12 + 1, born.day) for n in range(born.month, 2_000))
    return next(number for number, end in enumerate(ends) if end > day)


@pytest.mark.parametrize("years", [0, 1, 15, 16, 17, 18, 99])
def test_a_limit_in_years_takes_in_everybody_of_that_age(years):
    birthday = date(2000 + years, 6, 15)
    eve_of_next = date(2001 + years, 6, 14)
    born = date(2000, 6, 15)
    assert ages.youngest(years) == completed(born, birthday)
    assert ages.oldest(years) == completed(born, eve_of_next)


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (None, None, "All ages"),
        (0, None, "All ages"),
        (192, None, "16 years and over"),
        (None, 191, "Up to 15 years"),
        (6, 191, "6 months to 15 years"),
        (12, 23, "1 year to 1 year"),
        (1, 203, "1 month to 16 years"),
        (203, None, "203 months and over"),
        (None, 5, "Up to 5 months"),
    ],
)
def test_who_is_treated_in_words(least, most, words):
    assert ages.in_words(least, most) == words


@given(st.integers(0, 1_500), st.booleans())
def test_what_the_form_shows_is_read_back_as_it_was(months, is_oldest):
    field = AgeField(called="Age", is_oldest=is_oldest)
    assert field.clean(ages.as_typed(months, is_oldest=is_oldest)) == months
