"""The waits ahead of everybody on a lake's lists: made, kept, swept, read and refused."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.analytics.forecast.made_cubes import cube, replaced, steady, unsent
from tests.analytics.forecast.waits_ahead import table_of

from clockstop.analytics.forecast.engine.calendar import weeks_after
from clockstop.analytics.forecast.estimation.calibration import calibrate
from clockstop.analytics.forecast.estimation.history import History
from clockstop.analytics.forecast.estimation.settings import Settings
from clockstop.analytics.forecast.expected import table as module
from clockstop.analytics.forecast.expected.admission import admitted_share
from clockstop.analytics.forecast.expected.following import followed
from clockstop.analytics.forecast.expected.table import borrowed, expected_table, made
from clockstop.analytics.forecast.expected.waits import (
    KINDS,
    ExpectedWaits,
    Facts,
    expected_file,
    keep,
)
from clockstop.analytics.forecast.forecast import TooShortError
from clockstop.analytics.published.lake import Lake
from clockstop.core.rtt.week_bands import BANDS
from clockstop.core.types import Month

MADE = cube(count=6, size=20_000)
FACTS = Facts(Month(2025, 9), 157, (), (0, 18, 65), (65,))


@pytest.fixture(scope="module")
def table():
    return made(MADE)


def reading(tmp_path, facts=FACTS, **changed):
    file = tmp_path / "table.parquet"
    keep(file, table_of(**changed), facts)
    return ExpectedWaits(file)


def test_a_row_is_what_the_engine_gives(table):
    history, settings = History(MADE), Settings()
    weeks = weeks_after(MADE.months[-1], 36)
    model = calibrate(history, settings)
    ((_, fates),) = followed(model, weeks, admitted_share(history, settings))
    row = table[0].filter(provider="P01", function="C_101", waited=30).row(0, named=True)
    assert row["waiting"] == MADE.waiting[-1, 3].sum()
    assert row["admitted_stops"] == MADE.admitted[-12:, 3].sum()
    assert row["admitted_p80"] == pytest.approx(fates.admitted_within(0.8)[3, 30], abs=0.051)
    assert row["all_p50"] == pytest.approx(fates.treated_within(0.5)[3, 30], abs=0.051)
    ends = fates.ends_without_treatment[3, 30]
    assert row["ends_without_treatment"] == pytest.approx(ends, abs=0.00051)


def test_every_list_has_every_band_and_its_parts_are_in_order(table):
    rows, facts = table
    assert rows.height == 6 * BANDS
    assert rows.select(pl.struct("provider", "function", "waited").n_unique()).item() == 6 * BANDS
    for kind in KINDS:
        assert rows.filter(pl.col(f"{kind}_p50") > pl.col(f"{kind}_p80")).is_empty()
        assert rows.filter(pl.col(f"{kind}_p80") > pl.col(f"{kind}_p92")).is_empty()
    assert facts.origin == MADE.months[-1]
    assert [each.months for each in facts.accuracy] == [1, 3, 6]


def test_a_list_without_anybody_has_no_row():
    arrays = {name: getattr(MADE, name).copy() for name in ("waiting", "admitted", "nonadmitted")}
    for values in arrays.values():
        values[:, 2] = 0
    rows, _ = made(replaced(MADE, **arrays))
    assert rows.height == 5 * BANDS
    assert rows.filter(provider="P01", function="C_100").is_empty()


def test_a_list_not_sent_is_taken_as_it_was_last():
    rows, _ = made(unsent(MADE, -1, "P00"))
    waiting = rows.filter(provider="P00", function="C_100", waited=0)["waiting"].item()
    assert waiting == MADE.waiting[-2, 0].sum()


def test_more_is_borrowed_by_a_smaller_list():
    lists = [0, 5, 50, 500, 50_000, 0]
    few = steady(lists)
    found = borrowed(History(replaced(few, new_periods=few.waiting[:, :, 3])), Settings())
    assert found[0] == found[5] == 1
    assert (np.diff(found[:5]) < 0).all()
    assert (found >= 0).all()


def test_too_short_a_past():
    with pytest.raises(TooShortError, match="5 consecutive months; there are 4"):
        made(cube(months=4))


def test_progress_ends_with_all(monkeypatch):
    seen = []
    made(MADE, lambda done, of: seen.append((done, of)))
    assert seen[-1] == (6, 6)


def test_made_once_for_as_long_as_the_lake_stands(monkeypatch, tmp_path):
    read = []
    monkeypatch.setattr(module, "read_cube", lambda lake: read.append(lake) or MADE)
    lake = Lake(tmp_path)
    first = expected_table(lake)
    assert expected_table(lake) == first == expected_file(lake)
    assert len(read) == 1
    assert ExpectedWaits(first).facts.origin == MADE.months[-1]


def test_that_of_another_state_of_the_lake_is_swept(tmp_path):
    other, file = (tmp_path / "expected" / f"{name}.parquet" for name in ("old", "new"))
    for each in (other, file):
        keep(each, pl.DataFrame({"provider": ["R01"]}), FACTS)
    assert [each.name for each in file.parent.iterdir()] == ["new.parquet"]


def test_facts_come_back_as_they_were_kept(table, tmp_path):
    file = tmp_path / "table.parquet"
    keep(file, *table)
    assert ExpectedWaits(file).facts == table[1]


def test_the_wait_ahead(tmp_path):
    found = reading(tmp_path).expected("R01", "C_110", 20)
    assert set(found.within) == set(KINDS)
    assert found.within["admitted"].p92 == pytest.approx(20.2)
    assert found.range_weeks is None
    assert (found.waited, found.waiting, found.reasons) == (20, 100, {})
    assert found.ends_without_treatment == pytest.approx(0.1)
    assert json.dumps(found.borrowed) == "0.25"


def test_nobody_waits_there(tmp_path):
    assert reading(tmp_path).expected("R01", "C_100") is None
    assert reading(tmp_path).expected("R02", "C_110") is None


def test_under_20_waiting_there_is_a_range_alone(tmp_path):
    found = reading(tmp_path, waiting=19).expected("R01", "C_110")
    assert found.within == {}
    assert set(found.reasons.values()) == {"Fewer than 20 people wait here."}
    assert found.range_weeks == (0, 21)
    assert found.ends_without_treatment is None
    assert reading(tmp_path, waiting=20).expected("R01", "C_110").range_weeks is None
    later = reading(tmp_path, waiting=1, all_p92=None).expected("R01", "C_110")
    assert later.range_weeks == (0, None)


def test_few_of_a_kind(tmp_path):
    found = reading(tmp_path, admitted_stops=19).expected("R01", "C_110")
    assert set(found.within) == {"all", "nonadmitted"}
    assert found.reasons == {"admitted": "Fewer than 20 people in 12 months were admitted here."}
    none = reading(tmp_path, admitted_stops=0, nonadmitted_stops=0).expected("R01", "C_110")
    assert set(none.reasons) == set(KINDS)


@pytest.mark.parametrize(("waited", "is_refused"), [(64, False), (65, True), (300, True)])
def test_where_past_estimates_were_too_far_out(tmp_path, waited, is_refused):
    found = reading(tmp_path).expected("R01", "C_110", waited)
    assert bool(found.reasons) == is_refused == (found.ends_without_treatment is None)
    assert not is_refused or found.range_weeks is None


def test_a_wait_of_more_weeks_than_there_are_bands(tmp_path):
    sure = replace(FACTS, unsure=())
    assert reading(tmp_path, sure).expected("R01", "C_110", 300).waited == 300


def test_no_wait_is_below_nothing(tmp_path):
    with pytest.raises(ValueError, match="-1 weeks; expected 0 or more"):
        reading(tmp_path).expected("R01", "C_110", -1)
