"""What people find and read about an organisation."""

from datetime import date

import pytest
import time_machine
from bs4 import BeautifulSoup

from clockstop.core.types import Sector
from clockstop.service.registry.loading import load
from clockstop.service.registry.models import Kind, Organisation, Service, Site, Succession

pytestmark = pytest.mark.django_db
NOON = "2025-11-20T12:00:00Z"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOON):
        yield


def an_organisation(code: str, name: str, kind: Kind = Kind.PROVIDER, **values) -> Organisation:
    return Organisation.objects.create(code=code, name=name, kind=kind, **values)


def taken_over(predecessor: str, successor: str, on: date) -> None:
    Succession.objects.create(predecessor=predecessor, successor=successor, on=on)


def page(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ", strip=True).split())


def facts(soup: BeautifulSoup) -> dict[str, str]:
    return dict(zip(map(words, soup.select("dt")), map(words, soup.select("dd")), strict=True))


def found(client, text: str) -> list[str]:
    soup = page(client, f"/organisations/?q={text}")
    return [words(link) for link in soup.select("main li a")]


class TestSearch:
    @pytest.fixture(autouse=True)
    def organisations(self, book):
        an_organisation("QWO", "NHS West Yorkshire Integrated Care Board", Kind.ICB)
        an_organisation("RR8", "Leeds Teaching Hospitals NHS Trust", sector=Sector.NHS_TRUST)
        an_organisation("ROL", "Leeds Old Trust", closed=date(2019, 1, 1))
        an_organisation("B86001", "Leeds Road Surgery", Kind.PRACTICE, icb_code="QWO")
        an_organisation("RJ7", "St George\u2019s University Hospitals NHS Foundation Trust")
        an_organisation("N01", "Stoke-on-Trent O'Neill Clinic", postcode="ST4 6QG")

    def test_before_anything_is_typed_nothing_is_listed(self, client):
        soup = page(client, "/organisations/")
        assert words(soup.h1) == "Find an NHS organisation"
        assert not soup.select("main li a, main h2")

    @pytest.mark.parametrize("text", ["RR8", "rr8", "  rr8 ", "teaching leeds", "LEEDS TEACH"])
    def test_by_code_or_by_words_in_any_order(self, client, text):
        assert found(client, text) == ["Leeds Teaching Hospitals NHS Trust"]

    @pytest.mark.parametrize(
        "text", ["st georges", "St George's", "st george\u2019s", "St. Georges"]
    )
    def test_apostrophes_and_dots_do_not_matter(self, client, text):
        assert found(client, text) == ["St George\u2019s University Hospitals NHS Foundation Trust"]

    @pytest.mark.parametrize("text", ["stoke on trent", "stoke-on-trent", "oneill", "O'Neill"])
    def test_nor_do_hyphens(self, client, text):
        assert found(client, text) == ["Stoke-on-Trent O'Neill Clinic"]

    def test_hospitals_come_before_practices_and_the_closed_last(self, client):
        assert found(client, "leeds") == [
            "Leeds Teaching Hospitals NHS Trust",
            "Leeds Road Surgery",
            "Leeds Old Trust",
        ]

    def test_each_is_told_from_its_namesakes(self, client):
        lines = [words(line) for line in page(client, "/organisations/?q=leeds").select("main li")]
        assert lines[1:] == [
            "Leeds Road Surgery B86001, GP practice, NHS West Yorkshire Integrated Care Board",
            "Leeds Old Trust Closed ROL, Provider",
        ]
        (line,) = page(client, "/organisations/?q=stoke").select("main li")
        assert words(line).endswith("N01, Provider, ST4")

    @pytest.mark.parametrize("text", ["zzzz", "leeds zzzz", "%", "_", "...", "R_8"])
    def test_nothing_found_says_what_to_try(self, client, text):
        soup = page(client, f"/organisations/?q={text.replace('%', '%25')}")
        assert words(soup.h2).startswith("0 found")
        assert "use the organisation\u2019s code" in words(soup.main)

    def test_what_was_typed_stays_and_is_escaped(self, client):
        response = client.get("/organisations/", {"q": '<b>"Leeds'})
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.select_one("#q")["value"] == '<b>"Leeds'
        assert not soup.select("main b")

    def test_more_than_fifty_are_counted_and_the_first_shown(self, client):
        for at in range(60):
            an_organisation(f"X{at:03d}", f"Market Clinic {at:03d}")
        soup = page(client, "/organisations/?q=market")
        assert words(soup.h2) == "60 found for \u201cmarket\u201d"
        assert len(soup.select("main li")) == 50
        assert "Only the first 50 are shown" in words(soup.main)

    def test_a_search_is_a_handful_of_queries(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(5):
            found(client, "leeds")


def test_an_empty_register_says_how_it_is_filled(client, book):
    assert "clockstop registry load" in words(page(client, "/organisations/").main)


class TestOrganisation:
    @pytest.fixture
    def leeds(self, book) -> Organisation:
        an_organisation("QWO", "NHS West Yorkshire Integrated Care Board", Kind.ICB)
        return an_organisation(
            "RR8",
            "Leeds Teaching Hospitals NHS Trust",
            sector=Sector.NHS_TRUST,
            icb_code="QWO",
            postcode="LS9 7TF",
            opened=date(1998, 4, 1),
        )

    def test_who_it_is(self, client, leeds):
        soup = page(client, "/organisations/RR8/")
        assert words(soup.h1) == "Leeds Teaching Hospitals NHS Trust"
        assert facts(soup) == {
            "ODS code": "RR8",
            "Type of organisation": "NHS trust",
            "Integrated care board": "NHS West Yorkshire Integrated Care Board",
            "NHS England region": "North East and Yorkshire",
            "Postcode district": "LS9",
            "Opened": "1 April 1998",
        }
        assert soup.select_one("dd a")["href"] == "/organisations/QWO/"
        assert not soup.select("main .nhsuk-inset-text")

    def test_who_runs_it(self, client, book):
        values = {"sector": Sector.INDEPENDENT, "operator": "Ramsay Health Care UK"}
        an_organisation("NVC05", "Euxton Hall Hospital", **values)
        shown = facts(page(client, "/organisations/NVC05/"))
        assert shown["Type of organisation"] == "Independent provider"
        assert shown["Run by"] == "Ramsay Health Care UK"
        assert shown["Integrated care board"] == "Not known"

    def test_an_unknown_code_is_not_found(self, client, book):
        assert client.get("/organisations/ZZZ/").status_code == 404

    def test_services_open_and_gone(self, client, leeds):
        Service.objects.create(organisation=leeds, treatment_function="C_110")
        Service.objects.create(
            organisation=leeds, treatment_function="C_130", closed=date(2024, 8, 31)
        )
        soup = page(client, "/organisations/RR8/")
        lists = [[words(each) for each in ul.select("li")] for ul in soup.select("main ul")]
        assert lists == [
            ["Trauma and orthopaedics (bones, joints and muscles)"],
            ["Ophthalmology (eyes): last in August 2024"],
        ]

    def test_a_function_that_no_list_of_ours_has_is_shown_by_its_code(self, client, leeds):
        Service.objects.create(organisation=leeds, treatment_function="C_987")
        assert "C_987" in words(page(client, "/organisations/RR8/").main)

    def test_the_page_of_waits_is_linked_where_there_is_one(self, client, leeds):
        def link():
            return page(client, "/organisations/RR8/").select("main a[href='/providers/RR8/']")

        assert not link()
        service = Service.objects.create(organisation=leeds, treatment_function="C_110")
        assert link()
        service.closed = date(2024, 8, 31)
        service.save()
        assert not link()
        Service.objects.create(organisation=leeds, treatment_function="C_130")
        taken_over("RR8", "R1X", date(2025, 1, 1))
        assert not link()

    def test_sites_with_the_main_address_first(self, client, leeds):
        for code, name in (("RR801", "A Hospital"), ("RR8", "Leeds Teaching Hospitals NHS Trust")):
            Site.objects.create(code=code, name=name, organisation=leeds)
        rows = page(client, "/organisations/RR8/").select("main tbody tr")
        assert [words(row) for row in rows] == ["Main address RR8", "A Hospital RR801"]

    def test_many_sites_are_folded_away(self, client, leeds):
        for at in range(11):
            Site.objects.create(code=f"RR8{at:02d}", name=f"Hospital {at}", organisation=leeds)
        (summary,) = page(client, "/organisations/RR8/").select("main summary")
        assert words(summary) == "Show all 11 sites"

    def test_a_practice_that_is_dormant_says_so(self, client, book):
        an_organisation("B86001", "The Surgery", Kind.PRACTICE, dormant=True)
        soup = page(client, "/organisations/B86001/")
        assert words(soup.h1) == "The Surgery Dormant"
        assert "This practice is dormant" in words(soup.select_one(".nhsuk-inset-text"))

    def test_an_icb_lists_its_providers_at_work_and_counts_its_practices(self, client, leeds):
        an_organisation("R01", "Closed Trust", icb_code="QWO", closed=date(2020, 1, 1))
        for at in range(3):
            state = {"dormant": at == 0}
            an_organisation(f"B0000{at}", "The Surgery", Kind.PRACTICE, icb_code="QWO", **state)
        soup = page(client, "/organisations/QWO/")
        assert [words(each) for each in soup.select("main ul li")] == [leeds.name]
        assert "GP practices at work in its area: 2." in words(soup.main)
        assert "Integrated care board" not in facts(soup)

    def test_a_page_is_a_handful_of_queries(self, client, leeds, django_assert_max_num_queries):
        for at in range(30):
            Site.objects.create(code=f"RR8{at:02d}", name=f"Hospital {at}", organisation=leeds)
            an_organisation(f"X{at}", f"Old {at}")
            taken_over(f"X{at}", "RR8", date(2010, 1, 1))
        with django_assert_max_num_queries(10):
            page(client, "/organisations/RR8/")


class TestMergers:
    @pytest.fixture(autouse=True)
    def organisations(self, book):
        an_organisation("RM2", "South Hospital", closed=date(2017, 9, 30))
        an_organisation("RW3", "Central Hospitals")
        an_organisation("R0A", "City Hospitals")
        an_organisation("RZZ", "County Hospitals")

    def notice(self, client, code: str) -> str:
        inset = page(client, f"/organisations/{code}/").select_one("main .nhsuk-inset-text")
        return words(inset).removeprefix("Information: ")

    def history(self, client, code: str) -> list[list[str]]:
        rows = page(client, f"/organisations/{code}/").select("table:last-of-type tbody tr")
        return [[words(cell) for cell in row.select("th, td")] for row in rows]

    def test_closed_and_taken_over(self, client):
        taken_over("RM2", "R0A", date(2017, 10, 1))
        assert self.notice(client, "RM2") == (
            "This organisation closed on 30 September 2017 and was taken over by City Hospitals."
        )
        assert words(page(client, "/organisations/RM2/").h1) == "South Hospital Closed"

    def test_closed_and_no_more(self, client):
        assert self.notice(client, "RM2") == "This organisation closed on 30 September 2017."

    def test_taken_over_though_no_list_says_that_it_closed(self, client):
        taken_over("RW3", "R0A", date(2017, 10, 1))
        assert self.notice(client, "RW3") == (
            "This organisation was taken over by City Hospitals on 1 October 2017."
        )

    def test_a_merger_to_come(self, client):
        Organisation.objects.filter(code="RW3").update(closed=date(2026, 3, 31))
        for heir in ("R0A", "RZZ"):
            taken_over("RW3", heir, date(2026, 4, 1))
        assert self.notice(client, "RW3") == (
            "This organisation closes on 31 March 2026 and will be taken over by City Hospitals "
            "and County Hospitals."
        )
        assert words(page(client, "/organisations/RW3/").h1) == "Central Hospitals"
        Organisation.objects.filter(code="RW3").update(closed=None)
        assert "will be taken over by" in self.notice(client, "RW3")

    def test_on_its_last_day_it_is_open_still(self, client):
        with time_machine.travel("2017-09-30T12:00:00Z"):
            assert words(page(client, "/organisations/RM2/").h1) == "South Hospital"
        with time_machine.travel("2017-10-01T12:00:00Z"):
            assert words(page(client, "/organisations/RM2/").h1) == "South Hospital Closed"

    def test_the_heir_of_the_heir_is_named(self, client):
        taken_over("RM2", "R0A", date(2017, 10, 1))
        taken_over("R0A", "RZZ", date(2022, 4, 1))
        assert self.notice(client, "RM2").endswith("What it did is now with County Hospitals.")

    def test_history_by_date_with_links_to_those_that_have_a_page(self, client):
        taken_over("RM2", "R0A", date(2017, 10, 1))
        taken_over("RW3", "R0A", date(2017, 10, 1))
        taken_over("5AA", "R0A", date(2002, 4, 1))
        taken_over("R0A", "RZZ", date(2022, 4, 1))
        assert self.history(client, "R0A") == [
            ["1 April 2002", "Took over 5AA"],
            ["1 October 2017", "Took over South Hospital , Central Hospitals"],
            ["1 April 2022", "Taken over by County Hospitals"],
        ]
        links = page(client, "/organisations/R0A/").select("main td a")
        assert [link["href"] for link in links] == [
            f"/organisations/{code}/" for code in ("RM2", "RW3", "RZZ")
        ]

    def test_a_circle_in_the_list_does_no_harm(self, client):
        taken_over("RW3", "R0A", date(2017, 10, 1))
        taken_over("R0A", "RW3", date(2018, 10, 1))
        assert page(client, "/organisations/RW3/").h1
        assert page(client, "/organisations/R0A/").h1


def test_what_was_loaded_is_what_is_shown(client, book, lake):
    load(lake=lake)
    soup = page(client, "/organisations/RHQ/")
    assert "taken over by R1X on 20 August 2025" in words(soup.main)
    assert found(client, "the surgery") == ["The Surgery"]


@pytest.mark.parametrize("address", ["/organisations/", "/organisations/RR8/"])
def test_nobody_writes_to_these_pages(client, book, address):
    assert client.post(address).status_code == 405
