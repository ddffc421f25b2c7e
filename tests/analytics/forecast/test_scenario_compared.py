"""A scenario for one area while a reader waits, held against the slow way for all of England."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.analytics.forecast.made_by_rates import Known, made_by

from clockstop.analytics.forecast.forecast import Forecasts
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, SHARE
from clockstop.analytics.forecast.scenarios.bench import (
    bench_of,
    bench_table,
    read_bench,
)
from clockstop.analytics.forecast.scenarios.compared import LEAST, MOST, compare, replicates_of
from clockstop.analytics.forecast.scenarios.scenario import (
    Cliff,
    ClockStops,
    Growth,
    Scenario,
    ScenarioRefusedError,
    TreatmentPolicy,
    Where,
)
from clockstop.analytics.forecast.scenarios.side_by_side import AS_NOW, CHANGED, side_by_side
from clockstop.core.codes import ALL_FUNCTIONS

AHEAD, AREA = 8, "Q1"
MIDDLE, LOW, HIGH = (QUANTILES.index(each) for each in (0.5, 0.1, 0.9))
LEVELS = [("icb",), ("icb", "function")]


@pytest.fixture(scope="module")
def made():
    chance = np.random.default_rng(1)
    known = Known(chance.lognormal(0, 0.2, 12), chance.lognormal(-1, 0.5, 12))
    return made_by(known, 14, chance=chance)


@pytest.fixture(scope="module")
def forecasts(made):
    return Forecasts(made)


@pytest.fixture(scope="module")
def bench(made, forecasts):
    return bench_of(made, forecasts, AHEAD)


@pytest.fixture(scope="module")
def area(bench):
    return bench.model.cells.icb == AREA


@pytest.fixture
def asked(made):
    def scenario(**given):
        usual = {"title": "Try", "horizon_months": AHEAD, "replicates": 256}
        return Scenario(base_month=made.months[-1], **usual | given)

    return scenario


WHERE = Where(icbs=(AREA,))
A_TWENTIETH, A_HALF = 0.05, 0.5
CHANGES = {
    "demand": {"demand": (Growth(percent_a_year=8, where=WHERE),)},
    "clock stops": {"capacity": (ClockStops(clock_stops_a_week=60, where=WHERE),)},
    "elsewhere too": {"capacity": (ClockStops(clock_stops_a_week=600),)},
    "longest first": {"policy": TreatmentPolicy(long_wait_share=0.3)},
}


def values(table, run, keys):
    """The quantiles of an area's rows of a run: (months, ``MEASURES``, ``QUANTILES``)."""
    rows = table.filter(pl.col("run") == run, *(pl.col(key) == code for key, code in keys.items()))
    figures = rows.select(pl.exclude("run", "month", *keys)).to_numpy()
    return figures.reshape(len(rows), len(MEASURES), len(QUANTILES))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("by", LEVELS, ids=["all", "one function"])
def test_it_says_what_the_slow_way_says(forecasts, bench, area, asked, change, by):
    """The middle to the same number. Ranges are carried over: to a twentieth, unless waits change
    places: then those of the few longest are only told about as far."""
    scenario = asked(**change)
    keys = {"icb": AREA} | ({"function": "C_101"} if len(by) > 1 else {})
    function = keys.get("function", ALL_FUNCTIONS.code)
    slow = side_by_side(forecasts, scenario, by)
    usual, changed = (values(slow, run, keys) for run in (AS_NOW, CHANGED))
    found = compare(bench, scenario, area)
    told = found.carried(function, usual)
    np.testing.assert_allclose(told[..., MIDDLE], changed[..., MIDDLE], rtol=1e-4, atol=1e-3)
    widths = [each[..., HIGH] - each[..., LOW] for each in (told, changed)]
    near = A_HALF if "policy" in change else A_TWENTIETH
    np.testing.assert_allclose(*widths, rtol=near, atol=0.5)


