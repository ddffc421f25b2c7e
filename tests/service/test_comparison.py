"""Who is compared, and in which order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.fakes import PROVIDERS, FakePlace, even, provider, spread

from clockstop.core.codes.functions import treatment_function
from clockstop.core.types import Point, Sector
from clockstop.service.compare.comparison import Group, compare
from clockstop.service.compare.search import Search, Sort

LEEDS = FakePlace("LS1", "district", Point(53.797, -1.548))
HIPS = treatment_function("C_110")


def search(sort=Sort.ADMITTED, **changes) -> Search:
    return Search(HIPS, sort, **{"place": LEEDS, "radius": 30} | changes)


def codes(compared, group=None) -> list[str]:
    return [each.waits.provider for each in compared if group in (None, each.group)]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.ADMITTED, ["R05", "NT01", "R02", "R01", "NT04", "R03"]),
        (Sort.DISTANCE, ["R01", "NT02", "CIC1", "NT04", "CIC2", "NT01", "R03", "R04", "R05", "R02"]),
        (Sort.SIZE, ["CIC2", "R05", "NT04", "CIC1", "NT02", "NT01", "R03", "R02", "R01"]),
    ],
)  # fmt: skip
def test_the_order(sort, order):
    assert codes(compare(PROVIDERS, search(sort)), Group.LISTED) == order


def test_by_name_is_by_name_alone():
    names = [each.waits.name for each in compare(PROVIDERS, search(Sort.NAME, place=None))]
    assert names == sorted(names, key=str.casefold)


def test_fewer_than_20_are_not_ranked_and_come_after():
    compared = compare(PROVIDERS, search())
    assert codes(compared, Group.NOT_RANKED) == ["NT02", "CIC1", "CIC2"]
    assert [each.group for each in compared] == sorted(each.group for each in compared)


def test_not_ranked_is_said_only_of_the_wait_that_orders():
    assert Group.NOT_RANKED not in {each.group for each in compare(PROVIDERS, search(Sort.SIZE))}
    assert codes(compare(PROVIDERS, search(Sort.WAITING)), Group.NOT_RANKED) == ["CIC2"]


@pytest.mark.parametrize("sort", [Sort.ADMITTED, Sort.NONADMITTED, Sort.WAITING, Sort.SIZE])
def test_figures_of_an_earlier_month_are_not_ranked_among_the_latest(sort):
    compared = compare(PROVIDERS, search(sort))
    assert codes(compared, Group.STALE) == ["R04"]
    assert "R04" not in codes(compared, Group.LISTED)


@pytest.mark.parametrize("sort", [Sort.DISTANCE, Sort.NAME])
def test_an_order_that_is_not_by_figures_keeps_them_in_their_place(sort):
    assert "R04" in codes(compare(PROVIDERS, search(sort)), Group.LISTED)


def test_among_unknown_distances_too_figures_of_an_earlier_month_come_last():
    old = replace(PROVIDERS[8], location=None, admitted=even(90, 2))
    assert codes(compare([old, PROVIDERS[5]], search())) == ["NT03", "R04"]


def test_a_wait_of_over_104_weeks_comes_after_every_known_one():
    ranked = codes(compare(PROVIDERS, search(Sort.ADMITTED)), Group.LISTED)
    assert ranked[-1] == "R03"


def test_unknown_distance_comes_last_where_distance_limits_and_stands_its_place_where_not():
    assert codes(compare(PROVIDERS, search()))[-1] == "NT03"
    assert codes(compare(PROVIDERS, search(radius=None)))[1] == "NT03"
    assert codes(compare(PROVIDERS, search(place=None)))[1] == "NT03"
    assert codes(compare(PROVIDERS, search(Sort.DISTANCE, radius=None)))[-1] == "NT03"


def test_the_limit_is_kept_to():
    assert "RAA" not in codes(compare(PROVIDERS, search(radius=100)))
    assert "RAA" in codes(compare(PROVIDERS, search(radius=None)))
    assert codes(compare(PROVIDERS, search(radius=10)), Group.LISTED) == ["R01", "NT04"]


@pytest.mark.parametrize("sector", [Sector.NHS_TRUST, Sector.INDEPENDENT, Sector.COMMUNITY])
def test_the_sector_is_kept_to(sector):
    compared = compare(PROVIDERS, search(sector=sector, radius=None))
    assert {each.waits.sector for each in compared} == {sector}


def test_a_provider_without_any_wait_is_left_out():
    assert "R06" not in codes(compare(PROVIDERS, search(place=None)))


def test_equal_waits_come_nearest_first():
    far = provider("A", "A far", Sector.NHS_TRUST, location=Point(53.9, -1.5))
    near = provider("B", "B near", Sector.NHS_TRUST, location=Point(53.8, -1.55))
    assert codes(compare([far, near], search())) == ["B", "A"]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 105), st.booleans()), max_size=12),
    st.sampled_from(Sort),
    st.sampled_from([None, 10, 100]),
)
def test_nobody_is_lost_or_doubled_and_the_ranked_are_in_order(sizes, sort, radius):
    waits = [
        provider(
            f"P{number}",
            f"Provider {number}",
            Sector.NHS_TRUST,
            admitted=even(count, last) if not is_open else spread(w3=count + 1, w104=count * 9 + 1),
            location=Point(53.8, -1.5 - number / 50),
        )
        for number, (count, last, is_open) in enumerate(sizes)
    ]
    compared = compare(waits, search(sort, radius=radius))
    assert len(set(codes(compared))) == len(compared)
    assert {each.waits.provider for each in compare(waits, search(sort, radius=None))} == {
        each.provider for each in waits
    }
    if sort is Sort.ADMITTED:
        ranked = [each.waits.admitted.p80 for each in compared if each.group is Group.LISTED]
        weeks = [104 if each.is_open else each.weeks for each in ranked]
        assert weeks == sorted(weeks)
