"""The rules of a submission as a table: what is wrong, and how whoever sent it mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import polars as pl

from clockstop.analytics.wlmds.tables import LOG, TABLES, columns, rows

FAULTS: Mapping[str, pl.DataType] = {
    "table": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "rule": pl.String(),
    "found": pl.String(),
    "expected": pl.String(),
    "severity": pl.String(),
}
ERROR, WARNING = "error", "warning"
_DAYS_WITH_A_RULE = ("referral_to_treatment_period_start_date", "week_ending_date")
_CODES_WITH_A_RULE = ("waiting_list_type", "treatment_function_code", "source_of_referral")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of ``rules.csv``.

    ``stage`` says where it is tried: on ``reading`` a file, on the ``rows`` of a table, or among
    rows and ``tables``. Each of the ``columns`` is tried by itself; ``beside`` are those that the
    rule looks at too. ``valid_from`` and ``valid_to`` are the first and last week it is about.
    ``status`` is ``fact``, ``to verify`` or ``design``.
    """

    id: str
    stage: str
    tables: tuple[str, ...]
    columns: str
    beside: tuple[str, ...]
    severity: str
    wrong: str
    mend: str
    expected: str
    valid_from: date | None
    valid_to: date | None
    status: str
    source: str

    def holds_on(self, week_ending: date) -> bool:
        """Whether the rule is about a week."""
        begun = self.valid_from is None or self.valid_from <= week_ending
        return begun and (self.valid_to is None or week_ending <= self.valid_to)

    def columns_in(self, table: str) -> tuple[str, ...]:
        """The columns of a table that the rule is tried on.

        ``*required``, ``*codes``, ``*pattern`` and ``*days`` are those that are such by
        ``columns.csv`` and have no rule of their own for it.
        """
        known = columns(table)
        if self.columns == "*required":
            return tuple(each.name for each in known if each.required)
        if self.columns == "*codes":
            coded = (each.name for each in known if each.codes)
            return tuple(name for name in coded if name not in _CODES_WITH_A_RULE)
        if self.columns == "*pattern":
            return tuple(each.name for each in known if each.pattern)
        if self.columns == "*days":
            days = (each.name for each in known if each.type == "day")
            return tuple(name for name in days if name not in _DAYS_WITH_A_RULE)
        names = {each.name for each in known}
        return tuple(name for name in self.columns.split() if name in names)


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the table."""
    found = (
        Rule(
            id=row["id"],
            stage=row["stage"],
            tables=tuple(row["tables"].split()),
            columns=row["columns"],
            beside=tuple(row["beside"].split()),
            severity=row["severity"],
            wrong=row["wrong"],
            mend=row["mend"],
            expected=row["expected"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            status=row["status"],
            source=row["source"],
        )
        for row in rows("rules.csv")
    )
    return MappingProxyType({rule.id: rule for rule in found})


def no_faults() -> pl.DataFrame:
    """A table of faults without any."""
    return pl.DataFrame(schema=dict(FAULTS))


def ordered(faults: pl.DataFrame) -> pl.DataFrame:
    """The faults by table in the order of the data set, then by row; those of whole files first."""
    places = {name: at for at, name in enumerate((*TABLES, LOG))}
    place = pl.col("table").replace_strict(places, default=len(places), return_dtype=pl.Int64)
    return (
        faults.with_columns(place=place)
        .sort("place", "table", "row", "column", "rule", nulls_last=False)
        .drop("place")
    )


def explained(faults: pl.DataFrame) -> pl.DataFrame:
    """The faults with two more columns: what is ``wrong`` in words, and how to ``mend`` it."""
    known = rules()
    return faults.with_columns(
        wrong=_words({name: rule.wrong for name, rule in known.items()}),
        mend=_words({name: rule.mend for name, rule in known.items()}),
    )


def _words(by_rule: Mapping[str, str]) -> pl.Expr:
    return pl.col("rule").replace_strict(by_rule, return_dtype=pl.String)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
