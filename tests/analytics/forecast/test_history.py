"""What each month tells: England's rates found again, and which lists are still there."""

import numpy as np
import pytest
from tests.analytics.forecast.made_by_rates import PROPENSITY, REMOVAL, alike, made_by
from tests.analytics.forecast.made_cubes import cube, replaced, steady, unsent

from clockstop.analytics.forecast.engine.model import Weeks
from clockstop.analytics.forecast.estimation.grouping import RATES, STRETCHES
from clockstop.analytics.forecast.estimation.history import (
    STALE_MONTHS,
    History,
    shared_out,
    working_time,
)
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month


@pytest.mark.parametrize("entry", [0.9, 1.0, 1.1])
def test_the_rates_that_made_the_months_are_found_again(entry):
    for step in History(made_by(alike(entry=entry), months=4)).steps:
        assert step.rates.propensity == pytest.approx(PROPENSITY, rel=1e-4)
        assert step.rates.removal == pytest.approx(REMOVAL, abs=1e-5)
        assert step.rates.entry == pytest.approx(entry, rel=1e-4)
        assert step.rates.joining == pytest.approx(np.zeros(len(REMOVAL)), abs=1e-6)


def test_the_rates_are_those_of_all_lists_together():
    one, many = (History(made_by(alike(count), months=3)).steps for count in (1, 6))
    for single, all_of_them in zip(one, many, strict=True):
        assert all_of_them.rates.propensity == pytest.approx(single.rates.propensity, rel=1e-3)
        assert all_of_them.expected.waiting.sum(axis=0) == pytest.approx(
            6 * single.expected.waiting[0], rel=1e-3
        )


def test_more_who_join_the_longest_waits_than_leave_are_counted():
    joining = np.zeros(BANDS)
    joining[[80, 90]] = 200.0  # a week each: far more than leave
    (step,) = History(made_by(alike(joining=joining), months=2)).steps
    of_78 = STRETCHES.starts.index(78)
    assert step.rates.removal[of_78] == 0
    # Of those who join, some are treated and others grow older within the month.
    assert 0.7 * 400 < step.rates.joining[of_78] < 400
    assert not step.rates.joining[:of_78].any()


def test_chance_moves_the_rates_no_more_than_counts_bear():
    made = made_by(alike(), months=6, chance=np.random.default_rng(4))
    history = History(made)
    found = np.mean([step.rates.propensity for step in history.steps], axis=0)
    stops = RATES.sums(history.treated.sum(axis=(0, 1)))
    assert (np.abs(np.log(found / PROPENSITY)) < 4 / np.sqrt(stops)).all()


def test_what_the_rates_make_of_england_is_what_came():
    made = made_by(alike(4), months=5, chance=np.random.default_rng(2))
    for at, step in enumerate(History(made).steps, 1):
        came = STRETCHES.sums(made.waiting[at].sum(axis=0))
        np.testing.assert_allclose(step.expected.waiting.sum(axis=0), came, rtol=0.02, atol=10)
        treated = (made.admitted[at] + made.nonadmitted[at]).sum()
        assert step.expected.treated.sum() == pytest.approx(treated, rel=1e-3)


def test_what_was_not_sent_plays_no_part_in_the_rates():
    made = cube(count=8)
    mine = made.cells.provider == "P01"
    cut = History(unsent(made, 5, "P01")).steps
    for at in (4, 5):
        assert list(cut[at].both) == list(~mine)
        rest = History(made.of(~mine)).steps[at].rates
        assert cut[at].rates.propensity == pytest.approx(rest.propensity)
        assert cut[at].rates.entry == pytest.approx(rest.entry)


def test_a_history_cut_short_is_that_of_the_cube_cut_short():
    made = unsent(cube(months=9), 4, "P02")
    whole = History(made)
    assert len(whole.steps) == 8
    cut, short = whole.until(5), History(made.until(made.months[4]))
    for name in ("is_listed", "last_sent", "waiting", "treated"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(short, name))
    for one, other in zip(cut.steps, short.steps, strict=True):
        np.testing.assert_array_equal(one.expected.waiting, other.expected.waiting)
        np.testing.assert_array_equal(one.rates.propensity, other.rates.propensity)


def test_one_month_is_refused():
    with pytest.raises(ValueError, match="two are the least"):
        History(cube(months=1))


def trusts(made):
    """The same with all providers NHS trusts of one ICB."""
    names = made.cells
    count = len(names)
    same = type(names)(
        names.provider,
        names.function,
        np.full(count, "Q0", dtype=object),
        names.region,
        np.full(count, "nhs_trust", dtype=object),
    )
    return replaced(made, cells=same)


def silent(sizes, months, after=None):
    """P00 with lists of 100 and 50 falls silent for so many months; others may then grow."""
    made = trusts(steady([100, 50, *sizes], months=9))
    waiting = made.waiting.copy()
    if after is not None:
        waiting[9 - months :, 2:, 3] = after
    made = replaced(made, waiting=waiting)
    for month in range(9 - months, 9):
        made = unsent(made, month, "P00")
    return History(made)


def test_the_lists_of_a_trust_that_is_late_are_as_it_last_sent_them():
    found = silent([200, 300], months=2)
    assert found.is_listed.all()
    assert list(found.waiting[:, 3]) == [100, 50, 200, 300]


def test_the_lists_of_a_trust_that_others_took_over_are_there_no_more():
    found = silent([200, 300], months=2, after=[280, 360])
    assert list(found.is_listed) == [False, False, True, True]
    assert list(found.waiting[:, 3]) == [0, 0, 280, 360]


@pytest.mark.parametrize(("months", "listed"), [(STALE_MONTHS, True), (STALE_MONTHS + 1, False)])
def test_a_list_not_sent_for_long_is_there_no_more(months, listed):
    assert silent([200, 300], months).is_listed[0] == listed


def test_another_provider_that_falls_silent_has_ended_its_contract():
    made = cube(count=6)  # the third provider is independent
    assert list(History(unsent(made, 17, "P02")).is_listed) == [True] * 4 + [False] * 2


def test_a_provider_never_heard_of_has_no_list():
    made = cube(count=4, months=5)
    for month in range(5):
        made = unsent(made, month, "P01")
    found = History(made)
    assert list(found.last_sent) == [4, 4, -1, -1]
    assert not found.waiting[2:].any()


def test_the_working_time_of_a_month_ends_with_its_census():
    weeks = Weeks(
        (Month(2025, 4),), np.ones(5), np.array([1, 1, 0.8, 1, 0.5]), np.zeros(5), np.array([4.4])
    )
    assert working_time(weeks, weeks.treatment) == pytest.approx(3.8 + 0.4 * 0.5)
    assert working_time(weeks, weeks.arrivals) == pytest.approx(4.4)


def test_who_joins_is_shared_as_those_are_who_are_there():
    waiting = np.zeros((2, BANDS))
    waiting[0, 80], waiting[1, 80], waiting[1, 104] = 3, 1, 5
    joining = np.zeros(len(STRETCHES.starts))
    joining[STRETCHES.starts.index(78)], joining[-1] = 8, 2
    joining[STRETCHES.starts.index(65)] = 7  # where nobody is to share them by
    shared = shared_out(joining, waiting)
    assert shared[:, 80] == pytest.approx([6, 2])
    assert shared[:, 104] == pytest.approx([0, 2])
    assert shared.sum() == pytest.approx(10)
