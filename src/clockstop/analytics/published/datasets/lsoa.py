"""Lower layer super output areas (LSOAs): how they changed, where they lie, and in which ICB.

``changes`` leads from the LSOAs of 2011 to those of 2021 (U unchanged, S split, M merged,
X otherwise). ``icbs`` gives the ICB and its sub-division of 2024 for each English LSOA of 2021,
``centroids`` the mean position of the postcodes of each of 2011. Each layout is one table of its
own name and one key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from clockstop.analytics.published.containers import HEAD_BYTES
from clockstop.analytics.published.csv_text import Layout, nearest
from clockstop.analytics.published.datasets.deprivation import AREAS, LSOA, LSOA_WORDS
from clockstop.analytics.published.datasets.positions import misplaced_hospitals
from clockstop.analytics.published.fields import code, number, text, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.core.codes import icbs

_ANY = r"[EW]01\d{6}"
_ANY_WORDS = "the code of an LSOA as E01000001 or W01000001"
LAYOUTS = {
    "changes": Layout(("lsoa11_code", "change_code", "lsoa21_code", "ltla22_code")),
    "icbs": Layout(
        ("lsoa21_code", "lsoa21_name", "sicbl24_code_nhs", "icb24_code", "icb24_code_nhs")
    ),
    "centroids": Layout(("lsoa11cd", "easting", "northing", "postcodes", "latitude", "longitude")),
}
FIELDS = {
    "changes": (
        code("lsoa11", "lsoa11_code", _ANY, _ANY_WORDS),
        code("change", "change_code", "[USMX]", "U, S, M or X"),
        code("lsoa21", "lsoa21_code", _ANY, _ANY_WORDS),
        code("local_authority", "ltla22_code", r"[EW]0[6-9]\d{6}", "a local authority's code"),
    ),
    "icbs": (
        code("lsoa21", "lsoa21_code", LSOA, LSOA_WORDS),
        text("name", "lsoa21_name"),
        code("sub_icb", "sicbl24_code_nhs", r"[A-Z0-9]{3}|[A-Z0-9]{5}", "a sub-ICB code as 15F"),
        code("icb_ons", "icb24_code", r"E54\d{6}", "an ICB code as E54000008"),
        code("icb", "icb24_code_nhs", r"Q[A-Z0-9]{2}", "an ICB code as QWO"),
    ),
    "centroids": (
        code("lsoa11", "lsoa11cd", LSOA, LSOA_WORDS),
        number("easting", "easting", 0, 700_000, whole=True),
        number("northing", "northing", 0, 700_000, whole=True),
        number("postcodes", "postcodes", 1, 10_000, whole=True),
        number("latitude", "latitude", 49, 61),
        number("longitude", "longitude", -9, 2),
    ),
}
_KEYS = {"changes": ("lsoa11", "lsoa21"), "icbs": ("lsoa21",), "centroids": ("lsoa11",)}


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check a look-up: codes, each area once, none missing. Raises FileRefusedError."""
    kind = nearest(LAYOUTS, content[:HEAD_BYTES])
    cells = LAYOUTS[kind].read(content, file)
    table = typed(cells, file, FIELDS[kind], key=_KEYS[kind]).with_columns(cells["row"])
    problems = [*_missing(table, file), *_CHECKS[kind](table, file)]
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    return Reading(kind, table.height, {kind: table.drop("row")})


def _missing(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Areas of England that a look-up must have."""
    for column, areas in (("lsoa11", AREAS["2019"]), ("lsoa21", AREAS["2025"])):
        if column in table.columns:
            english = table[column].filter(table[column].str.starts_with("E")).n_unique()
            if english != areas:
                found = f"{english:,} English areas as {column}"
                yield Problem(file, "incomplete", found, f"all {areas:,}")


def _changes(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Areas said to be unchanged whose codes are not the same."""
    renamed = table.filter((pl.col("change") == "U") & (pl.col("lsoa11") != pl.col("lsoa21")))
    for row, old, new in renamed.select("row", "lsoa11", "lsoa21").rows():
        yield Problem(file, "change", new, f"{old}, since it did not change", row, "lsoa21_code")


def _icbs(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """ICBs that our list does not have, and ONS codes that stand for two ICBs."""
    known = [icb.code for icb in icbs()]
    for row, icb in table.filter(~pl.col("icb").is_in(known)).select("row", "icb").rows():
        yield Problem(file, "unknown ICB", icb, "an ICB of our list", row, "icb24_code_nhs")
    named = table.with_columns(first=pl.col("icb").first().over("icb_ons"))
    apart = named.filter(pl.col("icb") != pl.col("first"))
    for row, icb, first, ons in apart.select("row", "icb", "first", "icb_ons").rows():
        yield Problem(file, "code", icb, f"{first}, as for {ons} above", row, "icb24_code_nhs")


def _centroids(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Positions where there is no postcode."""
    yield from misplaced_hospitals(table.drop("row"), None, table["row"], file)


_CHECKS: dict[str, Callable[[pl.DataFrame, str], Iterator[Problem]]] = {
    "changes": _changes,
    "icbs": _icbs,
    "centroids": _centroids,
}
LSOAS = DataSet(
    name="lsoa",
    title="LSOAs: changes, ICBs and positions",
    licence="Office for National Statistics and Ordnance Survey, Open Government Licence v3.0: "
    "contains OS data © Crown copyright and database right 2025; contains Royal Mail data "
    "© Royal Mail copyright and database right 2025",
    recognises=lambda head: any(layout.resembles(head) for layout in LAYOUTS.values()),
    read=read,
)
