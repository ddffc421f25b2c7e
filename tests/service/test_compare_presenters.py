"""The comparison in words."""

from dataclasses import replace

import pytest
from tests.service.fakes import NOBODY, PROVIDERS, SEPTEMBER, FakePlace, even, provider, spread

from clockstop.core.codes.functions import treatment_function
from clockstop.core.types import Point, Sector
from clockstop.service.compare.cells import Cell, direction_of, figure_cells
from clockstop.service.compare.comparison import compare
from clockstop.service.compare.presenters import (
    ResultsPresenter,
    about_miles,
    miles,
)
from clockstop.service.compare.search import Search, Sort

LEEDS = FakePlace("LS1", "district", Point(53.797, -1.548))


def results(sort=Sort.ADMITTED, waits=PROVIDERS, shown=30, **changes) -> ResultsPresenter:
    choices = {"place": LEEDS, "radius": 30} | changes
    search = Search(treatment_function("C_110"), sort, **choices)
    return ResultsPresenter(search, compare(waits, search), month=SEPTEMBER, shown=shown)


@pytest.mark.parametrize(
    ("changes", "heading"),
    [
        ({}, "Trauma and orthopaedics within 30 miles of LS1"),
        ({"radius": None}, "Trauma and orthopaedics at any distance from LS1"),
        ({"place": None}, "Trauma and orthopaedics at every provider"),
    ],
)
def test_the_heading_says_what_is_compared(changes, heading):
    assert results(**changes).heading == heading


@pytest.mark.parametrize(
    ("waits", "total"),
    [
        (PROVIDERS, "10 providers, and 1 more whose distance is not known"),
        (PROVIDERS[5:6], "1 provider, whose distance is not known"),
        (
            [replace(each, location=None) for each in PROVIDERS[:3]],
            "3 providers, whose distances are not known",
        ),
        (PROVIDERS[:1], "1 provider"),
        ((), "No providers"),
    ],
)
def test_providers_without_a_distance_are_counted_apart(waits, total):
    assert results(waits=waits).total == total


@pytest.mark.parametrize(
    ("waits", "cell"),
    [
        (even(900, 30), Cell("900", "15.0 weeks", "24.0 weeks", "27.6 weeks", "", "15.0 weeks")),
        (spread(w5=7, w30=5), Cell("12", range="5 to 31 weeks")),
        (spread(w5=7, w104=5), Cell("12", range="5 to over 104 weeks")),
        (NOBODY, Cell("0")),
    ],
)
def test_a_cell_has_percentiles_or_only_a_range(waits, cell):
    assert Cell.of(waits) == cell


def test_an_open_percentile_is_over_104_weeks():
    cell = Cell.of(spread(w10=60, w90=20, w104=40))
    assert (cell.half, cell.eight_in_ten, cell.most) == (
        "11.0 weeks",
        "over 104 weeks",
        "over 104 weeks",
    )


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (1000, 800, ("↑", "Up 25% in a year")),
        (400, 500, ("↓", "Down 20% in a year")),
        (1000, 1001, ("↓", "Down less than 1% in a year")),
        (1000, 1000, ("", "No change in a year")),
        (1000, 0, ("↑", "Up from nobody a year ago")),
        (1000, None, ("", "Change in a year not known")),
    ],
)
def test_the_direction_over_a_year(now, before, words):
    waits = provider("A", "A", Sector.NHS_TRUST, waiting=even(now, 30), size_year_ago=before)
    assert direction_of(waits) == words


@pytest.mark.parametrize(
    ("distance", "words"),
    [(0.04, "less than 0.1 miles"), (0.96, "1.0 mile"), (1.04, "1.0 mile"), (12.25, "12.2 miles")],
)
def test_miles_in_words(distance, words):
    assert miles(distance) == words


@pytest.mark.parametrize(
    ("distance", "words"),
    [(0.4, "less than 1 mile"), (1.4, "about 1 mile"), (7.26, "about 7 miles")],
)
def test_miles_to_a_town_are_whole(distance, words):
    assert about_miles(distance) == words


