"""The synthetic organisations: plainly fictional, in real places, without clashes."""

import csv
import gzip
import re
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.analytics.synthetic.filed import (
    COMMISSIONER,
    LAST,
    NAME,
    PROVIDER,
    directory_lines,
    extract,
    practice_rows,
    read_csv,
    trust_rows,
)

from clockstop.analytics.published.datasets.practices import PRACTICES
from clockstop.analytics.synthetic.atlas import areas, miles_on_grid
from clockstop.analytics.synthetic.practices import make_practices
from clockstop.analytics.synthetic.referrals import other_commissioners
from clockstop.analytics.synthetic.sizes import FULL
from clockstop.core.codes import icbs, icbs_on
from clockstop.core.geography.districts import districts
from clockstop.core.geography.postcodes import Postcode, parse_place
from clockstop.core.types import Sector


def test_every_provider_is_marked_as_fictional_everywhere(folder, everything):
    names = [
        *everything[NAME].unique(),
        *(row[1] for row in trust_rows(folder)),
        *(row[1] for row in practice_rows(folder)),
        *(row["Provider Name"] for row in read_csv(folder / "provider_to_icb.csv")),
        *(row["nhs_trust22_name"] for row in read_csv(folder / "points_nhs_trusts.csv")),
        *(line.split("¬")[7] for line in directory_lines(folder)),
    ]
    assert len(names) > 4 * 60
    assert {name[-12:] for name in names} == {" (fictional)"}


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
    all_icbs = {icb.code for icb in icbs_on(LAST.census)}
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
    ours = set(everything[PROVIDER]) | set(everything[COMMISSIONER]) - {
        each.code for each in other_commissioners()
    }
    assert not ours & codes
    first_words = {name.split()[0].upper() for name in everything[NAME].unique()}
    assert not first_words & set(re.findall(r"[A-Z]+", real.upper()))


def test_practices_have_codes_that_none_can_have_and_names_of_their_own(folder):
    codes, names = ([row[at] for row in practice_rows(folder)] for at in (0, 1))
    assert len(codes) == len(set(codes)) == len(set(names)) == 630
    assert all(re.fullmatch(r"ZP\d{4}", code) for code in codes)
    assert len({name.split()[-3] for name in names}) > 3


def test_a_full_england_has_as_many_practices_as_england():
    england = make_practices(np.random.default_rng(1), FULL.practices)
    assert len(england) == len({one.name for one in england}) == 6_348
    assert all(len(one.code) == 6 for one in england)


def test_practices_are_shared_out_by_size_over_every_icb_and_lie_in_it(folder):
    rows = practice_rows(folder)
    per_icb = Counter(row[3] for row in rows)
    assert per_icb.keys() == {icb.code for icb in icbs_on(LAST.census)}
    share = {area.icb: area.share for area in areas()}
    for icb, count in per_icb.items():
        assert count == pytest.approx(630 * share[icb], abs=1.5)
    inside = {area.icb: {place.district for place in area.inside} for area in areas()}
    assert all(row[9].split()[0] in inside[row[3]] for row in rows)


def test_practices_are_listed_as_the_ods_lists_them(folder):
    content = (folder / "epraccur.csv").read_bytes()
    reading = PRACTICES.read(content, "epraccur.csv", "epraccur")
    assert reading.facts == {"active": 630}
    assert reading.warnings == []
    assert content.endswith(b'"4",""\r\n')


@pytest.mark.real_data
def test_no_practice_has_the_name_or_the_form_of_code_of_a_real_one(real_data):
    with gzip.open(real_data / "organisations" / "epraccur.csv.gz", "rt") as file:
        real = list(csv.reader(file))
    assert not [row[0] for row in real if re.fullmatch(r"[A-Z]{2}\d{4}", row[0])]
    england = make_practices(np.random.default_rng(1), FULL.practices)
    ours = {one.name.removesuffix(" (fictional)").upper() for one in england}
    assert not ours & {row[1] for row in real}


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
    assert {area.icb for area in areas()} == {icb.code for icb in icbs_on(date(2026, 3, 31))}
    assert sum(area.share for area in areas()) == pytest.approx(1)
    for area in areas():
        assert len(area.inside) >= 5
        assert all(
            min(miles_on_grid(place, town) for town in area.towns) <= 5 for place in area.inside
        )
