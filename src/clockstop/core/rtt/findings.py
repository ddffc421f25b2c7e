"""What is wrong, missing or doubtful in a pathway's events. A finding never changes a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Problem(StrEnum):
    """The kinds of finding; the value is what JSON shows."""

    DUPLICATE_ID = "duplicate_id"
    UNKNOWN_REFERENCE = "unknown_reference"
    CORRECTION_LOOP = "correction_loop"
    CORRECTED_TWICE = "corrected_twice"
    NO_KNOWN_START = "no_known_start"
    START_AFTER_RECEIPT = "start_after_receipt"
    START_INSIDE_EARLIER = "start_inside_earlier"
    START_DIFFERS = "start_differs"
    SECOND_REFERRAL = "second_referral"
    REFERRED_AFTERWARDS = "referred_afterwards"
    OWN_PATHWAY_NEEDED = "own_pathway_needed"
    STOP_WITHOUT_CLOCK = "stop_without_clock"
    STATUS_DISAGREES = "status_disagrees"
    STATUS_MISSING = "status_missing"
    DEATH_ELSEWHERE = "death_elsewhere"
    AFTER_DEATH = "after_death"
    NOT_FIRST = "not_first"
    NOT_BROUGHT = "not_brought"
    DISCHARGE_UNPROVEN = "discharge_unproven"
    MONITORING_UNPROVEN = "monitoring_unproven"
    NOT_COMMUNICATED = "not_communicated"
    SECOND_OFFER_LATE = "second_offer_late"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OUTCOME_TOO_LATE = "outcome_too_late"
    PLANNED_WHILE_RUNNING = "planned_while_running"
    NOT_MONITORED = "not_monitored"
    REVIEW_OVERDUE = "review_overdue"
    MONITORING_TOO_NEAR = "monitoring_too_near"
    DELAY_REVIEW_NEEDED = "delay_review_needed"
    THINKING_TIME_LONG = "thinking_time_long"
    PATHWAY_ID_CHANGED = "pathway_id_changed"
    SUBCONTRACT_SILENT = "subcontract_silent"
    SUBCONTRACT_UNPROVEN = "subcontract_unproven"
    FORM_MISSING = "form_missing"
    UNRATIFIED = "unratified"
    PRIVATE_TREATMENT = "private_treatment"
    NOTHING_TO_REBOOK = "nothing_to_rebook"


WORDS = {
    Problem.DUPLICATE_ID: "two entries share this id",
    Problem.UNKNOWN_REFERENCE: "it names an entry that there is not",
    Problem.CORRECTION_LOOP: "entries correct each other in a circle, so none of them counts",
    Problem.CORRECTED_TWICE: "two entries correct the same one; both count",
    Problem.NO_KNOWN_START: "activity on a pathway whose clock start nobody recorded",
    Problem.START_AFTER_RECEIPT: "the start passed on lies after the day it was received",
    Problem.START_INSIDE_EARLIER: "the start passed on lies before the end of an earlier period",
    Problem.START_DIFFERS: "the start passed on is not the one already known; the known one stays",
    Problem.SECOND_REFERRAL: "a further referral while the clock runs; it starts nothing",
    Problem.REFERRED_AFTERWARDS: "a consultant referred after the period ended: new treatment?",
    Problem.OWN_PATHWAY_NEEDED: "a separate condition needs a pathway identifier of its own",
    Problem.STOP_WITHOUT_CLOCK: "it would stop a clock, but none runs; not applied",
    Problem.STATUS_DISAGREES: "the status code recorded does not fit what happened",
    Problem.STATUS_MISSING: "no status code was recorded, or 99: the outcome is not known",
    Problem.DEATH_ELSEWHERE: "another pathway says that the patient has died; here the clock runs",
    Problem.AFTER_DEATH: "an entry after the patient's death; not applied",
    Problem.NOT_FIRST: "recorded as a first appointment, but it is not the first of this clock",
    Problem.NOT_BROUGHT: "not brought: a clinician and safeguarding look at this first",
    Problem.DISCHARGE_UNPROVEN: "the discharge lacks safeguards, so the clock runs on",
    Problem.MONITORING_UNPROVEN: "active monitoring for a delay lacks what it needs",
    Problem.NOT_COMMUNICATED: "the patient has not been told, so nothing has happened yet",
    Problem.SECOND_OFFER_LATE: "the second date lies too far from the first",
    Problem.OUTCOME_UNKNOWN: "the outcome of an admission is not known, so its stop is provisional",
    Problem.OUTCOME_TOO_LATE: "the outcome says not treated, but a later period stands in the way",
    Problem.PLANNED_WHILE_RUNNING: "put on a planned list while the clock runs",
    Problem.NOT_MONITORED: "it belongs to active monitoring, but there is none",
    Problem.REVIEW_OVERDUE: "no clinical review of active monitoring in time",
    Problem.MONITORING_TOO_NEAR: "active monitoring just before a test or treatment: one wait?",
    Problem.DELAY_REVIEW_NEEDED: "a long delay needs a clinical review",
    Problem.THINKING_TIME_LONG: "thinking time is long: talk to the patient about next steps",
    Problem.PATHWAY_ID_CHANGED: "the pathway identifier changed on transfer; it must not",
    Problem.SUBCONTRACT_SILENT: "the subcontract must say which provider reports the wait",
    Problem.SUBCONTRACT_UNPROVEN: "the original provider may not go on reporting; lacking",
    Problem.FORM_MISSING: "received without the start that the transfer form must carry",
    Problem.UNRATIFIED: "a self-referral that nobody has ratified",
    Problem.PRIVATE_TREATMENT: "treated privately: ask whether NHS care is still wanted",
    Problem.NOTHING_TO_REBOOK: "no missed first appointment to rebook, and no clock runs",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem at one entry. ``detail`` says more where there is more to say."""

    problem: Problem
    event: str
    day: date
    detail: str = ""

    @property
    def words(self) -> str:
        """The finding as a sentence without its full stop."""
        return f"{WORDS[self.problem]}: {self.detail}" if self.detail else WORDS[self.problem]
