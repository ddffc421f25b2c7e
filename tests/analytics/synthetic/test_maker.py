"""Making the synthetic England: seeds, sizes, progress, and taking it into a lake."""

import polars as pl
import pytest
from tests.analytics.synthetic.filed import LAST, NAME, PROVIDER, extract, size

from clockstop.analytics.published.ingest import Outcome, ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic import make_england
from clockstop.analytics.synthetic.england import imagine


def test_ingest_takes_every_file(tmp_path, folder):
    report = ingest([folder], Lake(tmp_path / "lake"))
    assert not report.refused
    assert {(file.data_set, file.outcome) for file in report.files} == {
        (name, Outcome.ADDED)
        for name in (
            "rtt",
            "rtt_overview",
            "trusts",
            "practices",
            "provider_icbs",
            "hospitals",
            "provider_sectors",
            "provider_ratings",
            "postcode_centroids",
            "dm01",
        )
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first, second = (
        make_england(tmp_path / name, months=12, last_month=LAST, scale=0.02, truth=True)
        for name in "ab"
    )
    assert [path.name for path in first] == [path.name for path in second]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_another_seed_gives_another_england(tmp_path, folder):
    make_england(tmp_path, seed=7, months=1, last_month=LAST, scale=0.05)
    ours, other = (
        extract(path / "Full-CSV-data-file-Mar25.zip")[NAME].unique() for path in (folder, tmp_path)
    )
    assert len(set(ours) & set(other)) < 20


def test_scale_multiplies_the_pathways(tmp_path, months):
    make_england(tmp_path, months=1, last_month=LAST, scale=0.5)
    double = extract(tmp_path / "Full-CSV-data-file-Mar25.zip")
    silent = set(double[PROVIDER]) - set(months[-1][PROVIDER])
    shared = double.filter(~pl.col(PROVIDER).is_in(silent))
    assert size(shared, "Part_2") == pytest.approx(2 * size(months[-1], "Part_2"), rel=0.1)


def test_progress_counts_the_months(tmp_path):
    seen = []
    made = make_england(
        tmp_path, months=2, last_month=LAST, scale=0.02, progress=lambda *step: seen.append(step)
    )
    assert seen == [(1, 2), (2, 2)]
    assert [path.name for path in made[:4]] == [
        "Full-CSV-data-file-Feb25.zip",
        "Monthly-Diagnostics-Full-Extract-February-2025.csv",
        "Full-CSV-data-file-Mar25.zip",
        "Monthly-Diagnostics-Full-Extract-March-2025.csv",
    ]
    assert all(path.exists() for path in made)


@pytest.mark.parametrize("wrong", [{"months": 0}, {"scale": 0.0}, {"scale": -1.0}])
def test_a_senseless_size_is_refused_before_anything_is_written(tmp_path, wrong):
    with pytest.raises(ValueError, match="months must be 1 or more"):
        make_england(tmp_path / "none", last_month=LAST, **wrong)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("seed", range(5))
def test_any_seed_places_everyone(seed):
    england = imagine(seed, 18, LAST, 0.1)
    providers, commissioners = england.providers, england.commissioners
    assert len(providers) == 150
    assert len({one.code for one in [*providers, *commissioners]}) == 150 + len(commissioners)
    assert len({one.name for one in [*providers, *commissioners]}) == 150 + len(commissioners)
    assert all(one.functions and one.demand > 0 for one in providers)
    assert [
        sum(one.last_return is not None for one in providers),
        sum(one.opens > 0 for one in providers),
    ] == [1, 1]
