"""Clinical priority as a rank: what comes before the length of a wait in every order of the list.

The ranks are a design choice: the national codes for surgery (P) and tests (D) say how soon care is
due, and priority types say so of referrals. Where somebody has several, the most urgent counts.
"""

from collections.abc import Mapping

from django.db.models import Case, Q, Value, When

from clockstop.service.pathways.models import Priority

CANCER, EMERGENCY, WITHIN_A_MONTH, URGENT, WITHIN_MONTHS, ROUTINE, PUT_OFF = range(7)
RANKS: Mapping[int, str] = {
    CANCER: "Suspected cancer, or on the cancer list",
    EMERGENCY: "P1 or D1: within days",
    WITHIN_A_MONTH: "P2 or D2: within a month",
    URGENT: "Urgent referral",
    WITHIN_MONTHS: "P3 or D3: within three months",
    ROUTINE: "Routine",
    PUT_OFF: "Put off by the patient (P5, P6, D5, D6)",
}
P_CODES = ("P1A", "P1B", "P2", "P3", "P4", "P5", "P6")
D_CODES = ("D1", "D2", "D3", "D4", "D5", "D6")


def clinical_rank() -> Case:
    """The rank of a row of the list, as an expression that the store can keep."""
    cancer = Q(priority=Priority.SUSPECTED_CANCER) | Q(on_cancer_list=True)
    return Case(
        When(cancer, then=Value(CANCER)),
        When(_coded("1A", "1B", "1"), then=Value(EMERGENCY)),
        When(_coded("2"), then=Value(WITHIN_A_MONTH)),
        When(priority=Priority.URGENT, then=Value(URGENT)),
        When(_coded("3"), then=Value(WITHIN_MONTHS)),
        When(_coded("5", "6"), then=Value(PUT_OFF)),
        default=Value(ROUTINE),
    )


def _coded(*numbers: str) -> Q:
    surgical, diagnostic = ([f"{kind}{each}" for each in numbers] for kind in "PD")
    return Q(procedure_priority__in=surgical) | Q(diagnostic_priority__in=diagnostic)
