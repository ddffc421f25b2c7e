"""A pathway as its patient, or their carer, reads it: no codes, no names of staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clockstop.core.rtt.clock import Derivation
from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.events import (
    AdministrativeOutcome,
    Attendance,
    Decision,
    DecisionCommunicated,
    Event,
)
from clockstop.core.rtt.periods import Ending, Period
from clockstop.core.rtt.waiting import days_waited, is_over, last_day_within
from clockstop.core.rtt.week_bands import STANDARD_WEEKS
from clockstop.service.pathways.presenters.wording import weeks_and_days
from clockstop.service.pathways.words import told_patients
from clockstop.service.ui.figures import day as in_words


@dataclass(frozen=True, slots=True)
class Stage:
    """Where somebody is, and what comes next."""

    title: str
    next: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened, as the patient is told of it."""

    day: str
    words: str


@dataclass(frozen=True, slots=True)
class OwnPathway:
    """A pathway for its patient. ``wait`` is empty where there is none to speak of.

    ``weeks`` are the whole ones of the wait, while it goes on.
    """

    stage: Stage
    wait: str
    weeks: int | None
    standard: str
    is_over: bool
    happened: tuple[Happened, ...]


_WEEK = 7
_NOT_STARTED = Stage(
    "Nothing is waiting here yet",
    "The hospital has not recorded a referral that starts a wait. If you think that you have been "
    "referred, ask the practice or service that referred you.",
)
_FIRST = Stage(
    "You are waiting for your first appointment",
    "The hospital will offer you a date. Please come, or tell them early if you cannot.",
)
_BETWEEN = Stage(
    "You have been seen and are waiting for the next step",
    "This can be a test, another appointment or treatment. The hospital will offer you a date, or "
    "write to you about what was found.",
)
_TO_BE_ADMITTED = Stage(
    "You are on the list for treatment in hospital",
    "The hospital will offer you a date to come in. People with the most urgent need are treated "
    "first, then those who have waited longest.",
)
_PROVISIONAL = Stage(
    "You have been in hospital for your treatment",
    "The hospital will record what was done. If your treatment did not go ahead, you keep your "
    "place and your wait goes on.",
)
ENDED = {
    Ending.ADMITTED: Stage(
        "You have been treated",
        "Your wait for this treatment is over. If you need follow-up care, the hospital will "
        "arrange it with you.",
    ),
    Ending.NON_ADMITTED: Stage(
        "Your treatment has started",
        "Your wait for this treatment is over. If you need more care, the hospital will arrange it "
        "with you.",
    ),
    Ending.TRANSPLANT_LIST: Stage(
        "You are on a transplant list",
        "The transplant team will be in touch with you when there is something to decide.",
    ),
    Ending.PRIMARY_CARE: Stage(
        "Your care is with your GP again",
        "Talk to your GP practice about what comes next.",
    ),
    Ending.MONITORING_BY_PATIENT: Stage(
        "Your condition is being watched for now, as you wished",
        "You are not waiting for treatment at the moment. If you decide to go ahead, or feel "
        "worse, tell the hospital: you get your place back.",
    ),
    Ending.MONITORING_BY_PROFESSIONAL: Stage(
        "Your condition is being watched for now",
        "You are not waiting for treatment at the moment. The hospital will review how you are. If "
        "you feel worse, tell them or your GP practice.",
    ),
    Ending.DECLINED: Stage(
        "You decided against the treatment offered",
        "You are not waiting for treatment at the moment. If you change your mind, talk to your GP "
        "practice.",
    ),
    Ending.NOT_TREATED: Stage(
        "It was decided that you do not need treatment",
        "You are not waiting for treatment. If your symptoms change, talk to your GP practice.",
    ),
    Ending.DISCHARGED: Stage(
        "You were discharged to your GP",
        "You are not waiting for treatment here. If you still need care, talk to your GP practice.",
    ),
    Ending.DIED: Stage("This record is closed", "There is nothing that you need to do."),
    Ending.NULLIFIED: Stage(
        "Your first appointment was missed",
        "You are not waiting for a date at the moment. If you still want to be seen, ask the "
        "hospital for another appointment: your wait starts on the day you ask.",
    ),
}


def own_pathway(derivation: Derivation, day: date) -> OwnPathway:
    """What the patient reads on a day."""
    period = derivation.periods[-1] if derivation.periods else None
    runs = period is not None and period.runs
    days = days_waited(period, day) if period else None
    wait = "" if days is None or not runs else weeks_and_days(days)
    return OwnPathway(
        stage=_stage(derivation, period),
        wait=wait,
        weeks=days // _WEEK if wait and days is not None else None,
        standard=_standard(period, day) if period and wait else "",
        is_over=bool(wait) and is_over(days or 0, STANDARD_WEEKS),
        happened=_happened(derivation.events),
    )


def _stage(derivation: Derivation, period: Period | None) -> Stage:
    if period is None:
        return _NOT_STARTED
    if period.ending is not None:
        return _PROVISIONAL if period.provisional else ENDED[period.ending]
    if period.decided_to_admit:
        return _TO_BE_ADMITTED
    return _BETWEEN if _was_seen(derivation, period) else _FIRST


def _was_seen(derivation: Derivation, period: Period) -> bool:
    touched = {step.event for step in derivation.steps if step.period == period.number}
    seen = (Attendance, AdministrativeOutcome, Decision)
    return any(each.id in touched and isinstance(each, seen) for each in derivation.events)


def _standard(period: Period, day: date) -> str:
    last = last_day_within(period, STANDARD_WEEKS)
    if last is None:
        return ""
    passed = "were" if last < day else "will be"
    return f"{STANDARD_WEEKS} weeks {passed} up on {in_words(last)}"


def _happened(events: Iterable[Event]) -> tuple[Happened, ...]:
    """What counts, the latest first; a decision only once the patient was told of it."""
    counting = settle(tuple(events)).counting
    told = {each.decision: each.day for each in counting if isinstance(each, DecisionCommunicated)}
    shown = []
    for each in counting:
        day = each.day
        if isinstance(each, Decision) and not each.communicated:
            if each.id not in told:
                continue
            day = told[each.id]
        words = told_patients(each.kind)
        if words and not isinstance(each, DecisionCommunicated):
            shown.append((day, words))
    shown.sort(key=lambda each: each[0])
    return tuple(Happened(in_words(day), words) for day, words in reversed(shown))
