"""Scenarios from JSON: read with every problem at once, held to their schema, written back."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.analytics.forecast.scenarios import BASE, SCENARIOS

from clockstop.analytics.forecast.scenarios.reading import read_scenario, sample, schema, written
from clockstop.analytics.forecast.scenarios.scenario import (
    Cliff,
    ClockStops,
    Growth,
    MonthByMonth,
    Scenario,
    ScenarioRefusedError,
    TreatmentPolicy,
    WaitTarget,
    Where,
)
from clockstop.core.types import Month

SMALL = {"title": "As it is", "base_month": "2025-09", "horizon_months": 6}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each),
    max_leaves=8,
)
ALL_WRONG = """\
colour: unknown; expected title, base_month, horizon_months, demand, capacity, policy, targets, seed, replicates
title: found " ", expected a title of 1 to 200 characters
demand[0].percent_a_year: found "2%", expected a percentage a year, -50 to 100
demand[1].percent_by_month: found "2026-13", expected a month like 2026-04
demand[2]: found {"where": {"functions": ["C_111"], "providers": [], "regions, expected a change: either percent_a_year or percent_by_month, and where if it is not everywhere
demand[2].where.regions: unknown; expected providers, functions, icbs
demand[2].where.providers: found [], expected a list of different provider codes; leave it out for all
demand[2].where.functions[0]: found "C_111", expected the code of a treatment function, like C_110
demand[3].clock_stops_a_week: unknown; expected percent_a_year, percent_by_month, where
demand[3].percent_a_year: found true, expected a percentage a year, -50 to 100
capacity[1]: found {"percent_a_year": 1, "from_month": "2026-02"}, expected a change: one of percent_a_year, percent_by_month and clock_stops_a_week (alone with from_month and to_month), and where if it is not everywhere
policy.long_wait_share: found 10, expected a share of capacity, 0 to 1
policy.cliff.by_month: found nothing, expected a month like 2026-04
policy.cliff.over_weeks: found 65.5, expected a whole number of weeks, 1 to 104
targets[0].percent: found 0.92, expected a percentage of those waiting, 1 to 100 (92, not 0.92)
seed: found -1, expected a whole number that starts the random draws, 0 to 4,294,967,295
demand[1].percent_by_month.2027-01: found "2027-01", expected a month of the scenario: 2025-10 to 2026-03
capacity[0].to_month: found "2025-12", expected 2026-02, the from_month, or later
targets[0].by_month: found "2025-09", expected a month of the scenario: 2025-10 to 2026-03
"""


def refused(found):
    with pytest.raises(ScenarioRefusedError) as caught:
        read_scenario(found if isinstance(found, str) else json.dumps(found))
    return list(caught.value.problems)


class TestReading:
    def test_the_sample_has_every_key_and_each_arrives(self):
        found = read_scenario(json.dumps(sample()))
        assert found.base_month == BASE
        assert found.months[0] == Month(2025, 10)
        assert len(found.months) == found.horizon_months == 18
        assert found.demand == (
            Growth(percent_a_year=2.8),
            MonthByMonth(
                percent_by_month={Month(2026, 1): -3, Month(2026, 2): 3},
                where=Where(functions=("C_130",)),
            ),
        )
        assert found.capacity[1] == ClockStops(
            clock_stops_a_week=120,
            from_month=Month(2026, 4),
            to_month=Month(2026, 9),
            where=Where(functions=("C_110",), icbs=("QWO",)),
        )
        assert found.policy == TreatmentPolicy(
            long_wait_share=0.1,
            long_wait_weeks=52,
            cliff=Cliff(over_weeks=65, by_month=Month(2026, 3)),
        )
        assert found.targets[-1] == WaitTarget(percent=92, within_weeks=18)
        assert (found.seed, found.replicates) == (1, 1024)

    def test_what_may_be_left_out(self):
        assert read_scenario(json.dumps(SMALL)) == Scenario(
            title="As it is", base_month=BASE, horizon_months=6
        )

    def test_all_problems_come_at_once_each_with_its_path(self):
        wrong = {
            "title": " ",
            "base_month": "2025-09",
            "horizon_months": 6,
            "colour": "red",
            "demand": [
                {"percent_a_year": "2%"},
                {"percent_by_month": {"2026-13": 1, "2027-01": 5}},
                {"where": {"functions": ["C_111"], "providers": [], "regions": ["Y63"]}},
                {"percent_a_year": True, "clock_stops_a_week": 4},
            ],
            "capacity": [
                {"clock_stops_a_week": 9, "from_month": "2026-02", "to_month": "2025-12"},
                {"percent_a_year": 1, "from_month": "2026-02"},
            ],
            "policy": {"long_wait_share": 10, "cliff": {"over_weeks": 65.5}},
            "targets": [{"percent": 0.92, "within_weeks": 18, "by_month": "2025-09"}],
            "seed": -1,
        }
        assert refused(wrong) == ALL_WRONG.splitlines()

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("{", "not JSON"),
            ('{"seed": NaN}', "not JSON: NaN is not a number"),
            ('{"seed": 1, "seed": 2}', "seed: found 2 times, expected once"),
            ('{"seed": 1e999}', "seed: found Infinity, expected a whole number"),
            pytest.param("[" * 100_000, "nested too deeply", id="deep"),
            ("[]", "the file: found [], expected a scenario: an object with title"),
            ("{}", "title: found nothing, expected a title"),
        ],
    )
    def test_what_is_no_scenario(self, text, problem):
        assert any(each.startswith(problem) for each in refused(text))

    def test_a_whole_number_may_have_a_point(self):
        text = json.dumps({**SMALL, "horizon_months": 6.0})
        assert read_scenario(text).months[-1] == Month(2026, 3)

    @given(JSON)
    def test_nothing_makes_the_reader_fail_otherwise(self, found):
        for each in (found, {**SMALL, "demand": found}, {**SMALL, "policy": found}):
            with suppress(ScenarioRefusedError):
                assert read_scenario(json.dumps(each))

    @settings(max_examples=150)
    @given(st.data())
    def test_nor_does_any_value_anywhere(self, data):
        """One value of the sample becomes another: it is read, or the problem names its place."""
        found = sample()
        path = data.draw(st.sampled_from(list(places(found))))
        replaced(found, path, data.draw(JSON))
        with suppress(ScenarioRefusedError):
            assert read_scenario(json.dumps(found))
            return
        problems = refused(found)
        if path[0] not in {"base_month", "horizon_months"}:
            assert all(each.startswith((path[0], "not JSON")) for each in problems)


def places(found, path=()):
    """The paths of every value in a file."""
    if path:
        yield path
    if isinstance(found, dict | list):
        for key, value in found.items() if isinstance(found, dict) else enumerate(found):
            yield from places(value, (*path, key))


def replaced(found, path, value):
    for key in path[:-1]:
        found = found[key]
    found[path[-1]] = value


class TestSchema:
    def test_it_is_one(self):
        Draft202012Validator.check_schema(schema())

    def test_it_is_closed_and_says_what_it_expects_everywhere(self):
        for rule in rules(schema()):
            assert rule.get("description"), rule
            assert rule.get("type") != "object" or "additionalProperties" in rule

    def test_every_value_of_the_sample_is_held(self):
        checker = Draft202012Validator(schema())
        assert checker.is_valid(sample())
        for path in places(sample()):
            found = sample()
            replaced(found, path, None)
            assert not checker.is_valid(found), path


def rules(schema_):
    """The rule of every value that a schema knows."""
    if "$ref" not in schema_:
        yield schema_
    for each in (*schema_.get("properties", {}).values(), *schema_.get("$defs", {}).values()):
        yield from rules(each)
    if "items" in schema_:
        yield from rules(schema_["items"])


@given(SCENARIOS)
def test_what_is_written_is_read_as_it_was(each):
    assert read_scenario(json.dumps(written(each))) == each


def test_the_sample_is_written_as_it_stands():
    assert written(read_scenario(json.dumps(sample()))) == sample()
