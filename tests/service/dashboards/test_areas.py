"""Finding an area: the list of all, the search, and one's own, whose place leaves no trace."""

import logging

import pytest
from tests.service.dashboards.conftest import words
from tests.service.people import a_member, signed_in

from clockstop.service.accounts.roles import Role

POSTCODE = "LS1 4AP"


def found(read, text: str) -> dict[str, str]:
    return read(f"/figures/?q={text}").links("ul:has(.app-quiet)")


def test_the_list_has_every_region_with_its_icbs(read):
    page = read("/figures/")
    assert page.heading == "Figures"
    assert page.links("main ul:first-of-type").items() >= {
        ("England", "/figures/england/"),
        ("My area in three sentences", "/figures/my-area/"),
        ("National targets", "/figures/targets/"),
    }
    regions = {words(each.h3): list(page_links(each)) for each in page.soup.select("section")}
    assert regions == {
        "North East and Yorkshire": ["NHS South Yorkshire ICB", "NHS West Yorkshire ICB"],
        "North West": ["NHS Lancashire and South Cumbria ICB"],
    }


def page_links(section):
    return (words(link) for link in section.select("li a"))


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("yorkshire", ["North East and Yorkshire", "NHS South Yorkshire ICB",
                       "NHS West Yorkshire ICB"]),
        ("HOSPITALS sheff", ["Sheffield Teaching Hospitals NHS Foundation Trust"]),
        ("rr8", ["Leeds Teaching Hospitals NHS Trust"]),
        ("QE1", ["NHS Lancashire and South Cumbria ICB"]),
        ("england", ["England"]),
        ("qwxz", []),
    ],
)  # fmt: skip
def test_a_search_finds_by_words_or_code(read, text, areas):
    page = read(f"/figures/?q={text}")
    links = found(read, text)
    assert list(links) == areas
    assert words(page.soup.h2) == f"{len(areas)} found for “{text}”"
    assert page.soup.select_one("#q")["value"] == text
    for address in links.values():
        read(address)


def test_a_search_for_nothing_shows_the_list(read):
    assert "found" not in read("/figures/?q=%20").soup.h2.text


def test_what_was_typed_is_escaped_and_cut(client):
    text = client.get("/figures/", {"q": "<b>" * 100}).content.decode()
    assert "<b>" not in text
    assert "&lt;b&gt;" * 33 in text
    assert "&lt;b&gt;" * 34 not in text


def test_my_area_by_postcode(client, read, caplog):
    with caplog.at_level(logging.DEBUG):
        response = client.post("/figures/my-area/", {"place": POSTCODE})
    assert (response.status_code, response["Location"]) == (302, "/figures/my-area/?icb=QWO")
    page = read(response["Location"])
    assert page.heading == "NHS West Yorkshire ICB"
    assert len(page.soup.select(".app-story p")) == 3
    kept = f"{response.headers} {caplog.text} {client.cookies}"
    assert not any(place in kept for place in (POSTCODE, "LS14AP", "LS1%204AP", "LS1+4AP"))
    assert page.soup.select_one("#place").get("value", "") == ""


def test_my_area_names_who_is_missing_and_leads_on(read):
    page = read("/figures/my-area/?icb=QE1")
    text = words(page.soup.main)
    assert "they sent no figures for September 2025: An Old Trust; Euxton Hall Hospital." in text
    links = page.links("main")
    assert links["All figures of this area, and the national targets"] == "/figures/icbs/QE1/"
    assert page.soup.select_one("#icb option[selected]")["value"] == "QE1"


@pytest.mark.parametrize(("place", "error"), [("", "Enter"), ("Leeds", "postcode"), ("ZZ9", "no")])
def test_a_place_that_is_none_is_asked_for_again(client, place, error):
    response = client.post("/figures/my-area/", {"place": place})
    text = response.content.decode()
    assert response.status_code == 200
    assert "There is a problem" in text
    assert "<title>Error: " in " ".join(text.split()).replace("<title> ", "<title>")
    assert response["Cache-Control"] == "private"


def test_my_area_asks_first(read):
    page = read("/figures/my-area/")
    assert page.heading == "My area"
    options = [words(each) for each in page.soup.select("#icb option")]
    assert options == [
        *("Choose an ICB", "Lancashire and South Cumbria", "South Yorkshire", "West Yorkshire")
    ]
    assert read("/figures/my-area/?icb=").heading == "My area"


@pytest.mark.django_db
def test_my_area_of_somebody_who_is_signed_in(client, read):
    signed_in(client, a_member(Role.COMMISSIONER, "QE1", "QE1"))
    assert read("/figures/my-area/").heading == "NHS Lancashire and South Cumbria ICB"
    assert read("/figures/my-area/?icb=").heading == "My area"


def test_an_icb_that_there_is_not(client):
    assert client.get("/figures/my-area/?icb=QZZ").status_code == 404


def test_a_place_is_not_taken_from_an_address(read):
    assert read("/figures/my-area/?place=LS1").heading == "My area"
