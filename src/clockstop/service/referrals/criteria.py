"""What was searched for, as it is kept with a referral: JSON there and back."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from clockstop.service.audit.sealing import canonical
from clockstop.service.directory.choices import Priority, RequestType
from clockstop.service.directory.criteria import Criteria
from clockstop.service.pathways.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How near and how soon a search looked: no part of what a service must do for the patient.

    ``suits`` is whether it asked for services that suit the patient's age and sex, which are
    checked in any case.
    """

    postcode: str = ""
    miles: int | None = None
    days: int | None = None
    suits: bool = True


NO_LIMITS = Limits()


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
    told = _said(asdict(criteria))
    return canonical(told | ({"day": criteria.day.isoformat()} if criteria.day else {}))


def limits_written(limits: Limits) -> str:
    """As text, in one form alone; empty where nothing was limited."""
    return "" if limits == NO_LIMITS else canonical(_said(asdict(limits)))


def limits_read(text: str) -> Limits:
    """From the text; raises ValueError where it is none."""
    return Limits(**json.loads(text)) if text else NO_LIMITS


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


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
