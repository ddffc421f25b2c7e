"""The season of functions: known waves are found again, and the file is what the series give."""

import numpy as np
import pytest
from scripts.make_function_season import published

from clockstop.analytics.forecast.estimation.function_season import (
    LAST,
    Wave,
    estimated,
    function_season,
    seasonal_growth,
)
from clockstop.core.types import Month

FIRST = Month(2022, 10)
SPAN = [FIRST.plus(at) for at in range(36)]
WAVES = {"A": (0.01, 0.0), "B": (-0.01, 0.0), "C": (0.0, 0.008), "D": (0.0, -0.008)}


def lists(waves, *, noise=0.0, seed=1):
    """Lists of one size whose change in a month is a wave of the year, and chance."""
    rng = np.random.default_rng(seed)
    angles = 2 * np.pi * np.array([month.number - 1 for month in SPAN[1:]]) / 12
    made = {}
    for code, (cosine, sine) in waves.items():
        change = cosine * np.cos(angles) + sine * np.sin(angles) + noise * rng.normal(size=35)
        sizes = 1e5 * np.exp(np.concatenate([[0], change.cumsum()]))
        made[code] = dict(zip(SPAN, sizes, strict=True))
    return made


def test_known_waves_are_found_again():
    found = estimated(lists(WAVES))
    assert set(found) == set(WAVES)
    for code, (cosine, sine) in WAVES.items():
        assert (found[code].cosine, found[code].sine) == pytest.approx((cosine, sine), abs=2e-3)


def test_what_chance_alone_makes_is_drawn_to_none():
    still = {f"F{at}": (0.0, 0.0) for at in range(30)}
    found = estimated(lists(still, noise=0.02))
    assert np.abs([(each.cosine, each.sine) for each in found.values()]).mean() < 0.002


def test_no_month_from_the_first_forecast_on_plays_a_part():
    made = lists(WAVES)
    later = {
        code: {month: (9 * size if month > LAST else size) for month, size in each.items()}
        for code, each in made.items()
    }
    assert estimated(later) == estimated(made)


def test_a_list_that_broke_off_has_no_season_and_a_missing_month_is_between_its_neighbours():
    made = lists(WAVES | {"E": (0.0, 0.0)})
    for month in SPAN[8:]:
        made["E"][month] *= 0.5
    for each in made.values():
        del each[SPAN[6]]
    found = estimated(made)
    assert "E" not in found
    assert found["A"].cosine == pytest.approx(0.01, abs=2e-3)


def test_the_season_adds_up_over_the_months_ahead_and_comes_back_after_a_year():
    codes = np.array(["C_330", "nobody's", "C_340"], dtype=object)
    grown = seasonal_growth(codes, Month(2024, 3), 14)
    wave = function_season()["C_330"]
    april = 2 * np.pi * 3 / 12
    assert grown[0, 0] == pytest.approx(wave.cosine * np.cos(april) + wave.sine * np.sin(april))
    assert not grown[1].any()
    np.testing.assert_allclose(grown[:, 11], 0, atol=1e-12)
    np.testing.assert_allclose(grown[:, 12:], grown[:, :2], atol=1e-12)


def test_skin_lists_rise_towards_summer_and_no_wave_is_large():
    assert seasonal_growth(np.array(["C_330"]), Month(2024, 3), 4)[0, -1] > 0.01
    assert all(abs(wave.cosine) + abs(wave.sine) < 0.02 for wave in function_season().values())


@pytest.mark.real_data
def test_the_file_is_what_the_published_series_give(real_data):
    found = estimated(published(real_data))
    rounded = {code: Wave(round(w.cosine, 5), round(w.sine, 5)) for code, w in found.items()}
    assert function_season() == rounded
