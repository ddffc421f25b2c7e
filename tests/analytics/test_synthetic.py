"""The synthetic England: filed as the real one is, consistent in itself, plainly fictional."""

import csv
import gzip
import re
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from clockstop.analytics.published.ingest import Outcome, ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic import make_england
from clockstop.analytics.synthetic.atlas import areas, miles_on_grid
from clockstop.analytics.synthetic.cohort import Cells, simulate
from clockstop.analytics.synthetic.providers import make_providers
from clockstop.core.codes import icbs
from clockstop.core.geography.districts import districts
from clockstop.core.geography.postcodes import Postcode, parse_place
from clockstop.core.types import Month, Sector

LAST = Month(2025, 3)
MONTHS = 4
BANDS = [f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(104)] + [
    "Gt 104 Weeks SUM 1"
]
TOTALS = ["Total", "Patients with unknown clock start date", "Total All"]
PROVIDER, NAME, COMMISSIONER = "Provider Org Code", "Provider Org Name", "Commissioner Org Code"
PART, FUNCTION = "RTT Part Type", "Treatment Function Code"
KEY = [PROVIDER, COMMISSIONER, PART, FUNCTION]
DESCRIPTIONS = {
    "Part_1A": "Completed Pathways For Admitted Patients",
    "Part_1B": "Completed Pathways For Non-Admitted Patients",
    "Part_2": "Incomplete Pathways",
    "Part_2A": "Incomplete Pathways with DTA",
    "Part_3": "New RTT Periods - All Patients",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("england")
    make_england(made, months=MONTHS, last_month=LAST, scale=0.25)
    return made


@pytest.fixture(scope="module")
def months(folder) -> list[pl.DataFrame]:
    """Each month's rows as filed, counts as numbers, blanks null; oldest first."""
    names = ["Dec24", "Jan25", "Feb25", "Mar25"]
    return [extract(folder / f"Full-CSV-data-file-{name}.zip") for name in names]


@pytest.fixture(scope="module")
def everything(months) -> pl.DataFrame:
    return pl.concat(months)


def extract(path: Path) -> pl.DataFrame:
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        table = pl.read_csv(archive.read(name), infer_schema=False)
    return table.with_columns(pl.col(BANDS + TOTALS).cast(pl.Int64))


def english(rows: pl.DataFrame, part: str) -> pl.DataFrame:
    """One part of England's own pathways, from the total rows."""
    return rows.filter(
        pl.col(PART) == part, pl.col(FUNCTION) == "C_999", pl.col(COMMISSIONER) != "NONC"
    )


def size(rows: pl.DataFrame, part: str) -> int:
    return english(rows, part)["Total All"].sum()


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trust_rows(folder: Path) -> list[list[str]]:
    with (folder / "etr.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


# The format


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


def test_the_hub_has_a_name_but_no_parent(everything):
    hub = everything.filter(pl.col(COMMISSIONER) == "13Q")
    assert set(hub["Commissioner Org Name"]) == {"NATIONAL COMMISSIONING HUB 1"}
    assert hub["Commissioner Parent Org Code"].is_null().all()
    others = everything.filter(~pl.col(COMMISSIONER).is_in(["13Q", "NONC"]))
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


# The organisations


def test_every_provider_is_marked_as_fictional_everywhere(folder, everything):
    names = [
        *everything[NAME].unique(),
        *(row[1] for row in trust_rows(folder)),
        *(row["Provider Name"] for row in read_csv(folder / "provider_to_icb.csv")),
        *(row["nhs_trust22_name"] for row in read_csv(folder / "points_nhs_trusts.csv")),
        *(line.split("¬")[7] for line in directory_lines(folder)),
    ]
    assert len(names) > 4 * 60
    assert {name[-12:] for name in names} == {" (fictional)"}


def directory_lines(folder: Path) -> list[str]:
    return (folder / "Hospital.csv").read_text(encoding="cp1252").splitlines()[1:]


def test_commissioners_are_marked_too(everything):
    own = everything.filter(pl.col("Commissioner Parent Org Code").is_not_null())
    assert own["Commissioner Org Name"].str.ends_with("(SUB ICB LOCATION) (fictional)").all()
    assert (
        own.select(COMMISSIONER, "Commissioner Org Name").unique()[COMMISSIONER].is_unique().all()
    )


def test_every_icb_has_a_trust_and_at_least_one_other_provider(everything):
    held = everything.select("Provider Parent Org Code", PROVIDER).unique()
    trusts = held.filter(pl.col(PROVIDER).str.starts_with("R"))
    sites = held.filter(pl.col(PROVIDER).str.starts_with("Z"))
    all_icbs = {icb.code for icb in icbs()}
    assert set(trusts["Provider Parent Org Code"]) == all_icbs
    assert set(sites["Provider Parent Org Code"]) == all_icbs
    assert (trusts.height, sites.height) == (60, 90)
    assert everything.select(PROVIDER, NAME).unique()[NAME].is_unique().all()


def test_codes_have_the_right_form(everything):
    assert all(
        re.fullmatch(r"R[A-Z][0-9A-Z]|Z[0-9A-Z]{4}", c) for c in everything[PROVIDER].unique()
    )
    assert not set(everything[PROVIDER]) & set(everything[COMMISSIONER])


@pytest.mark.real_data
def test_codes_and_names_do_not_clash_with_real_ones(real_data, everything):
    organisations = real_data / "organisations"
    real = (organisations / "etr.csv").read_text() + (
        organisations / "dim_provider.csv"
    ).read_text()
    real += (real_data / "rtt" / "rtt_providers.csv").read_text()
    real += (organisations / "points_nhs_trusts22.csv").read_text()
    for year in ("2014", "2018"):
        with gzip.open(organisations / f"Hospital_{year}.csv.gz", "rt", encoding="cp1252") as file:
            real += file.read().replace("¬", ",")
    commissioners = extract(real_data / "rtt" / "full-extracts" / "2025-03.zip")[
        COMMISSIONER
    ].unique()
    codes = set(re.findall(r"[A-Z0-9]{3,5}(?=[\",]|$)", real, re.MULTILINE)) | set(commissioners)
    ours = set(everything[PROVIDER]) | set(everything[COMMISSIONER]) - {"NONC", "13Q"}
    assert not ours & codes
    first_words = {name.split()[0].upper() for name in everything[NAME].unique()}
    assert not first_words & set(re.findall(r"[A-Z]+", real.upper()))


def test_providers_stand_in_england_in_the_district_of_their_postcode(folder):
    points = {
        row["nhs_trust22_code"]: (float(row["latitude"]), float(row["longitude"]))
        for row in read_csv(folder / "points_nhs_trusts.csv")
    }
    postcodes = {row[0]: row[9] for row in trust_rows(folder)}
    for line in directory_lines(folder):
        cells = line.split("¬")
        postcodes[cells[1]], points[cells[1]] = cells[13], (float(cells[14]), float(cells[15]))
    assert len(points) == len(postcodes) == 150
    for code, (latitude, longitude) in points.items():
        place = parse_place(postcodes[code])
        assert isinstance(place, Postcode)
        district = districts()[place.district]
        assert district.country == "E"
        assert abs(latitude - district.point.latitude) < 0.005
        assert abs(longitude - district.point.longitude) < 0.008


def test_the_trust_list_names_region_and_icb(folder):
    region = {icb.code: icb.region.code for icb in icbs()}
    for row in trust_rows(folder):
        assert region[row[3]] == row[2]


def test_sectors_are_given_for_every_provider(folder, everything):
    rows = read_csv(folder / "provider_sectors.csv")
    sectors = {row["provider"]: Sector(row["sector"]) for row in rows}
    assert sectors.keys() == set(everything[PROVIDER])
    assert {s for code, s in sectors.items() if code.startswith("R")} == {Sector.NHS_TRUST}
    assert {s for code, s in sectors.items() if code.startswith("Z")} == {
        Sector.INDEPENDENT,
        Sector.COMMUNITY,
    }
    assert all(row["source"] and row["reason"] for row in rows)
    assert all(row["operator"].endswith("(fictional)") for row in rows if row["operator"])


@pytest.mark.real_data
def test_towns_and_placements_lie_in_their_real_icb(real_data):
    geography = real_data / "geography"
    icb = lookup(geography / "lookup_lsoa21_icb24.csv.gz", "lsoa21_code", "icb24_code_nhs")
    newer = lookup(geography / "lookup_lsoa11_lsoa21.csv.gz", "lsoa11_code", "lsoa21_code")
    with gzip.open(geography / "lsoa11_postcode_mean_centroids.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if newer.get(row["lsoa11cd"]) in icb]
    grid = np.array([(float(row["easting"]), float(row["northing"])) for row in rows])
    truth = np.array([icb[newer[row["lsoa11cd"]]] for row in rows])

    def is_right(area, place):
        return truth[np.hypot(*(grid - (place.easting, place.northing)).T).argmin()] == area.icb

    assert all(is_right(area, town) for area in areas() for town in area.towns)
    inside = [is_right(area, place) for area in areas() for place in area.inside]
    assert sum(inside) > 0.95 * len(inside)


def lookup(path: Path, key: str, value: str) -> dict[str, str]:
    with gzip.open(path, "rt") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}


def test_the_atlas_is_whole():
    assert {area.icb for area in areas()} == {icb.code for icb in icbs()}
    assert sum(area.share for area in areas()) == pytest.approx(1)
    for area in areas():
        assert len(area.inside) >= 5
        assert all(
            min(miles_on_grid(place, town) for town in area.towns) <= 5 for place in area.inside
        )


# The stories


def test_a_trust_stops_submitting_for_the_last_two_months(months):
    before, *_, last = months
    gone = set(before[PROVIDER]) - set(last[PROVIDER])
    (silent,) = gone
    assert silent.startswith("R")
    present = [silent in set(rows[PROVIDER]) for rows in months]
    assert present == [True, True, False, False]
    assert size(before.filter(pl.col(PROVIDER) == silent), "Part_2") > 1000
    its_icb = before.filter(pl.col(PROVIDER) == silent)["Provider Parent Org Code"][0]
    assert its_icb in set(
        last.filter(pl.col(PROVIDER).str.starts_with("R"))["Provider Parent Org Code"]
    )


def test_a_site_opens_half_way_and_grows(months):
    (late,) = set(months[-1][PROVIDER]) - set(months[0][PROVIDER])
    assert late.startswith("Z")
    assert [late in set(rows[PROVIDER]) for rows in months] == [False, False, True, True]
    sizes = [size(rows.filter(pl.col(PROVIDER) == late), "Part_2") for rows in months[2:]]
    assert 0 < sizes[0] < sizes[1]


def test_a_site_is_too_small_for_percentiles(tmp_path):
    make_england(tmp_path, months=1, last_month=LAST)
    rows = english(extract(tmp_path / "Full-CSV-data-file-Mar25.zip"), "Part_2")
    sizes = rows.group_by(PROVIDER).agg(pl.col("Total All").sum())["Total All"]
    assert 0 < sizes.min() < 20
    assert sizes.sort()[1] > 20


# The figures


def test_england_waits_much_as_it_does(months):
    for rows in months:
        waiting = english(rows, "Part_2")
        bands = waiting.select(pl.col(BANDS).sum()).to_numpy()[0]
        assert 0.57 < bands[:18].sum() / bands.sum() < 0.64
        assert 0.02 < bands[52:].sum() / bands.sum() < 0.035
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
        "admitted": 0.3, "removed": 0.13, "opens": 0,
    }  # fmt: skip
    whole = {"provider", "commissioner", "function", "opens"}
    values = cell | changes
    return Cells(
        **{
            name: np.array([value], dtype=np.int64 if name in whole else np.float32)
            for name, value in values.items()
        }
    )


@pytest.mark.parametrize(
    "changes", [{}, {"demand": 0.3}, {"pace": 0.3}, {"admitted": 0.0}, {"opens": 2}]
)
def test_every_pathway_is_accounted_for(changes):
    """Open now = open before + new periods - clock stops - removals, to the last one."""
    calendar = [Month(2024, 2).plus(n) for n in range(8)]
    flows = list(simulate(one_cell(**changes), calendar, np.random.default_rng(5)))
    for before, now in pairwise(flows):
        stops = now.admitted.sum() + now.nonadmitted.sum()
        unknown = now.admitted_unknown.sum() + now.nonadmitted_unknown.sum()
        left = before.waiting.sum() + now.new_periods.sum() - stops - unknown - now.removed.sum()
        assert now.waiting.sum() == left
        assert (now.decided <= now.waiting).all()
        assert all(counts.min() >= 0 for counts in (now.admitted, now.nonadmitted, now.decided))
    assert (flows[0].waiting.sum() == 0) == ("opens" in changes)


def test_new_periods_follow_the_days_of_the_month():
    calendar = [Month(2025, 1).plus(n) for n in range(3)]
    flows = list(simulate(one_cell(demand=1e6, growth=0.0), calendar, np.random.default_rng(5)))
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


def test_ingest_takes_every_file(tmp_path, folder):
    report = ingest([folder], Lake(tmp_path / "lake"))
    assert not report.refused
    assert {(file.data_set, file.outcome) for file in report.files} == {
        (name, Outcome.ADDED)
        for name in (
            "rtt",
            "rtt_overview",
            "trusts",
            "provider_icbs",
            "hospitals",
            "provider_sectors",
        )
    }


# The maker


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first, second = (
        make_england(tmp_path / name, months=2, last_month=LAST, scale=0.05) for name in "ab"
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
    assert [path.name for path in made[:2]] == [
        "Full-CSV-data-file-Feb25.zip",
        "Full-CSV-data-file-Mar25.zip",
    ]
    assert all(path.exists() for path in made)


@pytest.mark.parametrize("wrong", [{"months": 0}, {"scale": 0.0}, {"scale": -1.0}])
def test_a_senseless_size_is_refused_before_anything_is_written(tmp_path, wrong):
    with pytest.raises(ValueError, match="months must be 1 or more"):
        make_england(tmp_path / "none", last_month=LAST, **wrong)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("seed", range(5))
def test_any_seed_places_everyone(seed):
    providers, commissioners = make_providers(np.random.default_rng(seed), 18)
    assert len(providers) == 150
    assert len({one.code for one in [*providers, *commissioners]}) == 150 + len(commissioners)
    assert len({one.name for one in [*providers, *commissioners]}) == 150 + len(commissioners)
    assert all(one.functions and one.demand > 0 for one in providers)
    assert [
        sum(one.last_return is not None for one in providers),
        sum(one.opens > 0 for one in providers),
    ] == [1, 1]
