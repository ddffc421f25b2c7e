"""Where a person is, and where a provider is: the best list that knows wins, none is guessed."""

import pytest
from tests.analytics.published import small
from tests.analytics.published.helpers import take
from tests.analytics.published.sheets import Sheet

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import provider_names
from clockstop.analytics.published.places import (
    PlaceFinder,
    PlaceKind,
    plain_name,
    provider_locations,
)
from clockstop.core.geography.districts import districts
from clockstop.core.geography.postcodes import PlaceError
from clockstop.core.types import Point

EUXTON, FULWOOD = "EUXTON HALL HOSPITAL", "FULWOOD HALL HOSPITAL"


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(tmp_path / "home")


@pytest.fixture
def holding(lake, tmp_path):
    """A lake that holds these sheets."""

    def hold(*sheets: Sheet) -> Lake:
        for number, each in enumerate(sheets):
            take(lake, each.save(tmp_path / f"inbox{number}"))
        return lake

    return hold


def directory(year: int, **moved: float) -> Sheet:
    """The hospital directory of a year; ``NVC05=53.67`` puts that site's latitude."""
    made = small.directory()
    made.name = f"Hospital_{year}.csv"
    for code, latitude in moved.items():
        made.put(made.line(OrganisationCode=code), "Latitude", latitude)
    return made


class TestFinder:
    @pytest.mark.parametrize("typed", ["LS1 2AB", "ls12ab", " Ls1  2aB. "])
    def test_a_postcode_is_found_by_its_sector(self, holding, typed):
        sectors = small.centroids("sector")
        found = PlaceFinder(holding(sectors)).find(typed)
        line = sectors.line(sector="LS1 2")
        where = Point(float(sectors.cell(line, "latitude")), float(sectors.cell(line, "longitude")))
        assert (found.label, found.kind, found.point) == ("LS1 2", PlaceKind.SECTOR, where)

    def test_its_district_where_the_sector_is_not_known(self, holding):
        found = PlaceFinder(holding(small.centroids("sector"))).find("LS1 9AB")
        assert (found.label, found.kind) == ("LS1", PlaceKind.DISTRICT)
        assert found.point == districts()["LS1"].point

    def test_the_shipped_districts_where_the_lake_has_none(self, lake):
        found = PlaceFinder(lake).find("ex4 6nb")
        assert (found.label, found.kind, found.point) == (
            "EX4",
            PlaceKind.DISTRICT,
            districts()["EX4"].point,
        )

    def test_the_lakes_own_district_wins_over_the_shipped_one(self, holding):
        sheet = small.centroids("district")
        moved = districts()["LS1"].point.latitude + 0.0005
        sheet.put(sheet.line(outcode="LS1"), "latitude", moved)
        finder = PlaceFinder(holding(sheet))
        assert finder.find("LS1").point.latitude == moved
        assert finder.find("EX4").point == districts()["EX4"].point

    def test_a_district_alone_is_never_taken_for_a_sector(self, holding):
        finder = PlaceFinder(holding(small.centroids("sector")))
        assert finder.find("LS1").kind is PlaceKind.DISTRICT

    @pytest.mark.parametrize(
        "typed", ["ZZ99 9ZZ", "QQ1", "BT1 5GS", "17 Acacia Avenue", "LS1 4", "", "é" * 50]
    )
    def test_an_unknown_place_is_refused_without_repeating_it(self, lake, typed):
        with pytest.raises(PlaceError) as refusal:
            PlaceFinder(lake).find(typed)
        said = f"{refusal.value} {refusal.value!r}"
        assert "ostcode" in said
        words = [word for word in typed.split() if word not in {"LS1", "4"}]  # the example given
        assert not any(word in said for word in words)

    def test_a_place_that_is_not_known_may_be_in_another_country(self, lake):
        with pytest.raises(PlaceError, match="England, Scotland and Wales only"):
            PlaceFinder(lake).find("BT1 5GS")

    def test_the_place_found_is_not_the_full_postcode(self, holding):
        found = PlaceFinder(holding(small.centroids("sector"))).find("LS1 2AB")
        assert "AB" not in repr(found)