def test_the_difference_is_that_of_the_same_courses(bench, area, asked):
    """More capacity shortens the list in every course; nothing asked changes nothing."""
    more = compare(bench, asked(capacity=(Growth(percent_a_year=30, where=WHERE),)), area)
    assert (more.difference[:, :, 0] < 0).all()
    assert (np.diff(more.difference, axis=-1) >= 0).all()
    gap = more.changed - more.as_now
    inside = (more.difference[..., 0] <= gap) & (gap <= more.difference[..., -1])
    assert inside[:, :, 0].all()
    same = compare(bench, asked(), area)
    assert (same.difference == 0).all()
    np.testing.assert_array_equal(same.changed, same.as_now)


def test_the_same_scenario_has_the_same_numbers(bench, area, asked):
    scenario = asked(policy=TreatmentPolicy(cliff=Cliff(over_weeks=40, by_month=asked().months[5])))
    one, other = (compare(bench, scenario, area) for _ in range(2))
    np.testing.assert_array_equal(one.difference, other.difference)
    another = compare(bench, replace(scenario, seed=2), area)
    assert not np.array_equal(one.difference, another.difference)


def test_all_lists_together_are_the_sum_of_the_functions(bench, area, asked):
    found = compare(bench, asked(**CHANGES["clock stops"]), area)
    assert found.functions == (ALL_FUNCTIONS.code, "C_100", "C_101")
    counts = [at for at, measure in enumerate(MEASURES) if measure != SHARE]
    for middles in (found.as_now, found.changed):
        parts = middles[1:][..., counts].sum(axis=0)
        np.testing.assert_allclose(parts, middles[0][..., counts], rtol=1e-6)


def test_changes_elsewhere_do_nothing_here(bench, area, asked):
    elsewhere = Where(icbs=("Q0",))
    found = compare(bench, asked(demand=(Growth(percent_a_year=9, where=elsewhere),)), area)
    assert (found.difference == 0).all()


def test_what_is_carried_stays_possible(bench, area, asked):
    found = compare(bench, asked(demand=(Growth(percent_a_year=-50, where=WHERE),)), area)
    wide = np.tile(np.linspace(0, 1, len(QUANTILES)), (AHEAD, len(MEASURES), 1))
    told = found.carried(ALL_FUNCTIONS.code, wide)
    assert (told >= 0).all()
    assert (told[:, MEASURES.index(SHARE)] <= 1).all()
    assert (np.diff(told, axis=-1) >= 0).all()


def test_a_scenario_that_looks_further_than_the_bench_is_refused(bench, area, asked):
    with pytest.raises(ScenarioRefusedError, match="horizon_months: found 9, expected 8 or fewer"):
        compare(bench, asked(horizon_months=9), area)


@pytest.mark.parametrize(
    ("cells", "months", "wanted", "most"),
    [(200, 18, 2000, MOST), (200, 18, 100, 100), (4000, 18, MOST, LEAST), (200, 48, MOST, 512)],
)
def test_more_lists_are_simulated_less_often(asked, cells, months, wanted, most):
    assert replicates_of(asked(horizon_months=months, replicates=wanted), cells) == most


def test_a_bench_is_kept_whole(bench, tmp_path):
    table, facts = bench_table(bench)
    table.write_parquet(tmp_path / "bench.parquet", metadata=facts)
    kept = read_bench(tmp_path / "bench.parquet")
    np.testing.assert_array_equal(kept.middle, bench.middle)
    for name, value in vars(bench.model).items():
        if name not in ("cells", "noise"):
            np.testing.assert_array_equal(getattr(kept.model, name), value)
    for name, value in vars(bench.model.noise).items():
        np.testing.assert_array_equal(getattr(kept.model.noise, name), value)
    for key in ("provider", "function", "icb", "region", "sector"):
        assert getattr(kept.model.cells, key).tolist() == getattr(bench.model.cells, key).tolist()
