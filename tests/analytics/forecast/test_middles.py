"""The middle from any origin: its weights are those of the origins before it, and nothing later."""

import numpy as np
import pytest
from tests.analytics.forecast.made_by_rates import Known, made_by
from tests.analytics.forecast.made_cubes import cube, replaced

from clockstop.analytics.forecast.estimation.blend import Weights, blended, chosen, told
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.centre import centre
from clockstop.analytics.forecast.estimation.choice import LEAST_MONTHS, Choice
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.middles import Middles
from clockstop.analytics.forecast.estimation.settings import Settings


@pytest.fixture(scope="module")
def made():
    chance = np.random.default_rng(3)
    known = Known(chance.lognormal(0, 0.3, 30), 0.1 * chance.lognormal(-1, 1.5, 30))
    return made_by(known, 14, chance=chance)


def test_it_is_what_is_told_with_the_weights_of_the_origins_before(made):
    """Step by step, without what is kept."""
    history, known = History(made), 9
    choice = Choice(history)

    def lists(at, months):
        past, settings = history.until(at), choice.at(at)
        return centre(past, calibrate(past, settings), settings, months)

    before = {at: told(history.until(at), lists(at, 6)) for at in range(LEAST_MONTHS, known)}
    weights = chosen(history.until(known), before)
    now, ahead = history.until(known), lists(known, 3)
    expected = blended(now, ahead, told(now, ahead), weights)
    middles = Middles(history)
    np.testing.assert_allclose(middles.of(known, 3), expected, rtol=1e-6)
    assert middles.weights(known) == weights != Weights()


def test_at_the_first_origin_nothing_is_chosen(made):
    first = Middles(History(made))
    assert first.weights(LEAST_MONTHS) == Weights()
    assert first.settings(LEAST_MONTHS) == Settings()


@pytest.mark.parametrize("known", [4, 8, 11])
def test_no_later_month_changes_what_is_chosen_or_said(made, known):
    names = ("waiting", "admitted", "nonadmitted", "new_periods")
    other = cube(months=14, count=30, seed=9)
    later = {name: getattr(made, name).copy() for name in names}
    for name, values in later.items():
        values[known:] = getattr(other, name)[known:]
    one, two = (Middles(History(each)) for each in (made, replaced(made, **later)))
    assert one.weights(known) == two.weights(known)
    assert one.settings(known) == two.settings(known)
    np.testing.assert_array_equal(one.of(known, 6), two.of(known, 6))
    cut = Middles(History(made.until(made.months[known - 1])))
    assert cut.weights(known) == one.weights(known)
    assert cut.settings(known) == one.settings(known)
    np.testing.assert_allclose(cut.of(known, 6), one.of(known, 6), rtol=1e-6)


def test_whatever_was_asked_before_the_answer_is_the_same(made):
    busy, fresh = Middles(History(made)), Middles(History(made))
    busy.of(14, 24)
    for known in (12, 6, 9):
        busy.of(known, 2)
    for known in (9, 14):
        np.testing.assert_allclose(busy.of(known, 4)[:, :4], fresh.of(known, 4), rtol=1e-6)
        assert busy.weights(known) == fresh.weights(known)


def test_two_months_give_a_middle_with_the_weights_fixed_beforehand(made):
    short = Middles(History(made.until(made.months[1])))
    assert short.weights(2) == Weights()
    assert np.isfinite(short.of(2, 3)).all()
