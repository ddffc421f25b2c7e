"""One specialty of an area: from the table, to its own page, to the places below and above."""

import pytest


@pytest.mark.parametrize(
    ("area", "specialties"),
    [
        ("england/", ["110", "130", "X02"]),
        ("icbs/QWO/", ["110", "130", "X02"]),
        ("providers/RR8/", ["110", "130"]),
        ("providers/QQQ1/", ["X02"]),
    ],
)
def test_every_specialty_leads_to_its_page(read, area, specialties):
    page = read(f"/figures/{area}specialties/")
    links = page.links("table")
    codes = [code if code == "X02" else f"C_{code}" for code in specialties]
    assert list(links.values()) == [f"/figures/{area}specialties/{code}/" for code in codes]
    for name, address in links.items():
        assert read(address).heading.endswith(f": {name}")


def test_a_specialtys_figures_are_its_own(read, book):
    page = read("/figures/england/specialties/C_130/")
    assert page.heading == "England : Ophthalmology (eyes)"
    assert page.soup.select_one(".app-figure__value").text == "19"
    sizes = {row[0]: row[1] for row in page.rows("months")}
    assert {month: size for month, size in sizes.items() if size != "not known"} == {
        "September 2025": "19",
        "March 2025": "21",
    }
    assert "targets" not in page.panels
    assert [row[:2] for row in page.rows("providers")] == [
        ["Leeds Teaching Hospitals NHS Trust", "19"]
    ]


def test_places_of_a_specialty_lead_to_the_same_specialty(read):
    page = read("/figures/england/specialties/C_110/")
    assert {"regions", "icbs", "providers"} <= set(page.panels)
    for key, folder in (("regions", "regions"), ("icbs", "icbs"), ("providers", "providers")):
        for address in page.links(f"section[aria-labelledby={key}] table").values():
            assert address.startswith(f"/figures/{folder}/")
            assert address.endswith("/specialties/C_110/")
            read(address)


def test_an_area_that_never_had_it_is_left_out(read):
    page = read("/figures/england/specialties/X02/")
    assert [row[:2] for row in page.rows("providers")] == [["A New Clinic", "20"]]


def test_the_way_back_up_is_in_the_trail(read):
    page = read("/figures/providers/RR8/specialties/C_130/")
    assert page.links(".nhsuk-breadcrumb") == {
        "Figures": "/figures/",
        "England": "/figures/england/specialties/C_130/",
        "North East and Yorkshire": "/figures/regions/Y63/specialties/C_130/",
        "NHS West Yorkshire ICB": "/figures/icbs/QWO/specialties/C_130/",
        "Leeds Teaching Hospitals NHS Trust": "/figures/providers/RR8/",
    }
    for address in page.links(".nhsuk-breadcrumb").values():
        read(address)


def test_a_provider_and_its_comparison_lead_to_each_other(read):
    page = read("/figures/providers/RR8/specialties/C_130/")
    across = page.links("p.app-measure")["How long people wait here, specialty by specialty"]
    assert across == "/providers/RR8/?function=C_130"
    assert "/figures/providers/RR8/" in read(across).links("main p").values()
    where = page.links("p.app-measure")
    assert list(where)[:2] == ["NHS West Yorkshire ICB", "North East and Yorkshire"]


def test_the_basis_stays(read):
    page = read("/figures/icbs/QWO/specialties/?basis=provider")
    (address, *_) = page.links("table").values()
    assert address.endswith("/C_110/?basis=provider")
    one = read(address)
    assert one.soup.select_one(".app-figure__value").text == "100"
    assert read(address.partition("?")[0]).soup.select_one(".app-figure__value").text == "90"


def test_a_silent_provider_keeps_the_specialties_that_it_had(read):
    (row,) = read("/figures/providers/NVC05/specialties/").rows("specialties")
    assert row[0] == "Trauma and orthopaedics (bones, joints and muscles)"
    assert set(row[1:]) == {"not known"}
