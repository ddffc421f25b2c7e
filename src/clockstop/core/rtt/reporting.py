"""What a pathway adds to the return of a census day: which lines, whose, and why (§10, §11).

Source: RTT recording and reporting guidance 5.0; each reason is a rule of ``clock_rules.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from clockstop.core.rtt.clock import Derivation
from clockstop.core.rtt.commissioners import Commissioner, commissioner_on
from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.events import Event
from clockstop.core.rtt.periods import Period
from clockstop.core.rtt.reported_functions import function_line
from clockstop.core.rtt.return_parts import Revision, left_out, parts_on, revisions
from clockstop.core.rtt.waiting import week_band
from clockstop.core.rtt.week_bands import label, open_band
from clockstop.core.types import Month, Part

_HANDED = {
    "keep-transfer",
    "keep-received",
    "keep-opinion",
    "keep-subcontract",
    "keep-subcontract-treating",
    "keep-subcontract-original",
    "keep-subcontract-unproven",
}
_WHY = {
    Part.INCOMPLETE: "report-waiting",
    Part.INCOMPLETE_DTA: "report-decided-to-admit",
    Part.ADMITTED: "report-admitted",
    Part.NONADMITTED: "report-non-admitted",
    Part.NEW_PERIODS: "report-new-period",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One count of one period in a provider's return.

    ``provider``, ``function`` (a line of the return, as filed) and the commissioner's code are None
    where the events do not say; ``band`` is None for an unknown start and for new periods.
    ``rules`` are the reasons: for the part, the provider, the function, then the commissioner.
    """

    part: Part
    period: int
    provider: str | None
    function: str | None
    commissioner: Commissioner
    band: str | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """What the pathway adds to the return of one census; ``left_out`` are periods and the reasons.

    ``to_revise`` are the earlier months that did not know what is known now: an amended return
    before the deadline for submission, a request for a revision after it (§10.1.6).
    """

    census: date
    lines: tuple[Line, ...]
    left_out: tuple[tuple[int, str], ...]
    to_revise: tuple[Revision, ...]


def reported(found: Derivation, census: date) -> Return:
    """The lines of the return whose month goes up to ``census``, usually the month's last day.

    Never fails: what the events do not say is None, with a reason that says so.
    """
    events = _counting(found.events, census)
    lines = (
        _line(found, period, part, events, census)
        for period in found.periods
        for part in parts_on(period, census)
    )
    rules = ((period.number, left_out(found, period, census)) for period in found.periods)
    return Return(
        census,
        tuple(lines),
        tuple((number, rule) for number, rule in rules if rule),
        tuple(revisions(found, census)),
    )


def _counting(events: Iterable[Event], census: date) -> list[Event]:
    counting = settle(tuple(events)).counting
    return sorted((each for each in counting if each.day <= census), key=lambda each: each.day)


def _line(
    found: Derivation, period: Period, part: Part, events: Sequence[Event], census: date
) -> Line:
    is_new = part is Part.NEW_PERIODS
    provider, reporter = _reporter(found, period, period.opened_on if is_new else census)
    function, function_rules = function_line(period, events, census)
    commissioner = commissioner_on(events, census)
    return Line(
        part=part,
        period=period.number,
        provider=provider,
        function=function,
        commissioner=commissioner,
        band=None if is_new else _band(period, census),
        rules=(*_counted(period, part), reporter, *function_rules, *commissioner.rules),
    )


def _counted(period: Period, part: Part) -> Iterator[str]:
    yield _WHY[part]
    if period.start is None:
        yield "report-unknown-start"
    elif period.start == period.end and part in (Part.ADMITTED, Part.NONADMITTED):
        yield "report-same-day"


def _reporter(found: Derivation, period: Period, day: date) -> tuple[str | None, str]:
    """Whose list the period was on at the end of a day, or last; and the step that made it so."""
    listed = [each for each in period.listings if each.since <= day]
    steps = (each for each in found.steps if each.period == period.number and each.day <= day)
    handed = [each.rule_id for each in steps if each.rule_id in _HANDED]
    return listed[-1].provider, handed[-1] if handed else "report-responsible"


def _band(period: Period, census: date) -> str | None:
    """The band of a period that is counted; whether it is nullified later is nothing to it."""
    if period.start is None or census < period.start:
        return None
    last = census if period.end is None else min(census, period.end)
    days = (last - period.start).days
    widest = open_band(str(Month(census.year, census.month)))
    return f"{widest}+" if week_band(days) >= widest else label(week_band(days))
