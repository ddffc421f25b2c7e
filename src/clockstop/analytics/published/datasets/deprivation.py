"""Indices of Multiple Deprivation of England: 2019 by LSOA of 2011, 2025 by LSOA of 2021.

Each edition keeps its year as its key. Rank 1 is the most deprived; decile 1 is the most deprived
tenth. An edition is taken whole or not at all. Table: ``deprivation`` (lsoa, rank, decile, score;
the file of 2019 has no score).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from clockstop.analytics.published.containers import HEAD_BYTES
from clockstop.analytics.published.csv_text import Layout, nearest
from clockstop.analytics.published.fields import Field, code, number, typed
from clockstop.analytics.published.problems import FileRefusedError, Problem
from clockstop.analytics.published.reading import DataSet, Reading

LAYOUTS = {
    "2019": Layout(("lsoa11_code", "IMD_decile", "IMD_rank")),
    "2025": Layout(("lsoa21_code", "IMD_decile", "IMD_rank", "IMD_score")),
}
AREAS = {"2019": 32_844, "2025": 33_755}  # LSOAs of England
LSOA, LSOA_WORDS = r"E01\d{6}", "the code of an English LSOA as E01000001"
_SCORE = number("score", "IMD_score", 0, 100)


def _fields(edition: str) -> tuple[Field, ...]:
    return (
        code("lsoa", LAYOUTS[edition].columns[0], LSOA, LSOA_WORDS),
        number("rank", "IMD_rank", 1, AREAS[edition], whole=True),
        number("decile", "IMD_decile", 1, 10, whole=True),
        *((_SCORE,) if "IMD_score" in LAYOUTS[edition].columns else ()),
    )


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check an edition: every area once, deciles and scores as their ranks have it.

    Raises FileRefusedError.
    """
    edition = nearest(LAYOUTS, content[:HEAD_BYTES])
    cells = LAYOUTS[edition].read(content, file)
    table = typed(cells, file, _fields(edition), key=("lsoa",)).with_columns(cells["row"])
    problems = list(_contradictions(table, file, edition))
    if problems:
        raise FileRefusedError(sorted(problems, key=lambda problem: problem.row or 0))
    if "score" not in table.columns:
        table = table.with_columns(score=pl.lit(None, pl.Float64))
    deprivation = table.select("lsoa", "rank", "decile", "score").sort("lsoa")
    return Reading(edition, table.height, {"deprivation": deprivation})


def _contradictions(table: pl.DataFrame, file: str, edition: str) -> Iterator[Problem]:
    areas = AREAS[edition]
    if table.height != areas:
        yield Problem(file, "incomplete", f"{table.height:,} areas", f"all {areas:,} of England")
    decile = (pl.col("rank") * 10 + areas - 1) // areas
    off = table.with_columns(by_rank=decile).filter(pl.col("decile") != pl.col("by_rank"))
    for row, rank, found, by_rank in off.select("row", "rank", "decile", "by_rank").rows():
        expected = f"{by_rank}, in which rank {rank:,} of {areas:,} lies"
        yield Problem(file, "decile", str(found), expected, row, "IMD_decile")
    if "score" in table.columns:
        ranked = table.sort("rank").with_columns(before=pl.col("score").shift())
        higher = ranked.filter(pl.col("score") > pl.col("before"))
        for row, score, before in higher.select("row", "score", "before").rows():
            expected = f"at most {before}, the score of the rank before"
            yield Problem(file, "score", str(score), expected, row, "IMD_score")


DEPRIVATION = DataSet(
    name="deprivation",
    title="Indices of Multiple Deprivation by LSOA",
    licence="Ministry of Housing, Communities and Local Government, Open Government Licence v3.0",
    recognises=lambda head: any(layout.resembles(head) for layout in LAYOUTS.values()),
    read=read,
)
