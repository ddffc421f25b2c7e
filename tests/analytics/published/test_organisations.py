"""Who there is, as the lists and returns of the story tell it."""

from datetime import date

import pytest
from tests.analytics import story
from tests.analytics.published import small
from tests.analytics.published.helpers import take
from tests.analytics.published.sheets import sheet

from clockstop.analytics.published import organisations as rows
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.published.organisations import ServiceRow, SuccessionRow
from clockstop.analytics.published.pathways import NoDataError
from clockstop.core.codes import icbs
from clockstop.core.types import Sector


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Lake:
    """The story, with practices, a provider that files no return, and a service long gone."""
    lake = story.story(tmp_path_factory.mktemp("organisations"))
    story.publish(lake, "2024-07", [story.Filed(story.EUXTON, "C_330", {3: 30})])
    inbox = lake.home / "more"
    small.practices().save(inbox)
    header = "Provider Code,Provider Name,Provider Parent Code,Provider Parent Name"
    listed = "NT999,A LISTED CLINIC,QWO,NHS WEST YORKSHIRE INTEGRATED CARE BOARD"
    sheet("dim_provider.csv", header, [listed]).save(inbox)
    take(lake, inbox)
    return lake


@pytest.fixture(scope="module")
def found(lake) -> dict[str, rows.OrganisationRow]:
    return {row.code: row for row in rows.organisations(lake)}


def test_an_empty_lake_is_refused_in_words(tmp_path):
    with pytest.raises(NoDataError, match="run: clockstop data ingest"):
        rows.organisations(Lake(tmp_path))


def test_every_provider_of_a_list_or_a_return_is_there_once(lake, found):
    providers = [row.code for row in rows.organisations(lake) if row.kind == "provider"]
    assert sorted(providers) == sorted({*story.PROVIDERS, "RTX", "NT999"})


def test_a_trust_has_what_the_ods_says_and_a_readable_name(found):
    assert found["RR8"] == rows.OrganisationRow(
        code="RR8",
        name="Leeds Teaching Hospitals NHS Trust",
        kind="provider",
        sector=Sector.NHS_TRUST,
        icb="QWO",
        postcode="LS9 7TF",
        opened=date(1998, 4, 1),
    )
    assert found["RW9"].closed == date(2019, 1, 1)


def test_a_provider_of_returns_alone_has_no_days_and_nobody_says_so(found):
    assert found["NVC05"] == rows.OrganisationRow(
        code="NVC05",
        name="Euxton Hall Hospital",
        kind="provider",
        sector=Sector.INDEPENDENT,
        operator="Ramsay Health Care UK",
        icb="QE1",
        is_dated=False,
    )
    assert found["NT999"].icb == "QWO"
    assert found["NT999"].sector is Sector.UNKNOWN


def test_the_icb_is_that_of_the_returns_before_that_of_the_address(tmp_path):
    lake = story.story(tmp_path)
    moved = replace_icb(story.SEPTEMBER, story.SOUTH_YORKSHIRE)
    story.publish(lake, "2025-10", moved)
    (leeds,) = [row for row in rows.organisations(lake) if row.code == "RR8"]
    assert leeds.icb == "QF7"


def replace_icb(filed, icb):
    return [each._replace(icb=icb) for each in filed]


def test_what_a_user_supplies_wins_over_our_own_list(tmp_path):
    lake = story.story(tmp_path)
    small.provider_sectors().save(tmp_path / "own")
    take(lake, tmp_path / "own")
    found = {row.code: row for row in rows.organisations(lake)}
    assert found["QQQ1"].sector is Sector.COMMUNITY


def test_general_practices_of_england_alone_are_practices(found):
    practices = {code for code, row in found.items() if row.kind == "practice"}
    assert practices == {"B86001", "C88002", "P81003"}  # neither the clinic nor Jersey's
    assert found["B86001"] == rows.OrganisationRow(
        code="B86001",
        name="The Surgery",
        kind="practice",
        icb="QWO",
        postcode="LS9 7TF",
        opened=date(1974, 4, 1),
    )


def test_a_dormant_practice_is_told_from_a_closed_one(found):
    assert (found["C88002"].is_dormant, found["C88002"].closed) == (True, None)
    assert (found["P81003"].is_dormant, found["P81003"].closed) == (False, date(2017, 10, 31))


def test_an_area_from_before_there_were_icbs_is_no_icb(found):
    assert found["P81003"].icb == ""


