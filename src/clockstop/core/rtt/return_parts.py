"""In which parts of the monthly return a period counts, month by month (§10.1.1.2, §10.1.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from clockstop.core import rulebook
from clockstop.core.rtt.clock import Derivation, derive
from clockstop.core.rtt.events import Event
from clockstop.core.rtt.periods import Period
from clockstop.core.types import Month, Part

_LATER = (Part.INCOMPLETE_DTA, Part.NEW_PERIODS)


@dataclass(frozen=True, slots=True)
class Revision:
    """A month whose return counted the pathway otherwise than it should have, as known now."""

    month: Month
    counted: tuple[Part, ...]
    should: tuple[Part, ...]


def parts_on(period: Period, census: date) -> Iterator[Part]:
    """The parts in which a period counts for the month up to ``census``.

    None before anybody here listed it, none for community services, none once it is nullified. A
    start that another provider passed on was that provider's new period (our reading). Parts 2A and
    3 came in October 2015.
    """
    for part in _parts(period, census):
        if part not in _LATER or "rtt_parts_2a_and_3" in rulebook.on(census):
            yield part


def _parts(period: Period, census: date) -> Iterator[Part]:
    if not period.in_returns or period.opened_on > census:
        return
    began = period.start or period.opened_on
    ended = period.end is not None and period.end <= census
    if began <= census and not ended:
        yield Part.INCOMPLETE
        if period.decided_to_admit and period.decided_to_admit <= census:
            yield Part.INCOMPLETE_DTA
    elif period.ending and period.ending.part and in_month(period.end, census):
        yield period.ending.part
    is_new = period.start_rule != "start-transferred" and not (period.nullified and ended)
    if is_new and in_month(period.start, census):
        yield Part.NEW_PERIODS


def left_out(found: Derivation, period: Period, census: date) -> str | None:
    """The rule by which a period that somebody may look for is in no part of this return."""
    ended = period.end is not None and period.end <= census
    if period.opened_on > census:
        return None
    if not period.in_returns:
        return None if ended and not in_month(period.end, census) else "report-community"
    if not ended:
        return None
    if period.nullified:
        return "report-nullified" if in_month(period.end, census) else None
    closing = (known_on(each) for each in found.events if each.id == period.closed_by)
    is_found_now = in_month(max(closing, default=None), census)
    return "report-stopped-earlier" if is_found_now and not in_month(period.end, census) else None


def in_month(day: date | None, census: date) -> bool:
    """Whether a day lies in the month up to its census."""
    return day is not None and census.replace(day=1) <= day <= census


def known_on(event: Event) -> date:
    """The day from which an entry was known: when it was made, never before it happened."""
    return max(event.day, event.recorded or event.day)


def revisions(found: Derivation, census: date) -> Iterator[Revision]:
    """Each month before that of ``census`` whose return, as known at its end, counted otherwise.

    What is found late changes the month in which it was so, never a later one (§10.1.5).
    """
    days = [each.day for each in found.events]
    month = Month(min(days).year, min(days).month) if days else Month(census.year, census.month)
    while month.census < census.replace(day=1):
        counted, should = _as_known(found, month), _all_parts(found, month)
        if counted != should:
            yield Revision(month, counted, should)
        month = month.plus(1)


def _as_known(found: Derivation, month: Month) -> tuple[Part, ...]:
    """Seen from the day after the census, when care that was due on it counts as overdue."""
    known = [each for each in found.events if known_on(each) <= month.census]
    day_after = month.census + timedelta(days=1)
    return _all_parts(derive(known, policy=found.policy, as_of=day_after), month)


def _all_parts(found: Derivation, month: Month) -> tuple[Part, ...]:
    return tuple(part for period in found.periods for part in parts_on(period, month.census))
