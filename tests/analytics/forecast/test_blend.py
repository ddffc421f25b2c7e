"""How much of what is told is believed: what has proved itself more, nothing on the word alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.made_by_rates import Known, alike, made_by
from tests.analytics.forecast.made_cubes import cube, replaced, unsent

from clockstop.analytics.forecast.estimation.blend import (
    LARGE,
    PARTS,
    PRIOR,
    Told,
    Weights,
    blended,
    chosen,
    least_absolute,
    told,
)
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.centre import centre
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings

NONE = Weights(england=0, own=0, season=0, rise=0, share=0)
FROM_52 = STRETCHES.starts.index(52)


def histories(seed=1, months=10, size=0.5):
    chance = np.random.default_rng(seed)
    known = Known(chance.lognormal(0, 0.3, 20), size * chance.lognormal(-1, 1.0, 20))
    return History(made_by(known, months, chance=chance))


def lists_of(history, months=6):
    return centre(history, calibrate(history), Settings(), months)


def growth(history, lists):
    return lists.sum(axis=(0, 2)) / history.waiting.sum()


def test_what_is_told_are_the_logarithms_of_the_lists():
    history = histories()
    lists = lists_of(history)
    said = told(history, lists)
    np.testing.assert_allclose(np.exp(said.england), growth(history, lists), rtol=1e-3)
    own = np.exp(said.england + said.parts[..., PARTS.index("own")])
    grown = lists.sum(axis=2) / history.waiting.sum(axis=1)[:, None]
    large = history.waiting.sum(axis=1) > LARGE
    np.testing.assert_allclose(own[large], grown[large], rtol=0.01)


def test_every_part_but_a_lists_own_is_beside_that_of_all():
    history = histories()
    parts = told(history, lists_of(history)).parts
    size = history.waiting.sum(axis=1)
    np.testing.assert_allclose(np.tensordot(size, parts[..., 1:], 1) / size.sum(), 0, atol=1e-12)


def test_the_last_rise_is_told_for_every_month_and_the_share_grows_with_them():
    made = made_by(alike(4))
    waiting = made.waiting.copy()
    waiting[-1, 0] *= 1.1
    waiting[-1, 1, :18] *= 0.5
    history = History(replaced(made, waiting=waiting))
    parts = told(history, lists_of(history, 14)).parts
    rise, share = (parts[..., PARTS.index(name)] for name in ("rise", "share"))
    assert rise[0, 0] - rise[2, 0] == pytest.approx(np.log(1.1), rel=0.01)
    assert np.ptp(rise, axis=1).max() == 0
    np.testing.assert_allclose(share[1] / share[1, 5], np.minimum(np.arange(1, 15), 12) / 6)
    assert share[1, 5] < 0 < share[2, 5]


def test_a_list_that_was_not_sent_has_no_rise():
    made = unsent(cube(), 16, "P01")
    history = History(made)
    rise = told(history, lists_of(history)).parts[:, 0, PARTS.index("rise")]
    late = made.cells.provider == "P01"
    assert np.ptp(rise[late]) == 0


def come(history, england=1.0, lists=1.0):
    """What was told at each origin, had it been what came times these factors."""
    past = {}
    for known in range(4, len(history.cube.months)):
        now, later = history.sizes[known - 1], history.sizes[known:]
        total = np.log((later.sum(axis=1) + 5) / (now.sum() + 5))
        own = np.log((later + 5) / (now + 5)) - total[:, None]
        parts = np.zeros((len(now), len(later), len(PARTS)))
        parts[..., 0] = lists * own.T
        past[known] = Told(england * total, parts)
    return past


@pytest.mark.parametrize("months", [1, 4])
def test_without_a_past_forecast_the_weights_are_those_fixed_beforehand(months):
    history = histories(months=max(months, 2))
    assert chosen(history, {}) == Weights()
    assert chosen(history, come(history)) == Weights()


def test_a_forecast_that_was_always_right_is_believed_the_more_the_longer_it_was():
    whole = histories(months=18)
    found = [chosen(whole.until(known), come(whole)) for known in (5, 8, 18)]
    for name, least in (("england", 0.8), ("own", 0.6)):
        weights = [0.5, *(getattr(each, name) for each in found)]
        assert weights == sorted(weights), name
        assert least < weights[-1] <= 1, name


def test_the_more_lists_tell_the_further_the_weights_move():
    whole = histories(months=9, size=20.0)
    few = replaced(whole.cube, waiting=whole.cube.waiting * (np.arange(20) < 3)[:, None])
    weights = [chosen(each, come(each)).own for each in (History(few), whole)]
    assert 0.5 <= weights[0] < weights[1]


def test_a_forecast_that_was_always_wrong_is_believed_less():
    whole = histories(months=18)
    found = chosen(whole, come(whole, england=-1, lists=-1))
    assert found.england < 0.1
    assert found.own == 0


def test_one_that_says_twice_what_comes_is_halved():
    whole = histories(months=18)
    found = chosen(whole, come(whole, england=2, lists=2))
    assert (found.england, found.own) == pytest.approx((0.5, 0.5), abs=0.02)


def test_what_never_told_anything_keeps_its_weight():
    whole = histories(months=12)
    found = chosen(whole, come(whole))
    assert (found.season, found.rise, found.share) == (1, 0.1, 0)


def test_months_after_the_origin_choose_nothing():
    whole = histories(months=14)
    past = come(whole)
    before = chosen(whole.until(9), past)
    sizes = whole.sizes.copy()
    sizes[9:] *= 3
    whole.sizes = sizes
    assert chosen(whole.until(9), past) == before
    assert chosen(whole.until(12), past) != chosen(histories(months=14).until(12), past)


def test_small_lists_choose_nothing():
    small = histories(months=12, size=1e-3)
    assert small.sizes.max() < LARGE
    assert chosen(small, come(small)) == Weights()


@given(st.integers(0, 50))
def test_weights_drawn_to_nothing_are_the_medians_of_what_came(seed):
    """Against a search of the least sum of absolute errors, one part alone."""
    rng = np.random.default_rng(seed)
    parts = np.zeros((200, len(PARTS)))
    parts[:, 0] = rng.normal(0, 0.1, 200)
    came = rng.uniform(0, 1) * parts[:, 0] + rng.standard_t(2, 200) * 0.02
    sure = rng.uniform(0.5, 1, 200)
    found = least_absolute(parts, came, sure, 1e-9)[0]
    candidates = np.linspace(-1, 2, 601)
    errors = np.abs(came - candidates[:, None] * parts[:, 0]) @ sure
    reached = np.abs(came - found * parts[:, 0]) @ sure
    assert reached <= errors.min() * 1.02


def test_the_prior_weights_count_as_so_many_past_forecasts():
    parts = np.zeros((100, len(PARTS)))
    parts[:, 0] = 0.001  # errors so small that each counts the same: plain least squares
    found = least_absolute(parts, np.full(100, 0.001), np.ones(100), PRIOR / 5)[0]
    assert found == pytest.approx((5 * 1 + PRIOR * 0.5) / (5 + PRIOR), rel=1e-6)


def test_all_of_it_believed_is_what_was_told():
    history = histories()
    lists = lists_of(history)
    every = Weights(england=1, own=1, season=0, rise=0, share=0)
    np.testing.assert_allclose(
        blended(history, lists, told(history, lists), every), lists, rtol=1e-9, atol=1e-9
    )


def test_nothing_of_it_believed_is_no_change_in_size_but_for_who_waits_longest():
    history = histories()
    lists = lists_of(history)
    said = blended(history, lists, told(history, lists), NONE)
    assert growth(history, said) == pytest.approx(np.ones(6))
    large = history.waiting.sum(axis=1) > LARGE
    kept = said.sum(axis=2)[large] / history.waiting.sum(axis=1)[large, None]
    assert np.abs(kept - 1).max() < 0.02
    total, before = said.sum(axis=0), lists.sum(axis=0)
    np.testing.assert_allclose(total[:, FROM_52:], before[:, FROM_52:])
    early = total[:, :FROM_52] / before[:, :FROM_52]
    np.testing.assert_allclose(early, np.broadcast_to(early[:, :1], early.shape))


@given(st.floats(0, 1), st.floats(-0.5, 1.5), st.floats(-1, 2), st.integers(0, 5))
def test_whatever_the_weights_lists_sum_to_an_england_of_the_weight_asked(england, own, rise, seed):
    history = histories(seed, months=6, size=0.05)
    lists = lists_of(history, 3)
    said = told(history, lists)
    weights = replace(NONE, england=england, own=own, rise=rise, share=rise)
    found = blended(history, lists, said, weights)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    wanted = (history.waiting.sum() + 5) * np.exp(england * said.england) - 5
    np.testing.assert_allclose(found.sum(axis=(0, 2)), wanted, rtol=1e-9)


def test_a_list_that_rose_is_said_to_rise_by_as_much_as_is_believed():
    made = made_by(alike(8))
    waiting = made.waiting.copy()
    waiting[-1, 0] *= 1.1
    history = History(replaced(made, waiting=waiting))
    lists = lists_of(history, 3)
    said = blended(history, lists, told(history, lists), replace(NONE, england=1, own=1, rise=0.2))
    grown = [each.sum(axis=2) / waiting[-1].sum(axis=1)[:, None] for each in (said, lists)]
    ratio = grown[0] / grown[1]
    assert ratio[0] / ratio[1] == pytest.approx(np.full(3, 1.1**0.2), rel=2e-3)


def test_an_empty_england_stays_empty():
    made = cube(months=6, count=4)
    gone = ("waiting", "admitted", "nonadmitted", "new_periods")
    none = History(replaced(made, **{name: 0 * getattr(made, name) for name in gone}))
    lists = lists_of(none)
    assert blended(none, lists, told(none, lists), Weights()).max() < 1e-6
