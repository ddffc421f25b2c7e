"""What the return counts beside what the made-up events add up to, cell by cell."""

import polars as pl

from clockstop.analytics.synthetic.patients.balance import Balanced
from clockstop.analytics.synthetic.patients.source import DECIDED, UNKNOWN, Area
from clockstop.core.types import Part


def counted(area: Area, found: Balanced) -> pl.DataFrame:
    """A row for each count of the return: ``returned`` and ``made``, which are mostly the same.

    They differ where the return contradicts itself: a decision to admit of somebody who does not
    wait, or a new period of nobody who waits or was treated.
    """
    decided = area.counts.filter(role=DECIDED).select("cell", "band", pl.col("n").alias("decided"))
    left_over = pl.DataFrame({"left_over": found.left_over}).with_row_index("cell")
    made = (
        pl.when(part=str(Part.INCOMPLETE_DTA))
        .then(pl.col("decided").fill_null(0))
        .when(part=str(Part.NEW_PERIODS))
        .then(pl.col("n") - pl.col("left_over"))
        .otherwise("n")
    )
    return (
        area.returned.join(decided, on=["cell", "band"], how="left", maintain_order="left")
        .join(left_over, on="cell", maintain_order="left")
        .join(area.cells.with_row_index("cell"), on="cell", maintain_order="left")
        .with_columns(
            icb=pl.lit(area.icb),
            band=pl.when(pl.col("band") != UNKNOWN).then("band"),
            returned="n",
            made=made,
        )
        .select("icb", *area.cells.columns, "part", "band", "returned", "made")
    )


def left_out(cells: pl.DataFrame, part: Part) -> int:
    """How many of a part's returned count were not made."""
    of = cells.filter(part=str(part))
    return int((of["returned"] - of["made"]).sum())
