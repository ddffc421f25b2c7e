"""Which ICB a place lies in: by small areas where the lake knows them, else by the nearest town."""

import pytest
from tests.analytics.published.helpers import take
from tests.analytics.published.test_lsoa import FILES

from clockstop.analytics.monitoring.residence import Residence
from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic.atlas import areas
from clockstop.core.types import Point

LEEDS, NORWICH = Point(53.797, -1.548), Point(52.63, 1.297)


@pytest.mark.parametrize("area", areas(), ids=lambda area: area.icb)
def test_a_town_lies_in_its_own_icb(tmp_path, area):
    residence = Residence(Lake(tmp_path))
    assert {residence.icb(town.point) for town in area.towns} == {area.icb}


def test_a_place_near_a_town_lies_in_the_towns_icb(tmp_path):
    assert Residence(Lake(tmp_path)).icb(Point(53.81, -1.50)) == "QWO"


def test_small_areas_win_over_towns(tmp_path):
    """In these look-ups every small area of England lies in Leeds."""
    for name, each in FILES.items():
        each.save(tmp_path, f"{name}.csv")
    lake = Lake(tmp_path / "home")
    take(lake, tmp_path / "changes.csv", tmp_path / "icbs.csv")
    assert Residence(lake).icb(NORWICH) == Residence(Lake(tmp_path)).icb(NORWICH) != "QWO"
    take(lake, tmp_path / "centroids.csv")
    assert Residence(lake).icb(NORWICH) == "QWO"
    assert Residence(lake).icb(LEEDS) == "QWO"
