"""Under which function and commissioner lines are reported: the core's words, once for each case.

``core.rtt.reported_functions`` and ``core.rtt.commissioners`` decide; what they are asked is found
for all lines at once.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from clockstop.analytics.returns.entries import GROUNDS, referring
from clockstop.core.codes import UnknownFunctionError
from clockstop.core.codes.lines import reporting_line
from clockstop.core.rtt.commissioners import commissioner_on
from clockstop.core.rtt.events import KINDS, CommissionerRecorded, NhsEngland

_RECORDING = [name for name, kind in KINDS.items() if issubclass(kind, CommissionerRecorded)]


def with_function(lines: pl.DataFrame, entries: pl.DataFrame, census: date) -> pl.DataFrame:
    """The lines with ``function``, or ``function_rule`` where there is none.

    ``lines`` have pathway, end and closed_by; ``entries`` are those that count, in order.
    """
    classified = entries.filter(pl.col("treatment_function").fill_null("") != "").select(
        "pathway", "number", "day", "treatment_function"
    )
    numbered = lines.with_row_index("line").with_columns(
        is_open=pl.col("end").is_null() | (pl.col("end") > census),
        last=pl.min_horizontal("end", pl.lit(census)),
    )
    stopping = _stopping(numbered.filter(~pl.col("is_open")), entries, classified)
    latest = _latest(numbered, classified)
    return (
        numbered.join(stopping, on="line", how="left", maintain_order="left")
        .join(latest, on="line", how="left", maintain_order="left")
        .with_columns(code=pl.coalesce("stopping", "latest"))
        .join(_lines_of(classified, census), on="code", how="left", maintain_order="left")
        .with_columns(function_rule=_why("code", "function"))
        .drop("line", "is_open", "last", "stopping", "latest", "code")
    )


def _stopping(ended: pl.DataFrame, entries: pl.DataFrame, classified: pl.DataFrame) -> pl.DataFrame:
    """The function of the activity that stopped the clock; an outcome's is its admission's."""
    closing = ended.select("line", "pathway", number="closed_by")
    outcomes = referring(entries.filter(kind="admission_outcome"), "admission")
    admitting = closing.join(
        outcomes.select("pathway", "number", "of"), on=["pathway", "number"]
    ).select("line", "pathway", number="of")
    return (
        pl.concat([closing, admitting])
        .join(classified, on=["pathway", "number"])
        .sort("day", "number")
        .group_by("line")
        .agg(stopping=pl.col("treatment_function").first())
    )


def _latest(lines: pl.DataFrame, classified: pl.DataFrame) -> pl.DataFrame:
    """The latest function on a line's last day."""
    by_day = classified.unique(["pathway", "day"], keep="last", maintain_order=True)
    return (
        lines.select("line", "pathway", "last")
        .sort("last")
        .join_asof(
            by_day.select("pathway", "day", latest="treatment_function").sort("day"),
            left_on="last",
            right_on="day",
            by="pathway",
            check_sortedness=False,
        )
        .select("line", "latest")
    )


def _lines_of(classified: pl.DataFrame, census: date) -> pl.DataFrame:
    codes = classified["treatment_function"].unique().to_list()
    schema = {"code": pl.String, "function": pl.String}
    return pl.DataFrame([(code, _line_of(code, census)) for code in codes], schema, orient="row")


def _line_of(code: str, census: date) -> str | None:
    try:
        return reporting_line(code, census).line
    except UnknownFunctionError:
        return None


def _why(code: str, line: str) -> pl.Expr:
    missing, strange = "report-function-missing", "report-function-strange"
    return (
        pl.when(pl.col(code).is_null())
        .then(pl.lit(missing))
        .when(pl.col(line).is_null())
        .then(pl.lit(strange))
    )


def with_commissioner(lines: pl.DataFrame, entries: pl.DataFrame, census: date) -> pl.DataFrame:
    """The lines with ``commissioner``, or ``commissioner_rule`` where there is none."""
    latest = (
        entries.filter(pl.col("kind").is_in(_RECORDING))
        .select("pathway", *GROUNDS)
        .unique("pathway", keep="last", maintain_order=True)
    )
    cases = latest.select(GROUNDS).unique()
    answers = [_answer(case, census) for case in cases.iter_rows(named=True)]
    schema = dict.fromkeys(("commissioner", "commissioner_rule"), pl.String)
    known = latest.join(
        cases.hstack(pl.DataFrame(answers, schema, orient="row")),
        on=GROUNDS,
        nulls_equal=True,
        maintain_order="left",
    ).select("pathway", "commissioner", "commissioner_rule")
    missing = pl.when(pl.col("commissioner").is_null()).then(
        pl.col("commissioner_rule").fill_null("report-commissioner-missing")
    )
    return lines.join(known, on="pathway", how="left", maintain_order="left").with_columns(
        commissioner_rule=missing
    )


def _answer(case: dict[str, Any], census: date) -> tuple[str | None, str]:
    ground = case.pop("nhs_england")
    entry = CommissionerRecorded(
        id="e1", day=census, nhs_england=None if ground is None else NhsEngland(ground), **case
    )
    found = commissioner_on([entry], census)
    return found.code, found.rules[-1]
