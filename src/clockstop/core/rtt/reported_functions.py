"""Under which treatment function a pathway is reported (§10.1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from clockstop.core.codes import UnknownFunctionError
from clockstop.core.codes.lines import ReportingLine, reporting_line
from clockstop.core.rtt.events import AdmissionOutcome, Event
from clockstop.core.rtt.periods import Period


def function_line(
    period: Period, events: Sequence[Event], census: date
) -> tuple[str | None, tuple[str, ...]]:
    """The line of the return (``C_110``) for a period, and the rules that say why.

    ``events`` are those that count, up to the census, in order. None where no entry has a function,
    or one that we do not know.
    """
    code, rule = _classified(period, events, census)
    if code is None:
        return None, (rule,)
    try:
        line = reporting_line(code, census)
    except UnknownFunctionError:
        return None, (rule, "report-function-strange")
    return line.line, (rule, _why(line))


def _why(line: ReportingLine) -> str:
    if line.is_own:
        return "report-line-own"
    if line.is_older:
        return "report-line-one-other"
    return "report-line-named" if line.is_named else "report-line-group"


def _classified(period: Period, events: Sequence[Event], census: date) -> tuple[str | None, str]:
    """The national code and its rule: of the stopping activity, else the latest one by then."""
    is_open = period.end is None or period.end > census
    stopping = None if is_open else _stopping(period, events)
    if stopping:
        return stopping, "report-function-stop"
    last = census if period.end is None else min(census, period.end)
    known = [each.treatment_function for each in events if each.day <= last]
    latest = next((code for code in reversed(known) if code), None)
    if latest is None:
        return None, "report-function-missing"
    return latest, "report-function-now" if is_open else "report-function-earlier"


def _stopping(period: Period, events: Sequence[Event]) -> str | None:
    """The function of the activity that stopped the clock; an outcome's is its admission's."""
    ids = {period.closed_by}
    outcomes = (each for each in events if isinstance(each, AdmissionOutcome))
    ids |= {each.admission for each in outcomes if each.id == period.closed_by}
    functions = (each.treatment_function for each in events if each.id in ids)
    return next(filter(None, functions), None)
