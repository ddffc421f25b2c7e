"""The middle of the forecast: adds up to England's course, and says nothing silly of any list."""

from dataclasses import replace

import numpy as np
import pytest
from tests.analytics.forecast.made_by_rates import Known, alike, made_by
from tests.analytics.forecast.made_cubes import cube, replaced, unsent

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.simulation import expected_paths
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.centre import centre, england_course
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.core.rtt.week_bands import BANDS

SETTINGS = Settings()
COUNTS = ("waiting", "admitted", "nonadmitted", "new_periods")
MONTHS = 4


def middle(made, months=MONTHS, settings=SETTINGS):
    history = History(made)
    return centre(history, calibrate(history, settings), settings, months)


def course(made, months=MONTHS):
    return STRETCHES.sums(england_course(History(made), SETTINGS, months))


def mixed(seed=1, size=0.05, months=12):
    """Thirty lists of many sizes and habits, with the chance of small counts."""
    chance = np.random.default_rng(seed)
    known = Known(chance.lognormal(0, 0.3, 30), size * chance.lognormal(-1, 1.5, 30))
    return made_by(known, months, chance=chance)


@pytest.mark.parametrize("made", [mixed(), mixed(size=2e-3), unsent(cube(), 16, "P01")])
def test_the_lists_sum_to_englands_course_in_every_stretch(made):
    np.testing.assert_allclose(middle(made).sum(axis=0), course(made)[1:], rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("longest", [78, 52])
def test_a_stretch_that_nobody_is_in_yet_is_reached_by_the_lists_next_to_it(longest):
    made = mixed(size=0.5)
    waiting = made.waiting.copy()
    waiting[-1, :, longest:] = 0
    waiting[-1, :10, 40:] = 0
    cut = replaced(made, waiting=waiting)
    said = middle(cut)
    np.testing.assert_allclose(said.sum(axis=0), course(cut)[1:], rtol=1e-9, atol=1e-6)
    at = STRETCHES.starts.index(longest)
    assert said[10:, 0, at].sum() > 100 * said[:10, 0, at].sum()


def test_england_goes_on_as_the_rates_have_it():
    whole = made_by(alike(4), months=15)
    said = STRETCHES.sums(england_course(History(whole.until(whole.months[11])), SETTINGS, 3))
    came = STRETCHES.sums(whole.waiting[11:].sum(axis=1))
    np.testing.assert_allclose(said[:, :8], came[:, :8], rtol=0.03)
    assert said.sum(axis=1) == pytest.approx(came.sum(axis=1), rel=0.01)


def test_lists_that_are_alike_are_said_to_stay_alike():
    said = middle(made_by(alike(4)))
    np.testing.assert_allclose(said, np.broadcast_to(said[:1], said.shape), rtol=1e-5)


def test_a_list_that_treats_less_is_said_to_grow_more():
    made = made_by(Known(np.array([0.7, 1.0, 1.0, 1.3]), np.ones(4)), months=6)
    grown = middle(made).sum(axis=2)[:, -1] / made.waiting[-1].sum(axis=1)
    assert grown[0] > grown[1] > grown[3]
    assert grown[1] == pytest.approx(grown[2], rel=0.01)


@pytest.mark.parametrize(("followed", "shares_of"), [(0.0, "origin"), (1.0, "engine")])
def test_how_far_lists_follow_their_own_rates_is_a_setting(followed, shares_of):
    """Not at all: each keeps its share of England's. Wholly: it has the share of its own course."""
    history = History(mixed(size=1.0))
    setting = replace(SETTINGS, own=followed, function=followed)
    model = calibrate(history, setting)
    own = expected_paths(model, weeks_after(model.origin, 2), lists=True).waiting
    lists = {"origin": history.waiting[:, None], "engine": own}[shares_of]
    expected, said = STRETCHES.sums(lists), centre(history, model, setting, 2)
    shares = [each[..., :8] / each[..., :8].sum(axis=0) for each in (said, expected)]
    np.testing.assert_allclose(*np.broadcast_arrays(*shares), rtol=0.02, atol=1e-4)


def test_englands_course_is_corrected_by_what_it_has_lately_got_wrong():
    """Against the errors of the course without a correction, seen from each month in turn."""
    history = History(mixed(size=0.5, months=9))
    trusting = replace(SETTINGS, correction_prior=1e12)
    errors = []
    for known in range(3, 9):
        said = england_course(history.until(known), trusting, 1)[1]
        came = history.cube.waiting[known].sum(axis=0)
        spans = [np.s_[:18], np.s_[18:52]]
        errors.append([np.log((came[at].sum() + 1) / (said[at].sum() + 1)) for at in spans])
    weights = 0.5 ** (np.arange(6)[::-1] / SETTINGS.correction_half_life)
    usual = weights @ np.array(errors) / (weights.sum() + SETTINGS.correction_prior)
    alone, corrected = (england_course(history, each, 3) for each in (trusting, SETTINGS))
    fading = SETTINGS.correction_damping
    for ahead, carried in enumerate([0, 1, 1 + fading, 1 + fading + fading**2]):
        factors = np.exp(np.repeat([*(carried * usual), 0], [18, 34, 53]))
        np.testing.assert_allclose(corrected[ahead], alone[ahead] * factors, rtol=1e-6)


def test_more_months_change_nothing_of_the_first():
    made = mixed()
    np.testing.assert_allclose(middle(made, 6)[:, :2], middle(made, 2), rtol=1e-6)


@pytest.mark.parametrize(("size", "within"), [(0.05, 1e-3), (1.0, 1e-4)])
def test_twice_the_counts_are_twice_the_middle_but_for_the_small_constants(size, within):
    made = mixed(size=size)
    twice = replaced(made, **{name: 2 * getattr(made, name) for name in COUNTS})
    one, two = middle(made), middle(twice)
    england = one.sum(axis=(0, 2))
    assert two.sum(axis=(0, 2)) == pytest.approx(2 * england, rel=1e-6)
    off = np.abs(two - 2 * one).sum(axis=(0, 2)) / (2 * england)
    assert off.max() < within


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_lists_every_figure_is_a_number_and_none_is_negative(seed):
    rng = np.random.default_rng(seed)
    made = cube(months=8, count=12, seed=seed, size=rng.choice([0.5, 20, 2000]))
    for month, provider in zip(rng.integers(0, 8, 6), rng.integers(0, 6, 6), strict=True):
        made = unsent(made, int(month), f"P{provider:02}")
    said = middle(made, 12)
    assert np.isfinite(said).all()
    assert (said >= 0).all()


def test_an_empty_list_stays_all_but_empty_and_one_that_is_gone_empty():
    made = unsent(cube(count=6), 17, "P02")  # the third is independent
    gone = {name: getattr(made, name).copy() for name in COUNTS}
    for values in gone.values():
        values[:, 0] = 0
    said = middle(replaced(made, **gone))
    assert said[0].sum(axis=1).max() < 0.5
    assert not said[4:].any()
    assert said[1:4].sum(axis=(1, 2)).min() > 0


def test_an_england_without_anybody_stays_without():
    made = cube(months=6, count=4)
    none = replaced(made, **{name: 0 * getattr(made, name) for name in COUNTS})
    assert middle(none).max() < 1e-6


def test_the_lists_of_a_late_trust_go_on_from_what_it_last_sent():
    made = cube(months=12, count=8)
    late = unsent(made, 11, "P00")
    said = middle(late)[:2].sum(axis=2)
    last = made.waiting[10, :2].sum(axis=1)
    assert said[:, 0] == pytest.approx(last, rel=0.25)


def test_a_function_that_changed_its_code_is_no_growth_without_end():
    made = mixed(size=0.5)
    moved = {name: getattr(made, name).copy() for name in COUNTS}
    for values in moved.values():
        values[:10, 1] = 0  # began two months ago, with all that list 0 had
        values[10:, 1] = values[10:, 0]
        values[10:, 0] = 0
    said = middle(replaced(made, **moved), 6).sum(axis=2)
    before = moved["waiting"][-1].sum(axis=1)
    assert said[0].max() < 0.01 * before[1]
    assert np.abs(said[1] / before[1] - 1).max() < 0.25


def test_a_list_that_began_at_the_origin_is_said_to_go_on():
    made = mixed(size=0.5)
    for month in range(11):
        made = unsent(made, month, "P03")
    said = middle(made, 6).sum(axis=2)[6:8]
    before = made.waiting[-1, 6:8].sum(axis=1)
    assert np.abs(said / before[:, None] - 1).max() < 0.12


def test_only_open_bands_are_no_trouble():
    made = cube(months=6, count=4)
    old = np.zeros_like(made.waiting)
    old[..., BANDS - 1] = 40
    said = middle(replaced(made, waiting=old))
    assert np.isfinite(said).all()
    assert (said >= 0).all()
