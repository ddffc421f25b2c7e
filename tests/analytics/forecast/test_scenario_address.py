"""Scenarios in addresses: every one comes back, and whatever else is there is refused."""

import json
import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.scenarios import SCENARIOS

from clockstop.analytics.forecast.scenarios import address
from clockstop.analytics.forecast.scenarios.address import LONGEST, packed, unpacked
from clockstop.analytics.forecast.scenarios.reading import read_scenario, sample
from clockstop.analytics.forecast.scenarios.scenario import (
    ClockStops,
    Scenario,
    ScenarioRefusedError,
    Where,
)
from clockstop.core.types import Month

SMALL = Scenario(
    title="More in trauma",
    base_month=Month(2025, 9),
    horizon_months=18,
    capacity=(ClockStops(clock_stops_a_week=120, where=Where(functions=("C_110",))),),
)


@given(SCENARIOS)
def test_every_scenario_comes_back(scenario):
    assert unpacked(packed(scenario)) == scenario


def test_an_address_out_there_still_means_what_it_meant():
    """If this fails, addresses that people have kept are broken: add a version instead."""
    assert packed(SMALL) == "1w6mWsEOMDPD42NAA5M1YrHYiRSKWWDEgKlbg8aBUCwA"


def test_a_scenario_with_every_key_is_short():
    assert len(packed(read_scenario(json.dumps(sample())))) < 300


def test_one_too_long_for_an_address_is_refused():
    chance = [f"R{at * 7919 % 46656:X}" for at in range(1, 900)]
    long = Scenario(
        title="Many",
        base_month=Month(2025, 9),
        horizon_months=6,
        capacity=(ClockStops(clock_stops_a_week=1, where=Where(providers=tuple(chance))),),
    )
    with pytest.raises(ScenarioRefusedError, match=f"expected {LONGEST} or fewer"):
        packed(long)


def by_hand(text):
    work = zlib.compressobj(wbits=-zlib.MAX_WBITS, zdict=address._WORDS)
    return "1" + urlsafe_b64encode(work.compress(text.encode()) + work.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1!!!!",
        "2" + packed(SMALL)[1:],
        packed(SMALL)[:-9],
        packed(SMALL) + "=",
        "1" + "A" * LONGEST,
        "1é",
        by_hand("x" * 200_000),
    ],
    ids=range(9),
)
def test_what_is_no_scenario_is_refused(text):
    with pytest.raises(ScenarioRefusedError, match="the address: found no scenario in it"):
        unpacked(text)


@given(st.text(alphabet="ABCdef019-_", max_size=60))
def test_no_letters_do_anything_but_mean_a_scenario_or_be_refused(text):
    with pytest.raises(ScenarioRefusedError):
        unpacked("1" + text)


def test_a_scenario_of_an_address_is_checked_as_a_file_is():
    with pytest.raises(ScenarioRefusedError) as refused:
        unpacked(by_hand('{"title": "x", "base_month": "2025-13", "horizon_months": 99}'))
    assert [each.partition(":")[0] for each in refused.value.problems] == [
        "base_month",
        "horizon_months",
    ]
