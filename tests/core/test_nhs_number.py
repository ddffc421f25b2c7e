from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.types import NhsNumber

nine = st.from_regex(r"[0-9]{9}", fullmatch=True).filter(lambda first: slow_check(first) != 10)


def slow_check(first: str) -> int:
    """The check as the data dictionary words it, step by step."""
    total = 0
    for place in range(9):
        total += int(first[place]) * (10 - place)
    left = 11 - total % 11
    return 0 if left == 11 else left


@given(nine)
def test_nine_digits_and_their_check_digit_are_an_nhs_number(first):
    digits = f"{first}{slow_check(first)}"
    number = NhsNumber(f"{digits[:3]} {digits[3:6]}-{digits[6:]}")
    assert str(number) == digits
    assert number.spaced.replace(" ", "") == digits
    assert NhsNumber(number.spaced) == number


@given(nine, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(first, place, added):
    digits = list(f"{first}{slow_check(first)}")
    digits[place] = str((int(digits[place]) + added) % 10)
    with pytest.raises(ValueError, match="last digit does not fit"):
        NhsNumber("".join(digits))


@given(nine, st.integers(0, 7))
def test_two_neighbours_exchanged_are_found(first, place):
    digits = list(f"{first}{slow_check(first)}")
    if digits[place] != digits[place + 1]:
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
        with pytest.raises(ValueError, match="last digit does not fit"):
            NhsNumber("".join(digits))


@pytest.mark.parametrize("text", ["", "943 476 591", "943 476 59190", "943 476 591A", "٩٤٣٤٧٦٥٩١٩"])
def test_anything_but_ten_digits_is_refused_without_repeating_it(text):
    with pytest.raises(ValueError, match="10 digits") as refused:
        NhsNumber(text)
    assert not text or text not in str(refused.value)


def test_the_example_of_the_data_dictionary_holds():
    assert NhsNumber("943 476 5919").spaced == "943 476 5919"


def test_the_numbers_for_tests_are_counted_from_the_lowest():
    numbers = NhsNumber.for_tests()
    assert [str(next(numbers)) for _ in range(2)] == ["9990000018", "9990000026"]
    assert all(number.is_for_tests for number in islice(numbers, 20_000))


@pytest.mark.soak
def test_all_numbers_for_tests_are_in_their_range():
    assert all(number.is_for_tests for number in NhsNumber.for_tests())


def test_the_range_for_tests_is_known_and_no_number_is_shown_by_chance():
    assert NhsNumber("999 000 0018").is_for_tests
    assert not NhsNumber("943 476 5919").is_for_tests
    assert "943" not in repr(NhsNumber("943 476 5919"))
