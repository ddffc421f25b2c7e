"""Which function handles which kind of event: ``core.rtt.folding.handlers``."""

# mypy: no-warn-return-any
from __future__ import annotations

from typing import Any

from clockstop.analytics.clocks.kernel import (
    absences,
    admissions,
    attendances,
    decisions,
    monitoring,
    moves,
    referrals,
)
from clockstop.analytics.clocks.kernel.compiled import compiled
from clockstop.analytics.clocks.kernel.layout import Event, State
from clockstop.analytics.clocks.words import Kind


@compiled
def _is_without_effect(kind: int) -> bool:
    """Whether a kind only ever leaves a step."""
    return kind in (
        Kind.REFERRAL_REJECTED,
        Kind.ADVICE_REQUESTED,
        Kind.TRANSFER_REQUESTED,
        Kind.TRANSFER_REQUEST_FAILED,
        Kind.TEAM_CHANGED,
        Kind.COMMISSIONER_RECORDED,
        Kind.COMMISSIONER_CHANGED,
    )


@compiled
def handle(state: State, event: Event, policy: Any) -> None:  # noqa: C901, PLR0912, PLR0915
    """Do what the kind of event asks for. A kind that is not here is for the core: by hand.

    No table of functions: only calls by name are compiled into one.
    """
    kind = event.kind
    if kind == Kind.ATTENDANCE:
        attendances.attendance(state, event, policy)
    elif kind == Kind.REFERRAL_RECEIVED:
        referrals.referral_received(state, event, policy)
    elif kind == Kind.UBRN_CONVERTED:
        referrals.ubrn_converted(state, event, policy)
    elif kind == Kind.DECISION_TO_ADMIT:
        decisions.decision_to_admit(state, event, policy)
    elif kind == Kind.DATE_OFFERED:
        absences.date_offered(state, event, policy)
    elif kind == Kind.ADMISSION:
        admissions.admission(state, event, policy)
    elif kind == Kind.ADMISSION_OUTCOME:
        admissions.admission_outcome(state, event, policy)
    elif kind == Kind.REFERRAL_RATIFIED:
        referrals.referral_ratified(state, event, policy)
    elif kind == Kind.SLOT_ISSUE_LISTED:
        referrals.slot_issue_listed(state, event, policy)
    elif kind == Kind.ONWARD_REFERRAL:
        referrals.onward_referral(state, event, policy)
    elif kind == Kind.ADMINISTRATIVE_OUTCOME:
        attendances.administrative_outcome(state, event, policy)
    elif kind == Kind.TREATMENT_STARTED:
        decisions.treatment_started(state, event, policy)
    elif kind == Kind.DECISION_TO_TREAT:
        decisions.decision_to_treat(state, event, policy)
    elif kind == Kind.DECISION_TO_REFER:
        decisions.decision_to_refer(state, event, policy)
    elif kind == Kind.DECISION_NOT_TO_TREAT:
        decisions.decision_not_to_treat(state, event, policy)
    elif kind == Kind.RETURNED_TO_PRIMARY_CARE:
        decisions.returned_to_primary_care(state, event, policy)
    elif kind == Kind.TREATMENT_DECLINED:
        decisions.treatment_declined(state, event, policy)
    elif kind == Kind.TRANSPLANT_LISTED:
        decisions.transplant_listed(state, event, policy)
    elif kind == Kind.FIT_AND_READY:
        decisions.fit_and_ready(state, event, policy)
    elif kind == Kind.DEATH:
        decisions.death(state, event, policy)
    elif kind == Kind.PRIVATE_TREATMENT:
        decisions.private_treatment(state, event, policy)
    elif kind == Kind.DID_NOT_ATTEND:
        absences.did_not_attend(state, event, policy)
    elif kind == Kind.REBOOK_REQUESTED:
        absences.rebook_requested(state, event, policy)
    elif kind == Kind.ANOTHER_APPOINTMENT_DECIDED:
        absences.another_appointment_decided(state, event, policy)
    elif kind == Kind.DISCHARGED_TO_GP:
        absences.discharged_to_gp(state, event, policy)
    elif kind == Kind.CANCELLATION:
        admissions.cancellation(state, event, policy)
    elif kind == Kind.OFFER_DECLINED:
        absences.offer_declined(state, event, policy)
    elif kind == Kind.UNAVAILABILITY_DECLARED:
        absences.unavailability_declared(state, event, policy)
    elif kind == Kind.THINKING_TIME_AGREED:
        absences.thinking_time_agreed(state, event, policy)
    elif kind == Kind.MONITORING_STARTED:
        monitoring.monitoring_started(state, event, policy)
    elif kind == Kind.MONITORING_REVIEWED:
        monitoring.monitoring_reviewed(state, event, policy)
    elif kind == Kind.PATIENT_GOES_AHEAD:
        monitoring.patient_goes_ahead(state, event, policy)
    elif kind == Kind.TRANSFER_SENT:
        moves.transfer_sent(state, event, policy)
    elif kind == Kind.TRANSFER_RECEIVED:
        moves.transfer_received(state, event, policy)
    elif kind == Kind.PLANNED_LISTED:
        moves.planned_listed(state, event, policy)
    elif kind == Kind.PLANNED_REMOVED:
        moves.planned_removed(state, event, policy)
    elif not _is_without_effect(kind):
        state.facts.by_hand = True
