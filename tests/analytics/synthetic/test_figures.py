"""The synthetic figures: much as the real ones, and consistent in themselves."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from tests.analytics.synthetic.filed import (
    BANDS,
    COMMISSIONER,
    FUNCTION,
    PART,
    PROVIDER,
    english,
    read_csv,
    size,
)

from clockstop.analytics.synthetic.cells import NO_AREA, Cells
from clockstop.analytics.synthetic.chance import Whole
from clockstop.analytics.synthetic.cohort import simulate
from clockstop.analytics.synthetic.rates import Rates
from clockstop.analytics.synthetic.season import Calendar
from clockstop.core.types import Month


def test_england_waits_much_as_it_does(months):
    for rows in months:
        waiting = english(rows, "Part_2")
        bands = waiting.select(pl.col(BANDS).sum()).to_numpy()[0]
        assert 0.60 < bands[:18].sum() / bands.sum() < 0.63
        assert 0.02 < bands[52:].sum() / bands.sum() < 0.03
        assert bands[65:].sum() > bands[78:].sum() > bands[104:].sum() > 0


def test_admitted_patients_waited_longer(months):
    for rows in months:
        means = [mean_wait(english(rows, part)) for part in ("Part_1A", "Part_1B")]
        assert means[0] > means[1] + 1


def test_independent_sites_are_quicker_and_narrower(months):
    rows = english(months[-1], "Part_2")
    assert mean_wait(rows.filter(pl.col(PROVIDER).str.starts_with("Z"))) < 0.85 * mean_wait(rows)
    functions = months[-1].group_by(PROVIDER).agg(pl.col(FUNCTION).n_unique())
    assert functions.filter(pl.col(PROVIDER).str.starts_with("Z"))[FUNCTION].max() <= 6


def mean_wait(rows: pl.DataFrame) -> float:
    bands = rows.select(pl.col(BANDS).sum()).to_numpy()[0]
    return float((bands * np.arange(105)).sum() / bands.sum())


def test_orthopaedics_is_the_largest_list(months):
    functions = months[-1].filter(pl.col(PART) == "Part_2", pl.col(FUNCTION) != "C_999")
    sizes = functions.group_by(FUNCTION).agg(pl.col("Total All").sum()).sort("Total All")
    assert sizes[FUNCTION][-1] == "C_110"
    assert 0.09 < sizes["Total All"][-1] / sizes["Total All"].sum() < 0.14
    assert sizes.height == 23


def test_nobody_waits_longer_than_time_has_passed(months):
    """Those beyond five weeks more than a band now were beyond that band at the census before."""
    for before, now in pairwise(months):
        key = [PROVIDER, COMMISSIONER, FUNCTION]
        then = before.filter(pl.col(PART) == "Part_2").select(*key, *BANDS)
        later = now.filter(pl.col(PART) == "Part_2").select(*key, *BANDS)
        both = later.join(then, on=key, how="left", suffix=" then").fill_null(0)
        tails = both.select(BANDS).to_numpy()[:, ::-1].cumsum(axis=1)[:, ::-1]
        tails_then = both.select([f"{b} then" for b in BANDS]).to_numpy()[:, ::-1]
        tails_then = tails_then.cumsum(axis=1)[:, ::-1]
        assert (tails[:, 5:] <= tails_then[:, :-5]).all()


def test_unreported_removals_are_an_eighth_of_all_removals(months):
    for before, now in ((months[0], months[1]), (months[2], months[3])):
        stops = size(now, "Part_1A") + size(now, "Part_1B")
        unreported = size(before, "Part_2") + size(now, "Part_3") - stops - size(now, "Part_2")
        assert 0.10 < unreported / (stops + unreported) < 0.16


def one_cell(**changes) -> Cells:
    cell = {
        "provider": 0, "commissioner": 0, "function": 0, "demand": 40.0, "growth": 0.1, "pace": 1.0,
        "admitted": 0.3, "removed": 1.0, "opens": 0, "area": NO_AREA, "extra": False,
    }  # fmt: skip
    whole = {"provider", "commissioner", "function", "opens", "area"}
    values = cell | changes
    return Cells(
        **{
            name: np.array([value], dtype=np.int64 if name in whole else np.float32)
            for name, value in values.items()
        }
        | {"extra": np.array([values["extra"]])}
    )


def lived(cell: Cells, first: Month, months: int) -> list:
    """What happens to a cell in so many months of no season and no weather."""
    even = (1.0,) * months
    calendar = Calendar([first.plus(n) for n in range(months)], even, even)
    no_areas = np.zeros(0, dtype=np.float32)
    chance = Whole(np.random.default_rng(5))
    return list(simulate(cell, Rates.first(), calendar, no_areas, chance))


@pytest.mark.parametrize(
    "changes", [{}, {"demand": 0.3}, {"pace": 0.3}, {"admitted": 0.0}, {"opens": 2}]
)
def test_every_pathway_is_accounted_for(changes):
    """Open now = open before + new periods - clock stops - removals, to the last one."""
    flows = lived(one_cell(**changes), Month(2024, 2), 8)
    for before, now in pairwise(flows):
        stops = now.admitted.sum() + now.nonadmitted.sum()
        unknown = now.admitted_unknown.sum() + now.nonadmitted_unknown.sum()
        left = before.waiting.sum() + now.new_periods.sum() - stops - unknown - now.removed.sum()
        assert now.waiting.sum() == left
        assert (now.decided <= now.waiting).all()
        assert all(counts.min() >= 0 for counts in (now.admitted, now.nonadmitted, now.decided))
    assert (flows[0].waiting.sum() == 0) == ("opens" in changes)


def test_new_periods_follow_the_days_of_the_month():
    flows = lived(one_cell(demand=1e6, growth=0.0), Month(2025, 1), 3)
    january, february, _ = (int(month.new_periods[0]) for month in flows)
    assert february / january == pytest.approx(28 / 31, rel=0.1)


def test_the_overview_is_what_the_extracts_add_up_to(folder, months):
    series = read_csv(folder / "rtt_overview_timeseries.csv")
    assert [row["month"] for row in series] == ["2024-12", "2025-01", "2025-02", "2025-03"]
    open_, admitted = (
        "Incomplete RTT pathways | ",
        "Completed admitted (unadjusted) RTT pathways | ",
    )
    for row, rows in zip(series, months, strict=True):
        bands = english(rows, "Part_2").select(pl.col(BANDS).sum()).to_numpy()[0]
        assert int(row[open_ + "Total waiting (mil)"]) == bands.sum()
        assert int(row[open_ + "No. within 18 weeks"]) == bands[:18].sum()
        assert int(row[open_ + "No. > 52 weeks"]) == bands[52:].sum()
        assert float(row[open_ + "Median wait (weeks)"]) == pytest.approx(
            slow_percentile(bands, 50)
        )
        assert float(row[open_ + "92nd percentile (weeks)"]) == pytest.approx(
            slow_percentile(bands, 92)
        )
        assert int(row[admitted + "No. of pathways (all)"]) == size(rows, "Part_1A")
        assert int(row["New RTT periods | No. of new RTT periods"]) == size(rows, "Part_3")
        assert row[open_ + "Total waiting (mil) with estimates for missing data"] == ""
    removals = "Derived unreported removals | Total unreported removals"
    assert series[0][removals] == ""
    assert int(series[1][removals]) > 0


def slow_percentile(bands: np.ndarray, percent: int) -> float:
    target, below = percent * int(bands.sum()) / 100, 0
    for week, count in enumerate(bands.tolist()):
        if below + count >= target:
            return week + (target - below) / count
        below += count
    raise AssertionError
