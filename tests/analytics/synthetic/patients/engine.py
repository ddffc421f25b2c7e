"""What made-up events add up to, by the one-patient clock rules: slow, and the oracle."""

from collections import Counter

import polars as pl

from clockstop.analytics.clocks import events_table
from clockstop.core.rtt.clock import derive
from clockstop.core.rtt.commissioners import commissioner_on
from clockstop.core.rtt.findings import Problem
from clockstop.core.rtt.reported_functions import function_line
from clockstop.core.rtt.return_parts import parts_on
from clockstop.core.rtt.waiting import days_waited, week_band
from clockstop.core.types import Part


def counts_of(events: pl.DataFrame, census) -> tuple[Counter, dict[int, set[Problem]]]:
    """The lines of the return by cell, part and band; and what was found in each pathway."""
    lines: Counter = Counter()
    findings: dict[int, set[Problem]] = {}
    for key, entries in events_table.pathways(events):
        found = derive(entries, as_of=census)
        if found.findings:
            findings[key] = {each.problem for each in found.findings}
        settled = sorted(entries, key=lambda each: each.day)
        for period in found.periods:
            for part in parts_on(period, census):
                lines[_line(period, part, settled, census)] += 1
    return lines, findings


def _line(period, part, entries, census):
    is_new = part is Part.NEW_PERIODS
    day = period.opened_on if is_new else census
    provider = [each.provider for each in period.listings if each.since <= day][-1]
    function, _ = function_line(period, entries, census)
    days = None if is_new else days_waited(period, census)
    band = None if days is None else week_band(days)
    commissioner = commissioner_on(entries, census).code
    return provider, commissioner, function, str(part), band


def expected(cells: pl.DataFrame) -> Counter:
    """The counts that a table of cells says were made."""
    keys = ("provider", "commissioner", "function", "part", "band", "made")
    rows = cells.filter(pl.col("made") > 0).select(keys).rows()
    return Counter({row[:-1]: row[-1] for row in rows})
