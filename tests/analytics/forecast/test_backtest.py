"""What was said and what happened: who is asked, what they may see, and what is held against them."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.forecast.made_cubes import cube, replaced, steady, unsent

from clockstop.analytics.forecast.months.cube import KEYS
from clockstop.analytics.forecast.proof.backtest import LEVELS, BackTest, backtest
from clockstop.analytics.forecast.proof.baselines import BASELINES
from clockstop.analytics.forecast.proof.truth import Published, published_england
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, figures, name
from clockstop.analytics.published.catalogue import Revision
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month

NAMES = [name(quantile) for quantile in QUANTILES]
STILL = {"no_change": BASELINES["no_change"]}
SMOOTHED = {name: BASELINES[name] for name in ("ets", "theta")}
RULES = {name: forecast for name, forecast in BASELINES.items() if name not in SMOOTHED}
PROVIDERS = {"provider_function": KEYS}
ENGLAND = {"england": ()}


def rows(test, **of):
    texts = pl.col("level", "origin", *KEYS, "measure", "forecaster").cast(pl.String)
    return test.table.with_columns(texts).filter(**of)


def test_every_origin_that_leaves_enough_before_and_after_is_asked():
    test = backtest(cube(months=9), STILL, horizons=(1, 3), levels=PROVIDERS, minimum_history=4)
    asked = rows(test).group_by("horizon").agg(pl.col("origin").unique().sort()).sort("horizon")
    assert asked["origin"].to_list() == [
        ["2024-07", "2024-08", "2024-09", "2024-10", "2024-11"],
        ["2024-07", "2024-08", "2024-09"],
    ]
    assert test.table.height == (5 + 3) * 8 * len(MEASURES)


def test_a_row_holds_what_was_said_what_came_and_what_waited():
    made = cube(months=9)
    test = backtest(made, STILL, horizons=(3,), levels=PROVIDERS)
    row = rows(test, origin="2024-08", provider="P02", function="C_101", measure="over_18_weeks")
    (row,) = row.rows(named=True)
    cell, origin, target = 5, 4, 7
    said = STILL["no_change"](made.until(made.months[origin]), 3)
    expected = said.values[cell, 2, MEASURES.index("over_18_weeks")]
    assert [row[key] for key in NAMES] == pytest.approx(expected, rel=1e-6)
    assert row["truth"] == made.waiting[target, cell, 18:].sum()
    assert row["waiting"] == made.waiting[origin, cell].sum()
    assert (row["level"], row["horizon"], row["forecaster"]) == (
        "provider_function",
        3,
        "no_change",
    )
    assert (row["icb"], row["region"], row["sector"]) == ("Q1", "Y2", "independent")


def test_every_level_is_forecast_as_a_list_of_its_own():
    made = cube(months=7)
    test = backtest(made, STILL, horizons=(1,))
    counts = rows(test, origin="2024-07", measure="over_18_weeks").group_by("level").len()
    assert dict(counts.rows()) == {"england": 1, "icb_function": 4, "provider_function": 8}
    (england,) = rows(test, level="england", origin="2024-07", measure=MEASURES[0]).rows(named=True)
    assert england["p50"] == made.waiting[3].sum()
    assert england["truth"] == made.waiting[4].sum()
    assert {england[key] for key in KEYS} == {""}


def test_who_did_not_send_is_not_scored():
    made = unsent(cube(months=8), 5, "P01")
    test = backtest(made, STILL, horizons=(1,), levels=PROVIDERS)
    there = (
        rows(test, measure=MEASURES[0]).group_by("origin").agg(pl.col("provider").unique().sort())
    )
    asked = dict(there.rows())
    everybody, others = ["P00", "P01", "P02", "P03"], ["P00", "P02", "P03"]
    assert asked == {
        "2024-07": everybody,
        "2024-08": others,  # its September is not known
        "2024-09": others,  # nor what it would have started from
        "2024-10": everybody,
    }


def test_a_group_that_lacks_a_member_is_not_scored_unless_it_hardly_matters():
    for lost, scored in ((300, 0), (3, 1)):
        made = unsent(steady([1000 - lost, 0, lost, 0], months=6), 5, "P01")
        test = backtest(made, STILL, horizons=(1,), levels=ENGLAND)
        assert rows(test, origin="2024-08", measure=MEASURES[0]).height == scored
        assert rows(test, origin="2024-07", measure=MEASURES[0]).height == 1


def test_a_list_of_nobody_is_not_forecast_and_its_share_is_not_scored():
    made = steady([40, 0], months=7)
    made.waiting[5, 0] = 0
    test = backtest(made, STILL, horizons=(1,), levels=PROVIDERS)
    assert set(rows(test)["function"]) == {"C_100"}
    origins = rows(test, measure="incomplete_pathways")["origin"].to_list()
    assert origins == ["2024-07", "2024-08"]  # and nothing from the empty list of September
    assert rows(test, measure="pct_within_18_weeks")["origin"].to_list() == ["2024-07"]


def test_england_is_held_against_what_was_published():
    made = unsent(cube(months=8), 6, "P01")
    printed = np.array([9e6, 0.6, 4e6, 1e5, 2e4, 1e3])
    published = Published({made.months[6]: printed}, frozenset({made.months[3]}))
    test = backtest(made, STILL, horizons=(1,), england=published)
    england = rows(test, level="england", origin=str(made.months[5]))
    assert england["truth"].to_list() == pytest.approx(printed.tolist(), rel=1e-6)
    assert rows(test, level="england", origin=str(made.months[6])).height == 0
    others = rows(test, level="england", origin=str(made.months[4]), measure=MEASURES[0])
    assert others["truth"].to_list() == [made.waiting[5].sum()]
    assert (rows(test, level="icb_function")["truth"] < 9e6).all()


def test_a_month_published_as_whole_counts_as_sent():
    """Someone who left for good is missing ever after from the returns, but not from England."""
    made = cube(months=8)
    for month in range(3, 8):
        made = unsent(made, month, "P01")
    figures_of = {
        month: figures(made.waiting[at].sum(axis=0)) for at, month in enumerate(made.months)
    }
    whole = backtest(
        made,
        STILL,
        levels=ENGLAND,
        horizons=(1,),
        england=Published(figures_of, frozenset(made.months)),
    )
    assert (
        rows(whole, measure=MEASURES[0])["p50"].to_list()
        == made.waiting[3:7].sum(axis=(1, 2)).tolist()
    )
    lacking = backtest(made, STILL, levels=ENGLAND, horizons=(1,))
    assert lacking.table.height == 0


def test_progress_is_told_forecast_by_forecast():
    told = []
    backtest(cube(months=6), BASELINES, horizons=(1,), progress=lambda *each: told.append(each))
    asked = 2 * len(LEVELS) * len(BASELINES)
    assert told == [(done, asked) for done in range(1, asked + 1)]


def test_too_few_months_are_refused():
    with pytest.raises(
        ValueError, match="6 months are too few for a back-test: 4 come before an origin, 3 after"
    ):
        backtest(cube(months=6), STILL, horizons=(3, 6))


def test_a_forecaster_that_leaves_groups_out_is_refused():
    def lazy(seen, months):
        return BASELINES["no_change"](seen.of(np.arange(3)), months)

    with pytest.raises(ValueError, match="lazy said 3 groups of 8"):
        backtest(cube(months=6), {"lazy": lazy}, levels=PROVIDERS, horizons=(1,))


# Nothing of the future is seen.


def altered(made, after, seed):
    """The same until a month, and something else after it, gaps included."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for key in ("waiting", "admitted", "nonadmitted", "new_periods"):
        arrays[key] = getattr(made, key).copy()
        arrays[key][after + 1 :] *= rng.uniform(0, 3, arrays[key][after + 1 :].shape)
    sent = made.sent.copy()
    sent[after + 1 :] &= rng.random(made.sent[after + 1 :].shape) < 0.7
    return replaced(made, sent=sent, **arrays)


