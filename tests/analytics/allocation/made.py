"""A request and a capacity that fit each other, to be changed; and any of either for properties."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from clockstop.analytics.allocation import Capacity, Request, Stage, Terms
from clockstop.core.types import Point

ON = date(2026, 1, 12)
TERMS = Terms.of(ON)
LEEDS, YORK = Point(53.8, -1.55), Point(53.96, -1.08)  # 22 miles
LONDON = Point(51.5, -0.12)


def days(count):
    return ON + timedelta(days=count)


def request(name="r1", **values):
    """Asks for a hip replacement."""
    asked = {
        "provider": "RR8",
        "stage": Stage.ADMITTED,
        "waiting_since": days(-400),
        "function": "C_110",
        "procedure": "W371",
        "home": LEEDS,
        "miles": 50,
        "weeks_left": 20,
        "age": 60,
        "sex": "F",
        "bmi": 30,
        "asa": 2,
        "nights": 2,
        "anaesthetic": "general",
    }
    return Request(id=name, **(asked | values))


def capacity(name="c1", **values):
    """Takes any adult of orthopaedics, in York."""
    offered = {
        "provider": "RCB",
        "at": YORK,
        "places": 5,
        "first_date": days(14),
        "last_date": days(60),
        "expires_on": days(10),
        "weeks_until": 4,
        "functions": frozenset({"C_110"}),
        "stages": frozenset({Stage.ADMITTED}),
    }
    return Capacity(id=name, **(offered | values))


def some(*values):
    return st.frozensets(st.sampled_from(values), max_size=2)


def points():
    return st.none() | st.sampled_from([LEEDS, YORK, LONDON, Point(53.79, -1.54)])


def requests(name="r1"):
    """Any request; most values are ones that matter to some capacity."""
    return st.builds(
        Request,
        id=st.just(name),
        provider=st.sampled_from(["RR8", "RCB", "RJ1"]),
        stage=st.sampled_from([Stage.ADMITTED, Stage.ADMITTED, Stage.DIAGNOSTIC, Stage.CANCER]),
        waiting_since=st.integers(-900, 0).map(days),
        function=st.sampled_from(["C_110", "C_110", "C_130", ""]),
        procedure=st.sampled_from(["", "W371", "W401"]),
        test=st.sampled_from(["", "MRI"]),
        priority=st.sampled_from(["", "P2", "P3", "P4", "D1", "P1a"]),
        due_by=st.none() | st.integers(-5, 5).map(days),
        review_by=st.none() | st.integers(-1, 5).map(days),
        is_cancer=st.sampled_from([False, False, False, True]),
        age=st.none() | st.sampled_from([0, 17, 18, 60, 75, 76]),
        sex=st.sampled_from(["", "F", "M"]),
        asa=st.none() | st.integers(1, 4),
        bmi=st.none() | st.sampled_from([22.0, 35.0, 35.1, 41.0]),
        comorbidities=some("diabetes", "sleep_apnoea"),
        anaesthetic=st.sampled_from(["", "general", "local"]),
        nights=st.none() | st.integers(0, 3),
        critical_care=st.booleans(),
        needs=some("interpreter", "hoist"),
        home=points(),
        miles=st.none() | st.sampled_from([0, 1, 22, 50, 100]),
        wanted=st.just(frozenset()) | some("RCB", "RJ1"),
        not_wanted=some("RCB", "RJ1"),
        not_then=some("c1", "c2"),
        weeks_left=st.none() | st.sampled_from([0, 2, 4.5, 20]),
        over_18_weeks=st.booleans(),
        deprivation_decile=st.none() | st.integers(1, 10),
        held_at=st.sampled_from(["", "", "", "c9"]),
    )


def capacities(name="c1"):
    """Any capacity; most have few limits."""
    return st.builds(
        Capacity,
        id=st.just(name),
        provider=st.sampled_from(["RR8", "RCB", "RJ1"]),
        places=st.integers(0, 3),
        first_date=st.just(days(-20)),
        last_date=st.sampled_from([days(-1), days(0), days(60)]),
        expires_on=st.sampled_from([days(-1), days(0), days(10)]),
        weeks_until=st.sampled_from([0, 1, 3.5, 4, 12]),
        at=points(),
        functions=some("C_110", "C_130"),
        procedures=some("W37", "W4"),
        tests=some("MRI", "CT"),
        stages=st.frozensets(st.sampled_from([Stage.ADMITTED, Stage.DIAGNOSTIC]), max_size=2),
        youngest=st.none() | st.just(18),
        oldest=st.none() | st.just(75),
        sex=st.sampled_from(["", "", "F"]),
        highest_bmi=st.none() | st.just(35),
        highest_asa=st.none() | st.integers(1, 3),
        critical_care=st.booleans(),
        excluded=some("diabetes", "sleep_apnoea"),
        anaesthetics=some("general", "local"),
        longest_stay=st.none() | st.integers(0, 2),
        meets=some("interpreter", "hoist"),
        own_need=st.integers(0, 2),
        own_overdue=st.sampled_from([0, 0, 1]),
        own_longest_weeks=st.sampled_from([0, 65, 65.5]),
    )
