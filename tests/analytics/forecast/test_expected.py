"""The wait ahead of one person, held to a person followed week by week by hand."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.simulated import ORIGIN, model_of, single

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.expected.following import (
    followed,
    waits_on,
    weekly_chances,
    within,
)
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND

WEEKS = weeks_after(ORIGIN, 12)
NONE = np.zeros((3, BANDS))


def only(model, weeks=WEEKS, admitted=NONE):
    ((_, fates),) = followed(model, weeks, admitted)
    return fates


def steady(chance, stays=1.0, cells=1):
    """Everybody has the same chance, in a week and band as in any other."""
    model = model_of(1, cells=cells)
    everywhere = np.ones((cells, BANDS))
    return replace(
        model,
        waiting=single(everywhere),
        propensity=single(chance * everywhere),
        stays=single(stays * everywhere),
        transfers_in=single(0 * everywhere),
    )


def even(weeks):
    return replace(weeks, treatment=np.ones_like(weeks.treatment))


def moved_by_hand(model):
    """Of those who leave each stretch of all lists, how many others take up: joined over left."""
    left, joined = [0.0] * len(STRETCHES.starts), [0.0] * len(STRETCHES.starts)
    for cell, band in product(range(len(model.cells)), range(BANDS)):
        stretch = STRETCHES.of_band[band]
        untreated = float(model.waiting[cell, band]) * (1 - float(model.propensity[cell, band]))
        left[stretch] += untreated * (1 - min(1.0, float(model.stays[cell, band])))
        joined[stretch] += float(model.transfers_in[cell, band])
    each = zip(joined, left, strict=True)
    return [min(1.0, came / went) if went > 0 else 0.0 for came, went in each]


def by_hand(model, weeks, admitted, cell, band):
    """Admitted, not admitted, still waiting: after each week, for one person of a band."""
    found, still, treated, moved = [], 1.0, [0.0, 0.0], moved_by_hand(model)
    for at in range(len(weeks.treatment)):
        changes = sum(model.damping**earlier for earlier in range(at + 1))
        chance = float(model.propensity[cell, band]) * np.exp(model.trend[band] * changes)
        stopped = still * min(1.0, chance * weeks.treatment[at])
        treated[0] += stopped * admitted[cell, band]
        treated[1] += stopped * (1 - admitted[cell, band])
        leaves = 1 - min(1.0, float(model.stays[cell, band]))
        still = (still - stopped) * (1 - leaves * (1 - moved[STRETCHES.of_band[band]]))
        found.append([*treated, still])
        band = min(band + 1, OPEN_BAND)
    return np.array(found)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([-0.02, 0.0, 0.02]), st.integers(0, OPEN_BAND))
def test_one_person_followed_by_hand(seed, trend, band):
    model = model_of(seed, trend=trend)
    admitted = np.random.default_rng(seed).random((3, BANDS))
    fates = only(model, admitted=admitted)
    found = np.stack([fates.admitted, fates.nonadmitted, fates.still], axis=-1)
    for cell in range(3):
        expected = by_hand(model, WEEKS, admitted, cell, band)
        np.testing.assert_allclose(found[:, cell, band], expected, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_every_wait_ends_or_goes_on(seed):
    fates = only(model_of(seed), admitted=np.full((3, BANDS), 0.3))
    for flow, sign in ((fates.admitted, 1), (fates.nonadmitted, 1), (fates.still, -1)):
        assert (np.diff(flow, axis=0) * sign >= -1e-12).all()
    everything = fates.admitted[-1] + fates.nonadmitted[-1] + fates.still[-1]
    np.testing.assert_allclose(everything + fates.ends_without_treatment, 1, atol=1e-9)


def test_a_steady_chance_gives_the_geometric_wait():
    """A tenth a week: half within log(1/2) / log(0.9) = 6.58 weeks, in proportion in the week."""
    fates = only(steady(0.1), even(weeks_after(ORIGIN, 60)), NONE[:1])
    stopped = 1 - 0.9 ** np.array([6.0, 7.0])
    expected = 6 + (0.5 - stopped[0]) / (stopped[1] - stopped[0])
    np.testing.assert_allclose(fates.treated_within(0.5), expected, rtol=1e-6)
    np.testing.assert_allclose(fates.nonadmitted_within(0.5), expected, rtol=1e-6)
    assert np.isnan(fates.admitted_within(0.5)).all()  # nobody is


def test_leaving_competes_with_treatment():
    """A tenth treated, then a tenth of the rest gone: 0.1 to 0.09, week after week."""
    fates = only(steady(0.1, stays=0.9), even(weeks_after(ORIGIN, 60)), NONE[:1])
    np.testing.assert_allclose(fates.ends_without_treatment, 0.09 / 0.19, rtol=1e-6)


def test_who_joins_with_a_wait_behind_them_has_left_another_list():
    """Of 90 left after treatment 9 leave; where 3 join, 6 of the 9 have left for good."""
    model = replace(steady(0.1, stays=0.9), waiting=single(np.full((1, BANDS), 100)))
    joined = replace(model, transfers_in=single(np.full((1, BANDS), 3)))
    np.testing.assert_allclose(waits_on(joined), 1 - 0.1 * 6 / 9, rtol=1e-6)
    swamped = replace(model, transfers_in=single(np.full((1, BANDS), 30)))
    assert (waits_on(swamped) == 1).all()


def test_more_are_asked_of_the_weeks_than_they_hold():
    """A hundredth a week: half of all take 69 weeks, of which the weeks hold 52."""
    fates = only(steady(0.01), even(WEEKS), NONE[:1])
    assert np.isnan(fates.treated_within(0.5)).all()
    assert (fates.treated_within(0.3) < len(WEEKS.treatment)).all()


def test_an_empty_list_and_one_that_treats_nobody():
    empty = replace(steady(0.1, stays=0.9), waiting=single(np.zeros((1, BANDS))))
    assert np.isfinite(only(empty, admitted=NONE[:1]).treated_within(0.5)).all()
    nobody = only(steady(0.0, stays=0.5), admitted=NONE[:1])
    assert np.isnan(nobody.treated_within(0.5)).all()
    np.testing.assert_allclose(nobody.ends_without_treatment, 1, atol=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.001, 0.2), st.floats(1.0, 3.0))
def test_a_higher_chance_never_makes_the_wait_longer(chance, times):
    parts = (0.5, 0.8, 0.92)
    slow, fast = (only(steady(each), even(WEEKS), NONE[:1]) for each in (chance, chance * times))
    for part in parts:
        longer, shorter = (
            np.nan_to_num(each.treated_within(part), nan=np.inf) for each in (slow, fast)
        )
        assert (shorter <= longer + 1e-9).all()


def test_where_chances_rise_with_the_wait_the_rest_of_it_falls():
    model = steady(0.1)
    rising = replace(model, propensity=single(np.linspace(0.01, 0.2, BANDS)[None]))
    weeks = even(weeks_after(ORIGIN, 60))
    for part in (0.5, 0.8, 0.92):
        assert (np.diff(only(rising, weeks, NONE[:1]).treated_within(part)[0]) <= 1e-9).all()


def test_a_person_older_than_the_bands_stays_in_the_open_one():
    chances = np.full((1, BANDS), 0.01)
    chances[0, OPEN_BAND] = 0.5
    fates = only(replace(steady(0), propensity=single(chances)), even(WEEKS), NONE[:1])
    np.testing.assert_allclose(fates.still[:, 0, OPEN_BAND], 0.5 ** np.arange(1, 54), rtol=1e-6)
    assert fates.still[1, 0, OPEN_BAND - 1] == pytest.approx(0.99 * 0.5)


def test_no_chance_is_more_than_certain():
    model = replace(steady(0.9), trend=np.full(BANDS, 0.5))
    for chance in weekly_chances(model, slice(0, 1), WEEKS):
        assert (chance <= 1).all()


def test_many_cells_are_followed_as_few_are(monkeypatch):
    model = model_of(3, cells=5)
    admitted = np.full((5, BANDS), 0.4)
    whole = only(model, admitted=admitted).treated_within(0.5)
    monkeypatch.setattr("clockstop.analytics.forecast.expected.following.TOGETHER", 2)
    parts = [fates.treated_within(0.5) for _, fates in followed(model, WEEKS, admitted)]
    assert len(parts) == 3
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_within_takes_the_week_in_proportion():
    stopped = np.array([0.0, 0.2, 0.2, 0.6])[:, None, None]
    ever = np.ones((1, 1))
    found = [within(stopped, ever, part)[0, 0] for part in (0.1, 0.2, 0.3, 0.6, 0.7)]
    np.testing.assert_allclose(found, [1.5, 2, 3.25, 4, np.nan])
