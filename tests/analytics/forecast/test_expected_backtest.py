"""What was said of who waits still, held against lists whose course is known."""

import numpy as np
import polars as pl
import pytest
from tests.analytics.forecast.made_cubes import cube, replaced, unsent

from clockstop.analytics.forecast.expected.proof import (
    AHEAD,
    SAID,
    calibration_by_tenth,
    errors,
    expected_backtest,
    of_wholes,
)
from clockstop.analytics.forecast.months.cube import read_cube
from clockstop.core.rtt.week_bands import BANDS


def closed(months=12, count=4, kept=0.9):
    """Lists that people leave by treatment alone, the same part in every month."""
    made = cube(months, count, size=50_000)
    stay = kept ** np.arange(BANDS)
    waiting = np.broadcast_to(5000 * stay, made.waiting.shape).copy()
    left = waiting[0, :, :] * (1 - kept**4.35)
    stops = np.broadcast_to(left / 2, made.waiting.shape).copy()
    return replaced(
        made,
        waiting=waiting,
        admitted=stops,
        nonadmitted=stops,
        new_periods=np.full_like(made.new_periods, 5000 * 4.35),
    )


def test_a_steady_course_is_told_from_the_past_and_so_is_it_by_the_list():
    table = expected_backtest(closed()).filter(pl.col("from_weeks") < 40)
    came = table.select(
        expected=0.9 ** pl.col("weeks"), came=pl.col("came"), as_listed=pl.col("as_listed")
    )
    np.testing.assert_allclose(came["came"], came["expected"], rtol=0.02)
    np.testing.assert_allclose(came["as_listed"], came["came"])
    # The lists know no season; the working days of each month do.
    np.testing.assert_allclose(table["said"], table["came"], atol=0.1)
    assert abs((table["said"] - table["came"]).mean()) < 0.02


def test_rows_of_every_origin_band_and_time():
    table = expected_backtest(cube(months=8), ["function"])
    seen = table.group_by("origin", maintain_order=True).agg(pl.col("months").unique().sort())
    known = {"2024-07": [1, 3], "2024-08": [1, 3], "2024-09": [1], "2024-10": [1]}
    assert dict(seen.iter_rows()) == known
    assert set(table["function"]) == {"C_100", "C_101"}
    assert table.select(pl.col(*SAID, "came").is_finite().all()).row(0) == (True,) * 4


def test_the_latest_origins_that_everything_has_come_of():
    made = cube(months=14)
    assert set(expected_backtest(made, origins=2)["origin"]) == {"2024-10", "2024-11"}
    short = made.until(made.months[6])
    assert set(expected_backtest(short, origins=2)["months"]) == {1, 3}


def test_a_list_not_sent_at_both_ends_is_left_out():
    made = cube(months=8)
    table = expected_backtest(unsent(made, 7, "P01"), ["provider"])
    before = table.filter(origin="2024-07", months=1)
    assert "P01" in set(before["provider"])
    assert "P01" not in set(table.filter(origin="2024-10")["provider"])


def test_what_comes_later_changes_nothing_that_was_said():
    made = cube(months=9)
    other = made.waiting.copy()
    other[6:] *= 3
    now, then = (
        expected_backtest(each).filter(origin="2024-09")
        for each in (made, replaced(made, waiting=other))
    )
    assert now["said"].equals(then["said"])
    assert not now["came"].equals(then["came"])


def test_errors_and_tenths_by_hand():
    table = pl.DataFrame(
        {
            "months": [1, 1],
            "weeks": [4.0, 4.0],
            "origin": ["2024-04", "2024-05"],
            "waiting": [300.0, 100.0],
            "said": [0.5, 0.9],
            "as_listed": [0.4, 1.0],
            "as_treated": [0.6, 1.0],
            "came": [0.6, 0.7],
        }
    )
    assert errors(table).row(0, named=True) == {
        "months": 1,
        "weeks": 4.0,
        "said": pytest.approx(12.5),
        "as_listed": pytest.approx(22.5),
        "as_treated": pytest.approx(7.5),
        "bias": pytest.approx(-2.5),
        "origins": 2,
    }
    assert calibration_by_tenth(table).rows() == [
        (5, 300.0, pytest.approx(0.5), pytest.approx(0.6)),
        (9, 100.0, pytest.approx(0.9), pytest.approx(0.7)),
    ]


def test_wholes_are_the_people_of_their_parts():
    made = cube(months=8)
    parts = expected_backtest(unsent(made, 7, "P01"), ["provider", "function"])
    keys = ["function", "origin", "months", "from_weeks"]
    whole = of_wholes(parts, ["function"]).sort(keys)
    expected = expected_backtest(unsent(made, 7, "P01"), ["function"]).sort(keys)
    for name in ("said", "as_listed", "came", "waiting"):
        np.testing.assert_allclose(whole[name], expected[name])


def test_too_few_months_to_look_back_from():
    with pytest.raises(ValueError, match="4 months are too few"):
        expected_backtest(cube(months=4))


@pytest.mark.real_data
def test_england_is_told_better_than_todays_figures_tell_it(real_lake):
    table = expected_backtest(read_cube(real_lake), ["function"], origins=3)
    found = errors(table)
    assert list(found["months"]) == list(AHEAD)
    for naive in ("as_listed", "as_treated"):
        assert (found["said"] < found[naive]).all()
    assert (found["said"] < 4).all()  # points
    tenths = calibration_by_tenth(table).filter(pl.col("waiting") > 1_000_000)
    assert (tenths["said"] - tenths["came"]).abs().max() < 0.05
