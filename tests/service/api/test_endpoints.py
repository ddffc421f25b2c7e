"""Each endpoint gives what the book and the lists hold, in the shape that it promises."""

import pytest
from tests.analytics.story import LEEDS, NEW, YORKSHIRE

from clockstop.analytics.lists.measures import MEASURES
from clockstop.analytics.monitoring.areas import AreaKind, Basis
from clockstop.analytics.monitoring.standing import judged
from clockstop.analytics.monitoring.story import sentences
from clockstop.analytics.monitoring.summaries import COLUMNS
from clockstop.core.codes import ALL_FUNCTIONS, ENGLAND, treatment_functions
from clockstop.core.rulebook.targets import targets


def codes(answer):
    return [item["code"] for item in answer["items"]]


def test_areas_are_all_that_have_figures(get, figures):
    answer = get("/areas")
    assert answer["total"] == len(figures.areas)
    assert [(each["kind"], each["code"]) for each in answer["items"]] == [*figures.areas]
    assert answer["synthetic"] is False


def test_areas_are_found_by_kind_by_what_they_lie_in_and_by_words(get):
    assert codes(get("/areas", kind="england")) == [ENGLAND]
    assert {LEEDS, NEW} <= set(codes(get("/areas", parent=YORKSHIRE)))
    assert codes(get("/areas", q="teaching leeds")) == [LEEDS]
    assert codes(get("/areas", q=LEEDS.lower())) == [LEEDS]
    assert codes(get("/areas", q="nothing of the kind")) == []


@pytest.mark.parametrize("basis", [*Basis])
def test_an_area_tells_how_it_stands(get, figures, basis):
    area = figures.area(AreaKind.ICB, YORKSHIRE)
    answer = get(f"/areas/icb/{YORKSHIRE}", basis=str(basis))
    assert answer["basis"] == basis
    assert answer["month"] == "2025-09"
    assert codes({"items": answer["children"]}) == [each.code for each in figures.children(area)]
    assert answer["sentences"] == [*sentences(figures, area, basis)]
    verdicts = {each["target"]: (each["verdict"], each["value"]) for each in answer["targets"]}
    assert verdicts == {
        each.target.id: (each.verdict.name.lower(), each.value)
        for each in judged(figures, area, basis)
    }
    assert verdicts["rtt-18w"][0] == "not_met"


def test_a_provider_has_one_basis_and_says_who_runs_it(get):
    answer = get(f"/areas/provider/{LEEDS}", basis="commissioner")
    assert (answer["basis"], answer["sector"], answer["parent"]) == (
        "provider",
        "nhs_trust",
        YORKSHIRE,
    )


def test_measures_say_what_they_count(get):
    items = {item["key"]: item for item in get("/measures")["items"]}
    assert items.keys() == MEASURES.keys()
    assert items["p92_weeks"]["caveat"] == MEASURES["p92_weeks"].caveat
    assert {key for key, item in items.items() if item["in_figures"]} == set(COLUMNS)


def test_targets_are_all_told_with_what_replaced_them(get):
    answer = get("/targets")
    assert [item["id"] for item in answer["items"]] == [*targets()]
    items = {item["id"]: item for item in answer["items"]}
    assert items["rtt-65a"]["superseded_by"] == "rtt-65b"
    assert items["rtt-65b"]["supersedes"] == "rtt-65a"
    assert items["rtt-18w"]["due"] is None


@pytest.mark.parametrize(("day", "is_there"), [("2024-03-26", False), ("2024-03-27", True)])
def test_targets_in_force_on_a_day(get, day, is_there):
    found = {item["id"] for item in get("/targets", in_force_on=day)["items"]}
    assert ("rtt-65b" in found) is is_there
    assert ("rtt-65a" in found) is not is_there


def test_targets_for_a_kind_of_area(get):
    for item in get("/targets", kind="icb")["items"]:
        assert "icb" in item["applies_to"]


def test_functions_come_with_their_total(get):
    items = get("/functions")["items"]
    current = [item["code"] for item in items if item["kind"] == "function"]
    assert current == [each.code for each in treatment_functions()]
    assert [i["code"] for i in items if i["kind"] == "total"] == [ALL_FUNCTIONS.code]


def test_months_are_those_of_the_lake(get, figures):
    answer = get("/months")
    assert [item["month"] for item in answer["items"]] == [str(each) for each in figures.months]
    assert answer["items"][-1] == {
        "month": "2025-09",
        "label": "September 2025",
        "census": "2025-09-30",
    }


def test_those_who_sent_nothing_are_missing_where_they_are(get, figures):
    for area in (figures.area(AreaKind.ENGLAND, ENGLAND), figures.area(AreaKind.ICB, YORKSHIRE)):
        answer = get("/missing", kind=str(area.kind), code=area.code)
        assert [item["provider"] for item in answer["items"]] == [
            each.provider for each in figures.missing(area)
        ]
    assert get("/missing", month="2024-08")["items"] == []


def test_without_diagnostics_in_the_lake_there_are_none(get):
    assert get("/diagnostics")["items"] == []
