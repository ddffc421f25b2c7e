"""What was searched for, as it is kept with a referral: JSON there and back."""

import json
from dataclasses import asdict
from datetime import date

from clockstop.service.audit.sealing import canonical
from clockstop.service.directory.choices import Priority, RequestType
from clockstop.service.directory.criteria import Criteria
from clockstop.service.pathways.models import Patient


def for_patient(criteria: Criteria, patient: Patient, day: date) -> Criteria:
    """The same search for a patient: their age in completed months and sex on a day."""
    return Criteria(
        **{
            **asdict(criteria),
            "age_months": months_old(patient.birth_date, day),
            "sex": patient.sex,
            "day": day,
        }
    )


def months_old(born: date, day: date) -> int:
    """Completed months of age on a day."""
    return (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)


def written(criteria: Criteria) -> str:
    """As text, in one form alone."""
    told = {name: value for name, value in asdict(criteria).items() if value not in ("", None)}
    return canonical(told | ({"day": criteria.day.isoformat()} if criteria.day else {}))


def read(text: str) -> Criteria:
    """From the text; raises ValueError where it is none."""
    told = json.loads(text)
    if "request_type" in told:
        told["request_type"] = RequestType(told["request_type"])
    if "priority" in told:
        told["priority"] = Priority(told["priority"])
    if "day" in told:
        told["day"] = date.fromisoformat(told["day"])
    return Criteria(**told)
