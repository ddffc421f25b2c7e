"""A derivation in words: plain values for JSON and for people, each decision with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from clockstop.core.rtt.clock import Derivation
from clockstop.core.rtt.findings import Finding
from clockstop.core.rtt.periods import Ending, Period, Step
from clockstop.core.rtt.reporting import Line, Return, reported
from clockstop.core.rtt.rules import clock_rules
from clockstop.core.rtt.waiting import breach_day, days_waited, runs_on, week_band
from clockstop.core.rtt.week_bands import STANDARD_WEEKS, label
from clockstop.core.types import Part

Values = Mapping[str, object]

_ENDINGS = {
    Ending.ADMITTED: "treated, by admission",
    Ending.NON_ADMITTED: "treated, without admission",
    Ending.TRANSPLANT_LIST: "put on a transplant list",
    Ending.PRIMARY_CARE: "returned to primary care",
    Ending.MONITORING_BY_PATIENT: "active monitoring, at the patient's wish",
    Ending.MONITORING_BY_PROFESSIONAL: "active monitoring, by clinical decision",
    Ending.DECLINED: "treatment declined",
    Ending.NOT_TREATED: "decision not to treat",
    Ending.DISCHARGED: "discharged to the GP",
    Ending.DIED: "died before treatment",
    Ending.NULLIFIED: "nullified: it counts nowhere",
}


def ending_in_words(period: Period) -> str:
    """How the period ended, as people say it; ``still waiting`` while the clock runs."""
    if period.ending is None:
        return "still waiting"
    words = _ENDINGS[period.ending]
    return f"{words} (provisional)" if period.provisional else words


def explain(derivation: Derivation, day: date) -> Values:
    """The whole derivation on a day, ready for JSON: days as ISO text, rules with paragraphs."""
    return {
        "day": day.isoformat(),
        "identifier": derivation.identifier
        and dict(zip(("id", "issuer"), derivation.identifier, strict=True)),
        "periods": [_period(each, day) for each in derivation.periods],
        "steps": [_step(each) for each in derivation.steps],
        "findings": [_finding(each) for each in derivation.findings],
        "diagnostic_waits": [
            {"start": _iso(each.start), "end": _iso(each.end), "opened_by": each.opened_by}
            for each in derivation.diagnostic_waits
        ],
        "corrections": [
            {"wrong": each.wrong.id, "superseded_by": each.by.id} for each in derivation.corrections
        ],
        "not_yet": [each.id for each in derivation.not_yet],
        "reported": _reported(reported(derivation, day)),
    }


def _period(period: Period, day: date) -> Values:
    days = days_waited(period, day)
    place = period.place
    return {
        "number": period.number,
        "start": _iso(period.start),
        "end": _iso(period.end),
        "ending": period.ending and period.ending.value,
        "in_words": ending_in_words(period),
        "status": period.ending and period.ending.status.value,
        "part": period.ending and period.ending.part and period.ending.part.value,
        "provisional": period.provisional,
        "in_returns": period.in_returns,
        "running": runs_on(period, day),
        "days_waited": days,
        "week_band": None if days is None else label(week_band(days)),
        "over_18_weeks_from": _iso(breach_day(period, STANDARD_WEEKS)) if period.runs else None,
        "decided_to_admit": _iso(period.decided_to_admit),
        "queue_place": place and {"since": _iso(place.since), "days_brought": place.days_brought},
        "listings": [
            {"provider": each.provider, "since": _iso(each.since), "until": _iso(each.until)}
            for each in period.listings
        ],
        "started_by": _rule(period.start_rule),
        "stopped_by": period.stop_rule and _rule(period.stop_rule),
    }


def _step(step: Step) -> Values:
    day, period = step.day.isoformat(), step.period
    return {"event": step.event, "day": day, "period": period, **_rule(step.rule_id)}


def _rule(rule_id: str) -> Values:
    rule = clock_rules()[rule_id]
    return {
        "rule": rule.id,
        "effect": rule.effect.value,
        "reference": rule.reference,
        "text": rule.text,
    }


def return_in_words(
    found: Return, cite: Callable[[str], str] = lambda rule: clock_rules()[rule].where
) -> Iterator[str]:
    """What the return counts, leaves out and should have counted before, a sentence each.

    ``cite`` is how a rule is named: by default its paragraphs.
    """
    for line in found.lines:
        under = f"commissioner {line.commissioner.code or 'not known'}, line {line.function or '–'}"
        band = f", weeks {line.band}" if line.band else ""
        why = ", ".join(dict.fromkeys(cite(rule) for rule in line.rules))
        who = line.provider or "provider not known"
        yield f"{_part(line.part)}, period {line.period}: {who}, {under}{band} ({why})."
    for number, rule in found.left_out:
        yield f"Not counted, period {number}: {clock_rules()[rule].text} ({cite(rule)})."
    for each in found.to_revise:
        was, should = _parts(each.counted), _parts(each.should)
        yield f"To revise, {each.month.label}: counted in {was}, should be in {should} (§10.1.6)."


def _part(part: Part) -> str:
    return part.value.replace("Part_", "Part ")


def _parts(parts: Iterable[Part]) -> str:
    return " and ".join(map(_part, parts)) or "no part"


def _reported(found: Return) -> Values:
    """What the return of the month up to this day counts, and which earlier ones were wrong."""
    return {
        "census": found.census.isoformat(),
        "lines": [_line(each) for each in found.lines],
        "left_out": [{"period": number, **_rule(rule)} for number, rule in found.left_out],
        "to_revise": [
            {
                "month": str(each.month),
                "counted": [part.value for part in each.counted],
                "should": [part.value for part in each.should],
            }
            for each in found.to_revise
        ],
    }


def _line(line: Line) -> Values:
    return {
        "part": line.part.value,
        "period": line.period,
        "provider": line.provider,
        "commissioner": line.commissioner.code,
        "commissioner_weekly": line.commissioner.weekly_code,
        "treatment_function": line.function,
        "week_band": line.band,
        "because": [_rule(each) for each in line.rules],
    }


def _finding(finding: Finding) -> Values:
    return {
        "problem": finding.problem.value,
        "event": finding.event,
        "day": finding.day.isoformat(),
        "text": finding.words,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
