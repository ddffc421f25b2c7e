"""What must hold on the published months: every origin, held against what came and no change.

England's truth is the published overview series, with estimates for missing trusts.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.centre import Given, centre, england_course
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.forecast import Forecasts
from clockstop.analytics.forecast.proof.truth import published_england
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, figures
from clockstop.analytics.forecast.spread import Run, counted, figures_of

pytestmark = pytest.mark.real_data
AHEAD, LEAST, LARGE = 6, 4, 500  # months; months known; pathways
LIST, SHARE, OVER_52 = (
    MEASURES.index(name)
    for name in MEASURES
    if name in ("incomplete_pathways", "pct_within_18_weeks", "over_52_weeks")
)


@dataclass
class Errors:
    """Mean absolute errors six months ahead: list %, share points, over 52 weeks %."""

    ours: np.ndarray
    no_change: np.ndarray


@pytest.fixture(scope="module")
def history(real_cube):
    return History(real_cube)


@pytest.fixture(scope="module")
def truth(real_lake, history):
    published = published_england(real_lake).figures
    return [published[month] for month in history.cube.months]


def origins(history):
    return range(LEAST, len(history.cube.months) - AHEAD + 1)


def england_errors(history, truth, flows):
    found = []
    for known in origins(history):
        given = flows(known)
        lists = england_course(history.until(known), Settings(), AHEAD, given)[AHEAD]
        said = figures_of(counted(STRETCHES.sums(lists)))
        came = truth[known - 1 + AHEAD]
        found.append([out_by(said, came), out_by(truth[known - 1], came)])
    ours, no_change = np.abs(found).mean(axis=0)
    return Errors(ours, no_change)


def out_by(said, came):
    relative = 100 * (said / came - 1)
    return relative[LIST], 100 * (said[SHARE] - came[SHARE]), relative[OVER_52]


def test_england_is_told_better_than_by_no_change(history, truth):
    errors = england_errors(history, truth, lambda _: None)
    assert (errors.ours <= [2.2, 0.9, 12]).all(), errors
    assert (errors.ours <= errors.no_change).all(), errors


def test_england_is_told_within_the_bounds_with_its_flows_given(history, truth):
    cube = history.cube

    def flows(known):
        later = slice(known, known + AHEAD)
        stops = (cube.admitted + cube.nonadmitted)[later].sum(axis=(1, 2))
        return Given(cube.new_periods[later].sum(axis=1), stops)

    errors = england_errors(history, truth, flows)
    assert (errors.ours <= [1.6, 0.9, 12]).all(), errors


def test_large_lists_are_told_better_than_by_no_change(history):
    """By the error of each list over all origins, in parts of what came: over half the lists, and
    six in ten of their long waits."""
    cube = history.cube
    came = figures(cube.waiting)
    sums = np.zeros((3, len(cube.cells), len(MEASURES)))
    for known in origins(history):
        seen = history.until(known)
        lists = centre(seen, calibrate(seen), Settings(), AHEAD)[:, AHEAD - 1]
        then, now = came[known - 1 + AHEAD], came[known - 1]
        told = cube.sent[:known].all(axis=0) & cube.sent[known - 1 + AHEAD] & (now[:, LIST] > LARGE)
        for at, values in enumerate((figures_of(counted(lists)) - then, now - then, then)):
            sums[at, told] += np.abs(values[told])
    for measure, name in enumerate(MEASURES[:5]):
        ours, no_change = sums[:2, sums[2, :, measure] > 0, measure]
        size = sums[2, sums[2, :, measure] > 0, measure]
        assert np.median(ours / size) < np.median(no_change / size), name
        won = (ours < no_change).mean()
        assert won > (0.5 if measure == LIST else 0.6), (name, won)


@pytest.mark.soak
def test_intervals_hold_as_often_as_they_say(history):
    cube = history.cube
    forecasts = Forecasts(cube)
    came = figures(cube.waiting)
    held = {0.8: [], 0.95: []}
    for known in range(6, len(cube.months), 2):
        months = min(AHEAD, len(cube.months) - known)
        said = forecasts.forecast(
            cube.months[known - 1], months, ("provider", "function"), Run(replicates=128)
        ).values
        for ahead in {1, 3, AHEAD} & set(range(1, months + 1)):
            at = known - 1 + ahead
            told = cube.sent[at] & cube.sent[known - 1] & (came[known - 1][:, LIST] > LARGE)
            for share, low, high in ((0.8, 0.1, 0.9), (0.95, 0.025, 0.975)):
                values = said[told, ahead - 1, :4]
                above = came[at][told, :4] >= values[..., QUANTILES.index(low)]
                below = came[at][told, :4] <= values[..., QUANTILES.index(high)]
                held[share].append((above & below).ravel())
    assert 0.77 <= np.concatenate(held[0.8]).mean() <= 0.83
    assert 0.935 <= np.concatenate(held[0.95]).mean() <= 0.965
