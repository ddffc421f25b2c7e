"""What the rows of one pathway and of many are made by alike; quick to import."""

from datetime import date, timedelta

from clockstop.core.rulebook.choices import choices

SEEN = ("attendance", "admission", "treatment_started")
OUTCOMES = ("attendance", "administrative_outcome")
# What a row repeats of the hospital's system, and of the patient.
RECORDED = (
    "procedure_priority",
    "diagnostic_priority",
    "priority_reviewed",
    "on_cancer_list",
    "next_appointment",
    "tci_date",
    "follow_up_due",
    "validated_on",
    "site",
    "consultant",
    "referral_source",
    "referral_verdict",
)
OF_PATIENT = ("birth_date", "sex", "ethnic_category", "deprivation_decile")


def next_ruling(day: date) -> date | None:
    """The next day after a day on which another choice of the rulebook comes into force."""
    days = {each.valid_from for each in choices()}
    days |= {each.valid_to + timedelta(days=1) for each in choices() if each.valid_to}
    return min((each for each in days if each > day), default=None)
