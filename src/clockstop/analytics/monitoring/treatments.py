"""England's treatments by the independent sector and by the NHS, before the returns of the lake."""

from __future__ import annotations

from collections.abc import Mapping

from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Month


def independent_shares(lake: Lake) -> Mapping[Month, tuple[int, float | None]]:
    """By month: all completed treatments, and the independent sector's share of them.

    From the series of treatments by sector; empty if the lake does not hold it. The share is a
    fraction, None in a month without treatments.
    """
    found = {}
    for held in lake.catalogue().current("treatments_by_sector").values():
        rows = lake.scan(held, "treatments").sort("month").collect()
        for month, independent, nhs in rows.select("month", "independent", "nhs").rows():
            whole = independent + nhs
            found[Month.parse(month)] = (whole, independent / whole if whole else None)
    return found
