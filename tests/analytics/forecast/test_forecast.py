"""The whole forecast: sums, seeds, no look at what came later, and lists that come and go."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.made_by_rates import Known, made_by
from tests.analytics.forecast.made_cubes import cube, replaced, unsent

from clockstop.analytics.forecast import forecast as forecasting
from clockstop.analytics.forecast.forecast import LEAST_MONTHS, Forecasts, TooShortError
from clockstop.analytics.forecast.intervals import honest
from clockstop.analytics.forecast.months.cube import KEYS
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, SHARE
from clockstop.analytics.forecast.spread import Run
from clockstop.core.types import Month

RUN = Run(replicates=32)
MIDDLE = QUANTILES.index(0.5)
COUNTED = [at for at, measure in enumerate(MEASURES) if measure != SHARE]
COUNTS = ("waiting", "admitted", "nonadmitted", "new_periods")
LEVELS = [(), ("icb",), ("sector",), ("provider", "function")]


def forecast(made, *, at=-1, months=4, by=(), run=RUN):
    return Forecasts(made).forecast(made.months[at], months, by, run).values


def lists(seed=1, size=0.05, months=10, count=12):
    """Lists of many sizes that follow from rates, with the chance of counts."""
    chance = np.random.default_rng(seed)
    known = Known(chance.lognormal(0, 0.2, count), size * chance.lognormal(-1, 1, count))
    return made_by(known, months, chance=chance)


@pytest.fixture(scope="module")
def made():
    return lists()


def test_the_middles_of_every_level_sum_to_england(made):
    england, *levels = Forecasts(made).forecasts(made.months[-1], 4, LEVELS, RUN)
    whole = england.values[0][..., COUNTED, MIDDLE]
    for level in levels:
        parts = level.values[:, :, COUNTED, MIDDLE].sum(axis=0)
        np.testing.assert_allclose(parts, whole, rtol=1e-9)


@pytest.mark.parametrize("by", LEVELS)
def test_a_level_alone_is_the_level_among_others(made, by):
    among = Forecasts(made).forecasts(made.months[-1], 4, LEVELS, RUN)[LEVELS.index(by)]
    alone = Forecasts(made).forecast(made.months[-1], 4, by, RUN)
    np.testing.assert_array_equal(alone.values, among.values)
    assert list(alone.keys) == list(among.keys) == list(by)


@settings(max_examples=8)
@given(
    st.integers(LEAST_MONTHS, 9),
    st.sampled_from(LEVELS),
    st.floats(0, 4),
    st.sampled_from([*COUNTS, "sent"]),
)
def test_what_comes_after_the_origin_changes_nothing(known, by, factor, name):
    made = lists()
    later = getattr(made, name).copy()
    later[known:] = (later[known:] * factor).astype(later.dtype)
    changed = replaced(made, **{name: later})
    before, after = (forecast(each, at=known - 1, by=by) for each in (made, changed))
    assert before.tobytes() == after.tobytes()


def test_an_origin_in_the_past_says_what_it_would_have_said_then(made):
    then = forecast(made.until(made.months[6]), by=("icb",))
    np.testing.assert_allclose(forecast(made, at=6, by=("icb",)), then, rtol=1e-6)


def test_what_was_asked_before_changes_nothing(made):
    busy = Forecasts(made)
    for at, months in ((5, 2), (9, 1), (7, 6)):
        busy.forecast(made.months[at], months, (), RUN)
    found = busy.forecast(made.months[-1], 4, ("icb",), RUN).values
    np.testing.assert_allclose(found, forecast(made, by=("icb",)), rtol=1e-9)


def test_the_same_seed_gives_the_same_bytes_and_another_only_other_intervals(made):
    one, same, other = (forecast(made, run=Run(replicates=32, seed=seed)) for seed in (1, 1, 2))
    assert one.tobytes() == same.tobytes()
    assert (one != other).any()
    np.testing.assert_array_equal(one[..., MIDDLE], other[..., MIDDLE])


def test_more_months_change_nothing_of_the_first(made):
    np.testing.assert_allclose(
        forecast(made, months=6)[:, :3, :, MIDDLE], forecast(made, months=3)[..., MIDDLE], rtol=1e-6
    )


def test_twice_the_counts_are_twice_the_middle_but_for_the_small_constants(made):
    twice = replaced(made, **{name: 2 * getattr(made, name) for name in COUNTS})
    one, two = (forecast(each)[0, :, COUNTED, MIDDLE] for each in (made, twice))
    np.testing.assert_allclose(two, 2 * one, rtol=1e-3, atol=0.1)


def test_intervals_widen_with_the_months(made):
    found = forecast(made, months=6)[0, :, 0]
    widths = (found[:, -1] - found[:, 0]) / found[:, MIDDLE]
    assert widths[-1] > 1.5 * widths[0] > 0


def test_only_months_that_were_sent_tell_a_past_error(monkeypatch):
    seen = []

    def spy(middle, simulated, past, kinds):
        seen.extend(past)
        return honest(middle, simulated, past, kinds)

    monkeypatch.setattr(forecasting, "honest", spy)
    holes = unsent(lists(), 6, "P03")
    forecast(holes, months=2, by=("provider",))
    origins = [(at, ahead) for at in range(3, 9) for ahead in range(1, min(3, 10 - at))]
    assert [each.horizon for each in seen] == [ahead for _, ahead in origins]
    for (at, ahead), each in zip(origins, seen, strict=True):
        assert np.isfinite(np.delete(each.errors, 3, axis=0)).all()
        assert np.isnan(each.errors[3]).all() == (6 in (at, at + ahead))


@pytest.mark.parametrize("known", range(1, LEAST_MONTHS))
def test_too_few_months_are_refused(made, known):
    said = f"needs {LEAST_MONTHS} consecutive months up to it; there are {known}"
    with pytest.raises(TooShortError, match=said):
        forecast(made, at=known - 1)


def test_the_fewest_months_will_do(made):
    found = forecast(made, at=LEAST_MONTHS - 1, by=("provider", "function"))
    assert np.isfinite(found).all()


def test_what_cannot_be_asked_is_refused(made):
    ask = Forecasts(made).forecast
    with pytest.raises(ValueError, match="2030-01 is not among 2024-04 to 2025-01"):
        ask(Month(2030, 1), 3, ())
    with pytest.raises(ValueError, match="cannot forecast 0 months"):
        ask(made.months[-1], 0, ())


def as_it_should_be(values):
    """Quantiles are numbers in order, none is negative and no share is over 1."""
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (values[..., MEASURES.index(SHARE), :] <= 1).all()
    assert (np.diff(values, axis=-1) >= 0).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [0.5, 5, 300])
def test_holes_and_small_lists_give_sane_numbers(seed, size):
    rng = np.random.default_rng(seed)
    made = cube(months=8, count=12, seed=seed, size=size)
    for month, provider in zip(rng.integers(0, 8, 6), rng.integers(0, 6, 6), strict=True):
        made = unsent(made, int(month), f"P{provider:02}")
    for level in Forecasts(made).forecasts(made.months[-1], 14, [(), KEYS], RUN):
        as_it_should_be(level.values)


def test_an_empty_list_is_said_to_stay_so(made):
    gone = {name: getattr(made, name).copy() for name in COUNTS}
    for values in gone.values():
        values[:, 2] = 0
    found = forecast(replaced(made, **gone), by=("provider", "function"))
    as_it_should_be(found)
    assert found[2, :, 0, MIDDLE].max() < 0.5
    assert found[2, :, 0].max() < 10


def test_an_england_without_anybody_is_said_to_stay_so(made):
    found = forecast(replaced(made, **{name: 0 * getattr(made, name) for name in COUNTS}))
    as_it_should_be(found)
    assert found[0, :, 0, MIDDLE].max() < 0.5


def test_a_provider_that_came_at_the_origin_is_said_to_go_on(made):
    for month in range(9):
        made = unsent(made, month, "P03")
    found = forecast(made, by=("provider",))
    as_it_should_be(found)
    began = made.waiting[-1, made.cells.provider == "P03"].sum()
    assert found[3, :, 0, MIDDLE] == pytest.approx(np.full(4, began), rel=0.15)


def test_a_trust_that_is_late_is_taken_as_it_last_sent(made):
    late = unsent(made, 9, "P00")
    found = forecast(late, by=("provider",))
    as_it_should_be(found)
    last = made.waiting[8, made.cells.provider == "P00"].sum()
    assert found[0, :, 0, MIDDLE] == pytest.approx(np.full(4, last), rel=0.15)
    assert Forecasts(late).listed(late.months[-1], ("provider",))[0]


def test_a_trust_whose_patients_others_took_over_is_gone(made):
    arrays = {name: getattr(made, name).copy() for name in COUNTS}
    for values in arrays.values():
        values[9, 2:4] += values[9, :2]  # the other provider of the ICB
    absorbed = unsent(replaced(made, **arrays), 9, "P00")
    found = Forecasts(absorbed)
    assert not found.listed(absorbed.months[-1], ("provider",))[0]
    england, providers = found.forecasts(absorbed.months[-1], 2, [(), ("provider",)], RUN)
    as_it_should_be(providers.values)
    assert providers.values[0, :, 0, MIDDLE].max() < 1
    usual = forecast(made, months=2)[0, :, 0, MIDDLE]
    # A twelfth of England: how the others grew in that month is not told from any other growth.
    assert england.values[0, :, 0, MIDDLE] == pytest.approx(usual, rel=0.08)


def test_a_function_under_another_code_is_said_to_go_on(made):
    arrays = {name: getattr(made, name).copy() for name in COUNTS}
    for values in arrays.values():
        values[:8, 1] = 0
        values[8:, 1] = values[8:, 0]
        values[8:, 0] = 0
    changed = replaced(made, **arrays)
    found = forecast(changed, by=("provider", "function"))
    as_it_should_be(found)
    before = changed.waiting[-1].sum(axis=1)
    assert found[0, :, 0, MIDDLE].max() < 0.05 * before[1]
    assert found[1, :, 0, MIDDLE] == pytest.approx(np.full(4, before[1]), rel=0.25)
    (note,) = [each for each in Forecasts(changed).notes(changed.months[-1]) if each.provider]
    assert (note.provider, "C_100 seems to have become C_101" in note.text) == ("P00", True)


def test_as_a_forecaster_of_the_back_test_it_sees_the_cube_alone(made):
    cut = made.until(made.months[7]).rolled_up(("icb",))
    found = Forecasts(cut)(cut, 2)
    assert found.months == (made.months[8], made.months[9])
    assert list(found.keys) == ["icb"]
