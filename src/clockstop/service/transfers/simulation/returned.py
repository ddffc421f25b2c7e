"""Moved patients in the monthly return: each clock stop once, at the receiver alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from clockstop.analytics.returns.monthly import monthly_return
from clockstop.analytics.returns.pathway_lines import pathway_lines
from clockstop.core.types import Month, Part
from clockstop.service.pathways import records
from clockstop.service.transfers.models import Transfer
from clockstop.service.transfers.simulation.line import Line
from clockstop.service.transfers.simulation.moves import moved, pathway_of, runs

_COMPLETED = (Part.ADMITTED, Part.NONADMITTED)
_WANTED = ("identifier", "issuer", "part", "provider", "start", "end")


def of_returns(icb_code: str, months: Sequence[Month]) -> Iterator[Line]:
    """The returns of some months that follow each other, held against the transfers."""
    _, pathways, events = records.tables(icb_code=icb_code)
    found = Counter[str]()
    for month in months:
        made = monthly_return(pathways, events, month)
        lines = pathway_lines(pathways, events, month, {})
        counts = {"by pathway": len(lines), "as filed": int(made.counts["n"].sum())}
        yield Line(f"lines of the return for {month.label}", counts)
        found.update(_told(lines, last=month == months[-1]))
    treated = Transfer.objects.filter(treated_on__lte=months[-1].census).count()
    yield Line("clock stops of moved patients", {"treated": treated, "return": found["stops"]})
    yield Line("their clock stops in others' returns", {"found": found["elsewhere"], "due": 0})
    yield Line("periods that a move began", {"found": found["begun"], "due": 0})
    yield Line("moved patients who wait", {"waiting": _waiting(), "return": found["wait"]})
    yield Line("of these, on another's list", {"found": found["wait elsewhere"], "due": 0})


def _told(lines: Any, *, last: bool) -> Iterator[str]:
    """What each line of a moved patient is; of those who wait only the last month's."""
    held = {(pathway_of(each).identifier, pathway_of(each).issuer): each for each in moved()}
    for identifier, issuer, part, provider, start, end in lines.select(*_WANTED).iter_rows():
        each = held.get((identifier, issuer))
        if each is None:
            continue
        is_there = provider == each.receiver_code
        if part in _COMPLETED and _since(end, each):
            yield "stops" if is_there else "elsewhere"
        if part == Part.NEW_PERIODS and _since(start, each):
            yield "begun"
        if part == Part.INCOMPLETE and last:
            yield "wait" if is_there else "wait elsewhere"


def _since(day: date | None, each: Transfer) -> bool:
    """Whether a day is that of the move, or after it."""
    return bool(day and each.received_on and day >= each.received_on)


def _waiting() -> int:
    return sum(runs(pathway_of(each)) for each in moved())
