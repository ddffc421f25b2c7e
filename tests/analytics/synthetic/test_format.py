"""The synthetic returns are filed as the real ones are."""

import csv
import gzip
import zipfile

import polars as pl
import pytest
from tests.analytics.synthetic.filed import (
    BANDS,
    COMMISSIONER,
    DESCRIPTIONS,
    FUNCTION,
    KEY,
    PART,
    PROVIDER,
    TOTALS,
    extract,
    trust_rows,
)

from clockstop.analytics.synthetic.referrals import other_commissioners


def test_files_are_named_and_packed_as_the_official_ones(folder):
    with zipfile.ZipFile(folder / "Full-CSV-data-file-Mar25.zip") as archive:
        (entry,) = archive.infolist()
        content = archive.read(entry)
    assert entry.filename == "20250331-RTT-March-2025-full-extract.csv"
    assert entry.date_time == (2025, 3, 31, 0, 0, 0)
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert lines[0].count(b",") == 120
    assert lines[1].startswith(b"RTT-March-2025,Q")


def test_the_parts_are_described_as_officially(everything):
    pairs = everything.select(PART, "RTT Part Description").unique().rows()
    assert dict(pairs) == DESCRIPTIONS
    assert len(pairs) == 5


def test_the_periods(months):
    periods = [set(rows["Period"]) for rows in months]
    assert periods == [
        {"RTT-December-2024"},
        {"RTT-January-2025"},
        {"RTT-February-2025"},
        {"RTT-March-2025"},
    ]


def test_keys_are_unique(months):
    for rows in months:
        assert not rows.select(KEY).is_duplicated().any()


def test_bands_sum_to_the_totals_and_blanks_stand_where_they_do_officially(everything):
    banded = pl.sum_horizontal(BANDS)
    completed = everything.filter(pl.col(PART).is_in(["Part_1A", "Part_1B"]))
    unknown = completed[TOTALS[1]]
    assert (completed["Total"] == completed.select(banded).to_series()).all()
    assert (completed["Total All"] == completed["Total"] + unknown).all()
    assert 0 < unknown.sum() < 0.01 * completed["Total All"].sum()
    waiting = everything.filter(pl.col(PART).is_in(["Part_2", "Part_2A"]))
    assert (waiting["Total All"] == waiting.select(banded).to_series()).all()
    assert waiting.select(TOTALS[:2]).null_count().row(0) == (waiting.height, waiting.height)
    new = everything.filter(pl.col(PART) == "Part_3")
    assert new.select(pl.all_horizontal(pl.col(BANDS + TOTALS[:2]).is_null()).all()).item()
    assert (everything["Total All"] > 0).all()


def test_zero_bands_are_filed_in_both_ways(everything):
    banded = everything.filter(pl.col(PART) != "Part_3")
    trusts = banded.filter(pl.col(PROVIDER).str.starts_with("R")).select(BANDS)
    sites = banded.filter(pl.col(PROVIDER).str.starts_with("Z")).select(BANDS)
    assert trusts.null_count().sum_horizontal().item() == 0
    assert sites.null_count().sum_horizontal().item() > 0
    assert not sites.select(pl.any_horizontal(pl.col(BANDS) == 0).any()).item()


def test_c_999_is_the_sum_of_the_functions(months):
    for rows in months:
        is_total = pl.col(FUNCTION) == "C_999"
        group = ["Period", PROVIDER, COMMISSIONER, PART]
        summed = (
            rows.filter(~is_total).group_by(group).agg(pl.col(BANDS + TOTALS).sum()).sort(group)
        )
        filed = rows.filter(is_total).select(summed.columns).fill_null(0).sort(group)
        assert filed.equals(summed)


def test_decisions_to_admit_are_among_those_waiting(everything):
    key = ["Period", PROVIDER, COMMISSIONER, FUNCTION]
    waiting = everything.filter(pl.col(PART) == "Part_2").select(*key, *BANDS).fill_null(0)
    decided = everything.filter(pl.col(PART) == "Part_2A").select(*key, *BANDS).fill_null(0)
    both = decided.join(waiting, on=key, how="left", suffix=" all")
    assert both.height == decided.height > 0
    assert both.select(
        pl.all_horizontal(pl.col(b) <= pl.col(f"{b} all") for b in BANDS).all()
    ).item()


def test_nonc_has_no_name_or_parent_and_most_of_the_very_long_waits(everything):
    nonc = everything.filter(pl.col(COMMISSIONER) == "NONC")
    nameless = ["Commissioner Parent Org Code", "Commissioner Parent Name", "Commissioner Org Name"]
    assert nonc.select(pl.all_horizontal(pl.col(nameless).is_null()).all()).item()
    part = (pl.col(PART) == "Part_2") & (pl.col(FUNCTION) == "C_999")
    assert nonc.filter(part)["Total All"].sum() < 0.02 * everything.filter(part)["Total All"].sum()
    share = nonc.filter(part)[BANDS[-1]].sum() / everything.filter(part)[BANDS[-1]].sum()
    assert 0.2 < share < 1


def test_hubs_have_a_name_but_no_parent(everything):
    hub = everything.filter(pl.col(COMMISSIONER) == "13Q")
    assert set(hub["Commissioner Org Name"]) == {"NATIONAL COMMISSIONING HUB 1"}
    assert hub["Commissioner Parent Org Code"].is_null().all()
    others = everything.filter(
        ~pl.col(COMMISSIONER).is_in([each.code for each in other_commissioners()])
    )
    assert others["Commissioner Parent Org Code"].null_count() == 0


@pytest.mark.real_data
def test_the_header_is_the_official_one(real_data, folder):
    def header(path):
        with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
            return file.readline()

    ours = header(folder / "Full-CSV-data-file-Mar25.zip")
    assert ours == header(real_data / "rtt" / "full-extracts" / "2025-03.zip")


@pytest.mark.real_data
def test_the_other_files_have_the_layouts_of_the_real_ones(real_data, folder):
    organisations = real_data / "organisations"
    for ours, real in {
        "provider_to_icb.csv": organisations / "dim_provider.csv",
        "points_nhs_trusts.csv": organisations / "points_nhs_trusts22.csv",
        "rtt_overview_timeseries.csv": real_data / "rtt" / "rtt_overview_timeseries_to_2025-09.csv",
    }.items():
        assert (folder / ours).read_text().splitlines()[0] == real.read_text().splitlines()[0]
    with gzip.open(organisations / "Hospital_2018.csv.gz", "rt", encoding="cp1252") as real:
        directory = (folder / "Hospital.csv").read_text(encoding="cp1252")
        assert directory.splitlines()[0] == real.readline().rstrip("\n")
    with (organisations / "etr.csv").open(encoding="utf-8", newline="") as real:
        assert {len(row) for row in trust_rows(folder)} == {len(next(csv.reader(real)))} == {27}


@pytest.mark.real_data
def test_the_names_beside_real_codes_are_the_real_ones(real_data, everything):
    real = extract(real_data / "rtt" / "full-extracts" / "2025-03.zip")
    for code, name in (
        ("Provider Parent Org Code", "Provider Parent Name"),
        (FUNCTION, "Treatment Function Name"),
        (PART, "RTT Part Description"),
    ):
        ours, filed = (dict(rows.select(code, name).unique().rows()) for rows in (everything, real))
        assert ours == filed
    hub = real.filter(pl.col(COMMISSIONER) == "13Q")["Commissioner Org Name"]
    assert set(hub) == {"NATIONAL COMMISSIONING HUB 1"}
