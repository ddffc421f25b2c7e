"""Lists by wait: the published check cases, and the percentile of the RTT rules as the oracle."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from clockstop.analytics.forecast.queues.profiles import (
    long_wait_shortfall,
    month_shares,
    months_of,
    percentile_time,
    share_within,
    weeks_of,
)
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND, percentile
from clockstop.core.types import Month

LISTS = arrays.arrays(np.int64, BANDS, elements=st.integers(0, 40), fill=st.just(0))
COUNTS = st.integers(1, 10_000)


@pytest.mark.parametrize(
    ("sizes", "share", "bands"),
    [
        ((10, 10, 80), 0.5, 2.375),
        ((10, 20, 30, 20, 20), 0.5, 2.6666667),
        ((10, 20, 30, 20, 20), 0, 0),
        ((10, 20, 30, 20, 20), 1, 5),
        ((10, 0, 0, 10), 0.5, 1),
    ],
)
def test_the_wait_that_a_share_do_not_exceed(sizes, share, bands):
    assert percentile_time(sizes, share) == pytest.approx(bands)


@given(LISTS, st.integers(1, 100))
def test_it_is_the_percentile_of_the_rules(sizes, percent):
    expected = percentile(sizes.tolist(), percent)
    found = percentile_time(sizes, percent / 100)
    if expected.is_open:
        assert found > OPEN_BAND
    elif expected.weeks is None:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(expected.weeks, abs=1e-9)


@given(LISTS, st.floats(0.01, 1))
def test_a_share_within_is_a_percentile_turned_round(sizes, share):
    wait = percentile_time(sizes, share)
    if sizes.sum():
        assert share_within(sizes, float(wait)) == pytest.approx(share)
    else:
        assert np.isnan(share_within(sizes, 18))


def test_the_share_within_eight_weeks_of_monthly_bands():
    sizes = (10, 20, 30, 40, 50, 60)
    assert share_within(sizes, months_of(8)) == pytest.approx(0.127603402757407, abs=1e-15)


def test_several_lists_at_once():
    sizes = np.array([[10, 10, 80], [0, 0, 0], [0, 4, 0]])
    assert percentile_time(sizes, 0.5) == pytest.approx([2.375, np.nan, 1.5], nan_ok=True)
    assert share_within(sizes, 2) == pytest.approx([0.2, np.nan, 1], nan_ok=True)


@given(COUNTS, COUNTS, st.floats(0.5, 1))
def test_the_shortfall_of_long_waits_brings_the_list_to_its_standard(others, long_waits, share):
    more = long_wait_shortfall(long_waits, long_waits + others, share)
    left = long_waits + others - more
    assert long_waits - more == pytest.approx((1 - share) * left, abs=1e-6)


def test_a_list_within_its_standard_has_no_shortfall():
    assert long_wait_shortfall(np.array([8.0, 7, 10]), np.array([100.0, 100, 100]), 0.92) == (
        pytest.approx([0, -1 / 0.92, 2 / 0.92])
    )


@pytest.mark.parametrize(
    ("weeks", "months"), [(4, 0.9199179), (8, 1.8398357), (18, 4.1396304), (52, 11.9589322)]
)
def test_weeks_and_months(weeks, months):
    assert months_of(weeks) == pytest.approx(months)
    assert weeks_of(months) == pytest.approx(weeks)


@pytest.mark.parametrize(
    ("day", "shares"),
    [
        (date(2024, 12, 3), {Month(2024, 11): 4 / 7, Month(2024, 12): 3 / 7}),
        (date(2024, 12, 8), {Month(2024, 12): 1}),
        (date(2024, 12, 7), {Month(2024, 12): 1}),
        (date(2025, 1, 1), {Month(2024, 12): 6 / 7, Month(2025, 1): 1 / 7}),
    ],
)
def test_the_months_of_a_week(day, shares):
    assert month_shares(day) == pytest.approx(shares)


@pytest.mark.parametrize("share", [-0.1, 1.1, 92])
def test_what_is_no_share(share):
    for asked in (lambda: percentile_time((1, 2), share), lambda: long_wait_shortfall(1, 2, share)):
        with pytest.raises(ValueError, match="fraction from 0 to 1"):
            asked()


def test_a_standard_for_nobody():
    with pytest.raises(ValueError, match="asks for nothing"):
        long_wait_shortfall(1, 2, 0)
