"""The form of a scenario: what it makes, what it shows of one, and what is wrong beside its field."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.scenarios import BASE, SCENARIOS

from clockstop.analytics.forecast.scenarios.reading import read_scenario
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
from clockstop.core.types import Month
from clockstop.service.dashboards.scenarios.faults import by_field, misplaced
from clockstop.service.dashboards.scenarios.fields import (
    MONTHLY,
    MOST_ROWS,
    ROWS,
    SIDES,
    WEEKLY,
    YEARLY,
    Form,
    typed,
)
from clockstop.service.dashboards.scenarios.values import form_of, kept, values_of

SCOPE = {"icbs": ["QWO"]}
HERE = Where(icbs=("QWO",))
TRAUMA = Where(functions=("C_110",), icbs=("QWO",))


def sent(**given):
    return {"title": "Try", "months": "6", **given}


def change(side, at, **given):
    return {f"{side}-{at}-{name}": value for name, value in given.items()}


def made(form):
    return read_scenario(json.dumps(values_of(form, BASE, SCOPE)))


def problems_of(form):
    found = list(misplaced(form))
    try:
        made(form)
    except ScenarioRefusedError as error:
        found += error.problems
    return by_field(found)


def scenario(**given):
    return Scenario(title="Try", base_month=BASE, horizon_months=6, **given)


def monthly(percent, first, last, where=HERE):
    months = [Month(2025, number) for number in range(first, last + 1)]
    return MonthByMonth(percent_by_month=dict.fromkeys(months, percent), where=where)


MAKES = {
    "nothing": ({}, {}),
    "yearly": (
        change("demand", 0, kind=YEARLY, amount="2.5"),
        {"demand": (Growth(percent_a_year=2.5, where=HERE),)},
    ),
    "monthly, in some months": (
        change("demand", 0, kind=MONTHLY, amount="-3%", **{"from": "2025-11", "to": "2025-12"}),
        {"demand": (monthly(-3, 11, 12),)},
    ),
    "clock stops of a specialty": (
        change("capacity", 0, kind=WEEKLY, amount="1,200", function="C_110")
        | change("capacity", 3, kind=WEEKLY, amount="-5", **{"from": "2026-01"}),
        {
            "capacity": (
                ClockStops(clock_stops_a_week=1200, where=TRAUMA),
                ClockStops(clock_stops_a_week=-5, from_month=Month(2026, 1), where=HERE),
            )
        },
    ),
    "order": (
        {"share": "12.5", "share-weeks": "65", "cliff-weeks": "52", "cliff-by": "2026-01"},
        {
            "policy": TreatmentPolicy(
                long_wait_share=0.125,
                long_wait_weeks=65,
                cliff=Cliff(over_weeks=52, by_month=Month(2026, 1)),
            )
        },
    ),
}


@pytest.mark.parametrize(("fields", "means"), MAKES.values(), ids=MAKES)
def test_a_form_makes_a_scenario(fields, means):
    assert made(typed(sent(**fields))) == scenario(**means)


@pytest.mark.parametrize(("fields", "means"), MAKES.values(), ids=MAKES)
def test_a_scenario_that_a_form_made_is_shown_in_it(fields, means):
    form = form_of(scenario(**means), SCOPE)
    assert made(form) == scenario(**means)


def test_left_out_months_are_all_of_them():
    form = typed(sent(**change("demand", 0, kind=MONTHLY, amount="5")))
    (found,) = made(form).demand
    assert list(found.percent_by_month) == [BASE.plus(ahead) for ahead in range(1, 7)]


@given(SCENARIOS, st.sampled_from([{}, SCOPE, {"providers": ["RAA"]}]))
def test_what_a_form_shows_it_makes_again(given_one, scope):
    """Whatever has more than a form shows is not shown at all."""
    form = form_of(given_one, scope)
    if form is not None:
        again = read_scenario(json.dumps(values_of(form, BASE, scope)))
        assert kept(again, given_one) == given_one


UNSHOWN = {
    "another area": Where(icbs=("QOP",)),
    "two specialties": Where(icbs=("QWO",), functions=("C_110", "C_130")),
    "everywhere": Where(),
}


@pytest.mark.parametrize("where", UNSHOWN.values(), ids=UNSHOWN)
def test_what_a_form_has_no_field_for_is_not_shown(where):
    assert form_of(scenario(demand=(Growth(percent_a_year=1, where=where),)), SCOPE) is None


def test_months_of_their_own_percentages_are_not_shown():
    own = MonthByMonth(percent_by_month={Month(2025, 10): 1, Month(2025, 12): 1}, where=HERE)
    assert form_of(scenario(demand=(own,)), SCOPE) is None


def test_more_changes_than_there_are_rows_are_not_shown():
    many = (Growth(percent_a_year=1, where=HERE),) * (MOST_ROWS + 1)
    assert form_of(scenario(demand=many), SCOPE) is None
    assert form_of(scenario(demand=many[1:]), SCOPE) is not None


FAULTS = {
    "no name": ({"title": ""}, "title", "a title of 1 to 200 characters"),
    "no number": ({"months": "many"}, "months", "a whole number of months"),
    "no percentage": (
        change("demand", 0, kind=YEARLY, amount="abc"),
        "demand-0-amount",
        "a percentage a year",
    ),
    "too much": (
        change("capacity", 0, kind=WEEKLY, amount="1e9"),
        "capacity-0-amount",
        "a number of clock stops",
    ),
    "how much left out": (
        change("capacity", 0, kind=WEEKLY, function="C_110"),
        "capacity-0-amount",
        "a number of clock stops",
    ),
    "month after the last": (
        change("capacity", 0, kind=WEEKLY, amount="1", **{"from": "2027-01"}),
        "capacity-0-from",
        "2025-10 to 2026-03",
    ),
    "month after the last, of a percentage": (
        change("demand", 0, kind=MONTHLY, amount="1", **{"from": "2027-01"}),
        "demand-0-from",
        "2025-10 to 2026-03",
    ),
    "end before the start": (
        change("demand", 0, kind=MONTHLY, amount="1", **{"from": "2026-02", "to": "2025-11"}),
        "demand-0-to",
        "2026-02 or later",
    ),
    "end before the start, of clock stops": (
        change("capacity", 0, kind=WEEKLY, amount="1", **{"from": "2026-02", "to": "2025-11"}),
        "capacity-0-to",
        "2026-02, the from_month, or later",
    ),
    "months of a growth": (
        change("demand", 0, kind=YEARLY, amount="1", **{"from": "2026-02"}),
        "demand-0-from",
        "no month",
    ),
    "unknown specialty": (
        change("demand", 0, kind=YEARLY, amount="1", function="C_1"),
        "demand-0-function",
        "the code of a treatment function",
    ),
    "share": ({"share": "200"}, "share", "a percentage of capacity, 0 to 100"),
    "share in words": ({"share": "half"}, "share", "a percentage of capacity, 0 to 100"),
    "long waits": ({"share": "5", "share-weeks": "x"}, "share-weeks", "a whole number of weeks"),
    "weeks without a month": ({"cliff-weeks": "52"}, "cliff-by", "a month like"),
    "month without weeks": ({"cliff-by": "2026-01"}, "cliff-weeks", "a whole number of weeks"),
}


@pytest.mark.parametrize(("fields", "name", "expected"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_said_beside_its_field(fields, name, expected):
    found = problems_of(typed(sent(**fields)))
    assert list(found) == [name]
    assert expected in found[name]


def test_all_faults_are_said_at_once():
    every = {}
    for fields, _, _ in (FAULTS[each] for each in ("no name", "no percentage", "share")):
        every |= fields
    assert list(problems_of(typed(every | {"months": "6"}))) == [
        "title",
        "demand-0-amount",
        "share",
    ]


def test_less_capacity_than_none_is_said_at_the_capacity():
    words = "capacity: found fewer than 0 clock stops for RR8 C_110 in 2026-04, expected 0 or more"
    assert by_field([words]) == {"capacity-0-amount": words}


def test_a_form_has_room_for_one_more_change():
    form = Form()
    assert {side: len(form.shown(side)) for side in SIDES} == dict.fromkeys(SIDES, ROWS)
    full = typed(
        sent(**{k: v for at in range(9) for k, v in change("demand", at, amount="1").items()})
    )
    assert len(full.shown("demand")) == 10
    assert len(full.shown("demand", more=9)) == MOST_ROWS