def said(test, until):
    """What was said at the origins until a month, wherever both tests have a row."""
    keys = ["level", "origin", "horizon", *KEYS, "measure", "forecaster"]
    kept = rows(test).filter(pl.col("origin") <= str(until))
    return kept.select(*keys, *NAMES, "waiting"), keys


def said_twice(forecasters, after, made, later, **options):
    """What is said of a cube and of one that differs after a month, at the origins until it.

    ``forecasters`` makes them from a cube, as those are made that keep what they have worked out.
    """
    until = made.months[after]
    before, keys = said(backtest(made, forecasters(made), **options), until)
    other, _ = said(backtest(later, forecasters(later), **options), until)
    return before.join(other, on=keys, suffix="_other")


@settings(deadline=None, max_examples=8)
@given(st.integers(1, 1000), st.integers(5, 12))
def test_what_came_later_changes_nothing_that_was_said(seed, after):
    made = unsent(cube(months=14, seed=seed), after - 3, "P01")
    later = altered(made, after, seed)
    both = said_twice(lambda _: RULES, after, made, later, horizons=(1, 2))
    assert both.height
    for column in (*NAMES, "waiting"):
        np.testing.assert_array_equal(both[column], both[f"{column}_other"])


def test_long_lists_that_are_smoothed_do_not_see_it_either():
    made = cube(months=12, count=2, size=4000)
    options = {"horizons": (1,), "levels": PROVIDERS, "minimum_history": 9}
    both = said_twice(lambda _: SMOOTHED, 9, made, altered(made, 9, 4), **options)
    assert both.height
    for column in NAMES:
        np.testing.assert_array_equal(both[column], both[f"{column}_other"])


