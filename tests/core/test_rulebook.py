"""The rulebook: dated rules, and the release dates that follow from them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core import rulebook
from clockstop.core.rulebook.releases import is_out_of_date, latest_release, release_date
from clockstop.core.types import Month

DAYS = st.dates(date(2008, 1, 1), date(2040, 1, 1))


def test_every_rule_has_a_source_and_no_two_of_a_name_hold_at_once():
    for day in (date(2010, 1, 1), date(2022, 10, 1), date(2026, 11, 22)):
        in_force = [rule for rule in rulebook._rules() if rule.holds_on(day)]
        assert len({rule.name for rule in in_force}) == len(in_force)
        assert all(rule.source for rule in in_force)


def test_a_rule_is_not_in_force_before_its_first_day():
    assert "percentile_minimum" not in rulebook.on(date(2022, 9, 30))
    assert rulebook.on(date(2022, 10, 1))["percentile_minimum"].value == 20


@pytest.mark.parametrize(
    ("day", "latest"),
    [
        (date(2025, 11, 10), Month(2025, 8)),
        (date(2025, 11, 11), Month(2025, 9)),  # 30 September and 42 days
        (date(2026, 1, 1), Month(2025, 10)),
    ],
)
def test_the_latest_release(day, latest):
    assert latest_release(day) == latest


@given(DAYS)
def test_the_latest_release_is_never_out_of_date_and_the_one_before_soon_is(day):
    latest = latest_release(day)
    assert release_date(latest) <= day
    assert not is_out_of_date(latest, day)
    assert is_out_of_date(latest.plus(-2), day)
