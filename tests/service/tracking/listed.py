"""Rows of the list, made without the clock rules: what the pages do with them is tested here."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from tests.service.people import HOSPITAL, a_pathway, a_patient

from clockstop.service.tracking.models import ListEntry

_OF_PATIENT = ("family_name", "given_name", "sensitive")
_OF_BOTH = ("birth_date", "sex", "ethnic_category", "deprivation_decile")


def today() -> date:
    return timezone.localdate()


def ago(days: int = 0, *, weeks: int = 0) -> date:
    return today() - timedelta(days=days, weeks=weeks)


def ahead(days: int) -> date:
    return today() + timedelta(days=days)


def an_entry(organisation_code: str = HOSPITAL, **values: Any) -> ListEntry:
    """A row in step with its pathway: waiting for 10 weeks, unless told otherwise."""
    of_patient = {name: values.pop(name) for name in _OF_PATIENT if name in values}
    of_both = {name: values[name] for name in _OF_BOTH if name in values}
    patient = values.pop("patient", None) or a_patient(**of_patient, **of_both)
    kept = {name: values[name] for name in ("priority", "treatment_function") if name in values}
    pathway = a_pathway(patient, organisation_code, **kept)
    row: dict[str, Any] = {
        "pathway": pathway,
        "icb_code": pathway.icb_code,
        "organisation_code": organisation_code,
        "state": "waiting",
        "clock_start": ago(weeks=10),
        "treatment_function": pathway.treatment_function,
        "priority": pathway.priority,
        **{name: getattr(patient, name) for name in _OF_BOTH},
    }
    return ListEntry.objects.create(**(row | values))
