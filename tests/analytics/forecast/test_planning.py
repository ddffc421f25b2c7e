"""Each target beside what it would take: the two tables that planners read as one."""

import pytest
from tests.analytics.forecast.made_cubes import cube, replaced

from clockstop.analytics.forecast.forecast import Forecasts
from clockstop.analytics.forecast.spread import Run
from clockstop.analytics.forecast.targets.capacity import needed
from clockstop.analytics.forecast.targets.planning import against_targets, year_end
from clockstop.analytics.forecast.targets.prospects import prospects
from clockstop.core.types import Month

CUBE = cube()


@pytest.fixture(scope="module")
def levels():
    asked = [(), ("icb",), ("icb", "function")]
    return Forecasts(CUBE).forecasts(CUBE.months[-1], 12, asked, Run(replicates=32))


def test_a_target_of_a_list_stands_beside_what_it_needs(levels):
    tables = against_targets(CUBE, levels)
    needs = needed(CUBE, levels, standing=Month(2026, 3))
    for said, table, needed_of in zip(levels, tables, needs, strict=True):
        told = prospects(said, CUBE, Month(2026, 3)).to_dicts()
        rows = table.to_dicts()
        assert rows
        assert [
            {key: row[key] for key in (*said.keys, "id", "probability", "reason")} for row in rows
        ] == [
            {key: row[key] for key in (*said.keys, "id", "probability", "reason")} for row in told
        ]
        for row in rows:
            of_it = [
                each
                for each in needed_of.to_dicts()
                if all(each[key] == row[key] for key in (*said.keys, "id"))
            ]
            assert [row["clock_stops_even"], row["clock_stops_sure"]][: len(of_it)] == [
                each["clock_stops_needed"] for each in of_it
            ]
            if of_it:
                assert row["clock_stops_longest"] == of_it[-1]["clock_stops_longest_first"]
                assert row["gap_longest"] == of_it[-1]["missing_longest_first"]


def test_a_target_that_nobody_waits_for_longer_tells_what_it_takes_if_they_go_first():
    waiting = CUBE.waiting.copy()
    waiting[..., 50:] = 0
    waiting[..., 55] = 1
    few = replaced(CUBE, waiting=waiting)
    said = Forecasts(few).forecasts(few.months[-1], 6, [()], Run(replicates=32))
    rows = {row["id"]: row for row in against_targets(few, said)[0].to_dicts()}
    assert 0 < rows["rtt-65b"]["clock_stops_longest"] < 2 * rows["rtt-65b"]["clock_stops_now"]
    assert rows["rtt-65b"]["gap_longest"] <= rows["rtt-65b"]["gap"] + 0.01
    assert (rows["rtt-18w"]["clock_stops_longest"], rows["rtt-18w"]["gap_longest"]) == (None, None)


def test_a_target_due_after_the_forecast_ends_needs_nothing_that_is_known(levels):
    late = [row for row in against_targets(CUBE, levels)[0].to_dicts() if row["month"] > "2026-09"]
    assert {row["id"] for row in late} == {"rtt-18w-29", "rtt-18w-29-july"}
    assert {row["reason"] for row in late} == {"the forecast ends in 2026-09"}
    assert {row["clock_stops_sure"] for row in late} == {None}


def test_what_stands_is_judged_in_the_last_month_of_a_short_forecast():
    (said,) = Forecasts(CUBE).forecasts(CUBE.months[-1], 2, [()], Run(replicates=32))
    (table,) = against_targets(CUBE, [said])
    (standard,) = table.filter(id="rtt-18w").to_dicts()
    assert standard["month"] == "2025-11"
    assert standard["verdict"] == "unlikely"


@pytest.mark.parametrize(
    ("origin", "end"),
    [
        (Month(2025, 8), Month(2026, 3)),
        (Month(2025, 9), Month(2026, 3)),
        (Month(2025, 10), Month(2027, 3)),
        (Month(2025, 12), Month(2027, 3)),
        (Month(2026, 3), Month(2027, 3)),
    ],
)
def test_a_year_ends_in_a_march_at_least_half_a_year_off(origin, end):
    assert year_end(origin) == end
