"""What a store keeps of patients, as the tables of ``records.columns`` and of events."""

from __future__ import annotations

import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.analytics.records import persons
from clockstop.analytics.records.columns import schema
from clockstop.analytics.records.event_text import events_of

KEPT = {"id": pl.String(), "number": pl.UInt32(), "values": pl.String()}
_AT_ONCE = 100_000  # entries whose JSON is read together


def people_of(patients: pl.DataFrame, icb: str | None = None) -> pl.DataFrame:
    """The table of people, keyed by the order of their ids; ``patients`` are PATIENTS by id."""
    named = {name: kept for name, kept in persons.DEMOGRAPHICS.items() if name != kept}
    table = patients.with_row_index("person", offset=1).with_columns(
        pl.col(kept).alias(name) for name, kept in named.items()
    )
    table = table.with_columns(icb=pl.lit(icb, pl.String))
    return _blank_as_null(table, "people")


def pathways_of(
    pathways: pl.DataFrame, records: pl.DataFrame, patients: pl.DataFrame, icbs: pl.Series
) -> pl.DataFrame:
    """The table of pathways, keyed by the order of their ids; ``icbs`` are those of the rows."""
    persons_ = patients.select(patient="id").with_row_index("person", offset=1)
    table = pathways.with_row_index("pathway", offset=1).with_columns(icb=icbs)
    table = table.join(persons_, on="patient", how="left", maintain_order="left")
    table = table.join(records, on="id", how="left", maintain_order="left")
    own = pl.col("treatment_function").str.strip_prefix("C_")
    code = pl.when(pl.col("function_code") != "").then("function_code").otherwise(own)
    table = table.with_columns(
        provider="organisation_code", line="treatment_function", treatment_function=code
    )
    return _blank_as_null(table, "pathways")


def _blank_as_null(table: pl.DataFrame, name: str) -> pl.DataFrame:
    types = schema(name)
    typed = table.select(pl.col(column).cast(kind) for column, kind in types.items())
    texts = [column for column, kind in types.items() if kind == pl.String()]
    return typed.with_columns(pl.when(pl.col(each) != "").then(each).alias(each) for each in texts)


def keyed(table: pl.DataFrame) -> pl.DataFrame:
    """The table with ``pathway``, the key of each row by its place, as ``events_kept`` has it."""
    return table.with_row_index("pathway", offset=1)


def events_kept(kept: pl.DataFrame, pathways: pl.DataFrame) -> pl.DataFrame:
    """The table of events of some pathways; ``kept`` are KEPT, in any order."""
    keys = pathways.select("id").with_row_index("pathway", offset=1)
    ordered = kept.join(keys, on="id").select(
        pl.col("pathway").cast(events_table.KEYS["pathway"]),
        pl.col("number").cast(events_table.KEYS["number"]),
        "values",
    )
    ordered = ordered.sort("pathway", "number")
    parts = [
        events_of(ordered.slice(at, _AT_ONCE)) for at in range(0, max(len(ordered), 1), _AT_ONCE)
    ]
    return pl.concat(parts)
