"""The synthetic England is as large, as busy and as slow as England, function by function."""

from dataclasses import replace

import numpy as np
import pytest

from clockstop.analytics.synthetic.england import imagine
from clockstop.analytics.synthetic.fit import FEW, Fit, fits
from clockstop.analytics.synthetic.rates import SPANS, Rates
from clockstop.analytics.synthetic.sizes import DEFAULT_SCALE, FULL_SCALE
from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.analytics.synthetic.targets import SOURCE_MONTH, england_target, targets

MARGINALS = ("new", "admitted", "nonadmitted", "waiting", "within_18", "over_52")


def off_target(found: list[Fit]) -> list[Fit]:
    return [fit for fit in found if not fit.holds]


@pytest.fixture(scope="module")
def found() -> list[Fit]:
    """Of the whole default England, whose reference month comes after two years."""
    return list(fits(imagine(1948, 36, SOURCE_MONTH.plus(12), DEFAULT_SCALE)))


def test_every_marginal_holds_at_the_default_scale(found):
    assert off_target(found) == []


def test_every_function_and_their_total_has_every_marginal(found):
    codes = [*function_codes(), "C_999"]
    keys = [(fit.marginal, fit.function) for fit in found]
    assert len(keys) == len(set(keys)) == 6 * 24
    assert set(keys) == {(name, code) for name in MARGINALS for code in codes}


def test_only_small_long_waits_go_without_a_limit(found):
    without = [fit for fit in found if fit.limit is None]
    assert {fit.marginal for fit in without} == {"over_52"}
    assert all(fit.target < 1_000 * DEFAULT_SCALE for fit in without)
    assert 3 <= len(without) <= 6


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize(("months", "last"), [(1, SOURCE_MONTH), (5, SOURCE_MONTH.plus(-6))])
def test_marginals_hold_for_any_seed_and_for_the_last_month_of_short_series(seed, months, last):
    assert off_target(list(fits(imagine(seed, months, last, DEFAULT_SCALE)))) == []


def test_marginals_hold_at_full_scale():
    england = imagine(1948, 1, SOURCE_MONTH, FULL_SCALE)
    assert off_target(list(fits(england))) == []


def test_what_is_off_is_told():
    near = Fit("new", "C_110", 1_000, 1_009, 0.009, 0.01)
    assert near.holds
    assert not replace(near, found=1_011, off=0.011).holds
    assert not Fit("within_18", "X03", 0.6, 0.62, 0.02, 0.01).holds
    assert Fit("over_52", "C_430", 9, 50, 4.5, None).holds


def test_only_the_smallest_marginals_may_be_off_by_more_than_one_in_a_hundred(found):
    wide = {(fit.marginal, fit.function): fit for fit in found if (fit.limit or 0) > 0.01}
    counts = [fit for fit in wide.values() if fit.marginal in ("new", "admitted", "nonadmitted")]
    assert all(fit.target < 100 * FEW for fit in counts)
    assert {code for name, code in wide if name == "within_18"} == {"X03"}


def test_the_targets_of_the_functions_come_to_those_of_england():
    for name in ("new", "admitted", "nonadmitted"):
        assert targets()[name].sum() == pytest.approx(england_target(name), rel=1e-3)
    waiting = sum(targets()[name] for name in ("within_18", "between", "over_52"))
    assert waiting.sum() == pytest.approx(england_target("waiting"), rel=1e-3)
    within = targets()["within_18"].sum() / waiting.sum()
    assert within == pytest.approx(england_target("within_18"), abs=1e-3)


@pytest.mark.parametrize("span", range(len(SPANS)))
def test_a_span_presses_its_own_weeks(span):
    middle = (5, 35, 80)
    before, after = Rates.first().log_stay(0), Rates.first().with_step(span, 0.1).log_stay(0)
    moved = (after / before)[:, middle]
    expected = np.ones(3)
    expected[span] = np.exp(0.1)
    assert np.allclose(moved, expected, rtol=1e-4)
