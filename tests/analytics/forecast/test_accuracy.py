"""What must hold on the published months: every origin, held against what came and no change.

England's truth is the published overview series, with estimates for missing trusts.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from clockstop.analytics.forecast.estimation.centre import Given, england_course
from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.middles import Middles
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


@pytest.fixture(scope="module")
def middles(history):
    return Middles(history)


def origins(history, ahead=AHEAD):
    return range(LEAST, len(history.cube.months) - ahead + 1)


def england_errors(history, truth, lists_of, ahead=AHEAD):
    """With England's lists by stretch, as ``lists_of`` says them from each origin."""
    found = []
    for known in origins(history, ahead):
        said = figures_of(counted(lists_of(known)))
        came = truth[known - 1 + ahead]
        found.append([out_by(said, came), out_by(truth[known - 1], came)])
    ours, no_change = np.abs(found).mean(axis=0)
    return Errors(ours, no_change)


def out_by(said, came):
    relative = 100 * (said / came - 1)
    return relative[LIST], 100 * (said[SHARE] - came[SHARE]), relative[OVER_52]


@pytest.mark.parametrize(
    ("ahead", "bounds"),
    [(1, [0.35, 0.4, 4]), (3, [0.8, 0.4, 8]), (6, [1.2, 0.75, 12]), (12, [1.6, 2.7, 22])],
)
def test_england_is_told_better_than_by_no_change(history, middles, truth, ahead, bounds):
    errors = england_errors(
        history, truth, lambda known: middles.of(known, ahead)[:, ahead - 1].sum(axis=0), ahead
    )
    assert (errors.ours <= bounds).all(), errors
    assert (errors.ours <= errors.no_change).all(), errors


def test_england_is_told_within_the_bounds_with_its_flows_given(history, middles, truth):
    cube = history.cube

    def flows(known):
        later = slice(known, known + AHEAD)
        stops = (cube.admitted + cube.nonadmitted)[later].sum(axis=(1, 2))
        return Given(cube.new_periods[later].sum(axis=1), stops)

    def lists_of(known):
        settings = middles.settings(known)
        lists = england_course(history.until(known), settings, AHEAD, flows(known))
        return STRETCHES.sums(lists[AHEAD])

    errors = england_errors(history, truth, lists_of)
    assert (errors.ours <= [1.6, 0.9, 12.5]).all(), errors


@pytest.mark.parametrize(
    ("ahead", "won"),
    [
        (1, [0.6, 0.7, 0.7, 0.78, 0.66]),
        (3, [0.57, 0.66, 0.64, 0.74, 0.74]),
        (6, [0.55, 0.65, 0.61, 0.71, 0.74]),
    ],
)
def test_large_lists_are_told_better_than_by_no_change(history, middles, ahead, won):
    """By the error of each list over all origins, in parts of what came: by the median list's, and
    on so many of the lists."""
    cube = history.cube
    came = figures(cube.waiting)
    sums = np.zeros((3, len(cube.cells), len(MEASURES)))
    for known in origins(history, ahead):
        lists = middles.of(known, ahead)[:, ahead - 1]
        then, now = came[known - 1 + ahead], came[known - 1]
        told = cube.sent[:known].all(axis=0) & cube.sent[known - 1 + ahead] & (now[:, LIST] > LARGE)
        for at, values in enumerate((figures_of(counted(lists)) - then, now - then, then)):
            sums[at, told] += np.abs(values[told])
    for measure, least in enumerate(won):
        ours, no_change = sums[:2, sums[2, :, measure] > 0, measure]
        size = sums[2, sums[2, :, measure] > 0, measure]
        assert np.median(ours / size) < np.median(no_change / size), MEASURES[measure]
        assert (ours < no_change).mean() > least, MEASURES[measure]


def test_the_weights_settle_within_what_they_were_fixed_at(history, middles):
    """Believed is some of each part, never all of England's growth nor of a list's own."""
    for known in origins(history, 1):
        weights = middles.weights(known)
        assert 0.3 <= weights.england <= 0.75, (known, weights)
        assert 0.35 <= weights.own <= 0.6, (known, weights)
        assert 0.8 <= weights.season <= 1.5, (known, weights)
        assert 0.1 <= weights.rise <= 0.25, (known, weights)
        assert 0 <= weights.share <= 0.1, (known, weights)


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
