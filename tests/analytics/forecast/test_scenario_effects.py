"""What scenarios do: multipliers of demand and capacity, who is treated first, what is refused."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from tests.analytics.forecast.scenarios import BASE, SCENARIOS

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.model import Model, Noise
from clockstop.analytics.forecast.engine.policy import AS_CALIBRATED
from clockstop.analytics.forecast.engine.policy import Cliff as PolicyCliff
from clockstop.analytics.forecast.engine.scalar import course
from clockstop.analytics.forecast.months.cube import Cells
from clockstop.analytics.forecast.scenarios.effects import multipliers, policy_of
from clockstop.analytics.forecast.scenarios.scenario import (
    Cliff,
    ClockStops,
    Growth,
    MonthByMonth,
    Scenario,
    ScenarioRefusedError,
    TreatmentPolicy,
    Where,
)
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month

CELLS = Cells(
    provider=np.array(["RAA", "RAA", "RBB", "RBB"], dtype=object),
    function=np.array(["C_110", "C_130", "C_110", "X04"], dtype=object),
    icb=np.array(["QWO", "QWO", "QOP", "QOP"], dtype=object),
    region=np.array(["Y63", "Y63", "Y62", "Y62"], dtype=object),
    sector=np.array(["nhs_trust"] * 4, dtype=object),
)
CAPACITY = np.array([30.0, 10, 60, 0])


def scenario(**given):
    return Scenario(title="Try", base_month=BASE, horizon_months=6, **given)


class TestMultipliers:
    def test_nothing_asked_changes_nothing(self):
        found = multipliers(scenario(), CELLS, CAPACITY)
        assert found.demand.shape == found.capacity.shape == (4, 6)
        assert (found.demand == 1).all()
        assert (found.capacity == 1).all()

    def test_growth_builds_up_from_the_base_month(self):
        year = Scenario(
            title="A year", base_month=BASE, horizon_months=24, demand=(Growth(percent_a_year=10),)
        )
        found = multipliers(year, CELLS, CAPACITY).demand[0]
        assert found[[11, 23]] == pytest.approx([1.1, 1.21])
        assert found[0] == pytest.approx(1.1 ** (1 / 12))

    def test_percentages_of_named_months_are_of_those_alone(self):
        change = MonthByMonth(percent_by_month={Month(2025, 12): -30})
        found = multipliers(scenario(capacity=(change,)), CELLS, CAPACITY).capacity
        assert found[2] == pytest.approx([1, 1, 0.7, 1, 1, 1])

    def test_a_change_is_of_the_lists_that_it_names(self):
        where = Where(functions=("C_110", "X04"), icbs=("QOP",))
        change = MonthByMonth(percent_by_month={Month(2025, 10): 50}, where=where)
        found = multipliers(scenario(demand=(change,)), CELLS, CAPACITY).demand
        assert found[:, 0].tolist() == [1, 1, 1.5, 1.5]

    def test_clock_stops_are_shared_out_by_capacity(self):
        change = ClockStops(
            clock_stops_a_week=9,
            from_month=Month(2025, 11),
            to_month=Month(2025, 12),
            where=Where(functions=("C_110",)),
        )
        found = multipliers(scenario(capacity=(change,)), CELLS, CAPACITY).capacity
        more = CAPACITY[:, None] * (found - 1)
        assert more[:, 1].tolist() == pytest.approx([3, 0, 6, 0])
        assert more.sum(axis=0) == pytest.approx([0, 9, 9, 0, 0, 0])

    def test_percentages_multiply_and_clock_stops_come_on_top(self):
        changes = (
            ClockStops(clock_stops_a_week=50),
            MonthByMonth(percent_by_month={Month(2025, 10): 20}),
            MonthByMonth(percent_by_month={Month(2025, 10): 50}),
        )
        found = multipliers(scenario(capacity=changes), CELLS, CAPACITY).capacity
        assert found[0, :2] == pytest.approx([1.2 * 1.5 + 0.5, 1.5])

    @given(SCENARIOS)
    def test_all_that_is_added_arrives(self, each):
        with suppress(ScenarioRefusedError):
            found = multipliers(each, CELLS, CAPACITY).capacity
            only = [change for change in each.capacity if isinstance(change, ClockStops)]
            rest = tuple(change for change in each.capacity if change not in only)
            bare = multipliers(scenario(capacity=rest), CELLS, CAPACITY).capacity
            added = sum((change.added(each.months) for change in only), np.zeros(6))
            assert CAPACITY @ (found - bare) == pytest.approx(added, abs=1e-6)

    def test_every_change_that_means_no_list_is_refused(self):
        wrong = scenario(
            demand=(Growth(percent_a_year=1, where=Where(providers=("RZZ", "RAA"))),),
            capacity=(
                Growth(percent_a_year=1, where=Where(providers=("RAA",), icbs=("QOP",))),
                ClockStops(clock_stops_a_week=5, where=Where(functions=("X04",))),
            ),
        )
        with pytest.raises(ScenarioRefusedError) as caught:
            multipliers(wrong, CELLS, CAPACITY)
        assert caught.value.problems == (
            "demand[0].where.providers: found RZZ, expected one with a list in 2025-09",
            "capacity[0].where: found no list in 2025-09 of all of these, expected one",
            "capacity[1].where: found no clock stops at present, expected some to add these to",
        )

    def test_no_more_clock_stops_can_go_than_there_are(self):
        fewer = ClockStops(
            clock_stops_a_week=-41, from_month=Month(2026, 1), where=Where(providers=("RAA",))
        )
        with pytest.raises(ScenarioRefusedError) as caught:
            multipliers(scenario(capacity=(fewer,)), CELLS, CAPACITY)
        assert caught.value.problems == tuple(
            f"capacity: found fewer than 0 clock stops for RAA {code} in 2026-01, expected 0 or more"
            for code in ("C_110", "C_130")
        )


def model_of(origin):
    """The cells with a thousand people in each week band, and a fixed number of clock stops."""
    bands, each = np.ones((4, BANDS), np.float32), np.zeros(4, np.float32)
    return Model(
        origin=origin,
        cells=CELLS,
        waiting=1000 * bands,
        arrivals=each,
        capacity=CAPACITY.astype(np.float32),
        propensity=bands / 100,
        stays=bands,
        transfers_in=0 * bands,
        trend=np.zeros(BANDS),
        damping=1,
        elasticity=1,
        noise=Noise(0, 0, 0, each, each, each, each),
    )


class TestPolicy:
    def test_it_is_the_engines_default_where_nothing_is_asked(self):
        found = policy_of(scenario(), model_of(BASE))
        assert found.long_wait_share == AS_CALIBRATED.long_wait_share
        assert found.long_wait_weeks == AS_CALIBRATED.long_wait_weeks
        assert found.cliff is None
        assert (found.multipliers(4, 6) == AS_CALIBRATED.multipliers(4, 6)).all()

    def test_who_is_treated_first_arrives(self):
        cliff = Cliff(over_weeks=65, by_month=Month(2026, 3))
        first = TreatmentPolicy(long_wait_share=0.3, long_wait_weeks=40, cliff=cliff)
        more = MonthByMonth(percent_by_month={Month(2025, 10): 50})
        added = ClockStops(clock_stops_a_week=20, where=Where(icbs=("QWO",)))
        asked = scenario(policy=first, demand=(more,), capacity=(added,))
        found = policy_of(asked, model_of(BASE))
        assert (found.long_wait_share, found.long_wait_weeks) == (0.3, 40)
        assert found.cliff == PolicyCliff(Month(2026, 3), 65)
        assert found.multipliers(4, 6)[0, 0].tolist() == [1.5, 1.5]
        assert found.multipliers(4, 6)[2, 1].tolist() == [1, 1]

    def test_figures_of_another_month_are_refused(self):
        with pytest.raises(ScenarioRefusedError) as caught:
            policy_of(scenario(), model_of(BASE.plus(1)))
        assert caught.value.problems == (
            "base_month: found 2025-09, expected 2025-10, that of the figures",
        )

    def test_the_engine_makes_the_clock_stops_that_are_added(self):
        months = {"from_month": Month(2025, 12), "to_month": Month(2026, 2)}
        added = ClockStops(clock_stops_a_week=8, where=Where(providers=("RAA",)), **months)
        model, weeks = model_of(BASE), weeks_after(BASE, 6)
        asked = policy_of(scenario(capacity=(added,)), model)
        more = sum(
            course(model, cell, weeks, policy=asked).treated.sum(axis=1)
            - course(model, cell, weeks).treated.sum(axis=1)
            for cell in range(4)
        )
        inside = (weeks.month >= 2) & (weeks.month <= 4)
        assert more == pytest.approx(8 * weeks.treatment * inside, abs=1e-4)
