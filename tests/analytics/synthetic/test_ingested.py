"""A synthetic England of fourteen months in a lake: what was made is what is read."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from clockstop.analytics.lists.headline import HEADLINE_KEYS
from clockstop.analytics.lists.waits_book import WaitsBook
from clockstop.analytics.published.ingest import IngestReport, Outcome, ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.status import month_statuses
from clockstop.analytics.synthetic import make_england
from clockstop.analytics.synthetic.diagnostics import targets as england_tests
from clockstop.analytics.synthetic.england import imagine
from clockstop.analytics.synthetic.specialties import function_codes
from clockstop.core.codes import diagnostic_tests, icb, icbs_on
from clockstop.core.types import Month

LAST, MONTHS, SCALE, SEED = Month(2026, 6), 14, 0.1, 1948
PARTS = {"admitted": "Part_1A", "nonadmitted": "Part_1B", "waiting": "Part_2", "new": "Part_3"}


class Made(NamedTuple):
    folder: Path
    lake: Lake
    report: IngestReport

    def truth(self, table: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "truth" / f"{table}.parquet")

    @property
    def story(self) -> dict:
        return json.loads((self.folder / "truth" / "truth.json").read_text())["story"]

    def rtt(self, month: str, table: str) -> pl.DataFrame:
        rows = self.lake.scan(self.lake.catalogue().current("rtt")[month], table).collect()
        return rows.with_columns(pl.col(pl.Categorical).cast(pl.String))

    def dm01(self, month: str) -> pl.DataFrame:
        revision = self.lake.catalogue().current("dm01")[month]
        rows = self.lake.scan(revision, "diagnostics").collect()
        return rows.with_columns(pl.col(pl.Categorical).cast(pl.String)).filter(basis="provider")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    home = tmp_path_factory.mktemp("england")
    folder = home / "files"
    make_england(folder, seed=SEED, months=MONTHS, last_month=LAST, scale=SCALE, truth=True)
    lake = Lake(home)
    return Made(folder, lake, ingest([folder], lake))


@pytest.fixture(scope="module")
def last_flows():
    england = imagine(SEED, MONTHS, LAST, SCALE)
    *_, flows = england.months()
    return england, flows


def test_every_file_is_taken_and_only_the_truth_is_passed_over(made):
    assert made.report.committed
    passed_over = [file.file for file in made.report.files if file.outcome is Outcome.SKIPPED]
    assert sorted(Path(name).name for name in passed_over) == [
        "capacities.parquet",
        "flows.parquet",
        "growth.parquet",
        "truth.json",
    ]
    kinds = {"2A over 2", "shape", "mixed", "total", "flow", "leap"}
    assert not {p.kind for file in made.report.files for p in file.problems} & kinds


def test_providers_file_their_true_flows(made):
    flows = made.truth("flows")
    for month in ("2025-05", "2025-09", "2026-06"):
        own = flows.filter("submitted", month=month)
        for name, part in PARTS.items():
            key = ["provider", "function"]
            filed = made.rtt(month, "providers").filter(part=part)
            filed = filed.group_by(key).agg(pl.col("n").sum()).filter(pl.col("n") > 0)
            true = own.select(*key, n=name).filter(pl.col("n") > 0)
            assert filed.sort(key).equals(true.sort(key).with_columns(pl.col("n").cast(pl.Int64)))


def test_every_pathway_of_the_truth_is_accounted_for(made):
    counts = pl.col("new", "admitted", "nonadmitted", "removed", "waiting").sum()
    totals = made.truth("flows").group_by("month").agg(counts).sort("month")
    change = totals["waiting"].diff()[1:]
    left = totals["new"] - totals["admitted"] - totals["nonadmitted"] - totals["removed"]
    assert (change == left[1:]).all()


def test_bands_are_those_of_the_generator(made, last_flows):
    england, flows = last_flows
    counted = england.counted(MONTHS - 1)
    filed = made.rtt(str(LAST), "england")
    for part, counts in (
        ("Part_2", flows.waiting),
        ("Part_2A", flows.decided),
        ("Part_1A", flows.admitted),
        ("Part_1B", flows.nonadmitted),
    ):
        for at, function in enumerate(function_codes()):
            mine = counted & (england.cells.function == at)
            bands = np.zeros(105, dtype=np.int64)
            rows = filed.filter(pl.col("band").is_not_null(), part=part, function=function)
            bands[rows["band"].to_numpy()] = rows["n"].to_numpy()
            assert (bands == counts[mine].sum(axis=0)).all(), (part, function)


def test_the_published_series_agrees_in_every_month(made):
    for month in month_statuses(made.lake):
        assert month.incomplete_pathways == month.published
        assert not [note for note in month.notes if "not as in the published" in note]


def test_the_site_can_read_it(made):
    book = WaitsBook(made.lake)
    assert HEADLINE_KEYS
    assert len(book.compare("C_110")) > 20


def test_the_silent_trust_is_named_as_missing(made):
    ((silent, months),) = made.story["missing_submitters"].items()
    assert months == ["2026-05", "2026-06"]
    for status in month_statuses(made.lake):
        late = {each.provider for each in status.missing if each.succeeded_by is None}
        assert late == ({silent} if status.month in months else set())
        assert bool(status.notes) == (status.month in months)


def test_the_merged_trust_has_a_successor_and_its_patients_too(made):
    old, new, month = made.story["merger"]
    before = str(Month.parse(month).plus(-1))
    missing = {each.month: each.missing for each in month_statuses(made.lake)}
    assert (old, new) in {(each.provider, each.succeeded_by) for each in missing[month]}
    sizes = {
        at: dict(
            made.rtt(at, "providers").filter(part="Part_2").group_by("provider").agg(
                pl.col("n").sum()
            ).rows()
        )
        for at in (before, month)
    }  # fmt: skip
    assert old not in sizes[month]
    assert sizes[month][new] == pytest.approx(sizes[before][new] + sizes[before][old], rel=0.05)


def test_the_month_filed_twice_keeps_both_revisions(made):
    month, provider, function = made.story["revised"]
    entry = made.lake.catalogue().entry("rtt", month)
    first, second = entry.revisions
    assert entry.current == second
    held = [
        made.lake.scan(revision, "providers")
        .with_columns(pl.col("provider", "function").cast(pl.String))
        .filter(provider=provider, function=function)
        .collect()
        .height
        for revision in (first, second)
    ]
    assert held[0] == 0 < held[1]
    assert sum(len(e.revisions) > 1 for e in made.lake.catalogue().entries["rtt"].values()) == 1


def test_icbs_merge_on_their_day(made):
    for month in ("2026-03", "2026-04"):
        census = Month.parse(month).census
        names = made.rtt(month, "organisations")
        parents = {
            kind: set(names.filter(kind=kind).drop_nulls("parent")["parent"])
            for kind in ("provider", "commissioner")
        }
        now = {each.code for each in icbs_on(census)}
        assert parents["provider"] == parents["commissioner"] == now
    before, after = (
        dict(made.rtt(m, "organisations").filter(kind="commissioner").drop_nulls("parent")
             .select("code", "parent").rows())
        for m in ("2026-03", "2026-04")
    )  # fmt: skip
    moved = {code for code in before if before[code] != after[code]}
    assert moved
    assert all(after[code] in icb(before[code]).successors for code in moved)


def test_growth_takes_its_share_of_the_trusts_activity_and_no_more(made):
    growth = made.truth("growth")
    assert growth.select("icb", "function").n_unique() == 12
    began = set(made.story["growth_from"].values())
    assert began == {"2025-12"}
    quiet = growth.filter(pl.col("month") < min(began))
    assert quiet["extra"].sum() == quiet["displaced"].sum() == 0
    late = growth.filter(pl.col("month") >= "2026-03")
    additional, displacing = (
        late.filter(pl.col("displaced_share") == 0),
        late.filter(pl.col("displaced_share") > 0),
    )
    assert additional["extra"].sum() > 0 == additional["displaced"].sum()
    taken = (displacing["extra"] * displacing["displaced_share"]).sum()
    assert displacing["displaced"].sum() == pytest.approx(taken, rel=0.1)


def test_capacities_are_at_least_what_was_used(made):
    capacities = made.truth("capacities")
    assert (capacities["capacity"] >= capacities["used"]).all()
    sites = capacities.filter(pl.col("provider").str.starts_with("Z"))
    trusts = capacities.filter(pl.col("provider").str.starts_with("R"))
    idle = [1 - each["used"].sum() / each["capacity"].sum() for each in (trusts, sites)]
    assert 0.03 < idle[0] < idle[1] < 0.5


# Diagnostics


def test_diagnostics_come_to_those_of_england(made):
    rows = made.dm01("2025-09")
    for test, target in zip(diagnostic_tests(), england_tests() * SCALE, strict=True):
        bands = rows.filter(test=test.code)
        groups = [
            bands.filter(pl.col("band").is_between(*span))["n"].sum()
            for span in ((0, 5), (6, 12), (13, 13))
        ]
        assert groups == pytest.approx(target[:3].tolist(), rel=0.02, abs=15)


def test_the_silent_trust_sends_no_diagnostics_either(made):
    ((silent, months),) = made.story["missing_submitters"].items()
    for month in ("2026-04", "2026-05"):
        assert (silent in set(made.dm01(month)["organisation"])) == (month not in months)


def test_there_are_diagnostics_for_every_month_and_test(made):
    held = made.lake.catalogue().current("dm01")
    assert list(held) == [str(LAST.plus(n - MONTHS + 1)) for n in range(MONTHS)]
    assert all(bool(revision.facts["synthetic"]) for revision in held.values())
    assert set(made.dm01("2026-06")["test"]) == {test.code for test in diagnostic_tests()}
