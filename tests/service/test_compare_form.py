"""What is typed and chosen, and the search that it makes."""

import pytest
from tests.service.fakes import FakePlaces

from clockstop.core.types import Sector
from clockstop.service.compare.form_page import FormPage
from clockstop.service.compare.forms import CompareForm
from clockstop.service.compare.search import Sort


def form(**data) -> CompareForm:
    return CompareForm(data, places=FakePlaces())


@pytest.mark.parametrize(
    ("need", "code"),
    [
        ("hip replacement", "C_110"),
        ("Hip  Replacement ", "C_110"),
        ("trauma and orthopaedics", "C_110"),
        ("C_110", "C_110"),
        ("cataract", "C_130"),
        ("Ophthalmology (eyes)", "C_130"),
    ],
)
def test_words_find_the_specialty(need, code):
    search = form(need=need).search
    assert search is not None
    assert search.function.code == code


def test_words_that_fit_several_specialties_ask_which():
    asked = form(need="surgery")
    assert asked.search is None
    assert FormPage(asked).is_choice
    assert {"C_100", "C_160"} <= {each["value"] for each in FormPage(asked).specialties}
    assert not FormPage(asked).errors


@pytest.mark.parametrize(
    ("need", "treated_by"),
    [
        ("cancer", {"C_101", "X05", "X02"}),
        (" Cancer ", {"C_101", "X05", "X02"}),
        ("urgent suspected cancers", {"C_101", "X05", "X02"}),
        ("knee cancer", {"C_110"}),
        ("Skin cancer?", {"C_330"}),
        ("suspected prostate cancer", {"C_101"}),
        ("brain tumour", {"C_150"}),
        ("zzzz cancer", {"X02"}),
    ],
)
def test_cancer_of_any_kind_is_neither_searched_nor_refused(need, treated_by):
    page = FormPage(form(need=need))
    assert page.form.search is None
    assert not page.is_choice
    assert not page.errors
    assert treated_by <= {each.code for each in page.cancer_specialties}


@pytest.mark.parametrize("need", ["urgent", "suspected", "hip", "lump"])
def test_words_that_name_no_cancer_are_looked_for(need):
    assert not FormPage(form(need=need)).cancer_specialties


def test_the_kind_of_cancer_narrows_who_treats_it():
    skin, any_kind = (FormPage(form(need=need)) for need in ("skin cancer", "cancer"))
    assert len(skin.cancer_specialties) < len(any_kind.cancer_specialties)


def test_a_specialty_chosen_wins_over_the_word_cancer():
    assert form(need="cancer", function="C_101").search.function.code == "C_101"


def test_asked_again_without_an_answer_it_says_so():
    page = FormPage(form(need="surgery", choosing="yes"))
    assert page.form.search is None
    assert page.is_choice
    assert page.errors == {"function": "Choose a specialty"}


def test_a_chosen_specialty_wins_over_the_words():
    assert form(need="surgery", function="C_160").search.function.code == "C_160"


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({}, "need", "Enter what you need"),
        ({"need": "   "}, "need", "Enter what you need"),
        ({"need": "zzzz"}, "need", "No specialty fits"),
        ({"need": "x" * 101}, "need", "100"),
        ({"function": "C_999"}, "need", "Choose a specialty"),
        ({"function": "DROP"}, "need", "Choose a specialty"),
        ({"need": "hip", "place": "Leeds"}, "place", "Enter a full postcode"),
        ({"need": "hip", "place": "ZE1"}, "place", "No place"),
        ({"need": "hip", "within": "7"}, "within", "7"),
        ({"need": "hip", "sector": "unknown"}, "sector", "unknown"),
        ({"need": "hip", "sort": "magic"}, "need", "magic"),
    ],
)
def test_what_is_refused_and_where_it_is_said(data, field, message):
    page = FormPage(form(**data))
    assert page.form.search is None
    assert list(page.errors) == [field]
    assert message in page.errors[field]


def test_errors_come_in_the_order_of_the_page():
    assert list(FormPage(form(need="zzzz", place="Leeds")).errors) == ["need", "place"]


def test_when_no_specialty_fits_all_are_offered():
    page = FormPage(form(need="zzzz"))
    assert len(page.specialties) == 23
    assert not page.is_choice


def test_what_is_left_out_has_its_default():
    search = form(need="hip", place="LS1").search
    assert (search.radius, search.sector, search.place.label) == (30, None, "LS1")


def test_everything_chosen_reaches_the_search():
    search = form(
        need="hip", place="ls1 4ap", within="50", sector="independent", sort="distance"
    ).search
    assert (search.radius, search.sector, search.sort) == (50, Sector.INDEPENDENT, Sort.DISTANCE)
    assert (search.place.label, search.place.kind) == ("LS1 4", "sector")


@pytest.mark.parametrize(
    ("within", "place", "limit"), [("any", "LS1", None), ("10", "", None), ("10", "LS1", 10)]
)
def test_the_limit_holds_only_with_a_place(within, place, limit):
    assert form(need="hip", within=within, place=place).search.limit == limit


@pytest.mark.parametrize(
    ("need", "sort"), [("hip", Sort.ADMITTED), ("cardiology", Sort.NONADMITTED)]
)
def test_surgical_specialties_start_with_people_admitted(need, sort):
    assert form(need=need).search.sort is sort


def test_without_a_place_nothing_can_be_sorted_by_distance():
    page = FormPage(form(need="hip", sort="distance"))
    assert page.form.search.sort is Sort.ADMITTED
    assert "distance" not in [option["value"] for option in page.options("sort")]


def test_a_search_never_prints_the_place():
    assert "LS1" not in repr(form(need="hip", place="LS1 4AP").search)


def test_the_search_is_repeated_in_hidden_fields_but_for_what_is_chosen_anew():
    page = FormPage(form(need="hip", place="LS1 4AP", within="50", sort="size"))
    assert page.carried("sort") == [
        ("need", "hip"),
        ("function", "C_110"),
        ("place", "LS1 4AP"),
        ("within", "50"),
    ]
    assert ("sort", "size") in page.carried()


def test_an_order_is_repeated_only_if_it_was_chosen_and_exists():
    assert FormPage(form(need="hip", sort="size")).chosen_sort == "size"
    assert not FormPage(form(need="hip")).chosen_sort
    assert not FormPage(form(need="hip", sort="magic")).chosen_sort
    assert not FormPage().chosen_sort


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"need": " knee replacement "}, "knee replacement"),
        ({"need": "surgery", "function": "C_110"}, "surgery"),
        ({"need": "surgery"}, "surgery"),
        ({"need": "trauma and Orthopaedics"}, ""),
        ({"function": "C_110"}, ""),
    ],
)
def test_the_words_searched_are_kept_unless_they_are_the_specialtys_name(data, words):
    assert FormPage(form(**data)).searched_for == words


def test_common_words_are_suggested_once_each():
    options = FormPage().suggestions
    assert options.count('<option value="Hip replacement">') == 1
    assert '<option value="Cardiology">' in options
