"""The pathways of an extract against those that are kept, and what is kept beside their events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from clockstop.analytics.records.columns import schema
from clockstop.analytics.wlmds.referral_sources import referral_verdicts
from clockstop.core.codes.lines import reporting_line

PATHWAYS: Mapping[str, Any] = {
    "id": pl.String(),
    "identifier": pl.String(),
    "issuer": pl.String(),
    "patient": pl.String(),
    "organisation_code": pl.String(),
    "treatment_function": pl.String(),
    "condition": pl.String(),
    "priority": pl.String(),
    "length": pl.Int64(),
}
_ELSEWHERE = frozenset(
    {"pathway", "person", "identifier", "issuer", "provider", "icb", "treatment_function"}
    | {"line", "priority"}
)
# What is kept of a pathway beside its events, by the columns of the table of pathways.
RECORD: Mapping[str, Any] = {
    "function_code": pl.String(),
    **{name: kind for name, kind in schema("pathways").items() if name not in _ELSEWHERE},
    "referral_source": pl.String(),
    "referral_verdict": pl.String(),
}
RECORDS: Mapping[str, Any] = {"id": pl.String(), **RECORD}


def placed(told: pl.DataFrame, held: pl.DataFrame, day: date) -> pl.DataFrame:
    """The table of pathways, each with the pathway that it is held as (columns PATHWAYS).

    Adds ``id``, null for a new one; ``was``, the pathway as held; ``return_line``.
    """
    codes = told["treatment_function"].unique().drop_nulls().to_list()
    lines = {code: reporting_line(code, day).line for code in codes}
    named = told.with_columns(
        return_line=pl.coalesce(
            "line", pl.col("treatment_function").replace_strict(lines, return_dtype=pl.String)
        )
    )
    kept = held.select("identifier", "issuer", "id", was=pl.struct(list(PATHWAYS)))
    return named.join(kept, on=("identifier", "issuer"), how="left", maintain_order="left")


def records(told: pl.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    """What to keep beside the events of each pathway of a table: ``pathway`` and RECORD.

    ``kinds`` says what the organisations are that may refer.
    """
    judged = referral_verdicts(told, kinds)
    table = judged.with_columns(
        function_code=pl.col("treatment_function"),
        on_cancer_list=pl.col("on_cancer_list").fill_null(value=False),
        referral_source=pl.col("referral_class").cast(pl.String),
        referral_verdict=pl.col("referral_verdict").cast(pl.String),
    )
    texts = [name for name, kind in RECORD.items() if kind == pl.String()]
    return table.with_columns(pl.col(texts).fill_null("")).select("pathway", *RECORD)
