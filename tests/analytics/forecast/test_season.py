"""The season: known factors are found again, and the file is what the published series give."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.analytics.forecast.engine.season import YEARS, estimated, season
from clockstop.core.rulebook.working_days import working_days_of
from clockstop.core.types import Month

ALL = [Month(year, number) for year in range(2015, 2026) for number in range(1, 13)]


def counts(factors, *, growth=0.0, level=80_000.0):
    """Of every month, from its working days, its factor and a steady growth."""
    return {
        month: level * working_days_of(month) * factors[month.number - 1] * np.exp(growth * at)
        for at, month in enumerate(ALL)
    }


@given(
    st.lists(st.floats(0.8, 1.2), min_size=12, max_size=12),
    st.sampled_from([-0.004, 0, 0.004]),
)
def test_known_factors_are_found_again_whatever_the_growth(factors, growth):
    found = np.array(estimated(counts(factors, growth=growth)))
    # A month is held against 13, its own name twice among them: a thirteenth of it is lost.
    assert np.log(found / found.mean()) == pytest.approx(
        np.log(np.array(factors) / np.mean(factors)), abs=0.035
    )
    assert found.mean() == pytest.approx(1)


def test_without_a_season_there_is_none():
    assert estimated(counts([1.0] * 12, growth=0.002)) == pytest.approx([1.0] * 12)


def test_years_that_are_left_out_play_no_part():
    usual = counts([1.0] * 12)
    other = {
        month: 3 * count if (month.year, month.number) == (2020, 8) else count
        for month, count in usual.items()
    }
    assert 2020 not in YEARS
    assert estimated(other) == pytest.approx(estimated(usual))


def test_the_factors_are_around_one():
    for factors in (season().arrivals, season().treatment):
        assert len(factors) == 12
        assert np.mean(factors) == pytest.approx(1, abs=1e-4)
        assert 0.9 < min(factors) < max(factors) < 1.1


@pytest.mark.real_data
def test_the_file_is_what_the_published_series_give(real_lake):
    (revision,) = real_lake.catalogue().current("rtt_overview").values()
    rows = real_lake.scan(revision, "series").collect().rows(named=True)
    series = {"arrivals": "new_periods_est", "treatment": "stops_est"}
    for name, column in series.items():
        published = {Month.parse(row["month"]): row[column] for row in rows if row[column]}
        found = estimated(published)
        assert getattr(season(), name) == tuple(round(factor, 4) for factor in found)
