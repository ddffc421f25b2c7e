"""Within how many working days each part of a transfer is done: dated rows with their source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from clockstop.core.rulebook.working_days import working_days_after

ACKNOWLEDGE, RECEIVE, READ_RESULT = "acknowledge", "receive", "read_result"
TOLD_BY_RECEIVER = "told_by_receiver"


def due(limit: str, since: date) -> date:
    """The last day on which a part that began on a day is in time, by the rule of that day.

    Raises LookupError where no rule holds. Source: ``transfer_limits.csv``; all are design choices.
    """
    for row in _rows():
        ends = row["valid_to"]
        is_in_force = row["valid_from"] <= since.isoformat() and (
            not ends or since.isoformat() <= ends
        )
        if row["limit"] == limit and is_in_force:
            return working_days_after(since, int(row["working_days"]))
    raise LookupError(f"no limit {limit!r} holds on {since.isoformat()}")


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    table = files(__package__).joinpath("transfer_limits.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(table.splitlines()))
