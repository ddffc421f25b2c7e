"""Whole people: right in sum, and the smallest cells left to chance."""

import numpy as np
import pytest

from clockstop.analytics.synthetic.chance import Expected, Whole

CELLS, BANDS = 3_000, 20
GROUPS = np.repeat([0, 1, 4], CELLS // 3)


@pytest.fixture
def whole() -> Whole:
    return Whole(np.random.default_rng(3))


@pytest.fixture
def lists() -> np.ndarray:
    """Cells that expect 0.6, 1.2 and 300 pathways, by group."""
    sizes = np.repeat([0.6, 1.2, 300.0], CELLS // 3)
    shares = 0.87 ** np.arange(BANDS)
    return (sizes[:, None] * shares / shares.sum()).astype(np.float32)


def test_each_group_is_right_in_sum_and_in_every_band(whole, lists):
    counts = whole.scatter(lists, GROUPS)
    assert (counts == counts.round()).all()
    for group in (0, 1, 4):
        inside = group == GROUPS
        assert abs(counts[inside].sum() - lists[inside].sum()) <= 1
        assert (abs(counts[inside].sum(axis=0) - lists[inside].sum(axis=0)) <= 1.001).all()


def test_small_cells_come_out_empty_as_often_as_by_chance(whole, lists):
    sizes = whole.scatter(lists, GROUPS).sum(axis=1)
    for group, expected in ((0, 0.6), (1, 1.2)):
        empty = (sizes[group == GROUPS] == 0).mean()
        assert empty == pytest.approx(np.exp(-expected), abs=0.06)
    assert (whole.count(lists).sum(axis=1)[GROUPS == 1] > 0).all()


def test_newcomers_of_several_weeks_fall_to_cells_independently(whole):
    weekly = np.full(CELLS, 0.1, dtype=np.float32)
    month = sum(whole.scatter(weekly, GROUPS) for _ in range(4))
    assert (month == 0).mean() == pytest.approx(0.9**4, abs=0.03)
    assert (month >= 2).mean() == pytest.approx(0.052, abs=0.02)


def test_what_is_expected_stays_so(lists):
    assert Expected().scatter(lists, GROUPS) is lists