def test_a_practice_that_files_a_return_stays_a_practice(tmp_path):
    lake = story.story(tmp_path)
    practices = small.practices().copy()
    practices.save(tmp_path / "more")
    header = "Provider Code,Provider Name,Provider Parent Code,Provider Parent Name"
    listed = "B86001,THE SURGERY,QWO,NHS WEST YORKSHIRE INTEGRATED CARE BOARD"
    sheet("dim_provider.csv", header, [listed]).save(tmp_path / "more")
    take(lake, tmp_path / "more")
    (row,) = [each for each in rows.organisations(lake) if each.code == "B86001"]
    assert row.kind == "practice"


def test_every_icb_is_there_with_its_days(found):
    boards = {code: row for code, row in found.items() if row.kind == "icb"}
    assert boards.keys() == {icb.code for icb in icbs()}
    assert boards["QJG"].closed == date(2026, 3, 31)
    assert boards["QWO"].name == "NHS West Yorkshire Integrated Care Board"


def test_sites_are_the_directorys_and_the_main_addresses(lake):
    found = {site.code: site for site in rows.sites(lake)}
    assert found.keys() == {"RR8", "RHQ", "RR801", "RR8XX", "NVC05", "RHQNG"}
    assert (found["RR801"].parent, found["RR801"].latitude) == ("RR8", 53.807)
    assert found["RR8XX"].latitude is None
    assert [code for code, site in found.items() if site.is_main_address] == ["RR8", "RHQ"]


def test_only_the_newest_directory_counts(tmp_path):
    lake = story.story(tmp_path)
    older = small.directory().copy()
    older.put(2, "OrganisationCode", "RR8OLD")
    older.name = "Hospital_2014.csv"
    older.save(tmp_path / "older")
    take(lake, tmp_path / "older")
    assert "RR8OLD" not in {site.code for site in rows.sites(lake)}


def test_a_site_that_is_listed_twice_is_there_once(tmp_path):
    lake = Lake(tmp_path / "home")
    twice = small.directory().copy()
    twice.rows.append(list(twice.rows[0]))
    take(lake, twice.save(tmp_path / "in"))
    codes = [site.code for site in rows.sites(lake)]
    assert sorted(codes) == ["NVC05", "RHQNG", "RR801", "RR8XX"]


def test_a_service_is_open_with_a_pathway_in_the_last_12_months(lake):
    found = rows.services(lake)
    assert ServiceRow("NVC05", "C_110", None) in found  # last in August 2025
    assert ServiceRow("RW9", "C_110", None) in found  # in February
    assert ServiceRow("NVC05", "C_330", date(2024, 7, 31)) in found
    assert len(found) == len({(each.provider, each.function) for each in found})


@pytest.mark.parametrize(("month", "closed"), [("2024-10", None), ("2024-09", date(2024, 9, 30))])
def test_the_twelfth_month_back_is_the_last_that_counts(tmp_path, month, closed):
    lake = Lake(tmp_path)
    story.publish(lake, month, [story.Filed(story.NEW, "X02", {1: 1})])
    story.publish(lake, "2025-09", [story.Filed(story.LEEDS, "C_110", {1: 1})])
    assert ServiceRow("QQQ1", "X02", closed) in rows.services(lake)


def test_without_returns_there_are_no_services(tmp_path):
    assert rows.services(Lake(tmp_path)) == ()


def test_successions_are_the_lists_and_the_mergers_of_icbs(lake):
    found = rows.successions(lake)
    assert SuccessionRow("RHQ", "R1X", date(2025, 8, 20)) in found
    divided = [each.successor for each in found if each.predecessor == "QJG"]
    assert divided == ["T6Y0W", "D7T5G"]  # most of its people went to the first
    assert {each.on for each in found if each.predecessor == "QJG"} == {date(2026, 4, 1)}


@pytest.mark.real_data
def test_the_published_lists_name_so_many(real_lake):
    """Counted in the files themselves, by text search and set arithmetic on their codes.

    Providers: codes of etr, the RTT returns, the provider list (655 together) and DM01 (71 more),
    12 of which are practices. Practices: setting 4 in an English region of epraccur.
    """
    found = rows.organisations(real_lake)
    assert sum(row.kind == "provider" for row in found) == 655 + 71 - 12
    practices = [row for row in found if row.kind == "practice"]
    assert len(practices) == 8_226
    assert sum(row.closed is None and not row.is_dormant for row in practices) == 6_348
    assert sum(row.kind == "icb" for row in found) == 42 + 6
    trusts = [row for row in found if row.sector is Sector.NHS_TRUST and row.closed is None]
    assert len(trusts) == 205 + 1
    assert len(rows.services(real_lake)) == 4_142
