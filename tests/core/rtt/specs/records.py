"""Identifiers, status codes, corrections and entries that contradict each other: Annexes C to E."""

from tests.core.rtt.spec import Spec

TITLE = "Records and contradictions"
SPECS = (
    Spec(
        paragraph="Annex C",
        title="Years after treatment, a second period on the same pathway has its own start",
        events="""
        2020-01-06 referral_received | start-referral
        2020-03-02 attendance status=30 | stop-outpatient
        2024-05-13 attendance status=90 | none-after-treatment
        2024-05-13 decision_to_treat new_treatment=true status=10 | start-new-treatment
        """,
        periods="""
        2020-01-06 2020-03-02 non_admitted_treatment start-referral stop-outpatient
        2024-05-13 - running start-new-treatment -
        """,
        place="2024-05-13",
    ),
    Spec(
        paragraph="Annex E",
        title="Referred to a colleague part-way for the same condition: no new clock",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 referral_received referrer=consultant | keep-same-condition
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="Annex E",
        title="Referred to a colleague after treatment for the same condition: no new clock",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=30 | stop-outpatient
        2025-03-03 referral_received referrer=consultant | none-consultant-referral
        """,
        periods="2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient",
        findings="referred_afterwards",
    ),
    Spec(
        paragraph="Annex E",
        title="Referred to a colleague for a separate condition: that pathway starts with 12",
        events="2025-02-03 attendance status=12 | start-separate-condition",
        periods="2025-02-03 - running start-separate-condition -",
    ),
    Spec(
        paragraph="Annex E",
        title="12 on the pathway of the old condition: it needs an outcome of its own",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=12 | keep-activity
        """,
        periods="2025-01-06 - running start-referral -",
        findings="own_pathway_needed",
    ),
    Spec(
        paragraph="Annex D",
        title="The first activity carries 10; the referral started the clock (footnote 28)",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="Annex D",
        title="Tests by the GP before any referral: 92",
        events="2025-01-06 attendance status=92 | none-outside",
    ),
    Spec(
        paragraph="Annex D",
        title="An outcome that nobody has recorded yet: 99",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=99 | keep-activity
        """,
        periods="2025-01-06 - running start-referral -",
        findings="status_missing",
    ),
    Spec(
        paragraph="Annex D",
        title="90 while the clock runs: one of the two is wrong, and nothing is guessed",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=90 | keep-activity
        """,
        periods="2025-01-06 - running start-referral -",
        findings="status_disagrees",
    ),
    Spec(
        paragraph="9.1",
        title="A treatment recorded by mistake is withdrawn and stays visible",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=30
        2025-02-10 entry_withdrawn supersedes=e2
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="9.1",
        title="A referral date is corrected",
        events="""
        2025-01-16 referral_received
        2025-01-06 referral_received supersedes=e1 | start-referral
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="Annex C",
        title="A second referral while the clock runs: periods of one pathway never overlap",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 referral_received | keep-earliest
        """,
        periods="2025-01-06 - running start-referral -",
        findings="second_referral",
    ),
    Spec(
        paragraph="4.4.1.2",
        title="Entries after death are not applied",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-07 death | stop-died
        2025-02-10 date_offered offered_for=2025-03-10 | none-noted
        """,
        periods="2025-01-06 2025-02-07 died start-referral stop-died",
        findings="after_death",
    ),
    Spec(
        paragraph="10.1.5",
        title="A start passed on that lies after its receipt is not believed",
        events="2025-01-28 transfer_received provider=RBB original_start=2025-02-02 | start-unknown",
        periods="- - running start-unknown -",
        findings="start_after_receipt",
    ),
    Spec(
        paragraph="Annex E",
        title="Treatment was intended, more is needed: what happened decides, and the clock runs",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance intended_status=30 status=20 | keep-activity
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="Annex E",
        title="A talk was intended, treatment began: the clock stops",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance intended_status=20 status=30 | stop-outpatient
        """,
        periods="2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient",
    ),
    Spec(
        paragraph="Annex E",
        title="Only the intended status is recorded: what happened is not known",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance intended_status=30 | keep-activity
        """,
        periods="2025-01-06 - running start-referral -",
        findings="status_missing",
    ),
    Spec(
        paragraph="Annex E",
        title="Admitted with treatment intended, and sent home without it",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission intended_status=30 | stop-admission
        2025-02-03 admission_outcome admission=e2 result=not_carried_out status=20 | reopen-not-carried-out
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="Annex E",
        title="A consultant refers for a new condition: a pathway and a clock of its own",
        events="2025-02-03 referral_received referrer=consultant same_condition=false | start-separate-condition",
        periods="2025-02-03 - running start-separate-condition -",
    ),
    Spec(
        paragraph="Annex E",
        title="Between appointments the patient asks to wait: an administrative stop, 31",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-07 administrative_outcome status=31 | stop-monitoring-patient
        """,
        periods="2025-01-06 2025-02-07 monitoring_by_patient start-referral stop-monitoring-patient",
    ),
    Spec(
        paragraph="Annex E",
        title="After a test result the clinician chooses to watch: an administrative stop, 32",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-07 administrative_outcome status=32 | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-02-07 monitoring_by_professional start-referral stop-monitoring-professional",
    ),
    Spec(
        paragraph="Annex E",
        title="A relative reports the patient's death: an administrative stop, 36",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-07 administrative_outcome status=36 | stop-died
        """,
        periods="2025-01-06 2025-02-07 died start-referral stop-died",
    ),
    Spec(
        paragraph="Annex E",
        title="An administrative outcome without a code, or with another one, is not applied",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-07 administrative_outcome | none-noted
        2025-02-10 administrative_outcome status=30 | none-noted
        """,
        periods="2025-01-06 - running start-referral -",
        findings="status_disagrees status_disagrees",
    ),
    Spec(
        paragraph="Annex D",
        title="Care that no consultant leads: 98",
        events="2025-01-06 attendance status=98 | none-outside",
    ),
    Spec(
        paragraph="Annex D",
        title="Admitted as an emergency from A&E after treatment: 90",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=30 | stop-outpatient
        2025-03-03 admission purpose=emergency status=90 | none-emergency-admission
        """,
        periods="2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient",
    ),
)
