"""The point map's geometry."""

from dataclasses import replace
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.fakes import PROVIDERS, FakePlace, provider

from clockstop.core.codes.functions import treatment_function
from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point, Sector
from clockstop.service.compare.comparison import Compared, Group, compare
from clockstop.service.compare.map import NUMBERED, SIZE, PointMap, point_map
from clockstop.service.compare.search import Search, Sort

LEEDS = FakePlace("LS1", "district", Point(53.797, -1.548))


def search(**changes) -> Search:
    choices = {"place": LEEDS, "radius": 30} | changes
    return Search(treatment_function("C_110"), Sort.NAME, **choices)


def drawn(waits=PROVIDERS, **changes) -> PointMap | None:
    asked = search(**changes)
    return point_map(asked, compare(waits, asked))


def at(*points: Point) -> list[Compared]:
    return [
        Compared(provider(f"P{n}", f"P{n}", Sector.NHS_TRUST, location=point), None, Group.LISTED)
        for n, point in enumerate(points)
    ]


def test_the_place_is_in_the_middle_and_the_ring_reaches_the_distance():
    drawing = drawn()
    assert drawing.place == (SIZE / 2, SIZE / 2)
    york = Point(53.959, -1.081)
    (mark,) = point_map(search(), at(york)).marks
    miles = miles_between(LEEDS.point, york)
    pixels = hypot(mark.x - SIZE / 2, mark.y - SIZE / 2)
    assert pixels / drawing.ring == pytest.approx(miles / 30, rel=0.01)
    assert mark.x > SIZE / 2 > mark.y  # York lies north-east of Leeds


def test_the_scale_bar_is_as_long_as_it_says():
    drawing = drawn()
    assert drawing.scale_length / drawing.scale_miles == pytest.approx(drawing.ring / 30, rel=0.01)


@pytest.mark.parametrize(("radius", "miles"), [(10, 5), (20, 10), (30, 10), (100, 50)])
def test_the_scale_bar_is_a_round_number(radius, miles):
    assert drawn(radius=radius).scale_miles == miles


def test_numbers_are_those_of_the_table():
    asked = search()
    compared = compare(PROVIDERS, asked)
    numbers = {n for n, each in enumerate(compared, 1) if each.waits.location}
    drawing = point_map(asked, compared)
    assert {mark.number for mark in drawing.marks} == numbers
    assert drawing.missing == len(compared) - len(numbers) == 1


def test_who_has_no_location_is_counted_among_all_and_not_only_those_shown():
    compared = compare(PROVIDERS, search())  # the one without a location comes last
    drawing = point_map(search(), compared, 4)
    assert [mark.number for mark in drawing.marks] == [1, 2, 3, 4]
    assert (drawing.missing, drawing.later) == (1, len(compared) - 5)


def test_neither_marks_nor_letters_cover_a_mark_or_the_scale():
    south_west = Point(53.797 - 0.43, -1.548 - 0.72)  # in the corner of the scale
    compared = at(LEEDS.point, LEEDS.point, south_west, Point(53.99, -1.54))
    drawing = point_map(search(), compared)
    marks = [(mark.x, mark.y) for mark in drawing.marks]
    assert drawing.areas
    for area in drawing.areas:
        assert all(hypot(area.x - x, area.y - y) >= 18 for x, y in marks)
    left, bottom = drawing.scale_at
    for x, y in [*marks, *((area.x, area.y) for area in drawing.areas)]:
        assert not (x < left + drawing.scale_length and y > bottom - 15)


def test_a_mark_that_steps_aside_points_home():
    drawing = point_map(search(), at(LEEDS.point))
    (mark,) = drawing.marks
    assert mark.home == drawing.place
    assert (mark.x, mark.y) != mark.home


def test_marks_at_the_middle_of_a_town_are_marked():
    exact, town = at(LEEDS.point, Point(53.9, -1.5))
    town = replace(town, waits=replace(town.waits, location_is_approximate=True))
    drawing = point_map(search(), [exact, town])
    assert [mark.is_approximate for mark in drawing.marks] == [False, True]
    assert drawing.has_approximate
    assert not point_map(search(), [exact]).has_approximate


def test_a_small_mark_can_be_approximate_too():
    crowd = at(*[LEEDS.point] * (NUMBERED + 1))
    last = replace(crowd[-1], waits=replace(crowd[-1].waits, location_is_approximate=True))
    assert point_map(search(), [*crowd[:-1], last]).marks[-1].is_approximate


def test_without_any_location_there_is_no_map():
    assert drawn([each for each in PROVIDERS if each.location is None]) is None


def test_without_a_place_there_is_neither_cross_nor_ring():
    drawing = drawn(place=None)
    assert (drawing.place, drawing.ring) == (None, None)
    assert all(0 <= mark.x <= SIZE and 0 <= mark.y <= SIZE for mark in drawing.marks)


def test_one_provider_alone_is_seen_with_its_surroundings():
    drawing = point_map(search(place=None), at(LEEDS.point))
    assert drawing.scale_miles == 1
    assert drawing.ground


def test_districts_and_areas_around_are_drawn_and_no_others():
    drawing = drawn()
    assert drawing.ground.count("M") == drawing.ground.count("h0") > 100
    letters = {area.letters for area in drawing.areas}
    assert {"BD", "HG"} <= letters  # LS would cover the place
    assert "TR" not in letters


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(53.7, 53.9), st.floats(-1.7, -1.4)).map(lambda pair: Point(*pair)),
        min_size=1,
        max_size=NUMBERED + 5,
    )
)
def test_numbered_marks_never_cover_each_other_and_stay_on_the_map(points):
    marks = point_map(search(), at(*points)).marks
    numbered = [mark for mark in marks if mark.number]
    assert len(marks) == len(points)
    assert len(numbered) == min(len(points), NUMBERED)
    assert all(hypot(a.x - b.x, a.y - b.y) >= 20 for a, b in combinations(numbered, 2))
    assert all(10 <= mark.x <= SIZE - 10 and 10 <= mark.y <= SIZE - 10 for mark in numbered)
