"""How many clock stops are admissions: own figures, as far as there are enough of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.forecast.made_cubes import cube, replaced

from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.expected.admission import PRIOR, admitted_share, drawn


def share_of(made):
    return admitted_share(History(made), Settings())


def test_a_large_list_keeps_its_own_share_and_an_empty_one_borrows():
    made = cube(count=4, size=100_000)
    admitted, nonadmitted = made.admitted.copy(), made.nonadmitted.copy()
    nonadmitted[:, 0] = admitted[:, 0] * 3
    admitted[:, 2] = nonadmitted[:, 2] = 0  # of the same function as the first
    found = share_of(replaced(made, admitted=admitted, nonadmitted=nonadmitted))
    assert found[0, 0] == pytest.approx(0.25, abs=0.01)
    assert found[2, 0] == pytest.approx(0.25, abs=0.01)
    assert found[1, 0] == pytest.approx(0.5, abs=0.02)


def test_a_country_without_clock_stops_is_split_evenly():
    made = cube(count=4)
    nothing = np.zeros_like(made.admitted)
    assert (share_of(replaced(made, admitted=nothing, nonadmitted=nothing)) == 0.5).all()


@given(st.integers(0, 1000), st.integers(0, 1000), st.floats(0, 1))
def test_the_share_lies_between_its_own_and_the_usual(part, rest, usual):
    whole = part + rest
    found = drawn(np.array(float(part)), np.array(float(whole)), np.array(usual))
    own = part / whole if whole else usual
    assert min(own, usual) - 1e-9 <= found <= max(own, usual) + 1e-9
    assert found == pytest.approx((whole * own + PRIOR * usual) / (whole + PRIOR))
