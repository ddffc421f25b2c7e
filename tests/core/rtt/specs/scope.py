"""What is outside RTT, or outside its returns: §6, §7, §13."""

from tests.core.rtt.spec import Spec

TITLE = "Outside RTT"
SPECS = (
    Spec(
        paragraph="13",
        title="A direct access test leaves responsibility with the GP",
        events="2025-01-06 referral_received service=direct_access_test | none-direct-access",
    ),
    Spec(
        paragraph="6.1",
        title="Traditional community or therapy care in another setting is no interface service",
        events="2025-01-06 referral_received service=not_consultant_led | none-not-consultant-led",
    ),
    Spec(
        paragraph="6.1",
        title="An assessment service that may refer on to a consultant",
        events="2025-01-06 referral_received service=assessment | start-interface",
        periods="2025-01-06 - running start-interface -",
    ),
    Spec(
        paragraph="7.1",
        title="A community service that no consultant leads",
        events="2025-01-06 referral_received service=not_consultant_led | none-not-consultant-led",
    ),
    Spec(
        paragraph="7.2",
        title="Community paediatrics: the rules hold, the RTT return leaves it out",
        events="2025-01-06 referral_received service=community_consultant_led | start-community",
        periods="2025-01-06 - running start-community -",
    ),
    Spec(
        paragraph="7.3",
        title="An orthopaedic consultant in a health centre is in scope",
        events="2025-01-06 referral_received service=consultant_led | start-referral",
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="An emergency admission from A&E has no RTT clock",
        events="2025-01-06 admission purpose=emergency | none-emergency-admission",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Regular admissions for dialysis have no RTT clock",
        events="2025-01-06 admission purpose=planned | none-planned-admission",
    ),
    Spec(
        paragraph="10.1.7",
        title="Treated at a drop-in clinic on the day: a period of no days, and it counts",
        events="""
        2025-01-06 referral_received | start-referral
        2025-01-06 attendance status=30 | stop-outpatient
        """,
        periods="2025-01-06 2025-01-06 non_admitted_treatment start-referral stop-outpatient",
    ),
    Spec(
        paragraph="10.1.8",
        title="Another English commissioner pays: the wait is the same",
        events="""
        2025-01-06 referral_received | start-referral
        2025-04-01 commissioner_changed | keep-commissioner
        """,
        periods="2025-01-06 - running start-referral -",
    ),
)
