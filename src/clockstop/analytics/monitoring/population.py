"""How many people live in an ICB, a region, England: ONS mid-year estimates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import polars as pl

from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.analytics.published.lake import Lake
from clockstop.core.codes import ENGLAND
from clockstop.core.codes.icbs import icbs_on

_MID_YEAR = (6, 30)


def people(lake: Lake) -> Mapping[tuple[AreaKind, str], int]:
    """The people of each ICB, region and England in the latest year held, of any age and sex.

    Empty without population estimates in the lake. An ICB of which nothing is known is left out,
    and so are a region and an England that would lack it.
    """
    held = lake.catalogue().current("population")
    if not held:
        return {}
    tables = pl.concat(lake.scan(each, "population") for each in held.values())
    latest = tables.filter(pl.col("year") == pl.col("year").max())
    sums = latest.group_by("icb_code", "year").agg(pl.col("n").sum()).collect()
    found = {code: n for code, _, n in sums.rows() if code}
    parts: dict[tuple[AreaKind, str], list[str]] = defaultdict(list)
    for icb in icbs_on(date(sums["year"][0], *_MID_YEAR)):
        for key in ((AreaKind.REGION, icb.region.code), (AreaKind.ENGLAND, ENGLAND)):
            parts[key].append(icb.code)
    whole = {key: codes for key, codes in parts.items() if found.keys() >= set(codes)}
    return {(AreaKind.ICB, code): n for code, n in found.items()} | {
        key: sum(found[code] for code in codes) for key, codes in whole.items()
    }
