"""The simulated spread of groups: each list's replicates around its middle, added up."""

import numpy as np
import pytest
from tests.analytics.forecast.simulated import MONTHS, model_of

from clockstop.analytics.forecast.estimation.grouping import STRETCHES
from clockstop.analytics.forecast.quantiles import LONG_WAITS, MEASURES, QUANTILES, figures
from clockstop.analytics.forecast.spread import COUNTED, Run, Spread, counted, figures_of, moved
from clockstop.core.rtt.week_bands import BANDS

RUN = Run(replicates=200, seed=3)


def collected(model, middle, run=RUN):
    """The replicates of all cells: (cells, months, COUNTED, replicates)."""
    return np.concatenate([counts for _, counts in moved(model, middle, run)])


def test_counts_and_figures_are_those_of_the_lists():
    lists = np.random.default_rng(1).integers(0, 9, (4, BANDS)).astype(float)
    lists[3] = 0
    counts = counted(STRETCHES.sums(lists))
    expected = [[row[start:].sum() for start in (0, *LONG_WAITS)] for row in lists]
    np.testing.assert_allclose(counts, expected)
    np.testing.assert_allclose(figures_of(counts), figures(lists))


@pytest.mark.parametrize("seed", [2, 5])
def test_the_replicates_of_a_list_lie_around_its_middle(seed):
    model = model_of(seed, cells=6)
    middle = counted(np.random.default_rng(seed).uniform(50, 99, (6, MONTHS, 10)))
    found = collected(model, middle)
    moves = found[..., 0, :].std(axis=-1) > 0
    assert moves.any()
    medians = np.median(found[:, :, 0], axis=-1)[moves]
    assert medians == pytest.approx(middle[:, :, 0][moves], rel=0.15)


def test_longer_waits_are_part_of_shorter_ones_in_every_replicate():
    model = model_of(7, cells=6)
    middle = counted(np.random.default_rng(1).uniform(0, 9, (6, MONTHS, 10)))
    found = collected(model, middle)
    assert (np.diff(found, axis=2) <= 0).all()
    assert (found >= 0).all()


def test_a_group_is_the_sum_of_its_lists_in_every_replicate():
    rng = np.random.default_rng(4)
    counts = np.sort(rng.uniform(0, 50, (6, 2, COUNTED, 30)).astype(np.float32), axis=2)[:, :, ::-1]
    members = np.array([1, 0, 1, 0, 1, 1])
    spread = Spread(members, 2)
    for at in range(0, 6, 2):
        spread.take(slice(at, at + 2), counts[at : at + 2])
    found = spread.quantiles()
    assert found.shape == (2, 2, len(MEASURES), len(QUANTILES))
    for group in range(2):
        sums = counts[members == group].sum(axis=0)
        size = np.quantile(sums[:, 0], QUANTILES, axis=-1).T
        np.testing.assert_allclose(found[group, :, 0], size, rtol=1e-5)
        share = np.quantile(1 - sums[:, 1] / sums[:, 0], QUANTILES, axis=-1).T
        np.testing.assert_allclose(found[group, :, 1], share, rtol=1e-5)


def test_lists_on_their_own_are_their_own_groups():
    rng = np.random.default_rng(4)
    counts = np.sort(rng.uniform(0, 50, (5, 2, COUNTED, 30)).astype(np.float32), axis=2)[:, :, ::-1]
    alone, summed = Spread(np.arange(5), 5), Spread(np.array([0, 1, 2, 3, 4]), 6)
    for spread in (alone, summed):
        spread.take(slice(0, 2), counts[:2])
        spread.take(slice(2, 5), counts[2:])
    np.testing.assert_allclose(alone.quantiles(), summed.quantiles()[:5], rtol=1e-6)


def test_the_same_seed_gives_the_same_replicates():
    model, middle = model_of(1, cells=4), np.ones((4, MONTHS, COUNTED))
    one, same, other = (
        collected(model, middle, Run(replicates=8, seed=seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
