"""The minutes that staff type, or do not."""

import pytest

from clockstop.service.transfers.minutes import minutes_in


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [(" 7 ", 7), ("0", 0), ("9" * 5_000, 1_000), ("", None), ("some", None)],
    ids=["spaces", "nought", "too many", "nothing", "words"],
)
def test_minutes_are_a_whole_number_or_not_said(typed, minutes):
    assert minutes_in({"minutes": typed}) == minutes


def test_a_form_without_the_field_says_nothing():
    assert minutes_in({}) is None
