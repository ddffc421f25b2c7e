"""The columns of the tables of people and pathways; events are as ``clocks.events_table`` says.

An extract of a hospital's system, the synthetic patients and what the store gives out for returns
have these tables alike.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

_TYPES: Mapping[str, pl.DataType] = {
    "key": pl.UInt64(),
    "text": pl.String(),
    "nhs_number": pl.String(),
    "day": pl.Date(),
    "number": pl.Int16(),
    "flag": pl.Boolean(),
}
TABLES = ("people", "pathways")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, its kind of value, whether it may be blank, what it says."""

    table: str
    name: str
    type: str
    required: bool
    meaning: str

    @property
    def polars(self) -> pl.DataType:
        """The type of the column in a table in memory."""
        return _TYPES[self.type]


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of ``people`` or ``pathways``, in order. Raises KeyError for another table."""
    if table not in TABLES:
        raise KeyError(table)
    text = files(__package__).joinpath("columns.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        Column(row["table"], row["column"], row["type"], row["required"] == "yes", row["meaning"])
        for row in rows
        if row["table"] == table
    )


def schema(table: str) -> dict[str, pl.DataType]:
    """Names and types of a table's columns."""
    return {each.name: each.polars for each in columns(table)}
