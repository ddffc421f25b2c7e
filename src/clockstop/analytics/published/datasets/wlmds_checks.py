"""The rules a WLMDS demographics workbook keeps; each was found to hold on every row.

Every figure is rounded to 5 by itself, and one below 8 is shown as ``*``. So sums come out only to
within half a step for each figure in them, and a hidden figure may add up to 7.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from clockstop.analytics.published.datasets.wlmds_layout import COUNTS
from clockstop.analytics.published.problems import Problem
from clockstop.analytics.published.workbook import Sheet

STEP, HIDDEN = 5, 7
EXACT = 1e-9  # shares are printed in full
_PARTS = COUNTS[1:]
_SHARES = (("within_18_share", "within_18"), ("over_52_share", "over_52"))
_WORDS = {"within_18_share": "% within 18 weeks*", "over_52_share": "% > 52 weeks*"}
GROUP = ["dimension", "group"]


def block_problems(table: pl.DataFrame, sheet: Sheet, group: str) -> Iterator[Problem]:
    """The rows of one group on one sheet whose total or shares do not come out.

    A share is the count over the whole list, unknown clock starts included; it is blank where
    either is hidden or the list is 0.
    """
    parts = table.with_columns(
        added=pl.sum_horizontal(_PARTS), hidden=pl.sum_horizontal(pl.col(_PARTS).is_null())
    )
    off = ~_near(pl.col("total"), pl.col("added"), pl.col("hidden"), len(_PARTS))
    for row, total, added in parts.filter(off).select("row", "total", "added").rows():
        found = "*" if total is None else f"{total:,}"
        expected = f"{added:,} within rounding, the sum of the four waits"
        yield sheet.problem("sum", found, expected, row, f"{group}: Total Waiting List")
    for share, count in _SHARES:
        computed = pl.when(pl.col("total") > 0).then(pl.col(count) / pl.col("total"))
        both = table.select("row", found=share, computed=computed)
        same = (pl.col("found") - pl.col("computed")).abs() <= EXACT
        neither = pl.col("found").is_null() & pl.col("computed").is_null()
        for row, found, wanted in both.filter(~(same.fill_null(value=False) | neither)).rows():
            expected = "a blank" if wanted is None else f"{wanted} (of the total waiting list)"
            yield sheet.problem("share", str(found), expected, row, f"{group}: {_WORDS[share]}")


def _near(total: pl.Expr, added: pl.Expr, hidden: pl.Expr, figures: int | pl.Expr) -> pl.Expr:
    """Whether a total may be the sum of so many figures, some of them hidden."""
    slack = (figures + 1) * STEP / 2
    most = total.fill_null(HIDDEN)
    return (added - most <= slack) & (total.is_null() | (total - added <= slack + HIDDEN * hidden))


def levels_problems(table: pl.DataFrame, file: str) -> Iterator[Problem]:
    """Sectors, regions, boards, trusts and functions that do not add up to England's figures."""
    acute, whole = _of(table, "NHS ACUTE"), _of(table.filter(level="england"), "ALL")
    sectors = table.filter(level="england").filter(pl.col("organisation_type") != "ALL")
    yield from _adding(sectors, whole, file, "the sectors")
    for level, words in (
        ("region", "the regions"),
        ("icb", "the boards"),
        ("provider", "the trusts"),
    ):
        yield from _adding(table.filter(level=level), acute, file, words)
    yield from _adding(table.filter(level="function"), whole, file, "the functions")


def _of(table: pl.DataFrame, organisation_type: str) -> pl.DataFrame:
    return table.filter(organisation_type=organisation_type)


def _adding(parts: pl.DataFrame, whole: pl.DataFrame, file: str, words: str) -> Iterator[Problem]:
    for count in COUNTS:
        added = parts.group_by(GROUP).agg(
            added=pl.col(count).sum(), hidden=pl.col(count).null_count(), figures=pl.len()
        )
        both = whole.select(*GROUP, total=count).join(added, on=GROUP)
        near = _near(pl.col("total"), pl.col("added"), pl.col("hidden"), pl.col("figures"))
        for dimension, group, total, found, *_ in both.filter(~near).sort(GROUP).rows():
            expected = f"{total:,} within rounding, as for England"
            where = f"{group}: {count}"
            kind = f"{words} add up to {found:,} by {dimension}"
            yield Problem(file, "levels", kind, expected, None, where)


def difference_problems(latest: pl.DataFrame, file: str) -> Iterator[Problem]:
    """England's latest week, where the time series has it otherwise than the providers' sheets."""
    england = _of(latest, "ALL").filter(level="england").group_by(GROUP, maintain_order=True)
    for column in COUNTS:
        both = england.agg(pl.col(column).first(), pl.col(column).last().alias("other"))
        off = both.filter(pl.col(column).ne_missing(pl.col("other")))
        for _, group, here, there in off.rows():
            found, expected = f"{here} in the time series", f"{there}, as by provider"
            yield Problem(file, "england", found, expected, None, f"{group}: {column}")
