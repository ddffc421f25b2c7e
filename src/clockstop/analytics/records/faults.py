"""What is wrong with the rows of an extract: file, row, column, found, expected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

FAULTS: Mapping[str, Any] = {
    "file": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "found": pl.String(),
    "expected": pl.String(),
    "person": pl.UInt64(),
    "pathway": pl.UInt64(),
}
NOT_SHOWN = frozenset({"nhs_number", "given_name", "family_name", "postcode", "birth_date"})
_SHOWN = 60


class ExtractRefusedError(ValueError):
    """An extract that cannot be read as one; ``faults`` (columns FAULTS) say all that is wrong."""

    def __init__(self, faults: pl.DataFrame) -> None:
        self.faults = faults
        super().__init__("\n".join(words(faults)))


def words(faults: pl.DataFrame) -> Iterable[str]:
    """Each fault as a line."""
    for each in faults.iter_rows(named=True):
        row = "" if each["row"] is None else f", row {each['row']:,}"
        said = f"found {each['found']}, expected {each['expected']}"
        yield f"{each['file']}{row}, column {each['column']}: {said}"


def no_faults() -> pl.DataFrame:
    """A table of faults without any."""
    return pl.DataFrame(schema=dict(FAULTS))


def of_file(file: str, column: str, found: str, expected: str) -> pl.DataFrame:
    """A fault of a file as a whole."""
    short = column[:_SHOWN]
    named = {"file": file, "column": short, "found": found, "expected": expected}
    return pl.DataFrame([named], schema=dict(FAULTS))


def of_rows(
    table: pl.DataFrame, mask: pl.Expr, column: str, expected: str, found: pl.Expr | None = None
) -> pl.DataFrame:
    """A fault for each row of a table where a mask is true.

    The table has ``file``, ``row``, ``person`` and ``pathway``, null where a row has none. What
    identifies a person is not repeated: the row shows it to those who may see it.
    """
    if not table.select(mask.any()).item():
        return no_faults()
    wrong = table.filter(mask)
    said = _shown(column) if found is None else found
    named = {"column": pl.lit(column), "found": said, "expected": pl.lit(expected)}
    keys = [pl.col(name) for name in ("file", "row", "person", "pathway")]
    return wrong.select(*keys, **named).select(list(FAULTS)).cast(pl.Schema(FAULTS))


def _shown(column: str) -> pl.Expr:
    if column in NOT_SHOWN:
        said = pl.lit("a value that is not repeated here")
    else:
        said = pl.lit("'") + pl.col(column).cast(pl.String).str.slice(0, _SHOWN) + pl.lit("'")
    return pl.when(pl.col(column).is_null()).then(pl.lit("nothing")).otherwise(said)


def together(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Several tables of faults as one, by file and row."""
    held = pl.concat([no_faults(), *parts])
    return held.sort("file", "row", "column", maintain_order=True, nulls_last=False)
