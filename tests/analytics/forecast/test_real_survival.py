"""Who is still waiting a month later: what the rates until then said of it, and what came."""

import numpy as np
import pytest

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.engine.simulation import expected_paths
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.months.flows import aged

pytestmark = pytest.mark.real_data
FIRST_ORIGIN, TENTHS = 6, 10


def month_after(history, known):
    """Of every list and stretch but the first: (3, ...) said, came and, grown older, before."""
    cube = history.cube
    model = calibrate(history.until(known))
    found = expected_paths(model, weeks_after(model.origin, 1), lists=True).waiting[:, 0]
    before = cube.waiting[known - 1] @ aged(cube.months[known].days)
    both = cube.sent[known] & cube.sent[known - 1]
    lists = np.stack([found, cube.waiting[known], before])[:, both]
    return STRETCHES.sums(lists)[..., 1:].reshape(3, -1)


@pytest.fixture(scope="module")
def months(real_cube):
    history = History(real_cube)
    return [month_after(history, known) for known in range(FIRST_ORIGIN, len(real_cube.months))]


def test_the_survival_said_is_the_survival_that_came_in_every_tenth(months):
    said, came, before = np.concatenate(months, axis=1)
    said, came, before = (each[before > 0] for each in (said, came, before))
    order = np.argsort(said / before)
    reached = before[order].cumsum() / before.sum()
    tenth = np.minimum((reached * TENTHS).astype(int), TENTHS - 1)
    sums = [np.bincount(tenth, each[order]) for each in (said, came, before)]
    predicted, realised = sums[0] / sums[2], sums[1] / sums[2]
    assert np.abs(predicted - realised).max() < 0.01
    assert (np.diff(realised) > 0).all()
    assert realised[-1] - realised[0] > 0.3


def test_england_is_within_two_points_in_every_month(months):
    for said, came, before in months:
        assert abs(said.sum() - came.sum()) < 0.02 * before.sum()
