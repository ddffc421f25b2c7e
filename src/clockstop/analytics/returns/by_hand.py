"""The return by the rules for one pathway after another: for few pathways, and the slow truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from clockstop.analytics.clocks.events_table import pathways
from clockstop.analytics.returns.tables import (
    LEFT_OUT,
    LINES,
    REVISIONS,
    TO_REVISE,
    table,
)
from clockstop.core.rtt.clock import Derivation, derive
from clockstop.core.rtt.events import Event
from clockstop.core.rtt.policy import Policy
from clockstop.core.rtt.reporting import Line, reported
from clockstop.core.rtt.return_parts import known_on

Row = tuple[Any, ...]


def lines_by_hand(
    events: pl.DataFrame, census: date, *, policy: Policy, as_of: date
) -> pl.DataFrame:
    """The lines of ``core.rtt.reporting.reported`` for each pathway of a table of events."""
    rows = [
        row
        for key, entries in pathways(events)
        for row in _lines(key, derive(entries, policy=policy, as_of=as_of), census)
    ]
    return table(rows, LINES)


def left_out_by_hand(
    events: pl.DataFrame, census: date, *, policy: Policy, as_of: date
) -> pl.DataFrame:
    """The periods that each pathway leaves out, and why."""
    rows = [
        (key, period, rule)
        for key, entries in pathways(events)
        for period, rule in reported(derive(entries, policy=policy, as_of=as_of), census).left_out
    ]
    return table(rows, LEFT_OUT)


def revisions_by_hand(
    events: pl.DataFrame, census: date, *, policy: Policy, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The months to revise, pathway by pathway, and added up by cell and part."""
    rows: list[Row] = []
    counted: Counter[Row] = Counter()
    should: Counter[Row] = Counter()
    for key, entries in pathways(events):
        found = derive(entries, policy=policy, as_of=as_of)
        for each in reported(found, census).to_revise:
            month, day = str(each.month), each.month.census
            rows.append((key, month, _values(each.counted), _values(each.should)))
            then = _as_known(entries, day, policy)
            counted.update((month, *_cell(row)) for row in _lines(key, then, day))
            should.update((month, *_cell(row)) for row in _lines(key, found, day))
    cells = [
        (*cell, counted[cell], should[cell])
        for cell in counted | should
        if counted[cell] != should[cell]
    ]
    return table(rows, REVISIONS), table(cells, TO_REVISE)


def _as_known(entries: Sequence[Event], census: date, policy: Policy) -> Derivation:
    known = [each for each in entries if known_on(each) <= census]
    return derive(known, policy=policy, as_of=census + timedelta(days=1))


def _lines(key: int, found: Derivation, census: date) -> Iterator[Row]:
    for line in reported(found, census).lines:
        yield (
            key,
            line.period,
            line.part.value,
            line.provider,
            line.commissioner.code,
            line.function,
            None if line.band is None else int(line.band.rstrip("+").split("-")[0]),
            None if line.function else _function_rule(line),
            None if line.commissioner.code else line.commissioner.rules[-1],
        )


def _function_rule(line: Line) -> str:
    rules = ("report-function-strange", "report-function-missing")
    return next(rule for rule in rules if rule in line.rules)


def _cell(row: Row) -> Row:
    _, _, part, provider, commissioner, function, *_ = row
    return provider, commissioner, function, part


def _values(parts: Sequence[Any]) -> list[str]:
    return [part.value for part in parts]
