"""What if, on pages: from an address, from the form, from a file; side by side, and as files."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.service.dashboards.conftest import Page, words
from tests.service.dashboards.test_downloads import SVG, content, files, is_written, table

from clockstop.analytics.forecast.book import ForecastBook
from clockstop.analytics.forecast.scenarios.address import packed, unpacked
from clockstop.analytics.forecast.scenarios.reading import read_scenario, written
from clockstop.analytics.forecast.scenarios.scenario import (
    Cliff,
    ClockStops,
    Growth,
    Scenario,
    TreatmentPolicy,
    WaitTarget,
    Where,
)
from clockstop.analytics.lists.measures import Unit
from clockstop.core.types import Month
from clockstop.service.dashboards.chances import chance
from clockstop.service.dashboards.outlook import about
from clockstop.service.dashboards.scenarios.asked import MOST, letters_in, query
from clockstop.service.ui.limits import Limit

HERE = "/figures/icbs/QWO/what-if/"
BASE, LAST = Month(2025, 9), Month(2027, 3)
WHERE = Where(icbs=("QWO",))
MORE = Scenario(
    title="More of everything",
    base_month=BASE,
    horizon_months=18,
    capacity=(Growth(percent_a_year=40, where=WHERE),),
    replicates=64,
)
FEWER = Scenario(
    title="Fewer treated",
    base_month=BASE,
    horizon_months=18,
    capacity=(Growth(percent_a_year=-40, where=WHERE),),
    replicates=64,
)
CLIFF = replace(
    FEWER,
    title="Nobody over 40 weeks",
    capacity=(),
    policy=TreatmentPolicy(cliff=Cliff(over_weeks=40, by_month=Month(2026, 3))),
)


@pytest.fixture(autouse=True)
def _home(built_lake, settings) -> None:
    settings.CLOCKSTOP_HOME = built_lake.home


@pytest.fixture(scope="module")
def forecasts(built_lake):
    """What the pages should say as things are."""
    return ForecastBook(built_lake)


def address(*scenarios, here=HERE, file=""):
    return here + file + query([packed(each) for each in scenarios])


def problems(response):
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.title.text.startswith("Error: ")
    return [words(each) for each in soup.select(".nhsuk-error-summary li")]


class TestSideBySide:
    def test_a_scenario_stands_beside_what_is_to_come(self, read, forecasts):
        page = read(address(MORE))
        last = forecasts.forecast("icb", "QWO").rows[17]
        counted, now, then, difference = page.rows(f"side-by-side-{LAST}")
        size, low, high = (
            about(last[f"incomplete_pathways_{end}"], Unit.PATHWAYS)
            for end in ("p50", "p10", "p90")
        )
        assert counted[0] == "Counted in September 2025"
        assert now[:2] == ["As we are", f"{size} ({low} to {high})"]
        assert then[0] == "More of everything"
        assert difference[0] == "More of everything: difference"
        assert "fewer" in difference[1]
        assert "fewer" in words(page.panel("in-words"))

    def test_there_is_a_table_for_every_month_in_which_a_target_is_judged(self, read):
        keys = [key for key in read(address(MORE)).panels if key.startswith("side-by-side")]
        assert keys == ["side-by-side-2026-03", "side-by-side-2027-03"]

    def test_several_stand_in_the_order_of_the_address(self, read):
        for order in ((MORE, FEWER), (FEWER, MORE)):
            rows = read(address(*order)).rows(f"side-by-side-{LAST}")
            assert [row[0] for row in rows][2::2] == [
                f"{place}: {each.title}" for place, each in enumerate(order, 1)
            ]

    def test_more_shortens_the_list_and_less_lengthens_it(self, client):
        rows = table(client, address(MORE, FEWER, file=f"side-by-side-{LAST}.csv"))
        sizes = {row["run"]: float(row["list_p50"]) for row in rows}
        assert sizes["1: More of everything"] < sizes["As we are"] < sizes["2: Fewer treated"]
        for row in rows:
            if row["list_p10"]:
                ends = [float(row[f"list_{end}"]) for end in ("p10", "p50", "p90")]
                assert ends == sorted(ends)
        assert sizes["2: Fewer treated: difference"] == pytest.approx(
            sizes["2: Fewer treated"] - sizes["As we are"], abs=1e-3
        )

    def test_the_chance_of_each_target_stands_beside_that_of_today(self, read, forecasts):
        rows = read(address(MORE, FEWER)).rows("targets")
        told = [row for row in forecasts.targets("icb", "QWO") if row["function"] == "C_999"]
        assert [row[0] for row in rows] == [row["name"] for row in told]
        assert [row[3] for row in rows] == [chance(row["probability"]) for row in told]
        late = [row for row in rows if row[1] == "March 2029"]
        assert {row[4] for row in late} == {"not known"}
        soon = [row for row in rows if row[1] == "March 2026"]
        assert "not known" not in {row[4] for row in soon}

    def test_a_target_is_nearer_with_more_and_further_with_fewer(self, client):
        for row in table(client, address(MORE, FEWER, file="targets.csv")):
            if row["due"] == "March 2026":
                found = [
                    row[f"{run}_probability"] for run in ("scenario_2", "as_now", "scenario_1")
                ]
                assert [float(each) for each in found] == sorted(map(float, found))

    def test_every_figure_has_its_fans(self, read):
        page = read(address(MORE, FEWER))
        chart = page.panel("list").select_one(".app-chart__plot")
        assert len(chart.select("polygon")) == 3
        assert len(chart.select(".app-chart__stroke")) == 4
        legend = [words(each) for each in page.panel("list").select(".app-chart__key li")]
        assert legend[:4] == [
            "Counted to September 2025",
            "As we are, the middle",
            "1: More of everything, the middle",
            "2: Fewer treated, the middle",
        ]

    def test_specialties_add_up_and_lead_to_pages_of_their_own(self, read, client):
        rows = table(client, address(FEWER, file="by-specialty.csv"))
        whole = table(client, address(FEWER, file=f"side-by-side-{LAST}.csv"))
        for key, run in {"list_as_now": 1, "list_scenario_1": 2}.items():
            total = sum(float(row[key]) for row in rows)
            assert total == pytest.approx(float(whole[run]["list_p50"]), rel=1e-3, abs=1)
        links = read(address(FEWER)).links("#by-specialty ~ * tbody")
        one = read(next(iter(links.values())))
        assert one.rows(f"side-by-side-{LAST}")[2][0] == "Fewer treated"
        assert "by-specialty" not in one.panels
        back = {name: to for name, to in one.links("main").items() if name.startswith("All spec")}
        assert list(back.values()) == [address(FEWER)]

    def test_what_it_changes_is_said_in_words(self, read):
        told = replace(
            MORE,
            demand=(Growth(percent_a_year=-2.5),),
            capacity=(
                ClockStops(
                    clock_stops_a_week=30,
                    from_month=Month(2026, 1),
                    to_month=Month(2026, 6),
                    where=Where(functions=("C_110",), icbs=("QWO",)),
                ),
            ),
            policy=TreatmentPolicy(long_wait_share=0.1, cliff=CLIFF.policy.cliff),
        )
        page = read(address(told))
        assert [words(each) for each in page.soup.select("#scenarios ~ ul li")] == [
            "Demand: 2.5% less a year, building up, in all specialties (England).",
            (
                "Capacity: 30 more clock stops a week from January 2026 to June 2026 in "
                "Trauma and orthopaedics (bones, joints and muscles) (West Yorkshire)."
            ),
            "Order: 10.0% of capacity goes to waits of over 52 weeks, the longest first.",
            "Order: whoever would wait over 40 weeks by March 2026 goes first.",
            "From September 2025, 18 months ahead.",
        ]

    def test_the_same_address_has_the_same_numbers(self, client, settings):
        one, other = (client.get(address(CLIFF, file="list.csv")).content for _ in range(2))
        assert one == other

    @pytest.mark.parametrize("kind", ["england", "region", "icb", "provider"])
    def test_every_area_has_its_page(self, read, forecasts, kind):
        cells = forecasts.bench.model.cells
        area = "england" if kind == "england" else f"{kind}s/{getattr(cells, kind)[0]}"
        page = read(address(CLIFF, here=f"/figures/{area}/what-if/"))
        assert "in-words" in page.panels
        assert page.rows(f"side-by-side-{LAST}")[2][0] == "Nobody over 40 weeks"


class TestFiles:
    def test_every_table_and_chart_can_be_taken_along(self, read, client):
        page = read(address(MORE, CLIFF))
        tables = files(page, "csv")
        assert tables.keys() == {key for key in page.panels if page.panel(key).table}
        for key, each in tables.items():
            for row, cells in zip(table(client, each), page.rows(key), strict=True):
                for cell in cells:
                    assert any(is_written(value, cell) for value in row.values()), (row, cell)
            content(client, files(page, "xlsx")[key], "xlsx")
        for each in files(page, "svg").values():
            drawing = ET.fromstring(content(client, each, "svg"))
            assert len(drawing.findall(f".//{SVG}polygon")) == 3

    def test_a_scenario_is_a_file_that_can_be_read_again(self, client):
        response = client.get(address(MORE, CLIFF, file="scenario-2.json"))
        assert response["Content-Type"] == "application/json"
        assert read_scenario(response.content.decode()) == CLIFF

    @pytest.mark.parametrize(
        "file", ["scenario-3.json", "list.json", "nothing.csv", "targets.svg", "in-words.csv"]
    )
    def test_what_does_not_exist_is_not_found(self, client, file):
        assert client.get(address(MORE, CLIFF, file=file)).status_code == 404

    def test_without_a_scenario_there_is_no_file(self, client):
        assert client.get(f"{HERE}list.csv").status_code == 404


def form(**given):
    usual = {"title": "Try", "months": "18", "share-weeks": "52"}
    return usual | {name.replace("_", "-"): value for name, value in given.items()}


def scenarios_of(response):
    assert response.status_code == 302, problems(response)
    return [unpacked(each) for each in letters_in(response["Location"])]


class TestForm:
    def test_what_is_sent_is_run_and_has_an_address(self, client, read):
        sent = form(capacity_0_amount="20", capacity_0_kind="weekly", capacity_0_function="C_110")
        response = client.post(f"{HERE}edit/", sent)
        (made,) = scenarios_of(response)
        assert made.capacity == (
            ClockStops(clock_stops_a_week=20, where=Where(functions=("C_110",), icbs=("QWO",))),
        )
        assert "in-words" in read(response["Location"]).panels

    def test_without_a_scenario_the_page_is_the_form(self, read):
        page = read(HERE)
        assert page.panels == ["form", "open"]
        assert page.soup.select_one("#months")["value"] == "18"

    def test_a_new_one_comes_after_the_others(self, client):
        response = client.post(address(MORE, here=f"{HERE}edit/"), form())
        assert [each.title for each in scenarios_of(response)] == ["More of everything", "Try"]

    def test_a_changed_one_stays_in_its_place(self, client, read):
        changing = address(CLIFF, MORE, here=f"{HERE}edit/") + "&at=1"
        page = read(changing)
        assert page.soup.select_one("#title")["value"] == CLIFF.title
        assert page.soup.select_one("#cliff-weeks")["value"] == "40"
        assert words(page.soup.select_one("#cliff-by option[selected]")) == "March 2026"
        response = client.post(changing, form(title="Otherwise", demand_0_amount="5"))
        found = scenarios_of(response)
        assert [each.title for each in found] == ["Otherwise", "More of everything"]
        assert found[0].replicates == CLIFF.replicates

    def test_every_fault_stands_beside_its_field_with_what_was_typed(self, client):
        response = client.post(f"{HERE}edit/", form(title=" ", months="0", demand_0_amount="much"))
        assert problems(response) == [
            "Name: expected a title of 1 to 200 characters",
            "Months ahead: expected a whole number of months, 1 to 60",
            "Demand, change 1: expected a percentage, -100 to 1,000",
        ]
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.select_one("#demand-0-amount")["value"] == "much"
        for each in ("title", "months", "demand-0-amount"):
            assert soup.select_one(f"#{each}-error")

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"months": "60"}, "Months ahead: expected 48 or fewer, as far as forecasts are kept"),
            (
                {"capacity_0_amount": "-90000"},
                "capacity: found fewer than 0 clock stops for",
            ),
        ],
    )
    def test_what_does_not_fit_the_lists_is_said(self, client, given, said):
        (found,) = problems(client.post(f"{HERE}edit/", form(**given)))
        assert found.startswith(said)

    def test_there_can_be_room_for_more_changes(self, client):
        response = client.post(f"{HERE}edit/", form(more="yes", demand_0_amount="7"))
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.select_one("#demand-0-amount")["value"] == "7"
        assert soup.select_one("#demand-3-amount")

    def test_a_scenario_with_more_than_the_form_is_not_changed_in_it(self, client):
        wide = replace(MORE, capacity=(Growth(percent_a_year=1),))
        (said,) = problems(client.get(address(wide, here=f"{HERE}edit/") + "&at=1"))
        assert "has more than the form on this page shows" in said

    def test_what_no_form_shows_is_kept(self, client):
        own = replace(MORE, seed=7, targets=(WaitTarget(percent=70, within_weeks=18),))
        changing = address(own, here=f"{HERE}edit/") + "&at=1"
        (found,) = scenarios_of(client.post(changing, form()))
        assert (found.seed, found.targets) == (7, own.targets)


class TestOpen:
    def test_a_file_is_opened(self, client):
        text = json.dumps(written(CLIFF))
        response = client.post(
            address(MORE, here=f"{HERE}add/"), {"file": SimpleUploadedFile("x.json", text.encode())}
        )
        assert scenarios_of(response) == [MORE, CLIFF]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (b"{", ["not JSON: "]),
            (b"\xff\xfe{", ["The file is no text: "]),
            (
                b'{"title": "", "base_month": "2025-9", "horizon_months": 3, "extra": 1}',
                ["extra: unknown; ", "title: found ", "base_month: found "],
            ),
            (
                b'{"title": "Old", "base_month": "2025-08", "horizon_months": 3}',
                ["base_month: found 2025-08, expected 2025-09, that of the figures"],
            ),
            (
                (
                    b'{"title": "x", "base_month": "2025-09", "horizon_months": 3,'
                    b' "demand": [{"percent_a_year": 1, "where": {"icbs": ["D7T5G"]}}]}'
                ),
                ["demand[0].where.icbs: found D7T5G, expected one with a list in 2025-09"],
            ),
        ],
    )
    def test_all_that_is_wrong_with_a_file_is_said(self, client, text, said):
        sent = {"file": SimpleUploadedFile("x.json", text)}
        found = problems(client.post(f"{HERE}add/", sent))
        assert len(found) == len(said)
        for start in said:
            assert any(each.startswith(start) for each in found), found

    def test_no_file_is_said(self, client):
        assert problems(client.post(f"{HERE}add/", {})) == ["There is no file in what you sent"]

    def test_no_more_problems_are_said_than_can_be_read(self, client):
        text = json.dumps({f"key{at}": at for at in range(50)})
        sent = {"file": SimpleUploadedFile("x.json", text.encode())}
        assert problems(client.post(f"{HERE}add/", sent))[-1] == "and 33 more"

    def test_the_scenarios_of_an_address_come_beside(self, client):
        sent = {"address": f"https://elsewhere.example{address(CLIFF, FEWER)}"}
        response = client.post(address(MORE, here=f"{HERE}add/"), sent)
        assert scenarios_of(response) == [MORE, CLIFF, FEWER]

    def test_an_address_without_a_scenario_is_said(self, client):
        (said,) = problems(client.post(f"{HERE}add/", {"address": "https://elsewhere.example/"}))
        assert said.startswith("There is no scenario in this address")

    def test_no_more_than_fit_come_side_by_side(self, client):
        others = [replace(MORE, title=f"Number {at}") for at in range(MOST)]
        sent = {"address": address(CLIFF)}
        (said,) = problems(client.post(address(*others, here=f"{HERE}add/"), sent))
        assert said == "No more than 3 scenarios fit side by side: remove one first"


class TestAddress:
    def test_letters_that_are_none_are_said_and_the_others_shown(self, client):
        response = client.get(address(MORE) + "&s=1nonsense")
        (said,) = problems(response)
        assert said.startswith("Scenario 2: the address: found no scenario in it")
        page = Page(BeautifulSoup(response.content, "html.parser"))
        assert "in-words" in page.panels

    def test_a_scenario_of_older_figures_is_said_and_can_be_moved(self, client, read):
        old = replace(MORE, base_month=Month(2025, 8))
        (said,) = problems(client.get(address(old)))
        assert "base_month: found 2025-08, expected 2025-09, that of the figures" in said
        changing = address(old, here=f"{HERE}edit/") + "&at=1"
        page = read(changing)
        assert page.soup.select_one("#title")["value"] == "More of everything"
        fields = form(title=old.title, capacity_0_amount="40", capacity_0_kind="yearly")
        (moved,) = scenarios_of(client.post(changing, fields))
        assert moved == MORE

    def test_a_title_is_no_markup(self, client):
        evil = replace(MORE, title="<script>alert(1)</script>")
        assert b"<script>alert" not in client.get(address(evil)).content
        assert b"<script>alert" not in client.get(address(evil, file="list.svg")).content

    def test_nobody_may_ask_without_end(self, client, settings):
        settings.CLOCKSTOP_LIMITS = {"scenario": Limit(address=2, session=2)}
        cache.clear()
        addresses = [HERE, address(MORE, file="scenario-1.json"), HERE]
        assert [client.get(each).status_code for each in addresses] == [200, 200, 429]
        cache.clear()

    def test_one_scenario_asked_for_twice_is_one(self, read):
        rows = read(address(MORE, MORE)).rows(f"side-by-side-{LAST}")
        assert len(rows) == 4
