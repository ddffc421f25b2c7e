"""The places of providers that no published list places, and their use as a last resort."""

import csv
from importlib.resources import files

import pytest

from clockstop.analytics.published import places as lake_places
from clockstop.analytics.published.ingest import ingest
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.pathways import organisations, provider_names
from clockstop.analytics.published.places import provider_locations
from clockstop.core.codes import (
    CodeListError,
    PlaceBasis,
    display_name,
    provider_places,
    provider_sectors,
    sector_of,
)
from clockstop.core.codes import places as places_module
from clockstop.core.codes.load import read
from clockstop.core.geography.distance import miles_between
from clockstop.core.geography.districts import districts
from clockstop.core.types import Point, Sector

HEADER = "provider,name,district,basis,note"
FAR_FROM_ITS_ICB = 30  # miles; Glossop, the furthest, lies 27.5 from Derbyshire's nearest trust
# Filed under an ICB in London, though the hospital and nearly all its patients are round Banbury.
ICB_OF_ITS_PATIENTS = {"DX1": "QU9"}


@pytest.fixture(scope="module")
def shipped():
    text = files("clockstop.core.codes").joinpath("provider_places.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_list_is_whole_and_in_order(shipped):
    codes = [row["provider"] for row in shipped]
    assert codes == sorted(set(codes))
    assert list(provider_places()) == codes


def test_every_provider_is_one_whose_sector_we_know_by_the_same_name(shipped):
    text = files("clockstop.core.codes").joinpath("provider_sectors.csv").read_text("utf-8")
    names = {row["provider"]: row["name"] for row in csv.DictReader(text.splitlines())}
    assert {row["provider"]: row["name"] for row in shipped}.items() <= names.items()


def test_every_district_is_in_england():
    assert {districts()[place.district].country for place in provider_places().values()} == {"E"}


def test_a_town_in_the_name_stands_in_the_name(shipped):
    named = [row for row in shipped if row["basis"] == PlaceBasis.TOWN_IN_NAME]
    towns = {row["name"]: row["note"].partition(":")[0] for row in named}
    assert [name for name, town in towns.items() if town.upper() not in name.upper()] == []
    assert len(towns) > 90


def test_one_town_has_one_district(shipped):
    named = [row for row in shipped if row["basis"] == PlaceBasis.TOWN_IN_NAME]
    pairs = {(row["note"].partition(":")[0], row["district"]) for row in named}
    assert len(pairs) == len({town for town, _ in pairs})


@pytest.mark.parametrize(
    ("code", "district", "basis"),
    [
        ("ACG37", "IP1", PlaceBasis.TOWN_IN_NAME),
        ("A4M8P", "PR7", PlaceBasis.KNOWN_SITE),
        ("V8N5R", "E8", PlaceBasis.TOWN_IN_NAME),  # Dalston in London, not that in Cumbria
        ("ACG38", "BS40", PlaceBasis.TOWN_IN_NAME),  # Langford in Somerset, not in Bedfordshire
        ("R7W2O", "NE1", PlaceBasis.TOWN_IN_NAME),  # Newcastle upon Tyne …
        ("NPG15", "ST5", PlaceBasis.TOWN_IN_NAME),  # … and under Lyme
    ],
)
def test_the_traps(code, district, basis):
    place = provider_places()[code]
    assert (place.district, place.basis) == (district, basis)


@pytest.mark.parametrize(
    "code",
    [
        "Q2Y5H",  # Oviva: online
        "NMG",  # Connect Health: a national company
        "NN8",  # Spencer: hospitals in Margate and in Ashford
        "C9A7J",  # Newmedica Bradford & Huddersfield: two towns
        "L4R3R",  # Newmedica Hampshire: only a county
        "S5E5Y",  # named after a centre in Scunthorpe, half its patients in Greater Manchester
    ],
)
def test_a_provider_of_no_one_place_is_left_out(code):
    assert code in provider_sectors()
    assert code not in provider_places()


def test_the_list_cannot_be_changed():
    with pytest.raises(TypeError):
        provider_places()["ACG37"] = None


def test_a_row_that_places_nothing_is_refused(monkeypatch):
    lines = [
        HEADER,
        "AA1,A,LS1,town_in_name,A",
        "AA2,B,LS199,known_site,B",
        "AA3,C,CF10,known_site,C",  # Cardiff
        "AA4,D,LS1,guess,",
    ]
    monkeypatch.setattr(places_module, "load", lambda file, columns: read(lines, file, columns))
    with pytest.raises(CodeListError) as refusal:
        provider_places.__wrapped__()
    assert [problem.partition(":")[0] for problem in refusal.value.problems] == [
        "provider_places.csv, row 3, district",
        "provider_places.csv, row 4, district",
        "provider_places.csv, row 5, basis",
        "provider_places.csv, row 5, note",
    ]


# --- as the last resort of a lake


LEEDS = Point(53.8, -1.55)
PUBLISHED = {
    "trusts.csv": (
        "nhs_trust22_name,nhs_trust22_code,status,longitude,latitude\n"
        f"Newmedica Ipswich,ACG37,open,{LEEDS.longitude},{LEEDS.latitude}\n"
    ),
    "names.csv": (
        "hospital22_name,longitude,latitude\n"
        f"Newmedica Ipswich,{LEEDS.longitude},{LEEDS.latitude}\n"
    ),
    "etr.csv": (
        "ACG37,NEWMEDICA IPSWICH,Y63,QWO,1 HIGH STREET,,,LEEDS,,LS1 4AP,20200401," + "," * 15 + "\n"
    ),
}
NAMES = {"ACG37": "NEWMEDICA - IPSWICH", "A4M8P": "BUCKSHAW HOSPITAL", "NMG": "CONNECT HEALTH"}


def test_an_empty_lake_places_by_our_list_and_says_so(tmp_path):
    found = provider_locations(Lake(tmp_path), NAMES)
    assert {code: (each.point, each.source) for code, each in found.items()} == {
        "ACG37": (districts()["IP1"].point, "town in its name (approximate)"),
        "A4M8P": (districts()["PR7"].point, "known site (approximate)"),
    }


def test_only_the_providers_asked_for_are_placed(tmp_path):
    assert provider_locations(Lake(tmp_path), {"RR8": "LEEDS TEACHING HOSPITALS"}) == {}


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("trusts.csv", "main address of the trust"),
        ("names.csv", "hospital of that name"),
        ("etr.csv", "postcode of the main address"),
    ],
)
def test_a_published_position_wins_over_our_list(file, source, tmp_path):
    (tmp_path / file).write_text(PUBLISHED[file], encoding="utf-8")
    lake = Lake(tmp_path / "home")
    report = ingest([tmp_path / file], lake)
    assert report.committed, [str(p) for f in report.refused for p in f.problems]
    found = provider_locations(lake, NAMES)
    assert found["ACG37"].source == source
    assert miles_between(found["ACG37"].point, LEEDS) < 2
    assert found["A4M8P"].source == "known site (approximate)"


