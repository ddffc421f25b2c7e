"""Each score against a slow oracle, and by hand; and the board that they are put on."""

import math
import statistics

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clockstop.analytics.forecast.proof import scores
from clockstop.analytics.forecast.proof.scoreboard import SELECTIONS, markdown, scoreboard
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, name

NAMES = [name(quantile) for quantile in QUANTILES]
COUNT, SHARE = MEASURES[0], MEASURES[1]


def said(values, truth, **codes):
    """A row: seven quantiles, what came, and what it is of."""
    of = {
        "level": "provider_function",
        "origin": "2025-01",
        "horizon": 6,
        "provider": "P00",
        "function": "C_100",
        "icb": "QA",
        "region": "Y1",
        "sector": "nhs_trust",
        "measure": COUNT,
        "forecaster": "ours",
        "waiting": 1000,
    }
    return of | codes | dict(zip(NAMES, values, strict=True)) | {"truth": truth}


def table(*rows):
    numbers = dict.fromkeys((*NAMES, "truth", "waiting"), pl.Float32)
    return pl.DataFrame(rows).cast(numbers | {"horizon": pl.UInt8})


def around(middle, width=10):
    return [middle + step * width for step in (-3, -2, -1, 0, 1, 2, 3)]


def scored(rows, score):
    return table(*rows).select(score=score).item()


HAND = [said(around(100), 110), said(around(50), 50), said(around(8), 0), said(around(30), 65)]


def test_percentage_errors_by_hand():
    # errors 10, 0, 8 and 35 of 110, 50, 0 and 65
    assert scored(HAND, scores.mape()) == pytest.approx((10 / 110 + 0 + 35 / 65) / 3)
    assert scored(HAND, scores.wape()) == pytest.approx((10 + 0 + 8 + 35) / 225)


def test_the_error_of_a_share_in_points():
    rows = [said([0.6] * 7, 0.62), said([0.5] * 7, 0.46)]
    assert scored(rows, scores.points()) == pytest.approx(3.0, abs=1e-5)


def test_coverage_by_hand_with_the_ends_inside():
    # within 1, 0, 0.8 and 3.5 widths of the middle
    assert scored(HAND, scores.coverage(50)) == 3 / 4
    assert scored(HAND, scores.coverage(80)) == 3 / 4
    assert scored([said(around(50), 20), said(around(50), 81)], scores.coverage(95)) == 1 / 2


def test_nothing_to_weigh_by_is_no_score():
    rows = [said(around(5, 1), 0)]
    assert scored(rows, scores.wape()) is None
    assert scored(rows, scores.mape()) is None


def test_crps_by_hand():
    # a point forecast of 7 equal quantiles is off by its absolute error
    assert scored([said([4.0] * 7, 10.0)], scores.crps()) == pytest.approx(
        6 * 2 * sum(QUANTILES) / 7
    )
    assert sum(QUANTILES) / 7 == pytest.approx(0.5)


values = st.lists(st.integers(0, 500), min_size=7, max_size=7).map(sorted)
rows = st.lists(st.tuples(values, st.integers(0, 500)), min_size=1, max_size=6)


def weighted_interval_score(quantiles, truth):
    """As Bracher and others print it: intervals by their width and by what falls outside."""
    middle, count = len(QUANTILES) // 2, len(QUANTILES) // 2
    total = abs(truth - quantiles[middle]) / 2
    for at in range(count):
        alpha, low, high = 2 * QUANTILES[at], quantiles[at], quantiles[-1 - at]
        outside = max(low - truth, 0) + max(truth - high, 0)
        total += alpha / 2 * ((high - low) + 2 / alpha * outside)
    return total / (count + 1 / 2)


@settings(deadline=None)
@given(rows)
def test_scores_are_those_of_slow_formulas(made):
    found = table(*(said(quantiles, truth) for quantiles, truth in made)).select(
        mape=scores.mape(),
        wape=scores.wape(),
        crps=scores.crps(),
        half=scores.half_width_of_mean(scores.ERROR),
        **{f"c{percent}": scores.coverage(percent) for percent in (50, 80, 95)},
    )
    errors = [quantiles[3] - truth for quantiles, truth in made]
    parts = [abs(e) / truth for e, (_, truth) in zip(errors, made, strict=True) if truth]
    total = sum(truth for _, truth in made)
    expected = {
        "mape": statistics.fmean(parts) if parts else None,
        "wape": sum(map(abs, errors)) / total if total else None,
        "crps": statistics.fmean(weighted_interval_score(*each) for each in made),
        "half": 1.959964 * statistics.stdev(errors) / math.sqrt(len(errors))
        if len(errors) > 1
        else None,
    }
    for at, percent in enumerate((95, 80, 50)):
        inside = [quantiles[at] <= truth <= quantiles[-1 - at] for quantiles, truth in made]
        expected[f"c{percent}"] = statistics.fmean(inside)
    row = found.row(0, named=True)
    assert {key: row[key] for key in expected} == {
        key: pytest.approx(value, rel=1e-5, abs=1e-6) if value is not None else None
        for key, value in expected.items()
    }


# The board.


def rivals(ours, theirs, truth, **codes):
    return [
        said(around(ours), truth, forecaster="ours", **codes),
        said(around(theirs), truth, forecaster="theirs", **codes),
    ]


