"""What a definer writes of a service, as JSON values: one shape for rows, drafts and versions."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from clockstop.service.directory.models import HealthcareService

Content = Mapping[str, Any]
_CODES = ("clinic_types", "media", "additional_requirements")
_DAYS = ("opens", "closes", "rated_on")
_PLAIN = (
    *("name", "site_code", "site_name", "latitude", "longitude", "treatment_function"),
    *("diagnostic_test", "specialty", "appointment_type", "takes_appointments", "takes_triage"),
    *("takes_advice", "advice_convertible", "bookable", "sex_treated", "min_age_months"),
    *("max_age_months", "routine", "urgent", "two_week_wait", "conditions_treated", "exclusions"),
    *("suggested_investigations", "letter_required", "referrer_alert", "instructions", "hours"),
    *("website", "patient_phone", "patient_email", "professional_phone", "professional_email"),
    *("capacity_alert", "quality_rating", "rating_source"),
)
_RATING = ("quality_rating", "rating_source", "rated_on")


def content_of(service: HealthcareService) -> Content:
    """What the row says now. ``clinicians`` are pairs of user ID and name."""
    return {
        **{name: getattr(service, name) for name in _PLAIN},
        **{name: list(getattr(service, name)) for name in _CODES},
        **{name: _as_json(getattr(service, name)) for name in _DAYS},
        "clinicians": [list(pair) for pair in service.clinicians.values_list("user_id", "name")],
    }


def put_on(service: HealthcareService, content: Content) -> None:
    """Make the row say it; clinicians stand in rows of their own.

    What was written before ratings were part of it leaves the row's as it is.
    """
    told = {**{name: _as_json(getattr(service, name)) for name in _RATING}, **content}
    for name in _PLAIN:
        setattr(service, name, told[name])
    for name in _CODES:
        setattr(service, name, tuple(told[name]))
    for name in _DAYS:
        setattr(service, name, date.fromisoformat(told[name]) if told[name] else None)


def as_service(of: HealthcareService, content: Content) -> HealthcareService:
    """A row that says it, as it would be published; for showing, never for writing."""
    names = ("pk", "organisation_id", "icb_code", "status", "version", "origin", *_RATING)
    shown = HealthcareService(**{name: getattr(of, name) for name in names})
    put_on(shown, content)
    return shown


def as_json(content: Content) -> str:
    """As it is kept."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def fingerprint(content: Content) -> str:
    """What the audit keeps of it."""
    return hashlib.sha256(as_json(content).encode()).hexdigest()
