"""Missed and cancelled appointments: rules 5e, 5f and 3e, §4.4.2."""

from tests.core.rtt.spec import Spec

from clockstop.core.rtt.policy import DnaStop, Policy

TITLE = "Missed and cancelled appointments"
SPECS = (
    Spec(
        paragraph="4.4.1.3",
        title="The first appointment is missed, and it had been clearly communicated",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true status=33 | nullify-missed-first
        """,
        periods="2025-01-06 2025-02-03 nullified start-referral nullify-missed-first",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="The first appointment is missed, but nothing shows that it was communicated",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first | keep-missed-unproven
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="3.4.5",
        title="The patient rings to rebook: a new clock on that day",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true | nullify-missed-first
        2025-02-10 rebook_requested | start-rebooked
        """,
        periods="""
        2025-01-06 2025-02-03 nullified start-referral nullify-missed-first
        2025-02-10 - running start-rebooked -
        """,
        place="2025-02-10",
    ),
    Spec(
        paragraph="3.4.5",
        title="The clinician offers another first appointment before the patient rings",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true | nullify-missed-first
        2025-02-05 another_appointment_decided | start-offered-again
        2025-02-10 rebook_requested | keep-activity
        """,
        periods="""
        2025-01-06 2025-02-03 nullified start-referral nullify-missed-first
        2025-02-05 - running start-offered-again -
        """,
    ),
    Spec(
        paragraph="4.4.1.3",
        title="Rebooked by the provider on the day of the missed appointment: from nothing",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true | nullify-missed-first
        2025-02-03 another_appointment_decided | start-offered-again
        """,
        periods="""
        2025-01-06 2025-02-03 nullified start-referral nullify-missed-first
        2025-02-03 - running start-offered-again -
        """,
    ),
    Spec(
        paragraph="3.4.5",
        title="No slot is free: the decision to offer still starts the clock",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true | nullify-missed-first
        2025-02-05 another_appointment_decided | start-offered-again
        2025-02-05 slot_issue_listed ubrn=000012345678 | keep-earliest
        """,
        periods="""
        2025-01-06 2025-02-03 nullified start-referral nullify-missed-first
        2025-02-05 - running start-offered-again -
        """,
    ),
    Spec(
        paragraph="3.4.5",
        title="The rebooked first appointment is missed too (our reading)",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true | nullify-missed-first
        2025-02-10 rebook_requested | start-rebooked
        2025-03-03 did_not_attend appointment=first communicated=true | nullify-missed-first
        """,
        periods="""
        2025-01-06 2025-02-03 nullified start-referral nullify-missed-first
        2025-02-10 2025-03-03 nullified start-rebooked nullify-missed-first
        """,
    ),
    Spec(
        paragraph="3.4.5",
        title="The rebooked first appointment is missed too (the other reading)",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true | nullify-missed-first
        2025-02-10 rebook_requested | start-rebooked
        2025-03-03 did_not_attend appointment=first communicated=true | keep-missed-later
        """,
        periods="""
        2025-01-06 2025-02-03 nullified start-referral nullify-missed-first
        2025-02-10 - running start-rebooked -
        """,
        findings="not_first",
        policy=Policy(rebooked_dna_nullifies=False),
    ),
    Spec(
        paragraph="4.4.1.3",
        title="A later appointment is missed and rebooked",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-03-03 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-03-04 another_appointment_decided | keep-activity
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="A later appointment is missed, the patient discharged with every safeguard (our choice)",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-03-03 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-03-10 discharged_to_gp reason=missed communicated=true best_interests=true published_policy=true protects_vulnerable=true | stop-missed-discharged
        """,
        periods="2025-01-06 2025-03-10 discharged start-referral stop-missed-discharged",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="The same by a local policy that takes the day of the missed appointment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-03-03 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-03-10 discharged_to_gp reason=missed communicated=true best_interests=true published_policy=true protects_vulnerable=true | stop-missed-discharged
        """,
        periods="2025-01-06 2025-03-03 discharged start-referral stop-missed-discharged",
        policy=Policy(dna_discharge_stop=DnaStop.MISSED_APPOINTMENT),
    ),
    Spec(
        paragraph="4.4.1.3",
        title="Two strikes and out, with no clinician asked, stops nothing",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-03-03 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-03-31 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-04-01 discharged_to_gp reason=missed communicated=true published_policy=true | keep-discharge-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="discharge_unproven",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="A child was not brought: clinician and safeguarding first",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true not_brought=true | keep-not-brought
        """,
        periods="2025-01-06 - running start-referral -",
        findings="not_brought",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="An admission is missed",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 did_not_attend appointment=admission communicated=true | keep-missed-later
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="Moved an hour before: a cancellation and not a missed appointment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 cancellation by=patient | keep-patient-cancelled
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.4.2.1",
        title="The patient cancels again and again: that alone discharges nobody",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 cancellation by=patient | keep-patient-cancelled
        2025-03-03 cancellation by=patient | keep-patient-cancelled
        2025-03-04 discharged_to_gp reason=cancellations | keep-not-clinical
        """,
        periods="2025-01-06 - running start-referral -",
        findings="discharge_unproven",
    ),
    Spec(
        paragraph="4.4.2.1",
        title="After repeated cancellations a clinician decides on discharge, in the patient's interest",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 cancellation by=patient | keep-patient-cancelled
        2025-03-03 cancellation by=patient | keep-patient-cancelled
        2025-03-10 discharged_to_gp reason=cancellations clinical_decision=true best_interests=true | stop-clinical-discharge
        """,
        periods="2025-01-06 2025-03-10 discharged start-referral stop-clinical-discharge",
    ),
    Spec(
        paragraph="4.4.2.2",
        title="The provider cancels",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 cancellation by=provider | keep-provider-cancelled
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.4.2.2",
        title="Cancelled after admission, then a clinician decides that surgery is unsuitable",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 admission | stop-admission
        2025-03-03 cancellation by=provider admission=e2 | reopen-not-carried-out
        2025-03-10 returned_to_primary_care | stop-primary-care
        """,
        periods="2025-01-06 2025-03-10 primary_care start-referral stop-primary-care",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="Discharged after an appointment that was not clearly communicated",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-03-03 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-03-10 discharged_to_gp reason=missed best_interests=true published_policy=true protects_vulnerable=true | keep-discharge-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="discharge_unproven",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="Discharged without a published policy",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-03-03 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-03-10 discharged_to_gp reason=missed communicated=true best_interests=true protects_vulnerable=true | keep-discharge-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="discharge_unproven",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="Discharged by a policy that does not protect vulnerable people",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-03-03 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-03-10 discharged_to_gp reason=missed communicated=true best_interests=true published_policy=true | keep-discharge-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="discharge_unproven",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="A child was not brought, and a clinician finds nothing against the usual rule",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 did_not_attend appointment=first communicated=true not_brought=true clinician_agreed=true | nullify-missed-first
        """,
        periods="2025-01-06 2025-02-03 nullified start-referral nullify-missed-first",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="An admission is missed and the patient discharged with every safeguard",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 did_not_attend appointment=admission communicated=true | keep-missed-later
        2025-03-10 discharged_to_gp reason=missed communicated=true best_interests=true published_policy=true protects_vulnerable=true | stop-missed-discharged
        """,
        periods="2025-01-06 2025-03-10 discharged start-referral stop-missed-discharged",
    ),
    Spec(
        paragraph="3.4.5",
        title="Treated before, referred again, the first appointment missed and rebooked: no older start comes back",
        events="""
        2023-01-09 referral_received | start-referral
        2023-02-06 treatment_started | stop-outpatient
        2025-01-06 referral_received | start-re-referral
        2025-02-03 did_not_attend appointment=first communicated=true | nullify-missed-first
        2025-02-10 rebook_requested | start-rebooked
        """,
        periods="""
        2023-01-09 2023-02-06 non_admitted_treatment start-referral stop-outpatient
        2025-01-06 2025-02-03 nullified start-re-referral nullify-missed-first
        2025-02-10 - running start-rebooked -
        """,
        place="2025-02-10",
    ),
    Spec(
        paragraph="4.4.2.1",
        title="After repeated cancellations a clinician begins active monitoring",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 cancellation by=patient | keep-patient-cancelled
        2025-03-03 cancellation by=patient | keep-patient-cancelled
        2025-03-10 monitoring_started | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-03-10 monitoring_by_professional start-referral stop-monitoring-professional",
    ),
    Spec(
        paragraph="4.4.2.2",
        title="No theatre after admission: the clock runs until treatment begins at last",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 admission | stop-admission
        2025-03-03 cancellation by=provider admission=e2 | reopen-not-carried-out
        2025-04-07 admission | stop-admission
        2025-04-07 admission_outcome admission=e4 | confirm-admission
        """,
        periods="2025-01-06 2025-04-07 admitted_treatment start-referral stop-admission",
    ),
    Spec(
        paragraph="4.4.2.2",
        title="Cancelled after admission, then decided not to treat",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 admission | stop-admission
        2025-03-03 cancellation by=provider admission=e2 | reopen-not-carried-out
        2025-03-05 decision_not_to_treat | stop-not-to-treat
        """,
        periods="2025-01-06 2025-03-05 not_treated start-referral stop-not-to-treat",
    ),
)
