"""Hold the tables of a submission against every rule: all faults at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from clockstop.analytics.wlmds.row_checks import NOT_REPEATED, Cell, row_checks
from clockstop.analytics.wlmds.rules import FAULTS, Rule, no_faults, ordered, rules
from clockstop.analytics.wlmds.table_checks import table_checks
from clockstop.analytics.wlmds.tables import LOG, TABLES, list_types

ALL_UNREAD = "*"  # in the column ``unread``: nothing of the row could be read
_HEADER = 2  # the row of the file in which the first row of the table stands
_NOTHING = "nothing"
_SHOWN = 200  # characters of a value
_LONG_AGO = date(1, 1, 7)  # a Sunday, where no row names a week


def check(
    tables: Mapping[str, pl.DataFrame],
    *,
    provider: str | None = None,
    week_ending: date | None = None,
) -> pl.DataFrame:
    """The faults of the tables of one provider and week, by the rules of ``rules.csv``.

    ``tables`` are those of ``tables.TABLES``, and the submission log if it is given too. Without
    ``provider`` and ``week_ending``, they are those of most rows. A table may say in ``row`` where
    its rows stood in the file, else they follow the header; and in ``unread`` which of its cells
    could not be read, as ``reading`` does: about those no rule says anything more. The columns of
    the answer are those of ``rules.FAULTS``.
    """
    numbered = {name: _numbered(tables[name]) for name in (*TABLES, LOG) if name in tables}
    week: date = week_ending or most(numbered, "week_ending_date") or _LONG_AGO
    by: str = provider or most(numbered, "provider_code") or ""
    found = [*_of_rows(numbered, week, by), *_among(numbered, week)]
    return ordered(pl.concat([no_faults(), *found]))


def _numbered(table: pl.DataFrame) -> pl.DataFrame:
    """With the row of the file, in one piece: Polars fails at joining text that lies in several."""
    whole = table if "row" in table.columns else table.with_row_index("row", offset=_HEADER)
    return whole.with_columns(pl.col("row").cast(pl.Int64)).rechunk()


def most(tables: Mapping[str, pl.DataFrame], name: str) -> Any:
    """The value of a column that most rows of the six tables have; of several, the last in order.

    None where no row has one.
    """
    values = [tables[each].select(name) for each in TABLES if each in tables]
    counted = pl.concat(values).drop_nulls().group_by(name).len() if values else pl.DataFrame()
    if counted.is_empty():
        return None
    return counted.sort("len", name)[name][-1]


def _of_rows(tables: Mapping[str, pl.DataFrame], week: date, by: str) -> Iterator[pl.DataFrame]:
    for name, table in tables.items():
        tried = row_checks(name, week, by)
        unread = _unread(table)
        masks = [_readable(unread, cell.column.name) & wrong for _, cell, wrong in tried]
        counts = table.select(mask.sum().alias(str(at)) for at, mask in enumerate(masks)).row(0)
        for (rule, cell, _), mask, count in zip(tried, masks, counts, strict=True):
            if count:
                rows = table.filter(mask).rechunk().select("row", found=_found(rule, cell, table))
                yield _faults(rule, name, cell.column.name, rows, _expected(rule, cell))


def _unread(table: pl.DataFrame) -> Mapping[str, list[str]]:
    """For each column the values of ``unread`` that name it; under ``*`` those of whole rows."""
    found: dict[str, list[str]] = {}
    if "unread" in table.columns:
        for value in table["unread"].drop_nulls().unique().to_list():
            for name in value.split(" "):
                found.setdefault(name, []).append(value)
    return found


def _readable(unread: Mapping[str, list[str]], column: str) -> pl.Expr:
    """Rows in which the cell could be read."""
    values = [*unread.get(column, ()), *unread.get(ALL_UNREAD, ())]
    if not values:
        return pl.lit(value=True)
    return ~pl.col("unread").is_in(values).fill_null(value=False)


def _found(rule: Rule, cell: Cell, table: pl.DataFrame) -> pl.Expr:
    """The value, and those beside it that the rule looked at."""
    if rule.id == "pseudonym-number":
        return pl.lit(NOT_REPEATED)
    beside = [name for name in rule.beside if name in table.columns]
    others = [pl.format(f", {name} {{}}", _text(name)) for name in beside]
    return pl.concat_str([_text(cell.column.name), *others])


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.slice(0, _SHOWN).fill_null(_NOTHING)


def _expected(rule: Rule, cell: Cell) -> str:
    text = rule.expected or cell.column.expected
    table = cell.column.table
    lists = ", ".join(code for code, each in list_types().items() if table in each.tables)
    return text.format(week=cell.week, monday=cell.monday, provider=cell.provider, list_types=lists)


def _among(tables: Mapping[str, pl.DataFrame], week: date) -> Iterator[pl.DataFrame]:
    known = rules()
    wanted = [each.id for each in known.values() if each.stage == "tables" and each.holds_on(week)]
    for rule, table, rows in table_checks(tables, wanted):
        column = known[rule].columns or None
        yield _faults(known[rule], table, column, rows, known[rule].expected)


def _faults(
    rule: Rule, table: str, column: str | None, rows: pl.DataFrame, expected: str
) -> pl.DataFrame:
    made = rows.with_columns(
        table=pl.lit(table),
        column=pl.lit(column, pl.String),
        rule=pl.lit(rule.id),
        expected=pl.lit(expected),
        severity=pl.lit(rule.severity),
    )
    return made.select(pl.col(name).cast(kind) for name, kind in FAULTS.items())
