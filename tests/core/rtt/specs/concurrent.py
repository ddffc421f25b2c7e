"""One patient on several pathways at once: Annex C with its Figure B, Annex E."""

from tests.core.rtt.spec import Patient, Spec

TITLE = "More than one pathway"


def one(title: str, events: str, periods: str = "", **more: str) -> Spec:
    return Spec(paragraph="Annex C", title=title, events=events, periods=periods, **more)


KNEE_TREATED = one(
    "the knee",
    """
    2025-01-06 referral_received treatment_function=110 | start-referral
    2025-03-03 attendance status=30 | stop-outpatient
    """,
    "2025-01-06 2025-03-03 non_admitted_treatment start-referral stop-outpatient",
)

PATIENTS = (
    Patient(
        paragraph="Annex C",
        title="A knee and an eye: two conditions, two clocks, and treating one leaves the other alone",
        pathways={
            "RAA": KNEE_TREATED,
            "RBB": one(
                "the eye",
                "2025-02-03 referral_received treatment_function=130 | start-referral",
                "2025-02-03 - running start-referral -",
            ),
        },
    ),
    Patient(
        paragraph="Annex C",
        title="Figure B: several periods on each of two pathways, one after the other on a pathway and side by side between them",
        pathways={
            "RAA": one(
                "the knee",
                """
                2024-01-08 referral_received | start-referral
                2024-03-04 attendance status=30 | stop-outpatient
                2025-02-03 decision_to_treat new_treatment=true | start-new-treatment
                """,
                """
                2024-01-08 2024-03-04 non_admitted_treatment start-referral stop-outpatient
                2025-02-03 - running start-new-treatment -
                """,
            ),
            "RBB": one(
                "the eye",
                """
                2024-02-05 referral_received | start-referral
                2024-04-08 attendance status=32 | stop-monitoring-professional
                2025-01-13 attendance status=11 | start-after-monitoring
                2025-03-03 attendance status=30 | stop-outpatient
                """,
                """
                2024-02-05 2024-04-08 monitoring_by_professional start-referral stop-monitoring-professional
                2025-01-13 2025-03-03 non_admitted_treatment start-after-monitoring stop-outpatient
                """,
            ),
        },
    ),
    Patient(
        paragraph="Annex C",
        title="Discharged after a missed appointment for one condition: the other waits on",
        pathways={
            "RAA": one(
                "the knee",
                """
                2025-01-06 referral_received | start-referral
                2025-02-03 did_not_attend appointment=first communicated=true | nullify-missed-first
                """,
                "2025-01-06 2025-02-03 nullified start-referral nullify-missed-first",
            ),
            "RBB": one(
                "the eye",
                "2025-01-13 referral_received | start-referral",
                "2025-01-13 - running start-referral -",
            ),
        },
    ),
    Patient(
        paragraph="Annex E",
        title="12 at the clinic: the old condition has its own outcome, the new one its own pathway",
        pathways={
            "RAA": one(
                "the knee",
                """
                2025-01-06 referral_received | start-referral
                2025-02-03 attendance status=20 | keep-activity
                2025-02-03 attendance status=12 | keep-activity
                """,
                "2025-01-06 - running start-referral -",
            ),
            "RBB": one(
                "the hip",
                "2025-02-03 referral_received referrer=consultant same_condition=false | start-separate-condition",
                "2025-02-03 - running start-separate-condition -",
            ),
        },
    ),
    Patient(
        paragraph="Annex E",
        title="12 at the clinic, and the new condition's pathway was never set up",
        pathways={
            "RAA": one(
                "the knee",
                """
                2025-01-06 referral_received | start-referral
                2025-02-03 attendance status=12 | keep-activity
                2025-02-03 attendance status=30 | stop-outpatient
                """,
                "2025-01-06 2025-02-03 non_admitted_treatment start-referral stop-outpatient",
                findings="own_pathway_needed",
            ),
            "RBB": one(
                "the eye",
                "2025-01-13 referral_received | start-referral",
                "2025-01-13 - running start-referral -",
            ),
        },
    ),
    Patient(
        paragraph="4.4.1.2",
        title="A death that only one pathway knows: somebody must look at the other",
        pathways={
            "RAA": one(
                "the knee",
                """
                2025-01-06 referral_received | start-referral
                2025-02-07 death | stop-died
                """,
                "2025-01-06 2025-02-07 died start-referral stop-died",
            ),
            "RBB": one(
                "the eye",
                "2025-01-13 referral_received | start-referral",
                "2025-01-13 - running start-referral -",
                findings="death_elsewhere",
            ),
        },
    ),
    Patient(
        paragraph="Annex E",
        title="12 at the clinic, and the pathway of an earlier separate condition is none for the new one",
        pathways={
            "RAA": one(
                "the knee",
                """
                2025-01-06 referral_received | start-referral
                2025-06-02 attendance status=12 | keep-activity
                """,
                "2025-01-06 - running start-referral -",
                findings="own_pathway_needed",
            ),
            "RBB": one(
                "the hip",
                "2025-02-03 referral_received referrer=consultant same_condition=false | start-separate-condition",
                "2025-02-03 - running start-separate-condition -",
            ),
        },
    ),
)
