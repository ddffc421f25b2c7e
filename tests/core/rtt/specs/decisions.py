"""Clock stops without treatment: rules 5a, 5c and 5d, and death."""

from tests.core.rtt.spec import Spec

TITLE = "Clock stops without treatment"
SPECS = (
    Spec(
        paragraph="4.4.1.1",
        title="Back to primary care, decided and told in clinic",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 returned_to_primary_care | stop-primary-care
        """,
        periods="2025-01-06 2025-02-03 primary_care start-referral stop-primary-care",
    ),
    Spec(
        paragraph="4.4.1.1",
        title="The patient declines all treatment in clinic",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=35 | stop-declined
        """,
        periods="2025-01-06 2025-02-03 declined start-referral stop-declined",
    ),
    Spec(
        paragraph="4.4.1.1",
        title="The patient declines one treatment while others are open",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_declined all_treatment=false | keep-one-treatment-declined
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.4.1.1",
        title="A clinician decides in clinic not to treat",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=34 | stop-not-to-treat
        """,
        periods="2025-01-06 2025-02-03 not_treated start-referral stop-not-to-treat",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Better managed in primary care for now: a decision not to treat, no monitoring",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 decision_not_to_treat | stop-not-to-treat
        """,
        periods="2025-01-06 2025-02-03 not_treated start-referral stop-not-to-treat",
    ),
    Spec(
        paragraph="4.4.1.2",
        title="Example i: normal test results, told by telephone or letter",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=20 is_test=true | keep-activity
        2025-02-12 administrative_outcome status=34 | stop-not-to-treat
        """,
        periods="2025-01-06 2025-02-12 not_treated start-referral stop-not-to-treat",
    ),
    Spec(
        paragraph="4.4.1.2",
        title="The decision counts on the day that the patient is told",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-10 decision_not_to_treat communicated=false | keep-not-communicated, stop-not-to-treat
        2025-02-17 decision_communicated decision=e2
        """,
        periods="2025-01-06 2025-02-17 not_treated start-referral stop-not-to-treat",
        findings="not_communicated",
    ),
    Spec(
        paragraph="4.4.1.2",
        title="Example ii: on the list for surgery, then declines it and all other treatment by telephone",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-02-03 decision_to_admit | keep-decision-to-admit
        2025-02-07 administrative_outcome status=35 | stop-declined
        """,
        periods="2025-01-06 2025-02-07 declined start-referral stop-declined",
    ),
    Spec(
        paragraph="4.4.1.2",
        title="Example iii: the patient dies",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-07 death status=36 | stop-died
        """,
        periods="2025-01-06 2025-02-07 died start-referral stop-died",
    ),
    Spec(
        paragraph="Annex E",
        title="An administrative outcome cannot change a period that is closed",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=30 | stop-outpatient
        2025-02-20 administrative_outcome status=34 | none-noted
        """,
        periods="2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient",
        findings="stop_without_clock",
    ),
    Spec(
        paragraph="Annex E",
        title="An administrative outcome that fits no running period is not applied",
        events="2025-02-20 administrative_outcome status=34 | none-noted",
        findings="stop_without_clock",
    ),
    Spec(
        paragraph="8.2",
        title="The patient wants another provider and the local pathway asks for a fresh referral",
        events="""
        2025-01-06 referral_received provider=RAA | start-referral
        2025-03-03 discharged_to_gp reason=fresh_referral | stop-fresh-referral
        2025-03-10 referral_received provider=RBB | start-re-referral
        """,
        periods="""
        2025-01-06 2025-03-03 discharged start-referral stop-fresh-referral
        2025-03-10 - running start-re-referral -
        """,
    ),
    Spec(
        paragraph="8.2",
        title="The patient changes team without going back to the GP",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 team_changed | keep-team-change
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="–",
        title="Private treatment alone ends nothing (the guidance is silent); the patient's word does",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 private_treatment | keep-private
        2025-03-17 private_treatment nhs_care_wanted=false | stop-private
        """,
        periods="2025-01-06 2025-03-17 declined start-referral stop-private",
        findings="private_treatment",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Active monitoring counts from the day that the patient is told",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started communicated=false | keep-not-communicated, stop-monitoring-professional
        2025-02-12 decision_communicated decision=e2
        """,
        periods="2025-01-06 2025-02-12 monitoring_by_professional start-referral stop-monitoring-professional",
        findings="not_communicated",
    ),
    Spec(
        paragraph="4.4.1.1",
        title="The decision to return to primary care counts when the letter has told the patient",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 returned_to_primary_care communicated=false | keep-not-communicated, stop-primary-care
        2025-02-07 decision_communicated decision=e2
        """,
        periods="2025-01-06 2025-02-07 primary_care start-referral stop-primary-care",
        findings="not_communicated",
    ),
)
