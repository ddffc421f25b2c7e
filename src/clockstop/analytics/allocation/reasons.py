"""Why a request can go to a place, or cannot: codes with what was found and what the limit is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Against(StrEnum):
    """What stands against a match, in order: the first that holds is the binding one.

    First what keeps the request from any match, then whether the place offers what is asked for,
    whether it can take anybody, whether the receiver's own patients would suffer, what the
    patient wants, whom the place can treat, how far it is, and what it would bring.
    """

    CANCER = "cancer"
    REVIEW_OVERDUE = "review_overdue"
    HELD = "held"
    STAGE = "stage"
    FUNCTION = "function"
    PROCEDURE = "procedure"
    TEST = "test"
    EXPIRED = "expired"
    WINDOW_OVER = "window_over"
    FULL = "full"
    OWN_OVERDUE = "own_overdue"
    OWN_WAITS = "own_waits"
    OWN_NEED = "own_need"
    SAME_PROVIDER = "same_provider"
    WISHES = "wishes"
    DATES = "dates"
    AGE = "age"
    SEX = "sex"
    BMI = "bmi"
    ASA = "asa"
    CRITICAL_CARE = "critical_care"
    COMORBIDITY = "comorbidity"
    ANAESTHETIC = "anaesthetic"
    STAY = "stay"
    NEEDS = "needs"
    DISTANCE = "distance"
    NO_TIME_GAINED = "no_time_gained"


class For(StrEnum):
    """What speaks for a match."""

    OVERDUE_PRIORITY = "overdue_priority"
    LONG_WAIT = "long_wait"
    LEGAL_RIGHT = "legal_right"
    WANTED = "wanted"
    MEETS_NEEDS = "meets_needs"
    NEAR_ENOUGH = "near_enough"
    WEEKS_GAINED = "weeks_gained"


Fact = str | int | float | None

_WORDS: dict[str, str] = {
    Against.CANCER: "cancer or its urgent suspicion: clinician to clinician, never in a batch",
    Against.REVIEW_OVERDUE: "an overdue priority review blocks matching: it was due on {found}",
    Against.HELD: "a place is held already: {found}",
    Against.STAGE: "{found} is asked for, {limit} is offered",
    Against.FUNCTION: "{found} is asked for, {limit} is offered",
    Against.PROCEDURE: "procedure {found} is asked for, {limit} is offered",
    Against.TEST: "test {found} is asked for, {limit} is offered",
    Against.EXPIRED: "the offer of places ended on {found}",
    Against.WINDOW_OVER: "the last date was {found}",
    Against.FULL: "no place is left",
    Against.OWN_OVERDUE: "{found} of the receiver's own patients are overdue by clinical priority, "
    "at most {limit} may be",
    Against.OWN_WAITS: "the receiver's own patients have waited up to {found} weeks, at most "
    "{limit} may be",
    Against.OWN_NEED: "the receiver's own patients need {found} places, {limit} are left",
    Against.SAME_PROVIDER: "this is where the patient waits now: {found}",
    Against.WISHES: "the patient does not want {found}",
    Against.DATES: "the patient said that these dates do not suit",
    Against.AGE: "age {found} is outside {limit}",
    Against.SEX: "sex {found}, the places are for {limit}",
    Against.BMI: "BMI {found} is over the ceiling of {limit}",
    Against.ASA: "ASA grade {found} is over the ceiling of {limit}",
    Against.CRITICAL_CARE: "critical care is needed and there is none",
    Against.COMORBIDITY: "not taken there: {found}",
    Against.ANAESTHETIC: "anaesthetic {found} is needed, {limit} is offered",
    Against.STAY: "a stay of {found} nights is over the longest of {limit}",
    Against.NEEDS: "needs that are not met there: {found}",
    Against.DISTANCE: "{found} miles, limit {limit}",
    Against.NO_TIME_GAINED: "no time gained: {limit} weeks there, {found} here",
    For.OVERDUE_PRIORITY: "clinical priority {found} asked for treatment by {limit}",
    For.LONG_WAIT: "has waited {found} weeks, over {limit}",
    For.LEGAL_RIGHT: "waits over 18 weeks: by law a right to ask to be treated sooner elsewhere",
    For.WANTED: "the patient asked for {found}",
    For.MEETS_NEEDS: "meets {found}",
    For.NEAR_ENOUGH: "{found} miles, limit {limit}",
    For.WEEKS_GAINED: "{found} weeks sooner",
}
_NOT_KNOWN = "not known"
_NAMES: dict[str, dict[str, str]] = {
    Against.SEX: {"1": "male", "2": "female"},
    Against.STAGE: {"first_outpatient": "first outpatient"},
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, what was found (None: not known) and the limit, where there is one."""

    code: Against | For
    found: Fact = None
    limit: Fact = None

    @property
    def words(self) -> str:
        """The reason in plain words, like ``BMI 41 is over the ceiling of 40``."""
        named = _NAMES.get(self.code, {})
        found, limit = (named.get(str(each)) or _said(each) for each in (self.found, self.limit))
        return _WORDS[self.code].format(found=found, limit=limit)


def _said(fact: Fact) -> str:
    """A fact as people read it, days in words."""
    if fact is None:
        return _NOT_KNOWN
    if isinstance(fact, float):
        return f"{fact:.1f}".removesuffix(".0")
    text = str(fact)
    return f"{date.fromisoformat(text):%-d %B %Y}" if _DAY.fullmatch(text) else text