def test_one_that_does_see_it_would_be_found():
    def peeking(whole):
        def forecast(seen, months):
            last = whole.waiting[-len(seen.months) :]
            return STILL["no_change"](replaced(seen, waiting=last), months)

        return {"peeking": forecast}

    made = cube(months=10)
    options = {"horizons": (1,), "levels": PROVIDERS}
    both = said_twice(peeking, 7, made, altered(made, 7, 1), **options)
    assert (both["p50"] != both["p50_other"]).any()


# What is kept.


def test_what_was_saved_is_read_again(tmp_path):
    test = backtest(cube(months=8), BASELINES, horizons=(1, 3))
    test.save(tmp_path / "kept")
    again = BackTest.read(tmp_path / "kept")
    assert again.table.equals(test.table)
    board = pl.read_json(tmp_path / "kept" / "scoreboard.json")
    assert board["forecaster"].unique().sort().to_list() == sorted(BASELINES)
    assert board.height == test.scoreboard().height
    assert "## england, all, 3 months ahead" in (tmp_path / "kept" / "scoreboard.md").read_text()


def test_what_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    kept = backtest(cube(months=6), STILL, horizons=(1,))
    kept.save(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(self, file):
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(OSError, match="No space left"):
        backtest(cube(months=6, seed=2), STILL, horizons=(1,)).save(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_nothing_saved_is_nothing_read(tmp_path):
    with pytest.raises(FileNotFoundError):
        BackTest.read(tmp_path)


# What England published.

SERIES = (
    "incomplete_pathways_est",
    "pct_within_18_weeks_est",
    *(f"over_{weeks}_weeks_est" for weeks in (18, 52, 65, 78)),
)


def overview(home, *printed):
    lake = Lake(home)
    table = pl.DataFrame(printed, ["month", "incomplete_pathways", *SERIES], orient="row")
    revision = Revision(
        "a" * 16,
        "overview.csv",
        1,
        "2025-11-13T09:30:00",
        1,
        ("series",),
        "rtt_overview/england/" + "a" * 16,
        0,
        {},
    )
    with lake.writing():
        staged = lake.stage({"series": table})
        lake.publish(
            lake.catalogue().with_revision("rtt_overview", "england", revision),
            {revision.folder: staged},
        )
    return lake


def test_published_figures_are_those_with_estimates(tmp_path):
    lake = overview(
        tmp_path,
        ("2025-06", 1000, 1000, 0.6, 400, 30, 20, 10),
        ("2025-07", 990, 1010, 0.61, 410, 31, 21, 11),
        ("2020-01", 900, None, None, None, None, None, None),
    )
    published = published_england(lake)
    assert set(published.figures) == {Month(2025, 6), Month(2025, 7)}
    assert published.figures[Month(2025, 7)].tolist() == [1010, 0.61, 410, 31, 21, 11]
    assert published.whole == {Month(2025, 6)}


def test_without_the_series_nothing_is_published(tmp_path):
    published = published_england(Lake(tmp_path))
    assert not published.figures
    assert not published.whole


def test_the_levels_are_named_with_what_tells_their_groups_apart():
    assert {level: cube().rolled_up(by).by for level, by in LEVELS.items()} == {
        "england": (),
        "icb_function": ("icb", "function"),
        "provider_function": KEYS,
    }
