"""The capacity that is needed: solved, then run again to see that it suffices, and as surely."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.made_cubes import cube, unsent
from tests.analytics.forecast.simulated import ORIGIN, cells_of, noise_of, single

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.model import Model
from clockstop.analytics.forecast.engine.policy import Policy
from clockstop.analytics.forecast.engine.simulation import expected_paths, simulate
from clockstop.analytics.forecast.forecast import Forecasts
from clockstop.analytics.forecast.quantiles import QUANTILES, Quantiles
from clockstop.analytics.forecast.spread import COUNTED, Run, figures_of
from clockstop.analytics.forecast.targets import capacity
from clockstop.analytics.forecast.targets.aims import Aim
from clockstop.analytics.forecast.targets.capacity import least, needed
from clockstop.analytics.forecast.targets.courses import engine_courses, multipliers_to
from clockstop.analytics.forecast.targets.prospects import prospects
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.rulebook.targets import targets
from clockstop.core.types import Month

CUBE = cube()
MULTIPLIERS = multipliers_to(3.0)


# Solved on forecasts of a cube


@pytest.fixture(scope="module")
def levels():
    asked = [(), ("icb", "function"), ("provider",)]
    return Forecasts(CUBE).forecasts(CUBE.months[-1], 12, asked, Run(replicates=64))


@pytest.fixture(scope="module")
def tables(levels):
    return needed(CUBE, levels, probabilities=(0.3, 0.5, 0.8))


def test_there_is_a_row_for_each_group_target_and_probability(levels, tables):
    for said, table in zip(levels, tables, strict=True):
        told = prospects(said, CUBE).filter(pl.col("month") <= "2026-09")
        keys = [*said.keys, "id", "month", "threshold"]
        assert table.filter(probability=0.5).select(keys).equals(told.select(keys))
        assert table["probability"].to_list() == [0.3, 0.5, 0.8] * len(told)


def test_what_the_forecast_gives_a_probability_needs_today_s_capacity_for_just_that(levels):
    """The two tables agree: at the probability of the one, the other's multiplier is 1."""
    told = prospects(levels[2], CUBE).filter(pl.col("probability").is_between(0.03, 0.97))
    assert len(told) > 3
    for row in told.to_dicts():
        (table,) = needed(CUBE, [levels[2]], probabilities=[row["probability"]])
        found = table.filter(provider=row["provider"], id=row["id"])["multiplier"]
        assert found.to_list() == pytest.approx([1], rel=0.01)


def test_what_is_surer_needs_more_and_extra_clock_stops_are_the_difference(levels, tables):
    for said, table in zip(levels, tables, strict=True):
        found = table.drop_nulls("multiplier")
        wide = found.pivot("probability", index=[*said.keys, "id"], values="multiplier")
        rises = [wide[high] - wide[low] for low, high in (("0.3", "0.5"), ("0.5", "0.8"))]
        assert all(len(rise.drop_nulls()) > 0 and rise.min() >= -1e-9 for rise in rises)
        extra = found["clock_stops_needed"] - found["clock_stops_now"]
        assert found["extra_a_week"].to_list() == pytest.approx(extra.to_list())


def test_what_is_out_of_reach_says_so_and_how_much_is_missing_even_then(levels, tables):
    lost = tables[2].filter(id="rtt-18w", probability=0.5)
    assert lost["is_reachable"].to_list() == [False] * 4
    assert set(lost["reason"]) == {"not within 3 times today's capacity"}
    assert lost["multiplier"].null_count() == lost["extra_a_week"].null_count() == 4
    assert (lost["missing_at_most"] > 0).all()
    assert (lost["clock_stops_now"] > 0).all()
    (less,) = needed(CUBE, levels[2:], probabilities=[0.5], most=1.5)
    assert tables[2].filter(id="rtt-78", probability=0.5)["is_reachable"].sum() >= 2
    assert less.filter(id="rtt-78")["is_reachable"].to_list() == [False] * 4
    assert set(less.filter(id="rtt-78")["reason"]) == {"not within 1.5 times today's capacity"}