def board_of(*pairs):
    return scoreboard(table(*(row for pair in pairs for row in pair)))


def line(board, forecaster="ours", selection="all"):
    (row,) = board.filter(forecaster=forecaster, selection=selection).rows(named=True)
    return row


def test_a_group_is_won_by_the_smaller_mean_error_and_shared_where_they_are_the_same():
    board = board_of(
        rivals(100, 130, 110, provider="A"),
        rivals(100, 130, 104, provider="A", origin="2025-02"),
        rivals(50, 60, 60, provider="B"),
        rivals(70, 90, 80, provider="C"),
    )
    assert line(board)["beats_theirs"] == pytest.approx((1 + 0 + 0.5) / 3)
    assert line(board, "theirs")["beats_ours"] == pytest.approx((0 + 1 + 0.5) / 3)
    assert line(board)["beats_ours"] is None
    assert (line(board)["forecasts"], line(board)["groups"]) == (4, 3)


def test_the_median_over_groups_is_of_each_ones_own_wape():
    board = board_of(
        rivals(100, 0, 110, provider="A"),
        rivals(100, 0, 90, provider="A", origin="2025-02"),
        rivals(50, 0, 100, provider="B"),
        rivals(70, 0, 100, provider="C"),
        rivals(5, 0, 0, provider="D"),
    )
    assert line(board)["median_wape"] == pytest.approx(0.3)  # of 20/200, 50/100 and 30/100
    assert line(board)["wape"] == pytest.approx((10 + 10 + 50 + 30 + 5) / 400)


def test_the_interval_of_the_mean_error_is_between_groups():
    board = board_of(
        rivals(110, 0, 100, provider="A"),
        rivals(130, 0, 100, provider="A", origin="2025-02"),
        rivals(104, 0, 100, provider="B"),
        rivals(90, 0, 100, provider="C"),
    )
    half = 1.959964 * statistics.stdev([20, 4, -10]) / math.sqrt(3)
    row = line(board)
    assert row["mean_error"] == pytest.approx(34 / 4)
    assert row["mean_error_low"] == pytest.approx(34 / 4 - half)
    assert row["mean_error_high"] == pytest.approx(34 / 4 + half)


def test_of_one_group_it_is_between_origins():
    origins = [rivals(100 + e, 0, 100, origin=f"2025-0{at}") for at, e in enumerate((3, 5, 10), 1)]
    row = line(board_of(*origins))
    assert row["mean_error_high"] - row["mean_error"] == pytest.approx(
        1.959964 * statistics.stdev([3, 5, 10]) / math.sqrt(3)
    )


def test_long_lists_and_the_independent_sector_have_rows_of_their_own():
    board = board_of(
        rivals(100, 130, 110, provider="A", waiting=501),
        rivals(50, 60, 60, provider="B", waiting=500, sector="independent"),
    )
    assert {(row["selection"], row["groups"]) for row in board.rows(named=True)} == {
        ("all", 2),
        ("over_500", 1),
        ("independent", 1),
    }
    assert line(board, selection="over_500")["beats_theirs"] == 1
    assert line(board, selection="independent")["beats_theirs"] == 0


def test_a_selection_that_nothing_falls_into_has_no_rows():
    board = board_of(rivals(100, 130, 110, waiting=9))
    assert set(board["selection"]) == {"all"} < set(SELECTIONS)


def test_a_share_is_scored_in_points_and_a_count_is_not():
    board = board_of(
        rivals(100, 130, 110),
        [
            said([0.6] * 7, 0.62, measure=SHARE),
            said([0.5] * 7, 0.62, measure=SHARE, forecaster="theirs"),
        ],
    )
    share, count = (line(board.filter(measure=measure)) for measure in (SHARE, COUNT))
    assert share["points"] == pytest.approx(2, abs=1e-4)
    assert [share[key] for key in ("mape", "wape", "median_wape")] == [None] * 3
    assert count["points"] is None
    assert share["beats_theirs"] == 1


def test_horizons_levels_and_measures_are_kept_apart_in_their_order():
    pairs = [
        rivals(1, 2, 3, level=level, horizon=horizon, measure=measure)
        for level in ("provider_function", "england")
        for horizon in (6, 1)
        for measure in reversed(MEASURES)
    ]
    board = board_of(*pairs).filter(selection="all")
    assert board["level"].unique(maintain_order=True).to_list() == ["england", "provider_function"]
    assert board["horizon"].to_list() == 2 * ([1] * 12 + [6] * 12)
    assert board["measure"].unique(maintain_order=True).to_list() == list(MEASURES)
    assert board["forecasts"].to_list() == [1] * 48


def test_the_board_in_markdown():
    text = markdown(board_of(rivals(100, 130, 110), rivals(100, 130, 110, horizon=1)))
    assert "## provider_function, all, 1 month ahead\n\n| measure | forecaster |" in text
    assert "## provider_function, over_500, 6 months ahead" in text
    (ours,) = [each for each in text.split("\n\n")[1].splitlines() if "| ours |" in each]
    assert ours.startswith(f"| {COUNT} | ours | 1 | 1 | 0.09091 |")
    assert len({each.count("|") for each in text.splitlines() if each.startswith("|")}) == 1
