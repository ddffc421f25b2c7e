"""Where a list is heading, whether it will make its targets, and why some cannot be told."""

from xml.etree import ElementTree as ET

import pytest
from tests.service.dashboards import told
from tests.service.dashboards.conftest import AREAS, words
from tests.service.dashboards.test_downloads import SVG, content, files, is_written, table

from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ENGLAND
from clockstop.service.dashboards.chances import chance, in_words
from clockstop.service.dashboards.outlook import Outlook
from clockstop.service.dashboards.subject import Subject
from clockstop.service.dashboards.topics.forecast import none

QWO = "/figures/icbs/QWO/"
FIGURES = ["list", "within-18-weeks", *(f"over-{weeks}-weeks" for weeks in (18, 52, 65, 78))]


@pytest.fixture(scope="module")
def told_lake(full_lake, tmp_path_factory) -> Lake:
    """The story with a book of forecasts made by hand."""
    return told.keep(tmp_path_factory.mktemp("told"), full_lake)


@pytest.fixture(autouse=True)
def _home(told_lake, settings) -> None:
    settings.CLOCKSTOP_HOME = told_lake.home


def test_a_forecast_begins_with_what_is_likely_in_plain_words(read):
    page = read(f"{QWO}forecast/")
    assert page.panels[:8] == ["in-words", *FIGURES, "targets"]
    size, share, year, before, how = (words(p) for p in page.panel("in-words").select("p"))
    assert size == (
        "In March 2026 the list will probably be between 176 and 224 waits (8 in 10). "
        "In September 2025 it was 139."
    )
    assert share == (
        "Of these, between 48.0% and 72.0% will probably have waited at most 18 weeks (8 in 10). "
        "In September 2025 it was 71.2%."
    )
    assert year == (
        "Between 0 and 22 will probably have waited over 52 weeks (8 in 10). "
        "In September 2025 it was 10."
    )
    assert before.endswith(
        "Of the 12 figures that have since been counted, 7 (58%) lay within theirs."
    )
    assert "no plan" in how


def test_england_is_told_by_sector_too(read):
    page = read("/figures/england/forecast/")
    (row,) = page.rows("sectors")
    assert row[:3] == ["Independent", "between 176 and 224", "between 48.0% and 72.0%"]
    assert "sectors" not in read(f"{QWO}forecast/").panels


def test_a_function_of_which_a_sector_has_no_list_has_no_sectors(read):
    assert "sectors" not in read("/figures/england/specialties/C_110/forecast/").panels


def test_every_figure_has_its_fan_with_no_change_and_its_targets(read):
    page = read(f"{QWO}forecast/")
    assert [key for key in page.panels if key in FIGURES] == FIGURES
    for key in FIGURES:
        chart = page.panel(key).select_one(".app-chart__plot")
        assert len(chart.select("polygon")) == 3
        assert len(chart.select(".app-chart__stroke")) == 3
        legend = [words(each) for each in page.panel(key).select(".app-chart__key li")]
        assert legend[:6] == [
            *("Counted", "If nothing changed", "Forecast, the middle"),
            *("19 in 20 chance", "8 in 10 chance", "5 in 10 chance"),
        ]
    keys = [words(each) for each in page.panel("within-18-weeks").select(".app-chart__key li")]
    assert keys[6:] == ["Target 92.0%: always, by March 2029, by July 2029"]
    keys = [words(each) for each in page.panel("over-52-weeks").select(".app-chart__key li")]
    assert keys[6:] == ["Target 2: by March 2026"]  # 1% of a list of 200
    assert len(page.panel("over-52-weeks").select(".app-chart__due")) == 1


def test_the_table_of_a_fan_has_what_was_counted_and_then_what_is_said(read):
    rows = read(f"{QWO}forecast/").rows("list")
    assert rows[5:7] == [
        ["September 2025", "139", "", "", "", ""],
        ["October 2025", "", "200", "196", "204", "139"],
    ]
    assert rows[-1] == ["May 2026", "", "200", "168", "232", "139"]


def test_what_was_said_stands_beside_what_came(read):
    page = read(f"{QWO}forecast/")
    said = [key for key in page.panels if key.startswith("said-")]
    assert said == ["said-list", "said-within-18-weeks", "said-over-52-weeks"]
    (sentence,) = (words(p) for p in page.panel("said-list").select("p.nhsuk-body"))
    assert sentence == (
        "From March 2025, for September 2025: between 176 and 224 (8 in 10). "
        "It came to 139, lower than said."
    )
    assert page.rows("said-list") == [
        ["March 2025", "August 2025", "50", "200", "180", "220", "lower than said"],
        ["March 2025", "September 2025", "139", "200", "176", "224", "lower than said"],
    ]
    verdicts = [row[-1] for row in page.rows("said-within-18-weeks")]
    assert verdicts == ["higher than said", "as said"]