def test_a_provider_known_to_its_town_only_is_about_so_far():
    york = Point(53.96, -1.08)  # 22.1 miles
    waits = [
        provider("A", "A", Sector.INDEPENDENT, location=york, location_is_approximate=True),
        provider("B", "B", Sector.INDEPENDENT, location=york, admitted=even(100, 90)),
    ]
    shown = results(waits=waits)
    assert [row.distance for row in shown.sections[0].rows] == [
        "about 22 miles, from its town",
        "22.1 miles",
    ]
    assert "at A (about 22 miles), 8 in 10" in shown.highlights[0][1]


def test_the_highlights_speak_of_the_wait_that_orders():
    shortest, nearest = results(Sort.ADMITTED).highlights
    treated = "8 in 10 people admitted for treatment in September 2025 had waited"
    assert shortest == (
        "Shortest",
        f"at Jorvik Children's NHS Trust (22.1 miles), {treated} up to 0.8 weeks.",
    )
    assert nearest == (
        "Nearest",
        f"at Aire Valley Teaching Hospitals NHS Trust (0.2 miles), {treated} up to 32.0 weeks.",
    )


@pytest.mark.parametrize(
    ("sort", "words"),
    [
        (Sort.NONADMITTED, "people whose wait ended without admission in September 2025"),
        (
            Sort.WAITING,
            "people still waiting at 30 September 2025 have waited up to 7.0 weeks so far.",
        ),
        (Sort.SIZE, "people admitted for treatment"),
    ],
)
def test_each_wait_is_called_what_it_is(sort, words):
    assert words in results(sort).highlights[0][1]


@pytest.mark.parametrize(
    ("sort", "waits", "said"),
    [
        (Sort.ADMITTED, spread(w5=7, w30=5),
         "12 people admitted for treatment in September 2025 had waited 5 to 31 weeks."),
        (Sort.NONADMITTED, spread(w5=1),
         "1 person whose wait ended without admission in September 2025 had waited 5 to 6 weeks."),
        (Sort.WAITING, spread(w5=1),
         "1 person still waiting at 30 September 2025 has waited 5 to 6 weeks so far."),
        (Sort.WAITING, spread(w5=2),
         "2 people still waiting at 30 September 2025 have waited 5 to 6 weeks so far."),
        (Sort.ADMITTED, NOBODY, "nobody was admitted for treatment in September 2025."),
        (Sort.ADMITTED, spread(w10=60, w104=60),
         ("more than 2 in 10 people admitted for treatment in September 2025 "
          "had waited more than 104 weeks.")),
        (Sort.ADMITTED, replace(NOBODY, count=3),
         "the waits of 3 people admitted for treatment in September 2025 are not known."),
    ],
)  # fmt: skip
def test_the_nearest_is_named_however_few_it_treats(sort, waits, said):
    own = {str(sort): waits}
    nearest = provider("A", "A", Sector.INDEPENDENT, location=LEEDS.point, **own)
    label, sentence = results(sort, waits=[nearest, PROVIDERS[9]]).highlights[-1]
    assert label == "Nearest"
    assert sentence == f"at A (less than 0.1 miles), {said}"


def test_a_highlight_says_the_same_weeks_as_the_table():
    shown = results(waits=[provider("A", "A", Sector.NHS_TRUST, admitted=even(93, 20))])
    cell = Cell.of(shown.compared[0].waits.admitted)
    assert shown.highlights[0][1].endswith(f"had waited up to {cell.eight_in_ten}.")


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"waits": PROVIDERS}, ""),
        ({"waits": ()}, "Search farther away."),
        ({"waits": PROVIDERS[5:6]}, "Search farther away."),
        (
            {"waits": (), "sector": Sector.INDEPENDENT},
            "Search farther away, or among all providers.",
        ),
        (
            {"waits": (), "sector": Sector.INDEPENDENT, "radius": None},
            "Search among all providers.",
        ),
        ({"waits": (), "place": None}, ""),
    ],
)
def test_the_advice_is_what_could_help(changes, advice):
    assert results(**changes).advice == advice


