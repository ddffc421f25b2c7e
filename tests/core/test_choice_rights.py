"""Who has which right to choose, and when it does not hold: rows with their source."""

from datetime import date

import pytest

from clockstop.core.rulebook.choice_rights import (
    EIGHTEEN_WEEKS,
    FIRST_APPOINTMENT,
    choice_rules,
    choice_rules_on,
    exclusions_on,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("rule", choice_rules(), ids=lambda rule: f"{rule.right}/{rule.case}")
def test_every_row_says_its_basis_and_its_source(rule):
    assert rule.words
    assert rule.basis
    assert rule.source
    assert rule.known_by in {"referral", "referrer", "clock"}


@pytest.mark.parametrize("right", [FIRST_APPOINTMENT, EIGHTEEN_WEEKS])
def test_each_right_holds_in_one_case_and_not_in_others(right):
    rules = choice_rules_on(TODAY, right)
    assert sum(each.holds for each in rules.values()) == 1
    assert set(exclusions_on(TODAY, right)) == {c for c, each in rules.items() if not each.holds}


def test_how_long_somebody_must_have_waited_is_said_where_the_right_holds_after_a_wait():
    waits = {(each.right, each.case): each.days for each in choice_rules() if each.days}
    assert waits == {(EIGHTEEN_WEEKS, "waited_18_weeks"): 18 * 7 + 1}


def test_suspected_cancer_is_known_by_the_referral_itself():
    assert "suspected_cancer" in exclusions_on(TODAY, FIRST_APPOINTMENT, "referral")
    assert "suspected_cancer" not in exclusions_on(TODAY, FIRST_APPOINTMENT, "referrer")


def test_before_the_regulations_there_was_no_such_right():
    assert choice_rules_on(date(2012, 12, 31), EIGHTEEN_WEEKS) == {}