# --- held against the published extracts


@pytest.fixture(scope="module")
def published(real_lake):
    """The providers of the extracts with their name, their ICB and what the lists published say."""
    names = provider_names(real_lake)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lake_places, "provider_places", dict)
        locations = provider_locations(real_lake, names)
    providers = organisations(real_lake).filter(kind="provider").select("code", "parent")
    return names, locations, dict(providers.rows())


@pytest.mark.real_data
def test_every_row_places_a_provider_of_that_name_that_no_list_does(published, shipped):
    names, locations, _ = published
    assert {row["provider"]: row["name"] for row in shipped}.items() <= names.items()
    assert set(provider_places()) & set(locations) == set()


@pytest.mark.real_data
def test_every_place_is_near_a_trust_of_its_icb(published):
    names, locations, icbs = published
    trusts = [code for code in locations if sector_of(code) is Sector.NHS_TRUST]
    far = {}
    for code, place in provider_places().items():
        icb = ICB_OF_ITS_PATIENTS.get(code, icbs[code])
        peers = [locations[trust].point for trust in trusts if icbs[trust] == icb]
        nearest = min(miles_between(districts()[place.district].point, peer) for peer in peers)
        if nearest > FAR_FROM_ITS_ICB:
            far[display_name(names[code])] = round(nearest, 1)
    assert far == {}


@pytest.mark.real_data
def test_seven_providers_in_eight_are_placed(real_lake, published):
    names, locations, _ = published
    placed = provider_locations(real_lake, names)
    assert (len(names), len(locations), len(placed)) == (497, 311, 439)
