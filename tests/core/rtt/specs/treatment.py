"""Clock stops for treatment: rule 4."""

from tests.core.rtt.spec import Spec

TITLE = "Clock stops for treatment"
SPECS = (
    Spec(
        paragraph="4.3.2.1",
        title="The interface service treats the patient",
        events="""
        2025-01-06 referral_received service=interface | start-interface
        2025-02-03 treatment_started setting=interface | stop-interface-treatment
        """,
        periods="2025-01-06 2025-02-03 non_admitted_treatment start-interface stop-interface-treatment",
    ),
    Spec(
        paragraph="4.3.2.1",
        title="The interface service sends the patient back to the GP",
        events="""
        2025-01-06 referral_received service=interface | start-interface
        2025-02-03 returned_to_primary_care | stop-primary-care
        """,
        periods="2025-01-06 2025-02-03 primary_care start-interface stop-primary-care",
    ),
    Spec(
        paragraph="4.3.2.1",
        title="Referred on to physiotherapy: the clock runs until it begins",
        events="""
        2025-01-06 referral_received service=interface | start-interface
        2025-02-03 onward_referral service=not_consultant_led | keep-onward
        2025-03-10 treatment_started setting=therapy | stop-therapy
        """,
        periods="2025-01-06 2025-03-10 non_admitted_treatment start-interface stop-therapy",
    ),
    Spec(
        paragraph="4.3.2.1",
        title="Referred on to a consultant-led service, and treated there",
        events="""
        2025-01-06 referral_received service=interface | start-interface
        2025-02-03 onward_referral | keep-onward
        2025-04-07 attendance status=30 | stop-outpatient
        """,
        periods="2025-01-06 2025-04-07 non_admitted_treatment start-interface stop-outpatient",
    ),
    Spec(
        paragraph="4.3.2.2",
        title="Treated in outpatients: the day of the appointment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=10 | keep-activity
        2025-03-03 attendance status=30 | stop-outpatient
        """,
        periods="2025-01-06 2025-03-03 non_admitted_treatment start-referral stop-outpatient",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Admitted for first definitive treatment: the day of admission, even if surgery is later",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 decision_to_admit | keep-decision-to-admit
        2025-06-02 admission | stop-admission
        2025-06-04 admission_outcome admission=e3 result=treated | confirm-admission
        """,
        periods="2025-01-06 2025-06-02 admitted_treatment start-referral stop-admission",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Until the outcome is known the stop is provisional",
        events="""
        2025-01-06 referral_received | start-referral
        2025-06-02 admission | stop-admission
        """,
        periods="2025-01-06 2025-06-02 admitted_treatment start-referral stop-admission provisional",
        findings="outcome_unknown",
        as_of="2025-06-03",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Admitted for a test only",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission purpose=test | keep-test-admission
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Admitted for what prepares for treatment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission purpose=preparation | keep-preparation
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Admitted for a pre-operative assessment only",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission purpose=pre_operative | keep-pre-operative
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="After a test admission it is decided that nothing more is needed: not an admitted stop",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission purpose=test | keep-test-admission
        2025-02-10 decision_not_to_treat | stop-not-to-treat
        """,
        periods="2025-01-06 2025-02-10 not_treated start-referral stop-not-to-treat",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Example i: admitted on 1 February, no theatre, home; admitted again on 5 February",
        events="""
        2025-01-02 referral_received | start-referral
        2025-02-01 admission | stop-admission
        2025-02-01 admission_outcome admission=e2 result=not_carried_out | reopen-not-carried-out
        2025-02-05 admission | stop-admission
        2025-02-05 admission_outcome admission=e4 | confirm-admission
        """,
        periods="2025-01-02 2025-02-05 admitted_treatment start-referral stop-admission",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Example ii: a chest infection on 1 February, admitted again on 10 February",
        events="""
        2025-01-02 referral_received | start-referral
        2025-02-01 admission | stop-admission
        2025-02-01 cancellation by=provider admission=e2 | reopen-not-carried-out
        2025-02-10 admission | stop-admission
        2025-02-10 admission_outcome admission=e4 | confirm-admission
        """,
        periods="2025-01-02 2025-02-10 admitted_treatment start-referral stop-admission",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Example iii: found unsuitable after admission, agreed, discharged: a non-admitted stop",
        events="""
        2025-01-02 referral_received | start-referral
        2025-02-01 admission | stop-admission
        2025-02-01 admission_outcome admission=e2 result=not_carried_out | reopen-not-carried-out
        2025-02-02 decision_not_to_treat | stop-not-to-treat
        """,
        periods="2025-01-02 2025-02-02 not_treated start-referral stop-not-to-treat",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="The test that the patient was admitted for is not done either",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission purpose=test | keep-test-admission
        2025-02-03 admission_outcome admission=e2 result=not_carried_out | keep-not-carried-out
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="Annex E",
        title="Treated during what was meant as a diagnostic admission",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission purpose=test | keep-test-admission
        2025-02-04 admission_outcome admission=e2 result=treated | stop-treated-in-admission
        """,
        periods="2025-01-06 2025-02-03 admitted_treatment start-referral stop-treated-in-admission",
    ),
    Spec(
        paragraph="4.3.2.4",
        title="Put on a matched transplant list: code 34 and no discharge",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 transplant_listed status=34 | stop-transplant-list
        """,
        periods="2025-01-06 2025-03-03 transplant_list start-referral stop-transplant-list",
    ),
    Spec(
        paragraph="9.1",
        title="An unmatched transplant: the admission for surgery stops the clock (footnote 18)",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 transplant_listed matched=false | keep-unmatched-transplant
        2025-07-07 admission | stop-admission
        2025-07-07 admission_outcome admission=e3 | confirm-admission
        """,
        periods="2025-01-06 2025-07-07 admitted_treatment start-referral stop-admission",
    ),
    Spec(
        paragraph="4.3.2.1",
        title="The interface service finds that no treatment is needed, and tells the patient later",
        events="""
        2025-01-06 referral_received service=interface | start-interface
        2025-02-03 decision_not_to_treat communicated=false | keep-not-communicated, stop-not-to-treat
        2025-02-10 decision_communicated decision=e2
        """,
        periods="2025-01-06 2025-02-10 not_treated start-interface stop-not-to-treat",
        findings="not_communicated",
    ),
    Spec(
        paragraph="4.3.2.1",
        title="Therapy in the hospital, to which the interface service refers on",
        events="""
        2025-01-06 referral_received service=interface provider=NEZ | start-interface
        2025-02-03 onward_referral service=not_consultant_led | keep-onward
        2025-02-10 referral_received service=not_consultant_led provider=RAA | none-not-consultant-led
        2025-03-10 treatment_started setting=therapy provider=RAA | stop-therapy
        """,
        periods="2025-01-06 2025-03-10 non_admitted_treatment start-interface stop-therapy",
    ),
    Spec(
        paragraph="13",
        title="A consultant decides on a hearing aid: the clock stops when it is fitted",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 decision_to_treat | keep-decision-to-treat
        2025-03-03 treatment_started setting=therapy | stop-therapy
        """,
        periods="2025-01-06 2025-03-03 non_admitted_treatment start-referral stop-therapy",
    ),
    Spec(
        paragraph="4.3.2.2",
        title="Treatment begins at the first appointment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=30 | stop-outpatient
        """,
        periods="2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="After a pre-operative assessment it is decided that no operation is needed: not an admitted stop",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission purpose=pre_operative | keep-pre-operative
        2025-02-03 decision_not_to_treat | stop-not-to-treat
        """,
        periods="2025-01-06 2025-02-03 not_treated start-referral stop-not-to-treat",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Prepared for treatment, which then proves needless: not an admitted stop",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 admission purpose=preparation | keep-preparation
        2025-03-03 returned_to_primary_care | stop-primary-care
        """,
        periods="2025-01-06 2025-03-03 primary_care start-referral stop-primary-care",
    ),
    Spec(
        paragraph="4.3.2.4",
        title="Put on a matched transplant list, and told some days later",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 transplant_listed communicated=false | keep-not-communicated, stop-transplant-list
        2025-03-10 decision_communicated decision=e2
        """,
        periods="2025-01-06 2025-03-10 transplant_list start-referral stop-transplant-list",
        findings="not_communicated",
    ),
)
