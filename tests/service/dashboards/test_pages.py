"""Every topic of every kind of area: its page, its links, and what does not exist."""

import pytest
from tests.service.dashboards.conftest import AREAS, words

TOPICS = {
    "england": [
        "specialties",
        "forecast",
        "prospects",
        "what-if",
        "places",
        "sectors",
        "diagnostics",
        "cancer",
        "equity",
    ],
    "region": [
        "specialties",
        "forecast",
        "prospects",
        "what-if",
        "places",
        "sectors",
        "diagnostics",
        "equity",
    ],
    "icb": [
        "specialties",
        "forecast",
        "prospects",
        "what-if",
        "places",
        "sectors",
        "diagnostics",
        "equity",
    ],
    "icb with nobody of its own": [
        "specialties",
        "forecast",
        "prospects",
        "what-if",
        "places",
        "sectors",
        "diagnostics",
    ],
    "trust": ["specialties", "forecast", "prospects", "what-if", "diagnostics", "cancer", "equity"],
    "clinic": ["specialties", "forecast", "prospects", "what-if"],
    "silent provider": ["specialties", "forecast", "prospects", "what-if"],
}


@pytest.mark.parametrize("area", AREAS)
def test_the_menu_has_the_topics_of_the_area_and_each_opens(read, area):
    menu = read(AREAS[area]).links(".app-topics")
    assert list(menu.values()) == [AREAS[area], *(f"{AREAS[area]}{t}/" for t in TOPICS[area])]
    for title, address in menu.items():
        page = read(address)
        current = page.soup.select(".app-topics a[aria-current=page]")
        assert [words(link) for link in current] == [title]
        assert page.panels
        assert f": {title.lower()} – Clockstop" in page.soup.title.text
        ids = [each["id"] for each in page.soup.select("[id]")]
        assert len(ids) == len(set(ids))


def test_an_overview_begins_with_the_sentences_and_the_key_figures(read):
    page = read("/figures/icbs/QWO/")
    told = [words(each) for each in page.soup.select(".app-story p")]
    assert told[0] == (
        "On 30 September 2025 the people of West Yorkshire had 129 waits for treatment, "
        "49 (61.3%) more than a year before."
    )
    assert len(told) == 3
    assert page.panels[:2] == ["key-figures", "targets"]
    cards = {
        words(card.h3): [words(each) for each in card.select("p, p span")]
        for card in page.soup.select(".app-figure")
    }
    assert cards["Waiting list"][0] == "129"
    assert cards["Waiting list"][2:] == ["down 24 in a month", "up 49 in a year"]
    assert cards["Treated in the month"][0] == "40"
    assert cards["Over 52 weeks"][0] == "10"
    assert len(cards) == 6


def test_a_card_says_where_there_is_nothing_to_compare_with(read):
    page = read("/figures/providers/NVC07/")
    changes = {words(each) for each in page.soup.select(".app-figure__change span")}
    assert changes == {"no figure a month before", "no figure a year before"}


def test_a_silent_provider_says_so_and_its_figures_are_not_known(read):
    page = read("/figures/providers/NVC05/")
    (told,) = page.soup.select(".app-story p")
    assert words(told).startswith("Euxton Hall Hospital sent no figures for September 2025")
    values = [words(each) for each in page.soup.select(".app-figure__value")]
    assert set(values) == {"not known"}
    assert page.rows("missing") == [["Euxton Hall Hospital", "August 2025", "33"]]
    assert set(page.rows("months")[0][1:]) == {"not known"}


def test_targets_are_judged_with_what_is_still_to_go(read):
    page = read("/figures/england/")
    rows = {row[0]: row for row in page.rows("targets")}
    assert page.headings("targets") == ["Target", "By", "Now", "Still to go", "Standing", "Source"]
    share = 99 / 179
    assert rows["18 weeks: the NHS Constitution standard"][1:5] == [
        *("Always", f"{share:.1%}", f"{(0.92 - share) * 100:.1f} points", "Not met")
    ]
    assert rows["No waits of over two years"][1:5] == ["31 July 2022", "40", "40", "Not met"]
    tags = page.panel("targets").select(".nhsuk-tag")
    assert {words(tag): tag["class"][-1] for tag in tags} == {"Not met": "nhsuk-tag--red"}
    doubted = rows["18 weeks: 92% by July 2029"][5]
    assert "To be verified" in doubted
    assert "Another source says: 18 weeks: 92% by March 2029" in doubted


