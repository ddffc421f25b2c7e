"""The rules that look at one row alone: each an expression that is true where the row is wrong.

A blank is wrong only where a rule says so. Which columns a rule is tried on, and its words, stand
in ``rules.csv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from clockstop.analytics.wlmds.rules import Rule, rules
from clockstop.analytics.wlmds.tables import Column, column, list_types
from clockstop.core.rtt.status_codes import Effect, Status, status_codes

PLACEHOLDERS = (date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31))
NHS_NUMBER = r"^[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}$"
NOT_REPEATED = "a number of 10 digits"
_SUNDAY = 7
_FUNCTION_LENGTH = 3
_START = "referral_to_treatment_period_start_date"
_STATUS = "referral_to_treatment_period_status"


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a rule is tried: a column of a table in the submission of a provider and week."""

    column: Column
    week: date
    provider: str

    @property
    def value(self) -> pl.Expr:
        """The column of the rows."""
        return pl.col(self.column.name)

    @property
    def monday(self) -> date:
        """The first day of the week."""
        return self.week - timedelta(days=6)


def _statuses(*effects: Effect) -> list[str]:
    return [status.value for status, each in status_codes().items() if each.effect in effects]


_RUNNING = _statuses(Effect.STARTS, Effect.CONTINUES)
_STOPPING = _statuses(Effect.STOPS)
_ENDED = _statuses(Effect.STOPS, Effect.NULLIFIES)
_OUTSIDE = _statuses(Effect.NONE)
_KNOWN = [status.value for status in Status]


def _lists(*, rtt: tuple[bool | None, ...], inpatient: bool | None = None) -> pl.Expr:
    """Whether the list is of one of these types."""
    codes = [
        code
        for code, each in list_types().items()
        if each.rtt in rtt and inpatient in (None, each.inpatient)
    ]
    return pl.col("waiting_list_type").is_in(codes)


def _inpatient_rtt() -> pl.Expr:
    return _lists(rtt=(True,), inpatient=True)


def _outpatient() -> pl.Expr:
    return _lists(rtt=(True, False, None), inpatient=False)


def _is_number(cell: Cell) -> pl.Expr:
    return cell.value.str.contains(NHS_NUMBER)


def _bad_shape(cell: Cell) -> pl.Expr:
    wrong = ~cell.value.str.contains(f"^(?:{cell.column.pattern})$")
    return wrong & ~_is_number(cell) if cell.column.name == "pseudo_nhs_number" else wrong


def _unknown_function(cell: Cell) -> pl.Expr:
    is_of_length = cell.value.str.len_chars() == _FUNCTION_LENGTH
    return is_of_length & ~cell.value.is_in(cell.column.codes)


def _bad_list(cell: Cell) -> pl.Expr:
    table = cell.column.table
    return ~cell.value.is_in([code for code, each in list_types().items() if table in each.tables])


def _untreated(cell: Cell) -> pl.Expr:
    is_other = pl.col(_STATUS).is_in(_STOPPING) & (pl.col(_STATUS) != Status.TREATED.value)
    return (cell.value == "ADMITTED") & is_other


def _other_provider(cell: Cell) -> pl.Expr:
    """What looks like no code has a rule of its own."""
    return (cell.value != cell.provider) & ~_bad_shape(cell)


def _other_week(cell: Cell) -> pl.Expr:
    """A week that is no Sunday has a rule of its own."""
    return (cell.value != cell.week) & (cell.value.dt.weekday() == _SUNDAY)


