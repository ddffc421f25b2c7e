"""The synthetic England is as large, as busy and as slow as England, function by function."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.analytics.synthetic.filed import FUNCTION, PART, PROVIDER

from clockstop.analytics.lists.tables import headline
from clockstop.analytics.synthetic.england import England, imagine
from clockstop.analytics.synthetic.extract import table
from clockstop.analytics.synthetic.filing import Filing
from clockstop.analytics.synthetic.fit import FEW, Fit, fits
from clockstop.analytics.synthetic.rates import SPANS, Rates
from clockstop.analytics.synthetic.sizes import DEFAULT_SCALE, FULL_SCALE
from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.analytics.synthetic.targets import SOURCE_MONTH, WAITING, england_target, targets

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
    assert len(keys) == len(set(keys)) == 6 * 24 + 4
    longest = {("over_65", code) for code in ("C_999", "C_110", "C_120", "X05")}
    assert set(keys) == {(name, code) for name in MARGINALS for code in codes} | longest


def test_waits_over_65_weeks_are_held_where_a_thousand_wait_so_long(found):
    longest = [fit for fit in found if fit.marginal == "over_65"]
    assert {fit.limit for fit in longest} == {0.15}
    assert all(fit.target >= 1_000 * DEFAULT_SCALE for fit in longest)
    assert targets()["over_65"].sum() == pytest.approx(england_target("over_65"), rel=0.01)


def test_only_small_long_waits_go_without_a_limit(found):
    without = [fit for fit in found if fit.limit is None]
    assert {fit.marginal for fit in without} == {"over_52"}
    assert all(fit.target < 1_000 * DEFAULT_SCALE for fit in without)
    assert 3 <= len(without) <= 6


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize(("months", "last"), [(1, SOURCE_MONTH), (5, SOURCE_MONTH.plus(-6))])
def test_marginals_hold_for_any_seed_and_for_the_last_month_of_short_series(seed, months, last):
    assert off_target(list(fits(imagine(seed, months, last, DEFAULT_SCALE)))) == []


@pytest.fixture(scope="module")
def full() -> England:
    return imagine(1948, 1, SOURCE_MONTH, FULL_SCALE)


def test_marginals_hold_at_full_scale(full):
    assert off_target(list(fits(full))) == []


@pytest.fixture(scope="module")
def rows(full) -> pl.DataFrame:
    """A full month as filed."""
    (flows,) = full.months()
    return table(Filing(full, 0), flows)


def test_a_full_month_has_as_many_rows_of_each_part_as_a_real_one(rows):
    assert rows.height == pytest.approx(184_500, rel=0.03)
    parts = {"Part_1A": 19_100, "Part_1B": 32_700, "Part_2": 65_000, "Part_2A": 30_200}
    found = dict(rows.group_by(PART).len().rows())
    for part, size in (parts | {"Part_3": 37_400}).items():
        assert found[part] == pytest.approx(size, rel=0.06)
    assert rows[PROVIDER].n_unique() == 477
    assert rows[FUNCTION].n_unique() == 24


def test_most_cells_of_a_full_month_are_tiny(rows):
    """As in England: four lists in ten are of one pathway, one in nine of a hundred or more."""
    waiting = rows.filter(pl.col(PART) == "Part_2", pl.col(FUNCTION) != "C_999")
    sizes = waiting["Total All"]
    assert (sizes == 1).mean() == pytest.approx(0.41, abs=0.05)
    assert (sizes >= 100).mean() == pytest.approx(0.114, abs=0.02)


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
    assert {code for name, code in wide if name == "within_18"} == {"C_170", "X03"}


def test_the_targets_of_the_functions_come_to_those_of_england():
    for name in ("new", "admitted", "nonadmitted"):
        assert targets()[name].sum() == pytest.approx(england_target(name), rel=1e-3)
    waiting = sum(targets()[name] for name in WAITING)
    assert waiting.sum() == pytest.approx(england_target("waiting"), rel=1e-3)
    within = targets()["within_18"].sum() / waiting.sum()
    assert within == pytest.approx(england_target("within_18"), abs=1e-3)


@pytest.mark.parametrize("span", range(len(SPANS)))
def test_a_span_presses_its_own_weeks(span):
    middle = (5, 35, 57, 80)
    before, after = Rates.first().log_stay(0), Rates.first().with_step(span, 0.1).log_stay(0)
    moved = (after / before)[:, middle]
    expected = np.ones(len(SPANS))
    expected[span] = np.exp(0.1)
    assert np.allclose(moved, expected, rtol=1e-4)


@pytest.mark.real_data
def test_the_totals_are_the_published_ones(real_lake):
    found = headline(real_lake, SOURCE_MONTH)
    names = {
        "new": "new_periods",
        "admitted": "admitted_stops",
        "nonadmitted": "nonadmitted_stops",
        "waiting": "incomplete_pathways",
        "over_52": "over_52_weeks",
        "over_65": "over_65_weeks",
    }
    assert {name: england_target(name) for name in names} == {
        name: found[key] for name, key in names.items()
    }
    assert england_target("within_18") == pytest.approx(found["pct_within_18_weeks"], abs=5e-5)
