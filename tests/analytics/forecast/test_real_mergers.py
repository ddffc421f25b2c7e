"""North Middlesex's lists became Royal Free's in January 2025: no referrals, no removals."""

import numpy as np
import pytest

from clockstop.analytics.forecast.months import cube as cubes
from clockstop.analytics.forecast.months.cube import read_cube
from clockstop.analytics.forecast.months.flows import band_flows
from clockstop.analytics.forecast.months.vanished import vanished
from clockstop.core.codes import known_mergers
from clockstop.core.types import Month

pytestmark = pytest.mark.real_data
MERGED = Month(2025, 1)
ARRAYS = ("waiting", "admitted", "nonadmitted", "new_periods")


@pytest.fixture(scope="module")
def apart(real_lake):
    """The cube with every provider as it filed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cubes, "successors_by", lambda *_: {})
        return read_cube(real_lake)


def joined(cube, provider):
    """Who joined a provider's lists without a new period, beyond the usual of the other months."""
    own = cube.cells.provider == provider
    by_month = {month: -band_flows(cube, month).other[own].sum() for month in cube.months[1:]}
    return by_month.pop(MERGED) - np.median(list(by_month.values()))


def waiting(cube, provider, month=MERGED):
    at = cube.months.index(month)
    return cube.waiting[at, cube.cells.provider == provider].sum()


def test_the_growth_of_royal_free_is_not_read_as_people_who_joined(real_cube, apart):
    taken = waiting(apart, "RAP", MERGED.plus(-1))
    assert joined(apart, "RAL") > 0.9 * taken
    assert abs(joined(real_cube, "RAL")) < 0.2 * taken


def test_the_flows_of_the_merged_lists_add_up(real_cube):
    own = real_cube.cells.provider == "RAL"
    step = band_flows(real_cube, MERGED)
    sums = step.before + step.arrived - step.admitted - step.nonadmitted - step.other
    assert np.abs(sums - step.after)[own].max() < 1e-9
    at = real_cube.months.index(MERGED)
    assert step.known[own].sum() > 20
    assert step.before[own].sum() == pytest.approx(
        real_cube.waiting[at - 1, own & step.known].sum()
    )


def test_nobody_is_lost_or_counted_twice(real_cube, apart):
    for name in ARRAYS:
        before, after = (getattr(cube, name) for cube in (apart, real_cube))
        axes = tuple(range(1, before.ndim))
        np.testing.assert_allclose(after.sum(axis=axes), before.sum(axis=axes), rtol=1e-4)
    for each in known_mergers():
        assert not (real_cube.cells.provider == each.old).any()


def test_before_the_day_the_two_are_apart(real_lake):
    until = read_cube(real_lake, MERGED.plus(-1))
    assert (until.cells.provider == "RAP").any()


def test_what_is_listed_would_have_been_found(apart):
    found = {(row[0], row[4]) for row in vanished(apart).rows()}
    expected = {(each.old, each.new) for each in known_mergers()} - {("R1C", "RW1")}
    assert expected <= found
    assert ("RHQ", None) in found  # Sheffield did not send; nobody took it over
