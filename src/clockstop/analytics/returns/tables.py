"""What a return is made of: tables of lines, counts, what was left out and what to revise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from clockstop.analytics.clocks.tables import PERIODS
from clockstop.core.types import Month, Part

PART = pl.Enum([str(part) for part in Part])
CELL = ("provider", "commissioner", "function")

LINES: Mapping[str, Any] = {
    "pathway": PERIODS["pathway"],
    "period": PERIODS["number"],
    "part": PART,
    **dict.fromkeys(CELL, pl.String()),
    "band": pl.Int16(),
    "function_rule": pl.String(),
    "commissioner_rule": pl.String(),
}
COUNTS: Mapping[str, Any] = {
    **dict.fromkeys(CELL, pl.String()),
    "part": PART,
    "band": pl.Int16(),
    "n": pl.Int64(),
}
LEFT_OUT: Mapping[str, Any] = {
    "pathway": LINES["pathway"],
    "period": LINES["period"],
    "rule": pl.String(),
}
REVISIONS: Mapping[str, Any] = {
    "pathway": LINES["pathway"],
    "month": pl.String(),
    "counted": pl.List(PART),
    "should": pl.List(PART),
}
TO_REVISE: Mapping[str, Any] = {
    "month": pl.String(),
    **dict.fromkeys(CELL, pl.String()),
    "part": PART,
    "counted": pl.Int64(),
    "should": pl.Int64(),
}
UNFILED: Mapping[str, Any] = {
    "pathway": LINES["pathway"],
    "period": LINES["period"],
    "part": PART,
    "reason": pl.String(),
}
OWNERS: Mapping[str, Any] = {
    "pathway": LINES["pathway"],
    "period": LINES["period"],
    "provider": pl.String(),
}


@dataclass(frozen=True)
class Return:
    """What patients' records add to the return of a month.

    ``counts`` has provider × commissioner × function (``C_110``) × part × band → ``n``: what the
    events do not say is null; so is the band of an unknown start, and of new periods. ``left_out``
    has pathway, period and the rule by which it is in no part. ``revisions`` has for each pathway
    the earlier months whose return, as known at its end, counted it otherwise: the parts that it
    was ``counted`` in and those that it ``should`` be in, in order; ``to_revise`` adds them up by
    month, cell and part. ``unfiled`` are lines of ``counts`` that no return has room for, and the
    reason; ``owners`` says whose each period of these and of ``left_out`` is. Of ``pathways``, so
    many have no events (``silent``); so many were read ``by_hand``.
    """

    month: Month
    counts: pl.DataFrame
    left_out: pl.DataFrame
    revisions: pl.DataFrame
    to_revise: pl.DataFrame
    unfiled: pl.DataFrame
    pathways: int
    silent: int
    by_hand: int
    owners: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(OWNERS)))

    def of(self, provider: str) -> pl.DataFrame:
        """The counts of one provider."""
        return self.counts.filter(pl.col("provider") == provider)

    def only(self, providers: Collection[str]) -> Return:
        """The return of some providers, with what may be theirs: where no entry names whose it is.

        ``revisions`` and the numbers of pathways stay those of all.
        """
        mine = pl.col("provider").is_in(list(providers)).fill_null(value=True)
        others = self.owners.filter(~mine)
        return replace(
            self,
            counts=self.counts.filter(mine),
            to_revise=self.to_revise.filter(mine),
            left_out=self.left_out.join(others, on=["pathway", "period"], how="anti"),
            unfiled=self.unfiled.join(others, on=["pathway", "period"], how="anti"),
            owners=self.owners.filter(mine),
        )


def table(rows: Sequence[Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows, as tuples in the order of the columns, as a table."""
    return pl.DataFrame(rows, schema=dict(schema), orient="row")