def test_lists_are_those_of_providers_on_any_basis(read):
    for query in ("", "?basis=provider"):
        page = read(f"{QWO}forecast/{query}")
        assert "whoever pays for them: that is what forecasts are made from" in words(page.soup)
        assert page.rows("list")[5][1] == "139"
        assert all(each.endswith(query) for each in page.links(".app-downloads").values())


def test_notes_are_those_of_the_areas_own_providers(read):
    leeds = ["Leeds Teaching Hospitals NHS Trust", "Its past is short."]
    everybody = ["All", "Only 2 months are known."]
    assert read(f"{QWO}forecast/").rows("notes") == [everybody, leeds]
    assert read("/figures/providers/RR8/forecast/").rows("notes") == [everybody, leeds]
    assert len(read("/figures/england/forecast/").rows("notes")) == 3
    assert read(f"{QWO}forecast/").links("section[aria-labelledby=notes] table") == {
        leeds[0]: "/figures/providers/RR8/"
    }


def test_a_specialty_leads_to_its_forecast_and_back(read):
    page = read(f"{QWO}specialties/C_130/")
    address = page.links("p.app-measure")["Where this list is heading: the forecast"]
    assert address == f"{QWO}specialties/C_130/forecast/"
    forecast = read(address)
    assert forecast.heading == page.heading
    assert ", forecast – Clockstop" in forecast.soup.title.text
    back = forecast.links("p.app-measure")["Figures of this specialty until now"]
    assert back == f"{QWO}specialties/C_130/"
    assert forecast.rows("list")[5][1] == "19"
    assert [row[0] for row in forecast.rows("targets")] == [
        *("No waits of over 65 weeks", "18 weeks: 92% by March 2029")
    ]
    downloads = forecast.links(".app-downloads").values()
    assert all(each.startswith(address) for each in downloads)


def test_an_area_is_held_against_each_target_by_specialty_the_worst_first(read):
    page = read(f"{QWO}prospects/")
    assert page.panels == ["targets", "target-rtt-65b", "target-rtt-18w-29"]
    assert page.rows("targets")[0] == [
        *("No waits of over 65 weeks", "March 2026", "30 in 100", "unlikely"),
        (
            "Probably between 1 and 1,230 (8 in 10); 0 is asked. In the middle of what may come, "
            "4 too many. 1,030 more clock stops a week, beside the 100 of today, would meet it "
            "8 times in 10. With the longest waits treated first, 20 more a week would be enough."
        ),
    ]
    rows = page.rows("target-rtt-65b")
    assert [row[:3] for row in rows] == [
        ["Ophthalmology (eyes)", "less than 3 in 100", "unlikely"],
        ["Trauma and orthopaedics (bones, joints and muscles)", "50 in 100", "in the balance"],
        [
            "Other medical (such as diabetes, kidneys, blood and cancer drugs)",
            "not known",
            "not known",
        ],
    ]
    assert "To meet it 8 times in 10: not within 3 times today's capacity." in rows[0][3]
    assert rows[2][3] == "Nobody is expected to wait."
    (counted,) = page.panel("target-rtt-65b").select("p.nhsuk-body")
    assert words(counted) == (
        "Of 2 specialties: 0 likely, 1 in the balance, 1 unlikely to make it in March 2026."
    )
    links = page.links("section[aria-labelledby=target-rtt-65b] table")
    assert links["Ophthalmology (eyes)"] == f"{QWO}specialties/C_130/forecast/"


def test_what_is_met_in_the_middle_takes_nothing_more_and_what_is_short_says_so(read):
    row = read(f"{QWO}prospects/").rows("targets")[1]
    assert row[2:] == [
        *("70 in 100", "likely"),
        (
            "Probably between 90.0% and 96.0% (8 in 10); 92.0% is asked. "
            "In the middle of what may come it is met."
        ),
    ]
    (short, *_) = read(f"{QWO}prospects/").rows("target-rtt-18w-29")
    assert "12.3 points short. 50 more clock stops a week, beside the 100 of today" in short[-1]