def test_lists_that_stop_no_clocks_have_nothing_to_multiply(levels):
    still = replace(CUBE, admitted=0 * CUBE.admitted, nonadmitted=0 * CUBE.nonadmitted)
    said = Forecasts(still).forecast(still.months[-1], 6, (), Run(replicates=16))
    (table,) = needed(still, [said], probabilities=[0.5])
    assert set(table["reason"]) == {"no clock stops at present"}
    assert table["is_reachable"].to_list() == [False] * len(table)


def test_what_cannot_be_asked_of_a_group_is_not_solved(levels):
    gone = unsent(CUBE, CUBE.months.index(Month(2024, 11)), "P01")
    (table,) = needed(gone, levels[2:], probabilities=[0.5])
    row = table.filter(provider="P01", id="rtt-18w-26-step").to_dicts()[0]
    assert row["reason"] == "the list of 2024-11 is not known"
    figures = ("threshold", "multiplier", "clock_stops_now", "missing_at_most", "is_reachable")
    assert [row[name] for name in figures] == [None] * len(figures)
    assert table.filter(provider="P00", id="rtt-18w-26-step")["multiplier"].null_count() == 0


def test_those_who_wait_longest_first_need_no_more(tables):
    nobody = tables[1].filter(
        pl.col("id").is_in(["rtt-65b", "rtt-78"]) & (pl.col("probability") == 0.5)
    )
    reached = nobody.drop_nulls("multiplier")
    assert len(reached) > 0
    assert (reached["multiplier_longest_first"] <= reached["multiplier"] + 1e-6).all()
    others = tables[1].filter(~pl.col("id").is_in(["rtt-65b", "rtt-78"]))
    assert others["multiplier_longest_first"].is_null().all()


def test_a_probability_that_the_quantiles_do_not_reach_is_refused(levels):
    with pytest.raises(ValueError, match=r"a probability of 0\.99"):
        needed(CUBE, levels, probabilities=[0.99])


# Solved, and run again


def lists(count=4, noise=0.08, elasticity=1.0, leave=0.005):
    """Lists with a little more referred than treated."""
    chance = np.random.default_rng(1)
    profile = np.exp(-np.arange(BANDS) / chance.uniform(12, 25, (count, 1)))
    waiting = 2000 * profile / profile.sum(axis=1, keepdims=True)
    propensity = np.full((count, BANDS), 0.04)
    usual = (propensity * waiting).sum(axis=1)
    return Model(
        origin=ORIGIN,
        cells=cells_of(count),
        waiting=single(waiting),
        arrivals=single(1.05 * usual),
        capacity=single(usual),
        propensity=single(propensity),
        stays=np.full((count, BANDS), 1 - leave, np.float32),
        transfers_in=np.zeros((count, BANDS), np.float32),
        trend=np.zeros(BANDS),
        damping=0.9,
        elasticity=elasticity,
        noise=noise_of(count, noise),
    )


def outcomes(model, weeks, policy, seed):
    chunks = [
        each.values for each in simulate(model, weeks, replicates=512, seed=seed, policy=policy)
    ]
    return figures_of(np.moveaxis(np.concatenate(chunks)[:, :, :COUNTED], 2, -1))


def need_of(model, weeks, aim, by_engine):
    """What a target needs by a forecast that is the engine's own."""
    figures = outcomes(model, weeks, Policy(), 5)
    values = np.moveaxis(np.quantile(figures, QUANTILES, axis=2), 0, -1)
    said = Quantiles(weeks.months, {"provider": model.cells.provider}, values)
    asked = np.full(len(model.cells), aim.target.threshold)
    return capacity._Need(aim, said, asked, by_engine)


