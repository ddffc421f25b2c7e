"""Somebody who waits, in the store of a site."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import randrange
from uuid import uuid4

from django.utils import timezone
from tests.journeys import seed
from tests.journeys.making import in_store

WEEKS = 20


@dataclass(frozen=True, slots=True)
class Wait:
    """A pathway on which a referral and an appointment were entered, and its patient."""

    pathway: str
    nhs_number: str
    name: str

    @property
    def path(self) -> str:
        return f"/pathways/{self.pathway}/"


def somebody_waits(home: Path, nhs_number: str = "") -> Wait:
    """A new pathway, since 20 weeks, at the hospital of the journeys."""
    return in_store(home, _make, nhs_number)


def referred() -> date:
    return timezone.localdate() - timedelta(weeks=WEEKS)


def _make(nhs_number: str) -> Wait:
    from clockstop.service.pathways.models import CareRelationship, Pathway, Patient

    patient, _ = Patient.objects.get_or_create(
        icb_code=seed.ICB,
        nhs_number=nhs_number or _free_number(),
        defaults={
            "given_name": "Robin",
            "family_name": f"Example{uuid4().hex[:6]}",
            "birth_date": date(1960, 5, 17),
            "sex": "9",
            "address": "1 Nowhere Street",
            "postcode": "ZZ99 3VZ",
        },
    )
    pathway = Pathway.objects.create(
        icb_code=seed.ICB,
        patient=patient,
        identifier=uuid4().hex[:20].upper(),
        issuer=seed.ORGANISATION,
        organisation_code=seed.ORGANISATION,
        treatment_function="C_110",
        condition="Hip pain",
    )
    CareRelationship.objects.create(
        icb_code=seed.ICB,
        pathway=pathway,
        organisation_code=seed.ORGANISATION,
        part=CareRelationship.Part.PROVIDER,
        starts=seed.LONG_AGO,
    )
    _enter(pathway)
    return Wait(str(pathway.pk), patient.nhs_number, patient.name)


def _free_number() -> str:
    """A number of the range for tests that nobody has."""
    from clockstop.core.types import NhsNumber
    from clockstop.service.pathways.models import Patient

    while True:
        first = f"999{randrange(1_000_000):06}"
        check = NhsNumber.check_digit(first)
        if check < 10 and not Patient.objects.filter(nhs_number=f"{first}{check}").exists():
            return f"{first}{check}"


def _enter(pathway) -> None:
    from clockstop.service.accounts.models import Membership
    from clockstop.service.accounts.roles import Role
    from clockstop.service.pathways.actions import record_event

    member = Membership.objects.select_related("person").get(
        person__name=seed.CLINICIAN, role=Role.PROVIDER_CLINICIAN
    )
    seen = referred() + timedelta(weeks=4)
    for values in (
        {"kind": "referral_received", "day": referred().isoformat()},
        {"kind": "attendance", "day": seen.isoformat(), "status": "20"},
    ):
        record_event(actor=member.as_actor(), pathway=pathway, values=values, submission=uuid4())
