"""Planned care: §5."""

from tests.core.rtt.spec import Spec

from clockstop.core.rtt.policy import Policy

TITLE = "Planned care"

TREATED = """
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_started | stop-outpatient"""
TREATED_PERIOD = "2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient"

SPECS = (
    Spec(
        paragraph="5.1",
        title="A second stage done on time is outside RTT",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 | none-planned
        2025-08-04 admission purpose=planned | none-planned-admission
        """,
        periods=TREATED_PERIOD,
        as_of="2025-09-01",
    ),
    Spec(
        paragraph="5.2",
        title="A second stage not done by its due date: a clock from that date",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 | none-planned, start-planned-overdue
        """,
        periods=f"{TREATED_PERIOD}\n2025-08-04 - running start-planned-overdue -",
        as_of="2025-08-05",
    ),
    Spec(
        paragraph="5.2",
        title="The overdue operation is done at last",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 | none-planned, start-planned-overdue
        2025-09-01 admission purpose=planned | stop-admission
        2025-09-01 admission_outcome admission=e4 | confirm-admission
        """,
        periods=f"{TREATED_PERIOD}\n2025-08-04 2025-09-01 admitted_treatment start-planned-overdue stop-admission",
    ),
    Spec(
        paragraph="5.2",
        title="A surveillance test not done by its due date: a diagnostic wait, no clock",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 planned_for=test | none-planned, none-planned-overdue-test
        2025-09-01 admission purpose=test | none-planned-admission
        """,
        periods=TREATED_PERIOD,
        tests="2025-08-04 2025-09-01",
    ),
    Spec(
        paragraph="5.2.1",
        title="An overdue follow-up starts no clock",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 planned_for=follow_up | none-planned, none-follow-up-overdue
        """,
        periods=TREATED_PERIOD,
        as_of="2025-12-01",
    ),
    Spec(
        paragraph="5.1",
        title="Unfit while the clock runs: a planned list is not the way out",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 planned_listed due=2025-06-02 | keep-unfit
        """,
        periods="2025-01-06 - running start-referral -",
        findings="planned_while_running",
    ),
    Spec(
        paragraph="5.2",
        title="A planned treatment falls due while a new clock runs on the pathway",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 | none-planned, keep-planned-overdue
        2025-07-07 decision_to_treat new_treatment=true | start-new-treatment
        """,
        periods=f"{TREATED_PERIOD}\n2025-07-07 - running start-new-treatment -",
        as_of="2025-09-01",
    ),
    Spec(
        paragraph="5.1",
        title="A planned admission for something else while the clock runs",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 admission purpose=planned | keep-planned-admission
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="An emergency admission while the clock runs",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 admission purpose=emergency | keep-emergency-admission
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="5.2",
        title="Treated soon after the due date, within the time that a provider's clinicians set",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 | none-planned
        2025-08-13 admission purpose=planned | none-planned-admission
        """,
        periods=TREATED_PERIOD,
        policy=Policy(planned_grace=14),
        as_of="2025-09-01",
    ),
    Spec(
        paragraph="5.1",
        title="Unfit while the clock runs: a clinician begins active monitoring",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 monitoring_started | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-03-03 monitoring_by_professional start-referral stop-monitoring-professional",
    ),
    Spec(
        paragraph="5.1",
        title="Unfit while the clock runs: a clinician decides on discharge",
        events="""
        2025-01-06 referral_received | start-referral
        2025-03-03 returned_to_primary_care | stop-primary-care
        """,
        periods="2025-01-06 2025-03-03 primary_care start-referral stop-primary-care",
    ),
    Spec(
        paragraph="5.2",
        title="A surveillance test by admission, done on its day",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 planned_for=test | none-planned
        2025-08-04 admission purpose=test | none-planned-admission
        """,
        periods=TREATED_PERIOD,
        as_of="2025-09-01",
    ),
    Spec(
        paragraph="5.2",
        title="Not clinically ready when the operation falls due: clinicians set another date",
        events=TREATED
        + """
        2025-02-03 planned_listed due=2025-08-04 | none-planned
        2025-07-28 planned_removed listing=e3 | none-planned
        2025-07-28 planned_listed due=2025-11-03 | none-planned
        """,
        periods=TREATED_PERIOD,
        as_of="2025-10-06",
    ),
)