@pytest.mark.parametrize("code", ["R04", "NT03", "NT02"])
def test_stale_unplaced_and_small_providers_are_never_the_shortest(code):
    waits = [each for each in PROVIDERS if each.provider in {code, "R03"}]
    first = results(waits=waits).highlights[0]
    assert first[0] != "Shortest" or "Calder" in first[1]


def test_one_provider_that_is_both_shortest_and_nearest_is_named_once():
    assert [label for label, _ in results(waits=PROVIDERS[:1]).highlights] == ["Shortest"]


def test_sections_say_why_they_stand_apart():
    headings = [section.heading for section in results().sections]
    assert headings[0] == ""
    assert headings[1].startswith("Not ranked: fewer than 20 people")
    assert headings[2] == "Not ranked: no figures for September 2025, so older ones are shown"
    assert headings[3].startswith("Distance not known")


def test_numbers_run_on_through_the_sections():
    numbers = [row.number for section in results().sections for row in section.rows]
    assert numbers == list(range(1, 12))


def test_only_the_first_are_shown_until_all_are_asked_for():
    few = results(shown=3)
    assert [row.number for section in few.sections for row in section.rows] == [1, 2, 3]
    assert few.not_shown == 8


def test_a_stale_provider_says_what_it_last_sent():
    rows = {row.name: row for section in results().sections for row in section.rows}
    assert rows["Ilkley and Otley NHS Trust"].last_sent == "Last sent figures for June 2025"
    assert not rows["Bishopdale NHS Foundation Trust"].last_sent


def test_a_row_links_to_the_provider_in_the_same_specialty():
    row = results().sections[0].rows[0]
    assert row.href == "/providers/R05/?function=C_110"


@pytest.mark.parametrize(("place", "method"), [(LEEDS, "postcode district LS1"), (None, "")])
def test_the_method_of_measuring_is_said_where_distances_are_shown(place, method):
    said = results(place=place).method
    assert method in said
    assert bool(said) is bool(place)


def test_the_chart_shows_the_first_20_by_the_wait_that_orders():
    waits = [provider(f"P{n}", f"P{n}", Sector.NHS_TRUST, waiting=even(900, 30)) for n in range(25)]
    shown = results(Sort.WAITING, waits=waits)
    assert len(shown.chart.bars) == 20
    assert shown.chart_caption == (
        "How long people still waiting at 30 September 2025 have waited so far"
    )
    assert "24.0 weeks" in shown.chart.bars[0].words


def test_the_chart_is_of_the_latest_month_and_marks_what_is_older():
    old = replace(PROVIDERS[8], admitted=even(90, 2))  # the shortest, but of June
    chart = results(waits=[old, PROVIDERS[0]])
    assert chart.chart_caption == (
        "How long people admitted for treatment in September 2025 had waited"
    )
    assert [bar.label for bar in chart.chart.bars] == [
        "Aire Valley Teaching Hospitals NHS Trust",
        "Ilkley and Otley NHS Trust (June 2025)",
    ]


def test_the_cells_of_figures_are_markup_and_keep_the_groups_apart():
    cells = str(figure_cells(PROVIDERS[4]))  # 12 people admitted
    assert hasattr(figure_cells(PROVIDERS[4]), "__html__")
    admitted, nonadmitted, waiting, size = cells.split("</td>")[:4]
    assert "5 to 31 weeks" in admitted
    assert "12 people, too few for more" in admitted
    assert "8 in 10" not in admitted
    assert "8 in 10</span> <strong>20.0 weeks" in nonadmitted
    assert "Still waiting: so far" in waiting
    assert "average" in waiting
    assert "not a forecast" in waiting
    assert "average" not in admitted + nonadmitted + size
