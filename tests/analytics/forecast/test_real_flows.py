"""The flows of England's real months, held against what is published of them."""

import numpy as np
import polars as pl
import pytest

from clockstop.analytics.forecast.months.flows import band_flows, flows_table, unsent_returns
from clockstop.analytics.forecast.months.net_transfers import net_transfers
from clockstop.analytics.lists.statistics import list_statistics
from clockstop.analytics.published.pathways import scan_pathways
from clockstop.core.types import Sector

pytestmark = pytest.mark.real_data
REMOVALS = "unreported_removals"


@pytest.fixture(scope="module")
def flows(real_cube):
    return [band_flows(real_cube, month) for month in real_cube.months[1:]]


@pytest.fixture(scope="module")
def unknown(real_cube, flows):
    """What publication takes for other removals, of lists without both censuses, by month."""
    counted = []
    for at, step in enumerate(flows, 1):
        stopped = (real_cube.admitted[at] + real_cube.nonadmitted[at]).sum(axis=1)
        before, after = real_cube.waiting[at - 1 : at + 1].sum(axis=2)
        out = before + real_cube.new_periods[at] - stopped - after
        counted.append(out[~step.known].sum())
    return np.array(counted)


def test_the_flows_of_every_band_of_every_list_add_up(flows):
    for step in flows:
        sums = step.before + step.arrived - step.admitted - step.nonadmitted - step.other
        assert np.abs(sums - step.after).max() < 1e-9


def test_other_removals_are_those_of_the_list_statistics(real_lake, real_cube, flows, unknown):
    pathways = scan_pathways(real_lake, real_cube.months, [])
    statistics = list_statistics(pathways, measures=[REMOVALS]).collect().sort("month")
    ours = [step.other.sum() for step in flows] + unknown
    assert ours == pytest.approx(statistics[REMOVALS].to_list()[1:], abs=1e-3)


def test_other_removals_are_those_of_the_published_series(real_lake, real_cube, flows, unknown):
    (revision,) = real_lake.catalogue().current("rtt_overview").values()
    published = dict(real_lake.scan(revision, "series").select("month", REMOVALS).collect().rows())
    ours = [step.other.sum() for step in flows] + unknown
    series = [published[str(month)] for month in real_cube.months[1:]]
    assert ours == pytest.approx(series, abs=5)  # both are rounded, and revised, on their own


def test_new_periods_and_clock_stops_are_all_there(real_cube, flows):
    at = len(flows)
    table = flows_table(real_cube, real_cube.months[at], ("icb",))
    known = flows[-1].known
    assert table["arrived"].sum() == pytest.approx(real_cube.new_periods[at, known].sum())
    for name in ("admitted", "nonadmitted"):
        whole = getattr(real_cube, name)[at, known].sum()
        assert table[name].sum() == pytest.approx(whole)


def test_a_silent_trust_is_named_and_its_list_is_no_removal(real_cube, flows, unknown):
    month = next(month for month in real_cube.months if str(month) == "2025-07")
    longest = unsent_returns(real_cube, month).row(0, named=True)
    assert (longest["provider"], longest["after"]) == ("RHQ", None)
    at = real_cube.months.index(month) - 1
    usual = np.median([step.other.sum() for step in flows])
    assert flows[at].other.sum() == pytest.approx(usual, rel=0.2)
    assert unknown[at] > 0.9 * longest["before"]


def test_lasting_transfers_in_are_a_small_part_of_what_else_leaves(real_cube):
    found = net_transfers(real_cube)
    england = found.england.row(0, named=True)
    assert 0 < england["transfers_in"] < 0.25 * england["other"]
    assert (found.lists["transfers_in"] > 3 * found.lists["standard_error"]).all()


def test_the_independent_sector_takes_in_far_more_than_its_part_of_the_list(real_cube):
    found = net_transfers(real_cube).lists
    theirs = found.filter(pl.col("sector") == str(Sector.INDEPENDENT))
    size = real_cube.waiting[-1].sum(axis=1)
    part = size[real_cube.cells.sector == str(Sector.INDEPENDENT)].sum() / size.sum()
    assert theirs["transfers_in"].sum() > 3 * part * found["transfers_in"].sum()
