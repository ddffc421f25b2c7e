"""Targets held against forecasts that are made up, so that every figure can be told by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.analytics.forecast.made_cubes import cube, unsent

from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, Quantiles, figures
from clockstop.analytics.forecast.targets.aims import TOLD
from clockstop.analytics.forecast.targets.prospects import hindsight, prospects, reliability
from clockstop.core.rulebook.targets import judge, targets
from clockstop.core.types import Month

CUBE = cube()  # until September 2025
ORIGIN = CUBE.months[-1]
STEADY = {
    "incomplete_pathways": [900, 940, 970, 1000, 1030, 1060, 1100],
    "pct_within_18_weeks": [0.50, 0.60, 0.62, 0.64, 0.65, 0.70, 0.95],
    "over_18_weeks": [100, 200, 300, 360, 380, 400, 500],
    "over_52_weeks": [2, 6, 8, 10, 12, 20, 30],
    "over_65_weeks": [0, 0, 0.2, 0.5, 1, 2, 3],
    "over_78_weeks": [1, 2, 3, 4, 5, 6, 7],
}
ENGLAND = [
    ("rtt-18w", "2026-03"),
    ("rtt-78", "2026-03"),
    ("rtt-65b", "2026-03"),
    ("rtt-52b", "2026-03"),
    ("rtt-18w-26", "2026-03"),
    ("rtt-18w-29", "2029-03"),
    ("rtt-18w-29-july", "2029-07"),
]


def said(by=(), months=46, made=CUBE, **measures):
    """The same quantiles for every group and month."""
    rows = np.array([{**STEADY, **measures}[measure] for measure in MEASURES], dtype=float)
    cells = made.rolled_up(by).cells
    keys = {key: getattr(cells, key) for key in by}
    values = np.broadcast_to(rows, (len(cells), months, *rows.shape))
    return Quantiles(tuple(ORIGIN.plus(at + 1) for at in range(months)), keys, values)


def england(**given):
    return {row["id"]: row for row in prospects(said(**given), CUBE, Month(2026, 3)).to_dicts()}


def test_england_s_targets_are_those_in_force_each_at_its_month_conflicts_and_all():
    table = prospects(said(), CUBE, Month(2026, 3))
    assert table.select("id", "month").rows() == ENGLAND
    assert table["horizon"].to_list() == [6, 6, 6, 6, 6, 42, 46]
    rows = england()
    assert rows["rtt-18w-29"]["conflicts_with"] == "rtt-18w-29-july"
    assert rows["rtt-18w"]["due"] is None
    assert rows["rtt-18w-29"]["due"] == date(2029, 3, 31)


def test_every_rtt_target_in_the_rulebook_is_told_but_one_beyond_what_is_forecast():
    rtt = {target.measure for key, target in targets().items() if key.startswith("rtt-")}
    assert rtt - set(TOLD) == {"over_104_weeks"}


@pytest.mark.parametrize(
    ("by", "own"),
    [
        ((), {"rtt-18w-26"}),
        (("region",), set()),
        (("icb",), set()),
        (("icb", "function"), set()),
        (("provider",), {"rtt-18w-26-step"}),
        (("provider", "function", "icb", "region", "sector"), {"rtt-18w-26-step"}),
    ],
)
def test_a_target_is_held_against_those_it_applies_to(by, own):
    found = prospects(said(by), CUBE, Month(2026, 3))
    assert set(found["id"]) - {"rtt-18w-26", "rtt-18w-26-step"} == {
        each for each, _ in ENGLAND if each != "rtt-18w-26"
    }
    assert set(found["id"]) & {"rtt-18w-26", "rtt-18w-26-step"} == own
    codes = found.select(by).unique(maintain_order=True).rows() if by else [()]
    cells = CUBE.rolled_up(by).cells
    assert codes == list(zip(*(getattr(cells, key) for key in by), strict=True)) or not by


@pytest.mark.parametrize(
    ("id_", "within", "verdict"),
    [
        ("rtt-18w-26", 0.25, "unlikely"),  # 0.65 is exceeded once in four times
        ("rtt-65b", 0.5, "in the balance"),  # less than half a pathway is nobody
        ("rtt-78", 0.025, "unlikely"),
        ("rtt-52b", 0.5, "in the balance"),  # 10 of the middle list of 1,000
    ],
)
def test_the_probability_is_what_the_quantiles_say(id_, within, verdict):
    row = england()[id_]
    assert row["probability"] == pytest.approx(within)
    assert row["verdict"] == verdict


@pytest.mark.parametrize(
    ("at", "verdict"),
    [(0.1, "likely"), (0.25, "likely"), (0.5, "in the balance"), (0.75, "unlikely")],
)
def test_the_words_go_by_thirds(at, verdict):
    """The quantile at the standard of 92%: the share is higher with what is left of 1."""
    share = [0.92 + 0.01 * (each - QUANTILES.index(at)) for each in range(len(QUANTILES))]
    row = england(pct_within_18_weeks=share)["rtt-18w"]
    assert row["probability"] == pytest.approx(1 - at)
    assert row["verdict"] == verdict


def test_the_forecast_and_its_gap_are_those_of_the_rulebook():
    for id_, row in england().items():
        assert row["gap"] == pytest.approx(judge(targets()[id_], row["middle"]).gap)
        assert row["p10"] <= row["middle"] <= row["p90"]
    over = england()["rtt-52b"]
    shares = (6 / (1000 * 940) ** 0.5, 10 / 1000, 20 / (1000 * 1060) ** 0.5)
    assert (over["p10"], over["middle"], over["p90"]) == pytest.approx(shares)


def test_a_share_that_only_the_list_moves_is_as_sure_as_its_middle():
    """More people on the list would lower the share; no quantile crosses the middle for that."""
    over = england(over_52_weeks=[10] * 7)["rtt-52b"]
    assert (over["p10"], over["middle"], over["p90"]) == pytest.approx((0.01, 0.01, 0.01))


def test_what_is_missed_on_average_counts_a_target_that_is_met_as_nothing():
    certain = england(pct_within_18_weeks=[0.6] * 7, over_65_weeks=[12] * 7)
    assert certain["rtt-18w"]["expected_shortfall"] == pytest.approx(0.32)
    assert certain["rtt-65b"]["expected_shortfall"] == pytest.approx(12)
    assert england(pct_within_18_weeks=[0.93] * 7)["rtt-18w"]["expected_shortfall"] == 0
    uncertain = england(pct_within_18_weeks=[0.88, 0.9, 0.91, 0.93, 0.94, 0.95, 0.96])["rtt-18w"]
    assert uncertain["gap"] == pytest.approx(-0.01)
    assert 0 < uncertain["expected_shortfall"] < 0.02


def test_a_rise_is_asked_from_what_was_in_its_month():
    gone = unsent(CUBE, CUBE.months.index(Month(2024, 11)), "P01")
    table = prospects(said(("provider",)), gone, Month(2026, 3))
    rises = {row["provider"]: row for row in table.to_dicts() if row["id"] == "rtt-18w-26-step"}
    before = figures(CUBE.rolled_up(("provider",)).waiting[7])[:, 1]
    for share, (provider, row) in zip(before, rises.items(), strict=True):
        if provider == "P01":
            assert (row["threshold"], row["probability"]) == (None, None)
            assert row["reason"] == "the list of 2024-11 is not known"
        else:
            assert row["threshold"] == pytest.approx(share + 0.05)


def test_a_rise_from_a_month_not_held_and_one_beyond_everybody_are_not_told():
    late = cube(6)
    late = replace(late, months=CUBE.months[-6:])
    table = prospects(said(("provider",), made=late), late, Month(2026, 3))
    reasons = table.filter(id="rtt-18w-26-step")["reason"].unique().to_list()
    assert reasons == ["the list of 2024-11 is not known"]
    full = CUBE.waiting.copy()
    full[:, :, 17:] = 0
    everybody = replace(CUBE, waiting=full)
    table = prospects(said(("provider",)), everybody, Month(2026, 3))
    row = table.filter(id="rtt-18w-26-step").to_dicts()[0]
    assert row["threshold"] == pytest.approx(1.05)
    assert (row["verdict"], row["reason"]) == (None, "asks for more than everybody")


def test_what_lies_beyond_the_forecast_or_is_of_nobody_is_not_told():
    rows = england(months=12)
    assert rows["rtt-18w-29"]["reason"] == "the forecast ends in 2026-09"
    assert rows["rtt-18w-29"]["probability"] is None
    assert rows["rtt-18w"]["reason"] is None
    empty = england(incomplete_pathways=[0, 0, 0, 0.4, 1, 2, 3])
    assert {row["reason"] for row in empty.values()} == {"nobody is expected to wait"}


def test_standing_targets_are_judged_at_the_last_month_unless_another_is_chosen():
    table = prospects(said(months=12), CUBE)
    assert dict(table.select("id", "month").rows())["rtt-18w"] == "2026-09"
    with pytest.raises(ValueError, match="judged in 2026-10; the forecast has 2025-10 to 2026-09"):
        prospects(said(months=12), CUBE, Month(2026, 10))


def test_a_forecast_of_other_months_or_groups_is_refused():
    with pytest.raises(ValueError, match=r"1 groups from 2025-10 on; .* 1 groups from 2025-09 on"):
        prospects(said(), CUBE.until(Month(2025, 8)))
    with pytest.raises(ValueError, match=r"of 4 groups from .* expected the cube's 2 groups"):
        prospects(said(("provider",)), CUBE.of(np.arange(4)))


# In hindsight


def at_origin(origin, share, by=("provider",)):
    """What was said of the only month after the origin, with these quantiles for every group."""
    cells = CUBE.rolled_up(by).cells
    rows = np.array([{**STEADY, "pct_within_18_weeks": share}[each] for each in MEASURES], float)
    values = np.broadcast_to(rows, (len(cells), 1, *rows.shape))
    return Quantiles((origin.plus(1),), {key: getattr(cells, key) for key in by}, values)


def with_shares(month, shares):
    """The cube with such a share of 100 people of each provider within 18 weeks."""
    waiting = CUBE.waiting.copy()
    waiting[CUBE.months.index(month)] = 0
    for provider, share in zip(sorted(set(CUBE.cells.provider)), shares, strict=True):
        (first, *_) = np.flatnonzero(CUBE.cells.provider == provider)
        waiting[CUBE.months.index(month), first, [3, 30]] = 100 * share, 100 * (1 - share)
    return replace(CUBE, waiting=waiting)


def test_in_hindsight_a_target_was_met_or_not_whatever_was_said():
    origin = Month(2025, 5)
    came = with_shares(origin.plus(1), [0.91, 0.92, 0.93, 1])
    told = hindsight(at_origin(origin, [0.9] * 7), came).filter(id="rtt-18w")
    assert told["is_met"].to_list() == [False, True, True, True]
    assert told["probability"].to_list() == pytest.approx([0.025] * 4)


def test_what_is_not_known_in_hindsight_is_left_out():
    origin = Month(2025, 5)
    said_then = at_origin(origin, [0.9] * 7)
    for month in (origin, origin.plus(1)):
        gone = unsent(CUBE, CUBE.months.index(month), "P01")
        assert set(hindsight(said_then, gone)["provider"]) == {"P00", "P02", "P03"}
    nobody = CUBE.waiting.copy()
    nobody[CUBE.months.index(origin.plus(1)), CUBE.cells.provider == "P02"] = 0
    assert "P02" not in set(hindsight(said_then, replace(CUBE, waiting=nobody))["provider"])
    later = hindsight(at_origin(ORIGIN.plus(-1), [0.9] * 7), CUBE)
    assert set(later["id"]) == {"rtt-18w", "rtt-65b", "rtt-78"}  # the others are due later


def test_a_forecast_of_which_nothing_is_due_cannot_be_judged_yet():
    with pytest.raises(ValueError, match="no target of the forecast is due by 2025-09"):
        hindsight(said(months=5), CUBE)


def test_what_came_as_often_as_was_said_is_reliable():
    chance = np.random.default_rng(3)
    probability = chance.uniform(0.025, 0.975, 20_000)
    told = pl.DataFrame({"probability": probability, "is_met": chance.random(20_000) < probability})
    found = reliability(told)
    assert found["tenth"].to_list() == list(range(10))
    assert found["forecasts"].sum() == len(told)
    assert found["met"].to_list() == pytest.approx(found["probability"].to_list(), abs=0.04)
    certain = reliability(pl.DataFrame({"probability": [0.9, 0.9], "is_met": [True, False]}))
    assert certain.rows() == [(9, 2, pytest.approx(0.9), 0.5, pytest.approx(0.41))]
