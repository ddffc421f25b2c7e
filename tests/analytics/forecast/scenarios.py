"""Scenarios that may be asked of two small providers."""

from hypothesis import strategies as st

from clockstop.analytics.forecast.scenarios.scenario import (
    Cliff,
    ClockStops,
    Growth,
    MonthByMonth,
    Scenario,
    TreatmentPolicy,
    WaitTarget,
    Where,
)
from clockstop.core.types import Month

BASE = Month(2025, 9)
MONTHS = st.integers(1, 6).map(BASE.plus)
PERCENT = st.integers(-50, 100) | st.floats(-50, 100)
CODES = {
    "providers": st.sampled_from(["RAA", "RBB"]),
    "functions": st.sampled_from(["C_110", "C_130", "X04"]),
    "icbs": st.sampled_from(["QWO", "QOP"]),
}
WHERE = st.builds(
    Where,
    **{name: st.lists(code, unique=True, max_size=2).map(tuple) for name, code in CODES.items()},
)
PERCENTAGES = st.builds(Growth, percent_a_year=PERCENT, where=WHERE) | st.builds(
    MonthByMonth,
    percent_by_month=st.dictionaries(MONTHS, PERCENT, min_size=1),
    where=WHERE,
)


@st.composite
def clock_stops(draw):
    first, last = sorted((draw(MONTHS), draw(MONTHS)))
    return ClockStops(
        clock_stops_a_week=draw(st.floats(0, 500)),
        from_month=draw(st.sampled_from([first, None])),
        to_month=draw(st.sampled_from([last, None])),
        where=draw(WHERE),
    )


SCENARIOS = st.builds(
    Scenario,
    title=st.text(min_size=1, max_size=20).filter(str.strip),
    base_month=st.just(BASE),
    horizon_months=st.just(6),
    demand=st.lists(PERCENTAGES, max_size=3).map(tuple),
    capacity=st.lists(PERCENTAGES | clock_stops(), max_size=3).map(tuple),
    policy=st.builds(
        TreatmentPolicy,
        long_wait_share=st.floats(0, 1),
        long_wait_weeks=st.integers(1, 104),
        cliff=st.none() | st.builds(Cliff, over_weeks=st.integers(1, 104), by_month=MONTHS),
    ),
    targets=st.lists(
        st.builds(
            WaitTarget,
            percent=st.floats(1, 100),
            within_weeks=st.integers(1, 104),
            by_month=st.none() | MONTHS,
        ),
        max_size=2,
    ).map(tuple),
    seed=st.integers(0, 2**32 - 1),
    replicates=st.integers(1, 10_000),
)
