"""Independent growth is additional, or takes a known share from the trusts."""

from itertools import pairwise

import numpy as np
import pytest

from clockstop.analytics.synthetic.cells import Cells
from clockstop.analytics.synthetic.chance import Expected
from clockstop.analytics.synthetic.cohort import MonthOfFlows, simulate
from clockstop.analytics.synthetic.rates import Rates
from clockstop.analytics.synthetic.season import Calendar
from clockstop.core.types import Month

MONTHS, OPENS = 24, 6
TRUST, GROWTH = 0, 1


def lived(share: float) -> list[MonthOfFlows]:
    """A trust and a growing site of one area, in expectation."""
    two = {
        "demand": [400.0, 40.0],
        "growth": [0.0, 0.0],
        "pace": [1.0, 1.6],
        "admitted": [0.3, 0.5],
        "removed": [1.0, 1.0],
    }
    cells = Cells(
        provider=np.array([0, 1]),
        commissioner=np.zeros(2, dtype=np.int64),
        function=np.zeros(2, dtype=np.int64),
        **{name: np.array(values, dtype=np.float32) for name, values in two.items()},
        opens=np.array([0, OPENS]),
        area=np.zeros(2, dtype=np.int64),
        extra=np.array([False, True]),
    )
    even = (1.0,) * MONTHS
    calendar = Calendar([Month(2024, 1).plus(n) for n in range(MONTHS)], even, even)
    shares = np.array([share], dtype=np.float32)
    return list(simulate(cells, Rates.first(), calendar, shares, Expected()))


def stops(flows: MonthOfFlows, cell: int) -> float:
    known = flows.admitted[cell].sum() + flows.nonadmitted[cell].sum()
    return float(known + flows.admitted_unknown[cell] + flows.nonadmitted_unknown[cell])


@pytest.fixture(scope="module")
def additional() -> list[MonthOfFlows]:
    return lived(0)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_the_trust_stops_fewer_clocks_by_that_share_of_the_growth(additional, share):
    displaced = lived(share)
    for before, now in zip(additional, displaced, strict=True):
        assert now.displaced[TRUST] == pytest.approx(share * stops(now, GROWTH), rel=1e-3)
        assert stops(now, GROWTH) == pytest.approx(stops(before, GROWTH), rel=1e-4)
    late = range(MONTHS - 6, MONTHS)
    fewer = sum(stops(additional[n], TRUST) - stops(displaced[n], TRUST) for n in late)
    assert fewer == pytest.approx(sum(displaced[n].displaced[TRUST] for n in late), rel=0.1)


def test_additional_growth_leaves_the_trust_alone(additional):
    assert all(flows.displaced.sum() == 0 for flows in additional)
    assert stops(additional[OPENS - 1], GROWTH) == 0 < stops(additional[OPENS], GROWTH)


def test_the_growth_sets_in_by_and_by(additional):
    grown = [flows.new_periods[GROWTH] / flows.month.days for flows in additional]
    rising = grown[OPENS - 1 : OPENS + 6]
    assert all(before < now for before, now in pairwise(rising))
    assert grown[-1] == pytest.approx(rising[-1], rel=0.01)
