"""Clock starts: rules 1 to 3."""

from tests.core.rtt.spec import Spec

TITLE = "Clock starts"
SPECS = (
    Spec(
        paragraph="3.2",
        title="A letter reaches the hospital: the day of receipt counts, whatever the letter says",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="3.2",
        title="A patient converts the booking reference",
        events="""
        2025-01-02 referral_received via_ers=true | none-ers-pending
        2025-01-05 ubrn_converted ubrn=000012345678 | start-ubrn
        """,
        periods="2025-01-05 - running start-ubrn -",
    ),
    Spec(
        paragraph="3.2",
        title="No slot can be booked: the slot issue list starts the clock, a later booking does not",
        events="""
        2025-01-05 slot_issue_listed ubrn=000012345678 | start-slot-issue
        2025-01-20 ubrn_converted ubrn=000012345678 | keep-earliest
        """,
        periods="2025-01-05 - running start-slot-issue -",
    ),
    Spec(
        paragraph="3.2",
        title="Booked into an assessment service before the slot issue: the earlier date counts",
        events="""
        2025-01-03 ubrn_converted ubrn=000012345678 service=assessment | start-ubrn
        2025-01-21 slot_issue_listed ubrn=000012345678 | keep-earliest
        """,
        periods="2025-01-03 - running start-ubrn -",
    ),
    Spec(
        paragraph="3.2",
        title="The chosen provider rejects the referral and the patient is referred elsewhere",
        events="""
        2025-01-05 ubrn_converted ubrn=000012345678 provider=RAA | start-ubrn
        2025-01-12 referral_rejected provider=RAA | keep-rejected
        2025-01-20 ubrn_converted ubrn=000012345679 provider=RBB linked_to=000012345678 | keep-second-ubrn
        """,
        periods="2025-01-05 - running start-ubrn -",
    ),
    Spec(
        paragraph="3.2",
        title="Nobody knows when the clock started: the patient is still reported",
        events="2025-04-01 attendance status=20 | start-unknown",
        periods="- - running start-unknown -",
        findings="no_known_start",
    ),
    Spec(
        paragraph="3.2",
        title="The provider finds the start out: the entry without it is corrected, visibly",
        events="""
        2025-01-14 referral_received | start-referral
        2025-04-01 transfer_received
        2025-04-01 transfer_received supersedes=e2 original_start=2025-01-14 | keep-received
        """,
        periods="2025-01-14 - running start-referral -",
    ),
    Spec(
        paragraph="3.2",
        title="Advice and guidance refers nobody; the referral that follows does",
        events="""
        2025-01-02 advice_requested | none-advice
        2025-01-16 referral_received | start-referral
        """,
        periods="2025-01-16 - running start-referral -",
    ),
    Spec(
        paragraph="3.2.2",
        title="An interface service refers on: its own receipt is the start",
        events="""
        2025-01-02 referral_received service=interface provider=NEZ | start-interface
        2025-01-20 onward_referral provider=NEZ | keep-onward
        2025-01-28 referral_received provider=RAA | keep-onward
        """,
        periods="2025-01-02 - running start-interface -",
    ),
    Spec(
        paragraph="3.2.2",
        title="Two linked booking references on one period: the first conversion counts",
        events="""
        2025-01-02 ubrn_converted ubrn=000012345678 service=interface | start-ubrn
        2025-02-10 ubrn_converted ubrn=000012345699 linked_to=000012345678 | keep-second-ubrn
        """,
        periods="2025-01-02 - running start-ubrn -",
    ),
    Spec(
        paragraph="3.2.2",
        title="On paper to the interface service, by e-RS onward: the form carries the start",
        events="2025-02-10 ubrn_converted ubrn=000012345699 original_start=2025-01-02 | start-transferred",
        periods="2025-01-02 - running start-transferred -",
    ),
    Spec(
        paragraph="3.2.2",
        title="The same where no slot could be booked: the slot issue carries the start, and booking keeps it",
        events="""
        2025-02-10 slot_issue_listed ubrn=000012345699 original_start=2025-01-02 | start-transferred
        2025-03-03 ubrn_converted ubrn=000012345699 | keep-earliest
        """,
        periods="2025-01-02 - running start-transferred -",
    ),
    Spec(
        paragraph="3.2.2",
        title="A slot issue with another start than the clock that runs: a finding, the clock stays",
        events="""
        2025-02-10 ubrn_converted ubrn=000012345699 service=interface | start-ubrn
        2025-03-03 slot_issue_listed ubrn=000012345699 original_start=2025-01-02 | keep-earliest
        """,
        periods="2025-02-10 - running start-ubrn -",
        findings="start_differs",
    ),
    Spec(
        paragraph="3.3",
        title="A self-referral, agreed locally and ratified",
        events="2025-01-06 referral_received referrer=self ratified=true | start-self-referral",
        periods="2025-01-06 - running start-self-referral -",
    ),
    Spec(
        paragraph="3.3",
        title="A self-referral that nobody ratified",
        events="2025-01-06 referral_received referrer=self | none-unratified",
        findings="unratified",
    ),
    Spec(
        paragraph="3.4.1",
        title="Cataracts: one clock for the first eye, another when fit and ready for the second",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 admission | stop-admission
        2025-03-03 admission_outcome admission=e2 | confirm-admission
        2025-04-14 fit_and_ready | start-bilateral
        2025-06-02 admission | stop-admission
        2025-06-02 admission_outcome admission=e5 | confirm-admission
        """,
        periods="""
        2025-01-06 2025-03-03 admitted_treatment start-referral stop-admission
        2025-04-14 2025-06-02 admitted_treatment start-bilateral stop-admission
        """,
        place="2025-04-14",
    ),
    Spec(
        paragraph="13",
        title="Fit and ready means both clinically right and available",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 admission | stop-admission
        2025-03-03 admission_outcome admission=e2 | confirm-admission
        2025-04-14 fit_and_ready available=false | none-not-ready
        2025-05-01 fit_and_ready | start-bilateral
        """,
        periods="""
        2025-01-06 2025-03-03 admitted_treatment start-referral stop-admission
        2025-05-01 - running start-bilateral -
        """,
    ),
    Spec(
        paragraph="3.4.2",
        title="Milder treatment failed and a stronger one outside the plan is decided",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_started | stop-outpatient
        2025-08-04 decision_to_treat new_treatment=true | start-new-treatment
        """,
        periods="""
        2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient
        2025-08-04 - running start-new-treatment -
        """,
    ),
    Spec(
        paragraph="13",
        title="A changed dose is part of the agreed care plan",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_started | stop-outpatient
        2025-08-04 decision_to_treat | none-care-plan
        """,
        periods="2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient",
    ),
    Spec(
        paragraph="3.4.2",
        title="Referred within the hospital for tests with a view to a new treatment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_started | stop-outpatient
        2025-08-04 decision_to_refer | start-new-treatment-referred
        2025-09-01 decision_to_treat new_treatment=true | keep-decision-to-treat
        """,
        periods="""
        2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient
        2025-08-04 - running start-new-treatment-referred -
        """,
    ),
    Spec(
        paragraph="3.4.2",
        title="Referred to another provider for a new treatment: its receipt starts the clock",
        events="""
        2025-01-06 referral_received provider=RAA | start-referral
        2025-02-03 treatment_started provider=RAA | stop-outpatient
        2025-08-04 decision_to_refer provider=RAA same_provider=false | none-receiver-starts
        2025-08-11 referral_received provider=RBB referrer=consultant | start-new-treatment
        """,
        periods="""
        2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient
        2025-08-11 - running start-new-treatment -
        """,
    ),
    Spec(
        paragraph="3.4.3",
        title="Referred back after treatment",
        events="""
        2024-01-08 referral_received | start-referral
        2024-02-05 treatment_started | stop-outpatient
        2025-01-13 referral_received | start-re-referral
        """,
        periods="""
        2024-01-08 2024-02-05 non_admitted_treatment start-referral stop-outpatient
        2025-01-13 - running start-re-referral -
        """,
    ),
    Spec(
        paragraph="9.1",
        title="An emergency presentation, then a decision for elective surgery",
        events="""
        2025-01-06 referral_received referrer=emergency | none-emergency
        2025-01-06 admission purpose=emergency | none-emergency-admission
        2025-01-09 decision_to_admit | start-after-emergency, keep-decision-to-admit
        """,
        periods="2025-01-09 - running start-after-emergency -",
    ),
    Spec(
        paragraph="10.1.9.1",
        title="Moved from Scotland: the English clock starts when the new provider has the referral",
        events="2025-05-12 transfer_received from_outside_england=true original_start=2024-11-04 | start-outside-england",
        periods="2025-05-12 - running start-outside-england -",
    ),
    Spec(
        paragraph="13",
        title="Straight to test starts the clock like any referral into consultant-led care",
        events="""
        2025-01-06 referral_received service=straight_to_test | start-straight-to-test
        2025-01-20 attendance status=10 is_test=true | keep-activity
        """,
        periods="2025-01-06 - running start-straight-to-test -",
    ),
    Spec(
        paragraph="9.1",
        title="A referral to an assessment service that nobody has booked: its worklist starts the clock",
        events="2025-01-06 slot_issue_listed ubrn=000012345678 service=assessment | start-slot-issue",
        periods="2025-01-06 - running start-slot-issue -",
    ),
    Spec(
        paragraph="3.2.2",
        title="The pathway keeps the identifier of the first booking reference",
        events="""
        2025-01-02 ubrn_converted ubrn=000012345678 service=interface | start-ubrn
        2025-02-10 ubrn_converted ubrn=000012345699 linked_to=000012345678 | keep-second-ubrn
        """,
        periods="2025-01-02 - running start-ubrn -",
        identifier="00000000000012345678/X09",
    ),
    Spec(
        paragraph="3.3",
        title="A self-referral ratified some days later: the clock starts on receipt",
        events="""
        2025-01-06 referral_received referrer=self | none-unratified
        2025-01-13 referral_ratified referral=e1 | start-self-referral
        """,
        periods="2025-01-06 - running start-self-referral -",
        findings="unratified",
        place="2025-01-06",
    ),
    Spec(
        paragraph="3.3",
        title="A self-referral is ratified while another referral's clock runs",
        events="""
        2025-01-06 referral_received referrer=self | none-unratified
        2025-01-08 referral_received | start-referral
        2025-01-13 referral_ratified referral=e1 | keep-earliest
        """,
        periods="2025-01-08 - running start-referral -",
        findings="unratified",
    ),
    Spec(
        paragraph="3.4.1",
        title="Both eyes as outpatient procedures: the first clock stops with the first procedure",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 treatment_started | stop-outpatient
        2025-04-14 fit_and_ready | start-bilateral
        2025-05-12 treatment_started | stop-outpatient
        """,
        periods="""
        2025-01-06 2025-03-03 non_admitted_treatment start-referral stop-outpatient
        2025-04-14 2025-05-12 non_admitted_treatment start-bilateral stop-outpatient
        """,
    ),
    Spec(
        paragraph="3.4.2",
        title="A new treatment is decided on, and the patient is told a week later",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_started | stop-outpatient
        2025-08-04 decision_to_treat new_treatment=true communicated=false | keep-not-communicated, start-new-treatment
        2025-08-11 decision_communicated decision=e3
        """,
        periods="""
        2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient
        2025-08-11 - running start-new-treatment -
        """,
        findings="not_communicated",
    ),
    Spec(
        paragraph="3.4.2",
        title="To a colleague in the same hospital: decided and received on one day",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_started | stop-outpatient
        2025-08-04 decision_to_refer | start-new-treatment-referred
        2025-08-04 referral_received referrer=consultant | keep-same-condition
        """,
        periods="""
        2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient
        2025-08-04 - running start-new-treatment-referred -
        """,
    ),
    Spec(
        paragraph="3.4.2",
        title="At a routine follow-up of a long illness, more is decided",
        events="""
        2023-01-09 referral_received | start-referral
        2023-03-06 attendance status=30 | stop-outpatient
        2024-03-04 attendance status=90 | none-after-treatment
        2025-03-03 attendance status=90 | none-after-treatment
        2025-03-03 decision_to_admit new_treatment=true | start-new-treatment, keep-decision-to-admit
        """,
        periods="""
        2023-01-09 2023-03-06 non_admitted_treatment start-referral stop-outpatient
        2025-03-03 - running start-new-treatment -
        """,
    ),
    Spec(
        paragraph="13",
        title="Insemination (IUI) has failed and the patient is referred for IVF",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_started | stop-outpatient
        2025-08-04 decision_to_refer provider=RAA same_provider=false | none-receiver-starts
        2025-08-13 referral_received provider=RBB referrer=consultant | start-new-treatment
        """,
        periods="""
        2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient
        2025-08-13 - running start-new-treatment -
        """,
    ),
    Spec(
        paragraph="13",
        title="Another medicine and therapy besides: a care professional may judge it a new treatment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_started | stop-outpatient
        2025-08-04 decision_to_treat new_treatment=true | start-new-treatment
        2025-09-01 treatment_started setting=therapy | stop-therapy
        """,
        periods="""
        2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient
        2025-08-04 2025-09-01 non_admitted_treatment start-new-treatment stop-therapy
        """,
    ),
    Spec(
        paragraph="3.4.3",
        title="Referred again, to an interface service this time",
        events="""
        2024-01-08 referral_received | start-referral
        2024-02-05 treatment_started | stop-outpatient
        2025-01-13 referral_received service=interface | start-re-referral
        2025-02-10 onward_referral | keep-onward
        """,
        periods="""
        2024-01-08 2024-02-05 non_admitted_treatment start-referral stop-outpatient
        2025-01-13 - running start-re-referral -
        """,
    ),
    Spec(
        paragraph="9.1",
        title="An emergency presentation, then a referral for elective tests",
        events="""
        2025-01-06 referral_received referrer=emergency | none-emergency
        2025-01-09 decision_to_refer | start-after-emergency
        """,
        periods="2025-01-09 - running start-after-emergency -",
    ),
    Spec(
        paragraph="9.1",
        title="An emergency presentation from which nothing elective follows",
        events="""
        2025-01-06 referral_received referrer=emergency | none-emergency
        2025-01-06 admission purpose=emergency status=90 | none-emergency-admission
        """,
    ),
)
