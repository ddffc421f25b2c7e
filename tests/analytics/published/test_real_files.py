"""The published files themselves: taken without refusal, with the faults they are known to have."""

from collections import Counter
from pathlib import Path

import pytest
from tests.analytics.published.helpers import take

from clockstop.analytics.published.ingest import FileResult, Outcome
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.status import COUNTS, lake_status

pytestmark = pytest.mark.real_data
MONTHS = ("2025-06", "2025-07")  # Sheffield Teaching Hospitals sent no return from July on
SERIES = "rtt_overview_timeseries_to_2025-09.csv"
CENTROIDS = (
    "outcode_centroids_codepoint_open_2025_2.csv",
    "postcode_sector_centroids_codepoint_open_2025_2.csv.gz",
)


@pytest.fixture(scope="module")
def ingested(
    real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Lake, list[FileResult]]:
    lake = Lake(tmp_path_factory.mktemp("real"))
    extracts = [real_data / "rtt" / "full-extracts" / f"{month}.zip" for month in MONTHS]
    places = [real_data / "geography" / name for name in CENTROIDS]
    paths = [*extracts, real_data / "rtt" / SERIES, real_data / "organisations", *places]
    return lake, take(lake, *paths).files


def kinds(files: list[FileResult], data_set: str) -> dict[str, dict[str, int]]:
    mine = [file for file in files if file.data_set == data_set]
    return {str(file.key): dict(Counter(p.kind for p in file.problems)) for file in mine}


def test_every_official_file_is_taken(ingested: tuple[Lake, list[FileResult]]) -> None:
    _, files = ingested
    taken = Counter(file.data_set for file in files if file.outcome is Outcome.ADDED)
    assert taken == {
        "rtt": 2,
        "rtt_overview": 1,
        "trusts": 1,
        "practices": 1,
        "provider_icbs": 1,
        "successors": 1,
        "postcode_centroids": 2,
        "hospitals": 4,
        "surgical_hubs": 1,
        "diagnostic_centres": 1,
    }


def test_extracts_warn_of_what_they_are_known_to_break_and_of_nothing_else(
    ingested: tuple[Lake, list[FileResult]],
) -> None:
    found = kinds(ingested[1], "rtt")
    assert {month: set(each) for month, each in found.items()} == {
        month: {"2A over 2"} for month in MONTHS
    }
    assert all(61 <= each["2A over 2"] <= 1_600 for each in found.values())


def test_the_series_lacks_one_month_and_the_small_lists_are_whole(
    ingested: tuple[Lake, list[FileResult]],
) -> None:
    _, files = ingested
    assert kinds(files, "rtt_overview") == {"england": {"gap": 1, "flow": 1}}
    for data_set in ("trusts", "practices", "provider_icbs", "successors", "postcode_centroids"):
        assert not any(kinds(files, data_set).values()), data_set
    assert {kind for each in kinds(files, "hospitals").values() for kind in each} == {"no position"}


def test_the_practices_are_those_of_the_report_of_december_2023(
    ingested: tuple[Lake, list[FileResult]],
) -> None:
    """Counted in epraccur with nothing but a text search: ``"A",`` and setting 4."""
    revision = ingested[0].catalogue().current("practices")["ods"]
    assert (revision.rows, revision.facts["active"]) == (15_971, 6_750)


def test_every_count_equals_the_published_series(ingested: tuple[Lake, list[FileResult]]) -> None:
    lake, _ = ingested
    series = lake.scan(lake.catalogue().current("rtt_overview")["england"], "series").collect()
    for month, revision in lake.catalogue().current("rtt").items():
        (published,) = series.filter(month=month).select(COUNTS).rows(named=True)
        assert {name: revision.facts[name] for name in COUNTS} == published
    assert [status.published for status in lake_status(lake).months] == [
        revision.facts["incomplete_pathways"]
        for revision in lake.catalogue().current("rtt").values()
    ]


def test_sheffield_is_missing_in_july_and_not_zero(
    ingested: tuple[Lake, list[FileResult]],
) -> None:
    june, july = lake_status(ingested[0]).months
    assert june.missing == ()
    largest = july.missing[0]
    assert largest.provider == "RHQ"
    assert 91_000 < largest.last_size <= 91_323  # which is with commissioners outside England
    assert any("not counted as zero" in note for note in july.notes)
