"""The real postcode districts beside the made-up England: typed places are found by them."""

import pytest
from tests.analytics.synthetic.filed import read_csv

from clockstop.analytics.published.ingest import Outcome, ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.places import PlaceFinder, PlaceKind
from clockstop.analytics.synthetic.centroids import FILE, write_centroids
from clockstop.core.geography.districts import districts
from clockstop.core.geography.postcodes import PlaceError


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Lake:
    home = tmp_path_factory.mktemp("centroids")
    lake = Lake(home / "lake")
    (file,) = ingest([write_centroids(home)], lake).files
    assert (file.data_set, file.outcome) == ("postcode_centroids", Outcome.ADDED)
    assert file.problems == []
    return lake


def test_every_district_of_great_britain_is_written_as_we_know_it(tmp_path):
    rows = {row["outcode"]: row for row in read_csv(write_centroids(tmp_path))}
    assert rows.keys() == districts().keys()
    countries = {"E": "E92000001", "S": "S92000003", "W": "W92000004"}
    for code, place in districts().items():
        row = rows[code]
        assert (float(row["latitude"]), float(row["longitude"])) == (
            place.point.latitude,
            place.point.longitude,
        )
        assert row["country"] == countries[place.country]
        assert int(row["postcodes"]) == place.postcodes


def test_the_file_is_part_of_every_england(folder):
    assert len(read_csv(folder / FILE)) == len(districts())


def test_the_lake_holds_districts_and_no_sectors(lake):
    assert list(lake.catalogue().current("postcode_centroids")) == ["district"]


@pytest.mark.parametrize("typed", ["LS1", "ls1 4ab", "LS14AB"])
def test_a_typed_place_is_found_by_its_district(lake, typed):
    found = PlaceFinder(lake).find(typed)
    assert (found.label, found.kind) == ("LS1", PlaceKind.DISTRICT)
    assert found.point == districts()["LS1"].point


def test_a_place_that_does_not_exist_is_not_found(lake):
    with pytest.raises(PlaceError):
        PlaceFinder(lake).find("ZZ9")