CHECKS: Mapping[str, Callable[[Cell], pl.Expr]] = {
    "blank": lambda cell: cell.value.is_null(),
    "log-blank": lambda cell: cell.value.is_null(),
    "code": lambda cell: ~cell.value.is_in(cell.column.codes),
    "shape": _bad_shape,
    "week-not-sunday": lambda cell: cell.value.dt.weekday() != _SUNDAY,
    "week-differs": _other_week,
    "provider-differs": _other_provider,
    "pseudonym-number": _is_number,
    "person-missing": lambda cell: cell.value.is_null(),
    "day-placeholder": lambda cell: cell.value.is_in(PLACEHOLDERS),
    "day-ahead": lambda cell: cell.value > cell.week,
    "received-before-first": lambda cell: (
        cell.value < pl.col("original_referral_request_received_date")
    ),
    "commissioner-nonc": lambda cell: cell.value == "NONC",
    "function-length": lambda cell: cell.value.str.len_chars() != _FUNCTION_LENGTH,
    "function-unknown": _unknown_function,
    "source-unknown": lambda cell: ~cell.value.is_in(cell.column.codes),
    "list-type": _bad_list,
    "start-missing": lambda cell: cell.value.is_null(),
    "start-placeholder": lambda cell: cell.value.is_in(PLACEHOLDERS),
    "start-after-week": lambda cell: cell.value > cell.week,
    "start-before-week": lambda cell: cell.value < cell.monday,
    "open-ended": lambda cell: cell.value.is_not_null(),
    "priority-missing": lambda cell: cell.value.is_null() & _inpatient_rtt(),
    "decided-after-week": lambda cell: cell.value > cell.week,
    "decided-outpatient": lambda _: _outpatient() & pl.col("decision_to_admit_date").is_not_null(),
    "inpatient-undecided": lambda cell: cell.value.is_null() & _inpatient_rtt(),
    "tci-outpatient": lambda cell: cell.value.is_not_null() & _outpatient(),
    "tci-past": lambda cell: cell.value <= cell.week,
    "appointment-past": lambda cell: cell.value <= cell.week,
    "status-stopped": lambda cell: cell.value.is_in(_ENDED) & ~_lists(rtt=(False,)),
    "status-outside": lambda cell: cell.value.is_in(_OUTSIDE) & _lists(rtt=(True,)),
    "status-on-other-list": lambda cell: (
        cell.value.is_in([*_RUNNING, *_ENDED]) & _lists(rtt=(False,))
    ),
    "accepted-unmarked": lambda cell: (
        cell.value.is_null() & pl.col("mutual_aid_accepting_provider").is_not_null()
    ),
    "end-before-start": lambda cell: cell.value < pl.col(_START),
    "end-outside-week": lambda cell: ~cell.value.is_between(cell.monday, cell.week),
    "status-running": lambda cell: cell.value.is_in(_KNOWN) & ~cell.value.is_in(_STOPPING),
    "admitted-untreated": _untreated,
    "pifu-order": lambda cell: cell.value < pl.col("pifu_initiation_date"),
    "pifu-over": lambda cell: cell.value < cell.monday,
    "asi-unreferenced": lambda cell: cell.value.is_null() & (pl.col("list_kind") == "ASI"),
}
_OF_PLACEHOLDERS = ("day-placeholder", "start-placeholder", "blank", "log-blank", "start-missing")


@lru_cache(64)
def row_checks(table: str, week: date, provider: str) -> tuple[tuple[Rule, Cell, pl.Expr], ...]:
    """Each rule about a table, a column that it is tried on, and where its rows are wrong.

    A day that is a stand-in for none is wrong by that alone.
    """
    return tuple(_row_checks(table, week, provider))


def _row_checks(table: str, week: date, provider: str) -> Iterator[tuple[Rule, Cell, pl.Expr]]:
    for rule in rules().values():
        if rule.stage != "rows" or table not in rule.tables or not rule.holds_on(week):
            continue
        for name in rule.columns_in(table):
            cell = Cell(column(table, name), week, provider)
            wrong = CHECKS[rule.id](cell)
            if cell.column.type == "day" and rule.id not in _OF_PLACEHOLDERS:
                stands_for_none = cell.value.is_in(PLACEHOLDERS).fill_null(value=False)
                wrong = wrong & ~stands_for_none
            yield rule, cell, wrong.fill_null(value=False)
