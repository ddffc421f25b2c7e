"""Which ICB a place lies in.

Where the lake holds the look-ups of small areas (LSOAs), that of the nearest one's middle. Without
them, that of the nearest of the towns that ICBs are known by: right for 19 postcodes in 20; who
lives near a border may be in the next one.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import polars as pl

from clockstop.analytics.published.lake import Lake
from clockstop.analytics.synthetic.atlas import areas
from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point

_NARROWING = np.cos(np.radians(53))  # a degree of longitude against one of latitude, in England


class Residence:
    """The ICBs of places, by what the lake knows of small areas."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake

    def icb(self, point: Point) -> str:
        """The code of the ICB that the point (WGS84) lies in, or nearly."""
        middles = self._middles
        if middles.is_empty():
            return _by_town(point)
        north = middles["latitude"].to_numpy() - point.latitude
        east = (middles["longitude"].to_numpy() - point.longitude) * _NARROWING
        return str(middles["icb"][int(np.hypot(north, east).argmin())])

    @cached_property
    def _middles(self) -> pl.DataFrame:
        """The middle of each small area and its ICB; empty if the lake lacks a look-up."""
        held = self._lake.catalogue().current("lsoa")
        tables = {table: held[key] for key in held for table in held[key].tables}
        if not {"centroids", "changes", "icbs"} <= tables.keys():
            return pl.DataFrame()
        centroids, changes, icbs = (
            self._lake.scan(tables[name], name) for name in ("centroids", "changes", "icbs")
        )
        joined = centroids.join(changes, on="lsoa11").join(icbs, on="lsoa21")
        return joined.select("latitude", "longitude", "icb").collect()


def _by_town(point: Point) -> str:
    return min(
        areas(), key=lambda area: min(miles_between(point, town.point) for town in area.towns)
    ).icb
