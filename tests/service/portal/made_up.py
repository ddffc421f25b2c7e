"""Made-up patients with referrals, hospital dates and requests, for tests."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from tests.service.people import a_pathway, a_patient, signed_in_patient
from tests.service.referrals.made_up import a_referral, a_service, a_slot

from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.models import HospitalRecord
from clockstop.service.portal.changes import State
from clockstop.service.portal.models import ChangeRequest, OnlineChanges
from clockstop.service.referrals.access_codes import make_access_code

SOON = timezone.localdate() + timedelta(days=20)


def referred(slots=2, services=1, **values):
    """A referral, not booked yet, to services with free times; its patient is signed in.

    A client, the referral, and the slots of the first service.
    """
    patient = values.pop("patient", None) or a_patient()
    offered = [a_service(**values) for _ in range(services)]
    made = [a_slot(offered[0], timezone.now() + timedelta(days=each + 3)) for each in range(slots)]
    referral = a_referral(*offered, patient=patient)
    return signed_in_patient(Client(), patient), referral, made


def opened(referral, client=None):
    """A browser that has opened the referral by its reference."""
    client = client or Client()
    code = make_access_code(referral, SYSTEM)
    born = referral.patient.birth_date
    typed = {"ubrn": referral.ubrn, "code": code}
    typed |= {"born-day": born.day, "born-month": born.month, "born-year": born.year}
    return client, client.post("/booking/", typed), typed


def a_hospital_date(pathway=None, day=None, **values):
    """A pathway whose hospital entered a day to come."""
    pathway = pathway or a_pathway()
    HospitalRecord.objects.create(
        pathway=pathway,
        icb_code=pathway.icb_code,
        organisation_code=pathway.organisation_code,
        next_appointment=day or SOON,
        **values,
    )
    return pathway


def online(organisation_code="RAA", **values):
    """A hospital that takes requests online."""
    plain = {"is_offered": True, "phone": "01632 960001", "hours": "8am to 6pm"}
    return OnlineChanges.objects.create(organisation_code=organisation_code, **plain | values)


def a_change_request(pathway, **values):
    """A request to cancel, waiting for an answer; the one that there is."""
    plain = {
        "organisation_code": pathway.organisation_code,
        "wish": "cancel",
        "day": SOON,
        "words": "I am away",
        "state": State.REQUESTED,
        "asked_at": timezone.now(),
        "changed_at": timezone.now(),
    }
    made, _ = ChangeRequest.objects.get_or_create(
        icb_code=pathway.icb_code, pathway=pathway, defaults=plain | values
    )
    return made