@pytest.mark.parametrize(
    ("longest", "gap", "words"),
    [
        (120.0, 1.0, "20 more a week would be enough."),
        (90.0, 0.0, "today's clock stops would be enough."),
        (None, 1.0, "1 too many."),
        (None, -2.0, "0 too many."),
        (None, 3.9, ""),
        (1133.5, 0.0, ""),
    ],
)
def test_what_it_takes_with_the_longest_waits_first_is_told_where_it_is_less(longest, gap, words):
    row = told.a_target("C_999", clock_stops_longest=longest, gap_longest=gap)
    _, _, first = in_words(row).partition("With the longest waits treated first, ")
    assert first == words


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (None, "not known"),
        (0.0, "less than 3 in 100"),
        (0.0250004, "less than 3 in 100"),
        (0.03, "3 in 100"),
        (0.5, "50 in 100"),
        (0.974, "97 in 100"),
        (0.975, "more than 97 in 100"),
    ],
)
def test_a_chance_is_no_surer_than_the_forecast(probability, said):
    assert chance(probability) == said


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("providers/NVC05/forecast/", "The last figures are those of August 2025: what is on it"),
        ("providers/NVC05/prospects/", "The last figures are those of August 2025: what is on it"),
        ("providers/QQQ1/forecast/", "Too little is known of it"),
        ("providers/QQQ1/specialties/X02/forecast/", "Too little is known of it"),
    ],
)
def test_a_list_without_a_forecast_says_why(read, address, why):
    page = read(f"/figures/{address}")
    assert page.panels == ["none"]
    assert why in words(page.panel("none"))


@pytest.mark.parametrize(
    ("counted", "why"),
    [
        ({}, "No provider here files such a list."),
        ({told.ORIGIN: None}, "No provider here files such a list."),
        ({told.EARLIER: 7}, "The last figures are those of March 2025"),
        ({told.EARLIER: 7, told.ORIGIN: 0}, "Nobody was on this list in September 2025."),
        ({told.ORIGIN: 7}, "Too little is known of it"),
    ],
)
def test_each_reason_for_no_forecast_is_its_own(book, counted, why):
    subject = Subject(book, book.area(AreaKind.ENGLAND, ENGLAND), Basis.PROVIDER)
    rows = {
        month: None if size is None else {"incomplete_pathways": size}
        for month, size in counted.items()
    }
    assert why in none(Outlook(subject, None, (), rows)).words[0]


@pytest.mark.parametrize("topic", ["forecast/", "prospects/", "specialties/C_110/forecast/"])
def test_without_a_book_a_page_says_what_to_run(read, settings, full_lake, topic):
    settings.CLOCKSTOP_HOME = full_lake.home
    page = read(f"{QWO}{topic}")
    assert page.panels == ["not-yet"]
    assert "clockstop forecast build" in words(page.panel("not-yet"))
    assert "It needs 4 consecutive months of returns; 6 are held." in words(page.panel("not-yet"))


@pytest.fixture
def pages(read):
    return [
        read(f"{QWO}{each}") for each in ("forecast/", "prospects/", "specialties/C_110/forecast/")
    ]


def test_every_table_and_chart_can_be_taken_along(pages, client):
    for page in pages:
        tables = files(page, "csv")
        assert tables.keys() == {key for key in page.panels if page.panel(key).table}
        for key, address in tables.items():
            shown = page.rows(key)
            for row, cells in zip(table(client, address), shown, strict=True):
                for cell in cells:
                    assert any(is_written(value, cell) for value in row.values()), (row, cell)
        for key, address in files(page, "svg").items():
            drawing = ET.fromstring(content(client, address, "svg"))
            assert len(drawing.findall(f".//{SVG}polygon")) == 3
            assert drawing.find(f"{SVG}title").text == words(page.panel(key).figcaption)


def test_a_file_has_every_interval_and_every_clock_stop(client):
    rows = table(client, f"{QWO}forecast/list.csv")
    assert (rows[-1]["from_19_in_20"], rows[-1]["to_19_in_20"]) == ("152.0", "248.0")
    found = table(client, f"{QWO}prospects/target-rtt-65b.csv")[0]
    assert (found["function"], found["probability"], found["clock_stops_even"]) == (
        *("C_130", "0.0250004"),
        "110.0",
    )


@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_every_area_has_both_pages(read, area):
    for topic in ("forecast", "prospects"):
        assert read(f"{area}{topic}/").panels
    assert {"Forecast", "Will we make it?"} <= read(area).links(".app-topics").keys()


@pytest.mark.parametrize(
    "address",
    [
        "specialties/C_110/prospects/",
        "specialties/C_110/overview/",
        "specialties/C_999/forecast/",
        "prospects/target-rtt-1.csv",
        "prospects/targets.svg",
        "forecast/in-words.csv",
    ],
)
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(f"{QWO}{address}").status_code == 404