@pytest.mark.parametrize(
    ("id_", "elasticity", "within"),
    [
        ("rtt-18w", 1, 0.07),
        ("rtt-18w", 0.75, 0.07),
        ("rtt-18w-26", 1, 0.07),
        ("rtt-65b", 1, 0.07),
        ("rtt-52b", 1, 0.13),  # the spread of this share is only known roughly
    ],
)
@pytest.mark.parametrize("probability", [0.5, 0.8])
def test_with_the_solved_capacity_the_target_is_met_about_as_surely(
    id_, elasticity, within, probability
):
    model, weeks = lists(elasticity=elasticity), weeks_after(ORIGIN, 18)
    aim = Aim(targets()[id_], weeks.months[-1])
    cliffs = {None, aim.cliff}
    by_engine = {
        cliff: engine_courses(model, weeks, [aim.month], MULTIPLIERS, Policy(cliff=cliff))
        for cliff in cliffs
    }
    times = need_of(model, weeks, aim, by_engine).rows(probability)["multiplier"].to_numpy()
    again = outcomes(model, weeks, Policy(capacity=times[:, None]), 99)
    missing = aim.missing(aim.figure(again[:, -1]), np.full(len(times), aim.target.threshold))
    assert (missing <= aim.slack).mean(axis=1) == pytest.approx(probability, abs=within)


@pytest.mark.parametrize("id_", ["rtt-18w-26", "rtt-52b", "rtt-65b", "rtt-78"])
def test_all_at_once_the_answer_is_that_of_a_bisection_of_each(id_):
    model, weeks = lists(elasticity=0.75), weeks_after(ORIGIN, 12)
    aim = Aim(targets()[id_], weeks.months[-1])
    found = engine_courses(model, weeks, [aim.month], MULTIPLIERS)
    need = need_of(model, weeks, aim, {None: found})
    at_once = least(MULTIPLIERS, need._missing(None), need._slack)
    assert np.isfinite(at_once).all()
    for cell, times in enumerate(at_once):
        assert times == pytest.approx(bisected(model, weeks, aim, cell), rel=3e-3)


def bisected(model, weeks, aim, cell):
    low, high = 1 / 3, 3
    while high / low > 1.0001:
        middle = (low + high) / 2
        counts = expected_paths(model, weeks, Policy(capacity=middle)).values[cell, -1, :COUNTED]
        missing = aim.missing(
            aim.figure(figures_of(counts))[None, None], np.array([aim.target.threshold])
        )
        low, high = (low, middle) if missing[0, 0] <= aim.slack else (middle, high)
    return high


def test_in_the_long_run_as_many_are_treated_as_are_referred():
    model, weeks = lists(leave=0.0), weeks_after(ORIGIN, 144)
    aim = Aim(targets()["rtt-18w"], weeks.months[-1])
    by_engine = {None: engine_courses(model, weeks, [aim.month], MULTIPLIERS)}
    times = need_of(model, weeks, aim, by_engine).rows(0.5)["multiplier"].to_numpy()
    found = expected_paths(model, weeks, Policy(capacity=times[:, None])).values
    year = found[:, -12:, -1].sum(axis=1)
    census = weeks.census[-13], weeks.census[-1]
    share = np.interp(census, np.arange(len(weeks.arrivals) + 1), np.r_[0, weeks.arrivals.cumsum()])
    assert year == pytest.approx(model.arrivals * np.diff(share), rel=0.01)


# The least multiplier


@given(st.lists(st.floats(-5, 5), min_size=63, max_size=63), st.floats(-6, 6))
def test_the_least_multiplier_is_the_first_that_is_enough(missing, most):
    (found,) = least(MULTIPLIERS, np.array([missing]), np.array([most]))
    first = next((at for at, each in enumerate(missing) if each <= most), None)
    if first is None:
        assert found == np.inf
    else:
        low, high = MULTIPLIERS[max(first - 1, 0)], MULTIPLIERS[first]
        assert low * (1 - 1e-12) <= found <= high * (1 + 1e-12)


@given(st.floats(-2.9, 2.9))
def test_between_two_multipliers_the_logarithm_decides(most):
    curve = -3 * np.log(MULTIPLIERS) / np.log(3)
    (found,) = least(MULTIPLIERS, curve[None], np.array([most]))
    assert found == pytest.approx(3 ** (-most / 3))
