"""Places: reading what a person types, the table of districts, distance."""

import csv
from contextlib import suppress
from math import cos, hypot, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.geography.distance import miles_between
from clockstop.core.geography.districts import districts
from clockstop.core.geography.postcodes import District, PlaceError, Postcode, parse_place
from clockstop.core.types import Point

DISTRICTS = st.sampled_from(sorted(districts()))
INWARDS = st.from_regex(r"\A[0-9][ABD-HJLNP-UW-Z]{2}\Z")
POINTS = st.builds(Point, st.floats(49.8, 60.9), st.floats(-8, 1.8))


@pytest.mark.parametrize(
    "text",
    [
        "LS1 4AP",
        "LS14AP",
        "ls1 4ap",
        "Ls14aP",
        "  ls1   4ap ",
        "LS1\u00a04AP",
        "(LS1-4AP).",
        "L S 1 4 A P",
    ],
)
def test_a_postcode_in_any_case_and_spacing(text):
    assert parse_place(text) == Postcode("LS1", "4AP")


def test_the_parts_of_a_postcode():
    place = parse_place("sw1a1aa")
    assert isinstance(place, Postcode)
    assert (place.outward, place.inward) == ("SW1A", "1AA")
    assert (place.sector, place.district) == ("SW1A 1", "SW1A")


@pytest.mark.parametrize("text", ["LS1", "ls1", " Ls 1 ", "LS1."])
def test_a_district_alone(text):
    assert parse_place(text) == District("LS1")
    assert parse_place(text).district == "LS1"


def test_a_short_text_without_a_gap_is_the_longer_district():
    assert parse_place("LS14") == District("LS14")


@pytest.mark.parametrize(
    "text",
    [
        "LS1 4", "LS1 4A", "EC1 A", "Leeds", "LS", "1", "LS1 4AP extra", "LS1 4CA", "QS1 4AP", "LSI 4AP",
        "LSÉ1", "ß1 4AP", "\uff2c\uff33\uff11", "LS\u0661", "LS1 4AP LS1 4AP", "\u017f1", "A" * 10_000, "LS1\n4",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_repeating_it(text):
    with pytest.raises(PlaceError, match="Enter a full postcode") as refused:
        parse_place(text)
    assert refused.value.args == (
        "Enter a full postcode, like LS1 4AP, or only its first half, like LS1",
    )


@pytest.mark.parametrize("text", ["", "   ", "--", "\t\n"])
def test_nothing_typed(text):
    with pytest.raises(PlaceError, match=r"^Enter a postcode$"):
        parse_place(text)


def test_a_place_error_is_a_value_error():
    assert issubclass(PlaceError, ValueError)


@given(DISTRICTS)
def test_every_district_of_the_table_can_be_typed(district):
    assert parse_place(district.lower()) == District(district)


@given(
    DISTRICTS,
    INWARDS,
    st.sampled_from(["", " ", "   ", "-"]),
    st.sampled_from([str.upper, str.lower]),
)
def test_every_postcode_survives_typing(district, inward, gap, case):
    place = parse_place(case(district + gap + inward))
    assert place == Postcode(district, inward)
    assert parse_place(place.district) == District(district)


@given(st.text())
def test_any_text_is_a_place_or_a_place_error(text):
    with suppress(PlaceError):
        place = parse_place(text)
        assert parse_place(place.district) == District(place.district)


@given(DISTRICTS, INWARDS)
def test_a_place_does_not_show_itself_in_a_log(district, inward):
    assert repr(Postcode(district, inward)) == str(Postcode(district, inward)) == "Postcode()"
    assert repr(District(district)) == "District()"


def test_the_table_covers_great_britain():
    table = districts()
    assert 2_800 < len(table) < 3_000
    assert {c.country for c in table.values()} == {"E", "S", "W"}
    assert sum(c.postcodes for c in table.values()) == pytest.approx(1.74e6, rel=0.01)
    assert [table[d].country for d in ("LS1", "EH1", "CF10", "TD15", "CH7", "SY1")] == list(
        "ESWEWE"
    )
    assert all(
        49.8 < c.point.latitude < 60.9 and -8 < c.point.longitude < 1.8 for c in table.values()
    )


def test_the_table_is_read_once_and_cannot_be_changed():
    assert districts() is districts()
    with pytest.raises(TypeError):
        districts()["LS1"] = None


@pytest.mark.parametrize(
    ("district", "latitude", "longitude"),
    [
        ("LS1", 53.797, -1.548),
        ("SW1A", 51.503, -0.132),
        ("TR21", 49.92, -6.30),
        ("ZE1", 60.16, -1.16),
    ],
)
def test_known_places_from_any_map(district, latitude, longitude):
    point = districts()[district].point
    assert miles_between(point, Point(latitude, longitude)) < 2


@pytest.mark.parametrize(
    ("here", "there", "miles"),
    [("LS1", "M1", 36), ("EH1", "G1", 42), ("SW1A", "LS1", 170), ("LS1", "LS1", 0)],
)
def test_known_distances(here, there, miles):
    table = districts()
    assert miles_between(table[here].point, table[there].point) == pytest.approx(miles, abs=1.5)


@given(POINTS, POINTS, POINTS)
def test_distance_is_a_metric(a, b, c):
    assert miles_between(a, b) == pytest.approx(miles_between(b, a), abs=1e-6)
    assert miles_between(a, a) == 0
    assert miles_between(a, c) <= miles_between(a, b) + miles_between(b, c) + 1e-6


@given(st.sampled_from(list(districts().values())), st.sampled_from(list(districts().values())))
def test_distance_agrees_with_the_grid(a, b):
    on_the_grid = hypot(a.easting - b.easting, a.northing - b.northing) / 1609.344
    assert miles_between(a.point, b.point) == pytest.approx(on_the_grid, rel=0.005, abs=0.02)


@pytest.mark.real_data
def test_the_table_agrees_with_another_making_of_it(real_data: Path):
    path = real_data / "geography" / "outcode_centroids_codepoint_open_2025_2.csv"
    with path.open(encoding="utf-8") as file:
        other = {row["outcode"]: row for row in csv.DictReader(file)}
    shared = other.keys() & districts().keys()
    assert len(shared) >= 0.999 * len(other)
    near = [metres_apart(districts()[d].point, other[d]) <= 100 for d in shared]
    assert sum(near) > 0.99 * len(near)
    assert {d for d in shared if districts()[d].country != other[d]["country"][0]} == set()


def metres_apart(point: Point, row: dict[str, str]) -> float:
    north = (point.latitude - float(row["latitude"])) * 111_200
    east = (point.longitude - float(row["longitude"])) * 111_200 * cos(radians(point.latitude))
    return hypot(north, east)
