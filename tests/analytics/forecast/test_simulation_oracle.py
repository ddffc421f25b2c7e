"""The weekly engine slowly: worked cases, and what must hold of every course."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.simulated import (
    MONTHS,
    ORIGIN,
    WEEKS,
    cells_of,
    models,
    noise_of,
    policies,
    single,
)

from clockstop.analytics.forecast.engine.model import Model, Weeks
from clockstop.analytics.forecast.engine.policy import AS_CALIBRATED, Cliff, Policy
from clockstop.analytics.forecast.engine.scalar import course, outcomes
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND


def by_band(values, rest=0.0):
    """Band by band from the first."""
    return single([[*values, *[rest] * (BANDS - len(values))]])


def one(waiting=(), *, propensity=0.1, stays=(), elasticity=1.0, **given):
    """A model of one cell without trend; other removals only where ``stays`` says so."""
    numbers = {"arrivals": 0, "capacity": 0} | given
    return Model(
        origin=ORIGIN,
        cells=cells_of(1),
        waiting=by_band(waiting),
        arrivals=single([numbers["arrivals"]]),
        capacity=single([numbers["capacity"]]),
        propensity=np.full((1, BANDS), propensity, np.float32),
        stays=by_band(stays, 1.0),
        transfers_in=by_band(numbers.get("transfers_in", ())),
        trend=np.zeros(BANDS),
        damping=0.9,
        elasticity=elasticity,
        noise=noise_of(1),
    )


def weeks_of(*treatment):
    """Weeks of one month with these weights of treatment."""
    count = len(treatment)
    return Weeks(
        months=(ORIGIN.plus(1),),
        arrivals=np.ones(count),
        treatment=np.array(treatment, dtype=float),
        month=np.zeros(count, dtype=np.int64),
        census=np.array([float(count)]),
    )


# The referrals of a week as they grow older: modelling case T18, but those treated leave first and
# the other removals are a share of the rest. So 50 referred are (50 - 5) x 0.9, then that - 3, x 0.8.
@pytest.mark.parametrize(
    ("treatment", "left", "treated"),
    [
        ((5, 3), (40.5, 30), (5, 3)),
        ((0, 0), (45, 36), (0, 0)),
        ((100, 100), (0, 0), (50, 0)),
    ],
)
def test_a_cohort_loses_the_treated_then_a_share_of_the_rest(treatment, left, treated):
    model = one([50], stays=[0.9, 0.8], capacity=1, propensity=1)
    found = course(model, 0, weeks_of(*treatment))
    assert np.allclose([found.waiting[1, 1], found.waiting[2, 2]], left, atol=1e-5)
    assert np.allclose(found.treated.sum(axis=1), treated)


# Modelling case T21: more to treat than there are in a band. No band goes below nobody; what one
# cannot use goes to those who wait less long.
@pytest.mark.parametrize(
    ("capacity", "left"),
    [
        (0, (5, 13, 13, 3, 7)),
        (7, (5, 13, 13, 3, 0)),
        (12, (5, 13, 11, 0, 0)),
        (36, (5, 0, 0, 0, 0)),
        (50, (0, 0, 0, 0, 0)),
    ],
)
def test_all_capacity_to_the_longest_waits_leaves_the_newest(capacity, left):
    longest_first = Policy(long_wait_share=1, long_wait_weeks=0)
    model = one([5, 13, 13, 3, 7], capacity=capacity)
    found = course(model, 0, weeks_of(1), policy=longest_first)
    assert found.waiting[1, 1:6] == pytest.approx(left)


def test_a_fixed_number_is_treated_whatever_the_list_and_a_fixed_chance_whatever_the_capacity():
    def stops(elasticity, size):
        model = one([size, size], capacity=8, elasticity=elasticity)
        return course(model, 0, weeks_of(1.5)).treated.sum()

    assert stops(1.0, 100) == stops(1.0, 400) == pytest.approx(12)
    assert stops(0.0, 100) == pytest.approx(0.1 * 200 * 1.5)
    assert stops(0.0, 400) == pytest.approx(0.1 * 800 * 1.5)
    assert stops(0.5, 400) == pytest.approx(1.5 * np.sqrt(8 * 0.1 * 800))


def test_the_open_band_keeps_its_own_and_referrals_join_the_first():
    lists = [0] * (OPEN_BAND - 1) + [4, 6]
    found = course(one(lists, arrivals=9, transfers_in=[0, 2]), 0, weeks_of(1, 1))
    assert found.waiting[1, OPEN_BAND] == 10
    assert list(found.waiting[2, :5]) == [9, 9, 2, 2, 0]


def test_counts_are_taken_in_proportion_from_both_sides_of_a_census():
    weeks = weeks_of(1, 1)
    weeks = Weeks(weeks.months, weeks.arrivals, weeks.treatment, weeks.month, np.array([1.25]))
    model = one([100], capacity=20, propensity=1)
    size, *_, stops = outcomes(course(model, 0, weeks), weeks)[0]
    assert (size, stops) == pytest.approx((100 - 25, 25))


def test_a_trend_fades_from_week_to_week():
    model = one([100], elasticity=0.0)
    model.trend[:] = np.log(1.2)
    found = course(model, 0, weeks_of(1, 1))
    shares = found.treated.sum(axis=1) / found.waiting[:2].sum(axis=1)
    assert shares == pytest.approx([0.1 * 1.2, 0.1 * 1.2**1.9])


def test_a_cliff_is_kept_where_capacity_suffices_and_paced_until_then():
    lists = np.linspace(60, 1, BANDS - 1)
    cliff = Policy(cliff=Cliff(WEEKS.months[1], 52))
    weeks_before = int(WEEKS.census[1])
    found = course(one(lists, capacity=300), 0, WEEKS, policy=cliff)
    over = outcomes(found, WEEKS)[:, 2]
    assert over[0] > 0
    assert over[1:] == pytest.approx(0, abs=1e-12)
    first = 52 - weeks_before
    assert found.treated[0, first:].sum() >= lists[first:].sum() / weeks_before
    assert found.treated[0, :first].sum() > 0


def test_all_capacity_goes_to_a_cliff_that_it_cannot_keep():
    lists = np.linspace(60, 1, BANDS - 1)
    policy = Policy(cliff=Cliff(WEEKS.months[0], 18))
    found = course(one(lists, capacity=20), 0, WEEKS, policy=policy)
    assert outcomes(found, WEEKS)[0, 1] > 0
    week = 2
    spent, left = found.treated[week], found.waiting[week] - found.treated[week]
    assert spent.sum() == pytest.approx(20 * WEEKS.treatment[week])
    assert left[np.flatnonzero(spent)[0] + 1 :].max() == pytest.approx(0)


@settings(max_examples=25)
@given(models, policies, st.integers(0, 1000))
def test_nobody_is_lost_no_band_is_negative_and_no_capacity_is_overspent(model, policy, seed):
    factors = np.random.default_rng(seed).uniform(0, 2, (MONTHS, 2))
    found = course(model, 0, WEEKS, policy=policy, factors=factors)
    before, after = found.waiting[:-1].sum(axis=1), found.waiting[1:].sum(axis=1)
    came = found.arrived + found.transferred.sum(axis=1)
    went = (found.treated + found.removed).sum(axis=1)
    assert before + came - went == pytest.approx(after, rel=1e-9, abs=1e-9)
    assert found.waiting.min() >= 0
    assert (found.treated >= 0).all()
    assert (found.treated <= found.waiting[:-1] * (1 + 1e-12)).all()
    assert (found.treated.sum(axis=1) <= found.capacity * (1 + 1e-12) + 1e-12).all()


@settings(max_examples=10)
@given(models.filter(lambda model: model.elasticity == 1), st.sampled_from([0, 0.4, 1]))
def test_more_capacity_leaves_no_more_long_waits(model, share):
    def over(more):
        policy = Policy(long_wait_share=share, capacity=1 + more)
        return outcomes(course(model, 0, WEEKS, policy=policy), WEEKS)[:, :5]

    fewest = [over(more) for more in (1.0, 0.1, 0.0)]
    for better, worse in pairwise(fewest):
        assert (better <= worse * (1 + 1e-9) + 1e-9).all()


def test_the_policy_that_changes_nothing_is_the_calibrated_one():
    same = Policy(long_wait_share=0, demand=np.ones(MONTHS), capacity=np.ones((1, MONTHS)))
    model = one([50, 20, 10], capacity=5)
    plain = course(model, 0, WEEKS, policy=AS_CALIBRATED)
    assert np.array_equal(course(model, 0, WEEKS, policy=same).waiting, plain.waiting)
