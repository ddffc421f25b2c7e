"""What a return is made of: tables of lines, counts, what was left out and what to revise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
_SUMMED = {"counts": (*CELL, "part", "band"), "to_revise": ("month", *CELL, "part")}
SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "counts": COUNTS,
    "left_out": LEFT_OUT,
    "revisions": REVISIONS,
    "to_revise": TO_REVISE,
    "unfiled": UNFILED,
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
    reason. Of ``pathways``, so many have no events (``silent``); so many were read ``by_hand``.
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

    def of(self, provider: str) -> pl.DataFrame:
        """The counts of one provider."""
        return self.counts.filter(pl.col("provider") == provider)


def table(rows: Sequence[Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Rows, as tuples in the order of the columns, as a table."""
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def together(month: Month, parts: Iterable[Return], *, pathways: int) -> Return:
    """The returns of several parts of a list as one: counts summed, rows one after the other."""
    held = list(parts)
    tables = {name: _together(name, [getattr(each, name) for each in held]) for name in SCHEMAS}
    seen = sum(each.pathways for each in held)
    return Return(
        month=month,
        **tables,
        pathways=pathways,
        silent=pathways - seen,
        by_hand=sum(each.by_hand for each in held),
    )


def _together(name: str, tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    schema = SCHEMAS[name]
    whole = pl.concat([pl.DataFrame(schema=dict(schema)), *tables])
    keys = _SUMMED.get(name)
    if keys is None:
        return whole
    sums = [each for each in schema if each not in keys]
    found = whole.group_by(keys).agg(pl.col(sums).sum()).sort(keys).select(list(schema))
    return found.filter(pl.col("counted") != pl.col("should")) if name == "to_revise" else found