class TestProviderLocations:
    def test_an_empty_lake_knows_only_our_own_list(self, lake):
        names = {"A0C5S": "SPAMEDICA GLOUCESTER", "RR8": "LEEDS TEACHING HOSPITALS NHS TRUST"}
        found = provider_locations(lake, names)
        assert set(found) == {"A0C5S"}
        assert found["A0C5S"].point == districts()["GL1"].point
        assert found["A0C5S"].source == "town in its name (approximate)"
        assert found["A0C5S"].is_approximate

    def test_its_own_code_in_a_directory(self, holding):
        lake = holding(directory(2018), small.hospital_points())
        found = provider_locations(lake, {"NVC05": EUXTON})["NVC05"]
        assert (found.source, found.point) == ("hospital site", Point(53.665, -2.675))
        assert not found.is_approximate

    def test_the_newest_directory_first_in_whatever_order_they_came(self, holding):
        lake = holding(directory(2018, NVC05=53.67), directory(2014, NVC05=53.66))
        assert provider_locations(lake, {"NVC05": EUXTON})["NVC05"].point.latitude == 53.67

    def test_an_older_directory_where_the_newer_dropped_the_site(self, holding):
        newer = directory(2018)
        newer.drop(newer.lines(OrganisationCode="NVC05"))
        found = provider_locations(holding(directory(2014), newer), {"NVC05": EUXTON})["NVC05"]
        assert (found.source, found.point.latitude) == ("hospital site", 53.665)

    def test_a_directory_before_the_trusts_point(self, holding):
        """Whatever the files are called: their keys sort the other way."""
        sites = directory(2018)
        sites.put(sites.line(OrganisationCode="RR801"), "OrganisationCode", "RR8")
        lake = holding(sites, small.trust_points())
        found = provider_locations(lake, {"RR8": "LEEDS"})["RR8"]
        assert (found.source, found.point) == ("hospital site", Point(53.807, -1.52))

    def test_the_trusts_point_before_its_address(self, holding):
        lake = holding(small.trusts(), small.trust_points())
        found = provider_locations(lake, {"RR8": "LEEDS"})["RR8"]
        assert (found.source, found.point) == ("main address of the trust", Point(53.8, -1.55))

    def test_the_trusts_point_before_a_hospital_of_that_name(self, holding):
        lake = holding(small.trust_points(), small.hospital_points())
        assert (
            provider_locations(lake, {"RR8": EUXTON})["RR8"].source == "main address of the trust"
        )

    @pytest.mark.parametrize("name", [FULWOOD, "Fulwood Hall  Hospital", "FULWOOD HALL HOSPITAL."])
    def test_a_hospital_of_exactly_that_name(self, holding, name):
        found = provider_locations(holding(small.hospital_points()), {"NVC07": name})["NVC07"]
        assert (found.source, found.point) == ("hospital of that name", Point(53.79, -2.7))

    @pytest.mark.parametrize(
        "name", ["FULWOOD HALL", "NEW FULWOOD HALL HOSPITAL", "FULWOOD HALL HOSPITAL LTD"]
    )
    def test_a_name_that_is_only_like_it_places_nobody(self, holding, name):
        assert provider_locations(holding(small.hospital_points()), {"XXX99": name}) == {}

    def test_two_hospitals_of_that_name_place_nobody(self, holding):
        points = small.hospital_points()
        points.rows.append(["Fulwood Hall Hospital", "-0.5", "51.5"])
        assert provider_locations(holding(points), {"XXX99": FULWOOD}) == {}

    def test_the_same_hospital_listed_twice_is_one(self, holding):
        points = small.hospital_points()
        points.rows.append(["Fulwood Hall Hospital", "-2.701", "53.791"])
        assert set(provider_locations(holding(points), {"XXX99": FULWOOD})) == {"XXX99"}

    def test_a_name_before_the_postcode_of_the_main_address(self, holding):
        lake = holding(small.trusts(), small.hospital_points())
        assert provider_locations(lake, {"RTX": FULWOOD})["RTX"].source == "hospital of that name"

    def test_the_middle_of_the_postcode_of_the_main_address(self, holding):
        lake = holding(small.trusts())
        found = provider_locations(lake, {"RTX": "MORECAMBE BAY"})["RTX"]
        assert (found.source, found.point) == (
            "postcode of the main address",
            districts()["LA9"].point,
        )
        assert found.is_approximate

    def test_by_sector_where_the_lake_has_sectors(self, holding):
        trusts, sectors = small.trusts(), small.centroids("sector")
        trusts.put(trusts.line(code="RTX"), "postcode", "LA9 2AB")
        point = districts()["LA9"].point
        line = sectors.line(sector="LA9 2")
        sectors.put(line, "latitude", point.latitude + 0.0005)
        found = provider_locations(holding(trusts, sectors), {"RTX": "MORECAMBE BAY"})["RTX"]
        assert found.point == Point(point.latitude + 0.0005, point.longitude)
        assert not found.is_approximate

    def test_a_published_list_before_our_own(self, holding):
        points = small.hospital_points()
        points.rows.append(["SpaMedica Gloucester", "-2.24", "51.86"])
        found = provider_locations(holding(points), {"A0C5S": "SPAMEDICA GLOUCESTER"})["A0C5S"]
        assert found.source == "hospital of that name"

    def test_a_site_without_a_position_places_nobody(self, holding):
        assert provider_locations(holding(directory(2018)), {"RR8XX": "A SITE"}) == {}

    def test_who_cannot_be_placed_is_left_out(self, holding):
        lake = holding(*(s for n, s in small.every().items() if n != "overview"))
        names = {"RR8": "LEEDS", "XXX99": "NOWHERE CLINIC"}
        assert set(provider_locations(lake, names)) == {"RR8"}

    def test_nobody_asked_about_nobody_placed(self, holding):
        assert provider_locations(holding(small.trust_points()), {}) == {}

    def test_most_of_the_synthetic_england_is_placed(self, synthetic_lake):
        names = provider_names(synthetic_lake)
        assert len(provider_locations(synthetic_lake, names)) > 0.9 * len(names)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("St James's  Hospital", "st james s hospital"),
        ("EUXTON HALL – RAMSAY", "euxton hall ramsay"),
        ("", ""),
    ],
)
def test_plain_name(name, plain):
    assert plain_name(name) == plain