def test_what_is_met_has_nothing_still_to_go(read):
    page = read("/figures/providers/QQQ1/")
    rows = {row[0]: row[2:5] for row in page.rows("targets")}
    assert rows["18 weeks: the NHS Constitution standard"] == ["100.0%", "", "Met"]
    steps = [row for name, row in rows.items() if "five points better" in name]
    assert steps == [["100.0%", "", "Not known"]]  # it sent nothing in November 2024


def test_who_is_missing_leads_to_the_providers(read):
    page = read("/figures/england/")
    missing = page.links("section[aria-labelledby=missing] table")
    assert missing == {
        "An Old Trust": "/figures/providers/RW9/",
        "Euxton Hall Hospital": "/figures/providers/NVC05/",
        "SpaMedica Gloucester": "/figures/providers/A0C5S/",
    }
    assert "missing" not in read("/figures/icbs/QF7/").panels  # Sheffield was taken over


@pytest.mark.parametrize("topic", ["", "specialties/", "places/", "sectors/"])
def test_the_basis_stays_in_every_link_and_download(read, topic):
    address = f"/figures/icbs/QWO/{topic}"
    switch = read(address).links("p.app-measure")[
        "Show waits at the area\N{RIGHT SINGLE QUOTATION MARK}s own providers"
    ]
    assert switch == f"{address}?basis=provider"
    page = read(switch)
    for selector in (".app-topics", ".app-downloads", ".nhsuk-breadcrumb li:last-child"):
        addresses = page.links(selector).values()
        assert addresses
        assert all(each.endswith("?basis=provider") for each in addresses), addresses
    back = page.links("p.app-measure")[
        "Show waits of the area\N{RIGHT SINGLE QUOTATION MARK}s own people"
    ]
    assert back == address


def test_a_basis_changes_the_figures(read):
    own = read("/figures/icbs/QWO/").soup.select_one(".app-figure__value").text
    at_providers = read("/figures/icbs/QWO/?basis=provider").soup.select_one(".app-figure__value")
    assert (own, at_providers.text) == ("129", "139")


@pytest.mark.parametrize(
    "address",
    [
        "/figures/icbs/QZZ/",
        "/figures/icbs/RR8/",
        "/figures/regions/Y99/",
        "/figures/providers/RR9/",
        "/figures/cities/LEEDS/",
        "/figures/england/nonsense/",
        "/figures/providers/NVC07/places/",
        "/figures/icbs/QWO/cancer/",
        "/figures/icbs/QWO/?basis=mine",
        "/figures/icbs/QWO/overview/targets.csv?basis=mine",
        "/figures/icbs/QWO/overview/nonsense.csv",
        "/figures/icbs/QWO/overview/key-figures.csv",
        "/figures/icbs/QWO/overview/targets.svg",
        "/figures/icbs/QWO/overview/list.csv",
        "/figures/icbs/QWO/overview/targets.ods",
        "/figures/icbs/QWO/specialties/C_999/",
        "/figures/icbs/QWO/specialties/C_100/",
        "/figures/icbs/QWO/specialties/ZZZ/",
        "/figures/targets/nonsense.csv",
    ],
)
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/figures/", "/figures/england/", "/figures/icbs/QWO/places/"])
def test_pages_are_for_reading(client, address):
    assert client.post(address).status_code == 405


def test_the_old_address_of_england_leads_on(client):
    response = client.get("/england/")
    assert (response.status_code, response["Location"]) == (301, "/figures/england/")


@pytest.mark.parametrize("address", ["/figures/", "/figures/england/", "/figures/icbs/QWO/cancer/",
                                     "/figures/england/specialties/C_110/", "/figures/my-area/"])  # fmt: skip
def test_without_data_a_page_says_how_to_load_some(client, settings, tmp_path, address):
    settings.CLOCKSTOP_HOME = tmp_path
    response = client.get(address)
    assert response.status_code == 503
    assert "No waiting times have been loaded yet" in response.content.decode()
