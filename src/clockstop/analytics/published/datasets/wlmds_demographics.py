"""WLMDS demographics: the weekly waiting list by age, sex, deprivation and ethnicity.

The workbook "Demographics Summary" has England week by week (age and sex), and the latest week by
provider and by treatment function. Figures are rounded to 5. ``*`` hides one below 8: it is kept
as blank with ``suppressed``, never as 0. A provider that the sheet ``Submission-DQ`` names as
missing from a breakdown shows zeros there: they too are kept as blanks, with ``not_submitted``.
Below England the sheets of providers cover NHS acute trusts only. The week is the one that the
sheets name, whatever the file is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

import polars as pl

from clockstop.analytics.published.datasets import wlmds_checks as checks
from clockstop.analytics.published.datasets import wlmds_layout as layout
from clockstop.analytics.published.datasets.wlmds_sheets import issue_rows, sheet_rows, week_of
from clockstop.analytics.published.problems import FileRefusedError, together
from clockstop.analytics.published.reading import DataSet, Reading
from clockstop.analytics.published.workbook import Workbook, sheets_like

FIELDS = layout.FIELDS
KEY = ("week_ending", "level", "code", "name", "organisation_type", "dimension", "group")
COLUMNS = (
    *KEY,
    *layout.COUNTS,
    *("within_18_share", "over_52_share", "suppressed", "not_submitted"),
)


def read(content: bytes, file: str, _stem: str) -> Reading:
    """Check the workbook and make one long table of it. Raises FileRefusedError.

    Tables: ``demographics`` (week_ending, level, code, name, organisation_type, dimension, group,
    total, within_18, over_18_to_52, over_52, unknown, within_18_share, over_52_share, suppressed,
    not_submitted) and ``submission_issues`` (code, name, issue). Counts are pathways, shares
    fractions of 1 of the total. Level is england, region, icb, provider or function; a function's
    code is ours, null for "Unknown"; ``unknown`` counts unknown clock starts.
    """
    sheets = Workbook(content, file).sheets([*layout.SHEETS, layout.ISSUES])
    week = week_of(sheets)
    reads = [partial(sheet_rows, sheets[n], *kinds, week) for n, kinds in layout.SHEETS.items()]
    *tables, issues = together([*reads, partial(issue_rows, sheets[layout.ISSUES])])
    every = pl.concat(tables, how="diagonal")
    _check(every, week, file)
    whole = every.unique(KEY, keep="first", maintain_order=True)
    table = _without_missing(whole, issues).select(COLUMNS)
    kept = {"demographics": table, "submission_issues": issues}
    published = sheets[f"{layout.PROVIDER}-Age"].beside("Published:")
    facts = {} if published is None else {"published": published}
    return Reading(str(week), table.height, kept, facts=facts)


def _check(every: pl.DataFrame, week: date, file: str) -> None:
    """England's latest week stands on two sheets, and everything adds up to it."""
    latest = every.filter(week_ending=week)
    problems = [
        *checks.difference_problems(latest, file),
        *checks.levels_problems(latest.unique(KEY, keep="last"), file),
    ]
    if problems:
        raise FileRefusedError(problems)


def _without_missing(table: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """Zeros of those who sent nothing for a breakdown, as blanks."""
    missing = pl.lit(value=False)
    for code, dimension in _missing(issues):
        missing |= (pl.col("code") == code) & (pl.col("dimension") == dimension)
    is_missing = missing & (pl.col("level") == "provider") & (pl.col("total") == 0)
    flagged = table.with_columns(not_submitted=is_missing.fill_null(value=False))
    blanked = pl.when(~pl.col("not_submitted")).then(pl.col(layout.COUNTS))
    return flagged.with_columns(blanked.name.keep())


def _missing(issues: pl.DataFrame) -> Iterator[tuple[str, str]]:
    for code, issue in issues.select("code", "issue").rows():
        for dimension in layout.GROUPS:
            if re.search(rf"missing\b.*\b{dimension}\b", issue, re.IGNORECASE):
                yield code, dimension.lower()


WLMDS_DEMOGRAPHICS = DataSet(
    name="wlmds_demographics",
    title="Waiting list minimum data set, demographics summary (weekly)",
    licence="NHS England, Open Government Licence v3.0",
    read=read,
    recognises_sheets=sheets_like(layout.SHEETS),
)
