"""Surgical hubs and community diagnostic centres, by the ICB that they lie in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from clockstop.analytics.monitoring.residence import Residence
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Point

HUBS, CENTRES = "hubs", "centres"
_DATA_SETS = {HUBS: "surgical_hubs", CENTRES: "diagnostic_centres"}


class SitesBook:
    """The hubs and centres of the lake; without any, every question is answered with nothing."""

    def __init__(self, lake: Lake, residence: Residence) -> None:
        self._lake = lake
        self._residence = residence

    def of(self, kind: str, icbs: frozenset[str]) -> list[Mapping[str, Any]]:
        """The hubs (``HUBS``) or centres (``CENTRES``) that lie in any of the ICBs, by name.

        A row has the columns of its data set, and ``icb_code``. Raises KeyError for another kind.
        """
        return [row for row in self._all[kind] if row["icb_code"] in icbs]

    @cached_property
    def _all(self) -> Mapping[str, list[dict[str, Any]]]:
        return {kind: self._read(kind, name) for kind, name in _DATA_SETS.items()}

    def _read(self, table: str, data_set: str) -> list[dict[str, Any]]:
        rows = [
            row
            for held in self._lake.catalogue().current(data_set).values()
            for row in self._lake.scan(held, table).collect().rows(named=True)
        ]
        return sorted((row | {"icb_code": self._icb(row)} for row in rows), key=lambda r: r["name"])

    def _icb(self, row: Mapping[str, Any]) -> str | None:
        if row["latitude"] is None or row["longitude"] is None:
            return None
        return self._residence.icb(Point(row["latitude"], row["longitude"]))
