"""RTT periods of millions of pathways: the clock rules over a table, or over files of one."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from clockstop.analytics.clocks.by_hand import derive_by_hand
from clockstop.analytics.clocks.checks import (
    EventsRefusedError,
    check_columns,
    check_order,
    in_types,
    value_problems,
)
from clockstop.analytics.clocks.encoding import READ, Encoded, encoded
from clockstop.analytics.clocks.kernel.layout import (
    FACTS,
    FINDING,
    NONE,
    PERIOD,
    STANDING,
    TEST,
    State,
)
from clockstop.analytics.clocks.policies import in_stretches
from clockstop.analytics.clocks.tables import (
    Derived,
    findings_of,
    periods_of,
    standings_of,
    tests_of,
    together,
)
from clockstop.core.rtt.policy import DEFAULT, Policy

_FIRST = date(1970, 1, 1)
_FINDINGS_OF_ONE = 8  # more than any one event, or the day asked about, can give
_ROWS = 1_000_000  # of a part: enough to be quick, few enough to be small
_WORKERS = min(4, os.cpu_count() or 1)


def derive_periods(
    events: pl.DataFrame | pl.LazyFrame, *, policy: Policy = DEFAULT, as_of: date | None = None
) -> pl.DataFrame:
    """The RTT periods of every pathway of a table of events (see ``events_table``).

    The same as ``core.rtt.clock.derive`` gives for each, row by row; the columns are those of
    ``tables.PERIODS``. Raises EventsRefusedError for a table that is not one of events.
    """
    return derive_tables(events, policy=policy, as_of=as_of).periods


def derive_tables(
    events: pl.DataFrame | pl.LazyFrame,
    *,
    policy: Policy = DEFAULT,
    as_of: date | None = None,
    rows: int = _ROWS,
) -> Derived:
    """Periods, findings and diagnostic waits, part by part: the table is never held as a whole.

    A part has about so many ``rows``, and whole pathways. Raises EventsRefusedError with all that
    is wrong with the values of all parts.
    """
    lazy = events.lazy()

    def one(part: tuple[int, int]) -> Derived | list[str]:
        given = lazy.slice(part[0], part[1] - part[0]).select(READ).collect()
        typed = given.select(in_types())
        problems = value_problems(given, typed)
        return problems or derive_whole(typed, policy, as_of)

    with ThreadPoolExecutor(_WORKERS) as workers:
        parts = list(workers.map(one, parts_of(lazy, rows)))
    problems = [problem for part in parts if isinstance(part, list) for problem in part]
    if problems:
        raise EventsRefusedError(problems)
    return together(part for part in parts if isinstance(part, Derived))


def parts_of(events: pl.LazyFrame, rows: int = _ROWS) -> list[tuple[int, int]]:
    """The rows from and up to which the parts of a table go: whole pathways, about so many rows.

    Raises EventsRefusedError unless it has the columns and the order of a table of events.
    """
    check_columns(events.collect_schema())
    keys = events.select("pathway", "number").collect()
    check_order(keys)
    return list(pairwise(_cuts(keys["number"].to_numpy(), rows)))


def _cuts(number: Any, rows: int) -> list[int]:
    """The rows at which parts begin, each with a pathway; and the end."""
    begins = np.flatnonzero(number == 1)
    wanted = np.searchsorted(begins, np.arange(0, len(number), rows))
    return [*np.unique(begins[wanted[wanted < len(begins)]]).tolist(), len(number)]


def derive_whole(events: pl.DataFrame, policy: Policy, as_of: date | None) -> Derived:
    """All tables of a table of events that holds each of its pathways whole."""
    from clockstop.analytics.clocks.kernel.clock import derive  # the compiler takes its time

    arrays = encoded(events)
    count = len(arrays.starts) - 1
    state, by_hand = _state(arrays), np.zeros(count, np.bool_)
    day = NONE if as_of is None else (as_of - _FIRST).days
    derive(state, arrays.starts, in_stretches(policy), day, by_hand)
    facts, keys = state.facts, arrays.keys
    found = Derived(
        periods=periods_of(state.periods[: facts["periods"]], keys, arrays.providers),
        findings=findings_of(state.findings[: facts["findings"]], keys),
        tests=tests_of(state.tests[: facts["tests"]], keys),
        standings=standings_of(state.standings[~by_hand], keys),
        pathways=count,
        events=len(events),
        by_hand=0,
    )
    handed = keys.filter(pl.Series(by_hand))
    if not len(handed):
        return found
    few = events.filter(pl.col("pathway").is_in(handed.implode()))
    more = derive_by_hand(few, policy=policy, as_of=as_of)
    return replace(
        found,
        periods=_merged(found.periods, more.periods, keys),
        findings=_merged(found.findings, more.findings, keys),
        tests=_merged(found.tests, more.tests, keys),
        standings=_merged(found.standings, more.standings, keys),
        by_hand=more.by_hand,
    )


def _merged(table: pl.DataFrame, more: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Rows of some more pathways, in the order of the pathways."""
    places = pl.DataFrame({"pathway": keys}).with_row_index("place")
    both = pl.concat([table, more]).join(places, on="pathway", maintain_order="left")
    return both.sort("place", maintain_order=True).drop("place")


def _state(arrays: Encoded) -> State:
    """Room for the most that there can be; what is not used is never touched."""
    events = len(arrays.rows) - 1
    most = _FINDINGS_OF_ONE * (events + len(arrays.starts))
    return State(
        facts=np.zeros(1, FACTS)[0],
        periods=np.empty(events, PERIOD),
        findings=np.empty(most, FINDING),
        tests=np.empty(events, TEST),
        standings=np.empty(len(arrays.starts) - 1, STANDING),
        rows=arrays.rows,
    )
