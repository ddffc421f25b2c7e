"""Which function handles which kind of event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from clockstop.core.rtt import events
from clockstop.core.rtt.folding import (
    absences,
    admissions,
    attendances,
    decisions,
    monitoring,
    moves,
    referrals,
)
from clockstop.core.rtt.folding.state import State
from clockstop.core.rtt.policy import InForce

Handler = Callable[[State, Any, InForce], State]

HANDLERS: Mapping[type[events.Event], Handler] = {
    events.ReferralReceived: referrals.referral_received,
    events.ReferralRatified: referrals.referral_ratified,
    events.UbrnConverted: referrals.ubrn_converted,
    events.SlotIssueListed: referrals.slot_issue_listed,
    events.ReferralRejected: referrals.referral_rejected,
    events.OnwardReferral: referrals.onward_referral,
    events.AdviceRequested: referrals.advice_requested,
    events.Attendance: attendances.attendance,
    events.AdministrativeOutcome: attendances.administrative_outcome,
    events.TreatmentStarted: decisions.treatment_started,
    events.Admission: admissions.admission,
    events.AdmissionOutcome: admissions.admission_outcome,
    events.DecisionToAdmit: decisions.decision_to_admit,
    events.DecisionToTreat: decisions.decision_to_treat,
    events.DecisionToRefer: decisions.decision_to_refer,
    events.DecisionNotToTreat: decisions.decision_not_to_treat,
    events.ReturnedToPrimaryCare: decisions.returned_to_primary_care,
    events.TreatmentDeclined: decisions.treatment_declined,
    events.TransplantListed: decisions.transplant_listed,
    events.FitAndReady: decisions.fit_and_ready,
    events.Death: decisions.death,
    events.PrivateTreatment: decisions.private_treatment,
    events.DidNotAttend: absences.did_not_attend,
    events.RebookRequested: absences.rebook_requested,
    events.AnotherAppointmentDecided: absences.another_appointment_decided,
    events.DischargedToGp: absences.discharged_to_gp,
    events.Cancellation: admissions.cancellation,
    events.DateOffered: absences.date_offered,
    events.OfferDeclined: absences.offer_declined,
    events.UnavailabilityDeclared: absences.unavailability_declared,
    events.ThinkingTimeAgreed: absences.thinking_time_agreed,
    events.MonitoringStarted: monitoring.monitoring_started,
    events.MonitoringReviewed: monitoring.monitoring_reviewed,
    events.PatientGoesAhead: monitoring.patient_goes_ahead,
    events.TransferSent: moves.transfer_sent,
    events.TransferReceived: moves.transfer_received,
    events.TransferRequested: moves.transfer_requested,
    events.TransferRequestFailed: moves.transfer_requested,
    events.TeamChanged: moves.team_changed,
    events.CommissionerRecorded: moves.commissioner_recorded,
    events.CommissionerChanged: moves.commissioner_changed,
    events.PlannedListed: moves.planned_listed,
    events.PlannedRemoved: moves.planned_removed,
}
