"""The map of one request: a mark for each spot, so that none lies under another."""

from clockstop.core.types import Point
from clockstop.service.transfers.hub.drawing import SIZE, map_of
from clockstop.service.transfers.hub.places import Place

HOME, NEAR, FAR = Point(53.8, -1.55), Point(53.7, -1.5), Point(53.96, -1.08)


def place(number, point, **more):
    plain = {"pk": "", "provider": f"Provider {number}", "site": "", "team": "", "left": 1}
    plain |= {"first": "", "miles": "8 miles", "speaks_for": (), "against": ()}
    return Place(number=number, point=point, is_independent=False, **(plain | more))


def test_several_places_at_one_spot_are_one_mark_and_all_are_described():
    found = map_of(HOME, [place(1, NEAR), place(2, NEAR), place(3, FAR), place(4, None)], 50)
    assert [each.label for each in found.marks] == ["1+", "3"]
    assert len({(each.x, each.y) for each in found.marks}) == 2
    assert all(0 < each.x < SIZE and 0 < each.y < SIZE for each in found.marks)
    for number in (1, 2, 3):
        assert f"{number}: Provider {number}, 8 miles" in found.description


def test_without_a_home_or_a_place_there_is_no_map():
    assert map_of(None, [place(1, NEAR)], 50) is None
    assert map_of(HOME, [place(1, None)], 50) is None
