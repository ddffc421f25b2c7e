"""Every panel as a file: the page's figures, in full, in each kind; every chart as a drawing."""

import csv
import re
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from tests.service.dashboards.conftest import AREAS, words

SVG = "{http://www.w3.org/2000/svg}"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
}


@pytest.fixture(params=AREAS.values(), ids=AREAS)
def pages(request, read):
    """Every page of an area: its topics and one of its specialties."""
    addresses = list(read(request.param).links(".app-topics").values())
    specialties = read(f"{request.param}specialties/").links("table")
    return [read(each) for each in [*addresses, *list(specialties.values())[:1]]]


def files(page, extension: str) -> dict[str, str]:
    """The addresses of the page's files of a kind, by panel."""
    found = {}
    for key in page.panels:
        for link in page.panel(key).select(".app-downloads a"):
            if re.search(rf"\.{extension}(\?|$)", link["href"]):
                found[key] = link["href"]
    return found


def content(client, address: str, extension: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == TYPES[extension]
    name = re.search(
        r'attachment; filename="([a-z0-9_-]+)\.(\w+)"', response["Content-Disposition"]
    )
    assert name[2] == extension
    return response.content


def table(client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content(client, address, "csv").decode())))


def test_every_table_and_every_chart_can_be_downloaded(pages):
    for page in pages:
        tables = {key for key in page.panels if page.panel(key).table}
        assert files(page, "csv").keys() == tables
        assert files(page, "xlsx").keys() == files(page, "parquet").keys() == tables
        drawn = {key for key in page.panels if page.panel(key).figure}
        assert files(page, "svg").keys() == drawn


def test_a_csv_has_the_figures_of_the_page(pages, client):
    for page in pages:
        for key, address in files(page, "csv").items():
            rows = table(client, address)
            shown = page.rows(key)
            assert len(rows) == len(shown), address
            for row, cells in zip(rows, shown, strict=True):
                assert cells[0] in row.values()
                for cell in cells[1:]:
                    assert any(is_written(value, cell) for value in row.values()), (row, cell)


def is_written(value: str, cell: str) -> bool:
    """Whether a cell of a page is how a value of a file is said."""
    said = {"": {"not known", ""}, "104+": {"over 104"}}.get(value, {value})
    try:
        number = float(value)
    except ValueError:
        return cell in said
    written = {f"{number:,.0f}", f"{number:.1f}", f"{number:.1%}"}
    return cell in written | ({"less than 0.1%"} if 0 < number < 0.001 else set())


def test_excel_and_parquet_hold_what_the_csv_holds(pages, client):
    for page in pages:
        for key, address in files(page, "csv").items():
            rows = table(client, address)
            parquet = content(client, files(page, "parquet")[key], "parquet")
            read = pl.read_parquet(BytesIO(parquet))
            excel = content(client, files(page, "xlsx")[key], "xlsx")
            sheet = CalamineWorkbook.from_filelike(BytesIO(excel)).get_sheet_by_index(0)
            header, *cells = sheet.to_python()
            assert [list(row) for row in rows[:1]] in ([header], [])
            assert read.columns == header
            for row, one, other in zip(rows, read.rows(), cells, strict=True):
                assert [plain(each) for each in one] == [plain(each) for each in other]
                assert [plain(each) for each in one] == [plain(each) for each in row.values()]


def plain(value: object) -> object:
    """A value as every kind of file can tell it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return round(float(value), 9)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)


def test_every_chart_is_a_drawing_that_says_what_it_is(pages, client):
    for page in pages:
        for key, address in files(page, "svg").items():
            drawing = ET.fromstring(content(client, address, "svg"))
            assert drawing.tag == f"{SVG}svg"
            caption = words(page.panel(key).figcaption)
            assert drawing.find(f"{SVG}title").text == caption
            assert drawing.find(f".//{SVG}line") is not None or drawing.findall(f"{SVG}rect")[1:]
            assert caption in [text.text for text in drawing.iter(f"{SVG}text")]


def test_a_file_has_codes_and_columns_that_the_page_has_no_room_for(client):
    (first, *_) = table(client, "/figures/england/places/providers.csv")
    assert (first["code"], first["name"]) == ("RR8", "Leeds Teaching Hospitals NHS Trust")
    assert {"over_65_weeks", "over_104_weeks", "new_periods", "admitted_stops"} <= first.keys()
    (months, *_) = table(client, "/figures/providers/NVC07/overview/months.csv")
    assert (months["over_104_weeks"], months["median_weeks"]) == ("40", "104+")
    assert "104+" in content(client, "/figures/providers/NVC07/overview/months.csv", "csv").decode()


def test_a_file_is_named_by_its_area_panel_and_month(client):
    for address, name in {
        "/figures/icbs/QWO/overview/targets.csv": "qwo-targets-2025-09.csv",
        "/figures/england/overview/list.svg": "e92000001-list-2025-09.svg",
        "/figures/providers/RR8/specialties/C_130/months.csv": "rr8-c_130-months-2025-09.csv",
        "/figures/targets/targets.csv": "national-targets.csv",
    }.items():
        assert client.get(address)["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_file_is_of_the_basis_asked_for(client):
    address = "/figures/icbs/QWO/overview/months.csv"
    own, at_providers = table(client, address), table(client, f"{address}?basis=provider")
    assert own[0]["incomplete_pathways"] == "129"
    assert at_providers[0]["incomplete_pathways"] == "139"


@pytest.mark.parametrize("dimension", ["deprivation", "age", "ethnicity", "sex"])
def test_bars_are_held_against_everybody(read, client, dimension):
    panel = read("/figures/england/equity/").panel(dimension)
    (mark, *_) = panel.select("figure text")
    assert words(mark).startswith("Everybody: ")
    drawing = ET.fromstring(content(client, f"/figures/england/equity/{dimension}.svg", "svg"))
    assert words(mark) in [text.text for text in drawing.iter(f"{SVG}text")]


def test_deprivation_runs_from_the_most_deprived_tenth_to_the_least(read):
    panel = read("/figures/england/equity/").panel("deprivation")
    labels = [words(row.span) for row in panel.select("li")]
    assert labels == [
        "1, the most deprived tenth",
        *map(str, range(2, 10)),
        "10, the least deprived tenth",
    ]
