"""A lake small enough to reason about, with every awkward provider in it; every figure is made up.

It is published straight into the lake, since ingest rightly refuses an England of this size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl
from tests.analytics.published import small
from tests.analytics.published.helpers import take
from tests.analytics.published.sheets import sheet

from clockstop.analytics.published.catalogue import Revision
from clockstop.analytics.published.lake import Lake
from clockstop.core.types import Part

YORKSHIRE, SOUTH_YORKSHIRE, LANCASHIRE = "QWO", "QF7", "QE1"
ICBS = {
    YORKSHIRE: "NHS WEST YORKSHIRE INTEGRATED CARE BOARD",
    SOUTH_YORKSHIRE: "NHS SOUTH YORKSHIRE INTEGRATED CARE BOARD",
    LANCASHIRE: "NHS LANCASHIRE AND SOUTH CUMBRIA INTEGRATED CARE BOARD",
}
LEEDS, SHEFFIELD, EUXTON, FULWOOD = "RR8", "RHQ", "NVC05", "NVC07"
EYES, OLD, NEW = "A0C5S", "RW9", "QQQ1"
PROVIDERS = {
    LEEDS: ("LEEDS TEACHING HOSPITALS NHS TRUST", YORKSHIRE),
    SHEFFIELD: ("SHEFFIELD TEACHING HOSPITALS NHS FOUNDATION TRUST", SOUTH_YORKSHIRE),
    EUXTON: ("EUXTON HALL HOSPITAL", LANCASHIRE),
    FULWOOD: ("FULWOOD HALL HOSPITAL", LANCASHIRE),
    EYES: ("SPAMEDICA GLOUCESTER", YORKSHIRE),
    OLD: ("AN OLD TRUST", LANCASHIRE),
    NEW: ("A NEW CLINIC", YORKSHIRE),
}
OF_LEEDS, OF_PRESTON, HUB, NONC = "15F", "01E", "13Q", "NONC"
COMMISSIONERS = {
    OF_LEEDS: ("NHS LEEDS (SUB ICB LOCATION)", YORKSHIRE),
    OF_PRESTON: ("NHS GREATER PRESTON (SUB ICB LOCATION)", LANCASHIRE),
    HUB: ("NATIONAL COMMISSIONING HUB 1", None),
    NONC: (None, None),
}
Bands = dict[int | None, int]


class Filed(NamedTuple):
    """What a provider files of a commissioner's patients: pathways by band, None without one."""

    provider: str
    function: str
    bands: Bands
    part: Part = Part.INCOMPLETE
    commissioner: str = OF_LEEDS
    icb: str | None = None  # where it is not the provider's of today


SEPTEMBER = (
    Filed(LEEDS, "C_110", {3: 50, 20: 30, 60: 10}),
    Filed(LEEDS, "C_110", {3: 10}, commissioner=HUB),
    Filed(LEEDS, "C_110", {5: 1_000}, commissioner=NONC),
    Filed(LEEDS, "C_130", {2: 19}),
    Filed(LEEDS, "C_110", {10: 25, None: 5}, Part.ADMITTED),
    Filed(LEEDS, "C_110", {1: 10}, Part.NONADMITTED),
    Filed(LEEDS, "C_110", {3: 7}, Part.INCOMPLETE_DTA),
    Filed(LEEDS, "C_110", {None: 140}, Part.NEW_PERIODS),
    Filed(FULWOOD, "C_110", {104: 40}, commissioner=OF_PRESTON),
    Filed(FULWOOD, "C_110", {0: 24, 104: 1}, Part.NONADMITTED, OF_PRESTON),
    Filed(NEW, "X02", {7: 20}),
)
MONTHS = {
    "2024-08": (Filed(LEEDS, "C_110", {3: 5}), Filed(EUXTON, "C_110", {4: 30})),
    "2024-09": (Filed(LEEDS, "C_110", {3: 80}, icb=SOUTH_YORKSHIRE),),
    "2025-02": (Filed(LEEDS, "C_110", {3: 5}), Filed(OLD, "C_110", {1: 900})),
    "2025-03": (Filed(LEEDS, "C_110", {3: 5}), Filed(EYES, "C_130", {0: 21})),
    "2025-08": (
        Filed(LEEDS, "C_110", {3: 50}),
        Filed(EUXTON, "C_110", {4: 33}),
        Filed(EUXTON, "C_110", {2: 22}, Part.ADMITTED),
        Filed(SHEFFIELD, "C_110", {4: 70}),
    ),
    "2025-09": SEPTEMBER,
}


def publish(
    lake: Lake,
    month: str,
    filed: Iterable[Filed],
    *,
    synthetic: bool = False,
    edition: str = "story",
) -> None:
    """Make these the current return of the month."""
    rows = [
        (month, str(f.part), icb, f.provider, parent, f.commissioner, f.function, band, n)
        for f in filed
        for icb, parent in [(f.icb or PROVIDERS[f.provider][1], COMMISSIONERS[f.commissioner][1])]
        for band, n in f.bands.items()
    ]
    codes = ["month", "part", "icb", "provider", "commissioner_icb", "commissioner", "function"]
    schema = dict.fromkeys(codes, pl.Categorical) | {"band": pl.Int16, "n": pl.Int64}
    pathways = pl.DataFrame(rows, schema, orient="row")
    english = pathways.filter(pl.col("commissioner") != NONC)
    tables = {
        "pathways": pathways,
        "providers": _summed(english, ["icb", "provider"]),
        "england": _summed(english, []),
        "organisations": _organisations(rows),
    }
    waiting = english.filter(pl.col("part") == Part.INCOMPLETE)["n"].sum()
    facts = {"synthetic": synthetic, "incomplete_pathways": waiting}
    name = f"{month}-{edition}"
    revision = Revision(
        name,
        f"{month}.csv",
        1,
        "2025-11-13T09:30:00",
        len(rows),
        tuple(tables),
        f"rtt/{name}",
        0,
        facts,
    )
    with lake.writing():
        staged = lake.stage(tables)
        catalogue = lake.catalogue().with_revision("rtt", month, revision)
        lake.publish(catalogue, {revision.folder: staged})


def _summed(pathways: pl.DataFrame, kept: list[str]) -> pl.DataFrame:
    return pathways.group_by("month", "part", *kept, "function", "band").agg(pl.col("n").sum())


def _organisations(rows: Sequence[tuple]) -> pl.DataFrame:
    named = {("provider", row[3], PROVIDERS[row[3]][0], row[2]) for row in rows}
    named |= {("commissioner", row[5], *COMMISSIONERS[row[5]]) for row in rows}
    named |= {("icb", code, ICBS[code], None) for row in rows for code in (row[2], row[4]) if code}
    schema = dict.fromkeys(("kind", "code", "name", "parent"), pl.String)
    return pl.DataFrame(sorted(named, key=str), schema, orient="row")


def story(home: Path) -> Lake:
    """The whole story, with one succession and the lists of places."""
    lake = Lake(home)
    for month, filed in MONTHS.items():
        publish(lake, month, filed)
    inbox = home / "inbox"
    taken_over = f"{SHEFFIELD},R1X,2025-08-20"
    sheet("successors.csv", "old_code,new_code,date", [taken_over]).save(inbox)
    for each in (small.directory(), small.trust_points(), small.hospital_points(), small.trusts()):
        each.save(inbox)
    take(lake, inbox)
    return lake
