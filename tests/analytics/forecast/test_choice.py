"""The settings chosen at an origin: what past origins bear out, as far as they bear it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analytics.forecast.made_by_rates import alike, made_by
from tests.analytics.forecast.made_cubes import cube, replaced

from clockstop.analytics.forecast.estimation.centre import england_course
from clockstop.analytics.forecast.estimation.choice import (
    CANDIDATES,
    LEAST_MONTHS,
    MARGIN,
    PRIOR,
    SCORED,
    Choice,
)
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings

FIXED = Settings()
COUNTS = ("waiting", "admitted", "nonadmitted", "new_periods")


@pytest.fixture(scope="module")
def made():
    return cube(months=13, count=10, seed=4)


def test_each_value_fixed_beforehand_is_the_middle_of_its_candidates():
    for name, (low, high) in CANDIDATES.items():
        assert getattr(FIXED, name) == pytest.approx((low + high) / 2), name


@pytest.mark.parametrize("known", range(2, LEAST_MONTHS + 1))
def test_without_an_origin_before_nothing_is_chosen(made, known):
    assert Choice(History(made)).at(known) == FIXED


def figures(bands):
    return np.log([bands.sum() + 5, bands[18:].sum() + 5, bands[52:].sum() + 5])


def score(made, settings, known):
    """Slowly: the mean absolute errors from every origin before, of what has come since."""
    errors = []
    for before in range(LEAST_MONTHS, known):
        for ahead in range(1, min(SCORED, known - before) + 1):
            history = History(made.until(made.months[before - 1]))
            said = england_course(history, settings, ahead)
            came = made.waiting[before - 1 + ahead].sum(axis=0)
            start = made.waiting[before - 1].sum(axis=0)
            grown = figures(said[ahead]) - figures(said[0])
            errors.append(np.abs(grown - (figures(came) - figures(start))))
    return np.mean(errors, axis=0)


@pytest.mark.parametrize("known", [5, 9])
def test_the_candidate_with_the_least_error_is_gone_towards_with_the_origins(made, known):
    found = Choice(History(made)).at(known)
    usual = score(made, FIXED, known)
    part = (known - LEAST_MONTHS) / (known - LEAST_MONTHS + PRIOR)
    for name, values in CANDIDATES.items():
        first = getattr(FIXED, name)
        scores = {first: 1.0} | {
            value: (score(made, replace(FIXED, **{name: value}), known) / usual).mean()
            for value in values
        }
        best = min(scores, key=scores.get)
        best = best if scores[best] < 1 - MARGIN else first
        assert getattr(found, name) == pytest.approx(first + part * (best - first), abs=0.006), name


def test_what_is_chosen_lies_between_the_candidates_and_nothing_else_moves(made):
    choice = Choice(History(made))
    for known in range(LEAST_MONTHS, 14):
        found = choice.at(known)
        for name, (low, high) in CANDIDATES.items():
            assert low <= getattr(found, name) <= high
        others = {name: getattr(FIXED, name) for name in CANDIDATES}
        assert replace(found, **others) == FIXED


def test_a_trend_that_goes_on_and_on_is_damped_less():
    rising = made_by(alike(3, trend=0.1), months=13)
    on = Choice(History(rising)).at(13)
    assert on.damping > FIXED.damping


@pytest.mark.parametrize("known", [6, 9, 12])
def test_no_later_month_chooses_anything(made, known):
    other = cube(months=13, count=10, seed=77)
    later = {name: getattr(made, name).copy() for name in COUNTS}
    for name, values in later.items():
        values[known:] = getattr(other, name)[known:]
    whole, changed, cut = (
        Choice(History(each))
        for each in (made, replaced(made, **later), made.until(made.months[known - 1]))
    )
    assert whole.at(known) == changed.at(known) == cut.at(known)


def test_in_whatever_order_origins_are_asked_for_the_answers_are_the_same(made):
    up, down = Choice(History(made)), Choice(History(made))
    months = range(LEAST_MONTHS, 14)
    upward = {known: up.at(known) for known in months}
    assert upward == {known: down.at(known) for known in reversed(months)}


def test_an_england_without_anybody_chooses_nothing_that_is_no_number():
    made = cube(months=7, count=4)
    none = replaced(made, **{name: 0 * getattr(made, name) for name in COUNTS})
    found = Choice(History(none)).at(7)
    assert all(np.isfinite(getattr(found, name)) for name in CANDIDATES)
