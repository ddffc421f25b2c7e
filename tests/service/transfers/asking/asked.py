"""Patients' requests as tests need them: in any state, with what that state needs."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.service.people import HOSPITAL
from tests.service.tracking.listed import ago, an_entry

from clockstop.core.rulebook.eligibility import profiles_on
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.references import new_reference
from clockstop.service.transfers.states import Asked

LIVE, LEGAL = "LIVE-2023", "LEGAL-18W"


def a_long_wait(organisation_code: str = HOSPITAL, **values: Any) -> Pathway:
    """A pathway that has been on the list for 300 days with nothing booked."""
    return an_entry(organisation_code, **({"clock_start": ago(300)} | values)).pathway


def an_asked_request(
    state: Asked = Asked.ELIGIBLE,
    pathway: Pathway | None = None,
    profile: str = LIVE,
    **values: Any,
) -> PatientRequest:
    """One in a state, as if it had come there."""
    pathway, now = pathway or a_long_wait(), timezone.now()
    plain = {
        "icb_code": pathway.icb_code,
        "reference": new_reference("PR"),
        "state": state,
        "state_since": now,
        "pathway": pathway,
        "patient": pathway.patient,
        "organisation_code": pathway.organisation_code,
        "treatment_function": pathway.treatment_function,
        "clock_start": timezone.localdate() - timedelta(days=300),
        "profile": profile,
        "profile_version": profiles_on(timezone.localdate())[profile].valid_from,
        "found_on": timezone.localdate(),
        "created_at": now,
        "changed_at": now,
    }
    return PatientRequest.objects.create(**(plain | values))
