"""The week bands of the RTT return and the percentile over them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.rtt import week_bands
from clockstop.core.rtt.week_bands import BANDS, OPEN_BAND, Percentile, percentile

some_counts = st.dictionaries(st.integers(0, OPEN_BAND), st.integers(1, 10_000), max_size=30)
percents = st.integers(1, 100)


def counts_of(by_band: dict[int, int]) -> list[int]:
    return [by_band.get(band, 0) for band in range(BANDS)]


def test_within_18_weeks_is_the_first_18_bands_and_the_rest_are_over():
    assert list(week_bands.within(18)) == list(range(18))
    assert [*week_bands.within(18), *week_bands.over(18)] == list(range(BANDS))


@pytest.mark.parametrize(
    ("weeks", "first"),
    [(18, "18-19"), (52, "52-53"), (65, "65-66"), (78, "78-79"), (104, "104+")],
)
def test_over_n_weeks_starts_with_the_band_past_n_weeks(weeks, first):
    assert week_bands.label(week_bands.over(weeks)[0]) == first
    assert week_bands.over(weeks)[-1] == OPEN_BAND


def test_labels_and_midpoints():
    assert [week_bands.label(band) for band in (0, 17, 103, 104)] == [
        "0-1",
        "17-18",
        "103-104",
        "104+",
    ]
    assert [week_bands.midpoint(band) for band in (0, 17, 103, 104)] == [0.5, 17.5, 103.5, 104]


@pytest.mark.parametrize("band", [-1, 105])
@pytest.mark.parametrize("function", [week_bands.label, week_bands.midpoint])
def test_there_are_105_bands(function, band):
    with pytest.raises(ValueError, match="is not a week band"):
        function(band)


@pytest.mark.parametrize(
    ("by_band", "percent", "weeks"),
    [
        ({3: 10}, 50, 3.5),
        ({3: 10}, 92, 3.92),
        ({0: 10, 5: 10}, 50, 1.0),  # reached exactly at the end of a band: not in the next
        ({0: 10, 5: 10}, 75, 5.5),
        ({0: 92, 50: 8}, 92, 1.0),  # 0.92 * 100 is not whole in floating point
        ({1: 1, 2: 1, 3: 1}, 50, 2.5),
        ({103: 4}, 100, 104.0),
    ],
)
def test_percentile_interpolates_in_the_first_band_that_reaches_it(by_band, percent, weeks):
    assert percentile(counts_of(by_band), percent) == Percentile(weeks)


def test_percentile_in_the_open_band_has_no_number():
    counts = counts_of({0: 50, OPEN_BAND: 50})
    assert percentile(counts, 51) == Percentile(None, is_open=True)
    assert percentile(counts, 50) == Percentile(1.0)


def test_no_pathways_have_no_percentile():
    assert percentile([0] * BANDS, 50) == Percentile(None, is_open=False)


@pytest.mark.parametrize("counts", [[1] * 104, [1] * 106, [], [-1, *[1] * 104]])
def test_percentile_wants_105_counts_of_0_or_more(counts):
    with pytest.raises(ValueError, match="expected 105 counts"):
        percentile(counts, 50)


@pytest.mark.parametrize("percent", [0, 101, -5])
def test_percentile_wants_a_percentage(percent):
    with pytest.raises(ValueError, match="percentage"):
        percentile([1] * BANDS, percent)


@given(some_counts, percents)
def test_as_many_wait_no_longer_as_the_percentile_says(by_band, percent):
    """If waits lie evenly in their band, exactly p in 100 lie at or below the percentile."""
    found = percentile(counts_of(by_band), percent)
    if found.weeks is None:
        below = sum(count for band, count in by_band.items() if band < OPEN_BAND)
        assert found.is_open == (100 * below < percent * sum(by_band.values()))
        return
    share = sum(
        count * min(max(Fraction(found.weeks) - band, Fraction(0)), Fraction(1))
        for band, count in by_band.items()
    )
    assert float(share) == pytest.approx(percent * sum(by_band.values()) / 100, rel=1e-9)


@given(some_counts, percents, st.integers(2, 9))
def test_percentile_of_a_list_taken_several_times_is_the_same(by_band, percent, times):
    counts = counts_of(by_band)
    assert percentile([count * times for count in counts], percent) == percentile(counts, percent)


@given(some_counts, percents, percents)
def test_percentiles_rise_with_the_percentage(by_band, one, other):
    low, high = (percentile(counts_of(by_band), percent) for percent in sorted((one, other)))
    assert low.is_open <= high.is_open
    if low.weeks is not None and high.weeks is not None:
        assert low.weeks <= high.weeks
