"""Made-up patients, requests for help, capacity and offers, for the tests of mutual aid."""

from datetime import timedelta

from django.utils import timezone
from tests.service.people import (
    HOSPITAL,
    ICB,
    OTHER_HOSPITAL,
    a_pathway,
    a_patient,
    an_actor,
    an_event,
)

from clockstop.service.accounts.roles import Role
from clockstop.service.transfers.actions import aid, moving
from clockstop.service.transfers.models.aid import Kind

FUNCTION = "C_110"


def a_clinician(organisation_code=HOSPITAL, icb_code=ICB):
    return an_actor(Role.PROVIDER_CLINICIAN, organisation_code, icb_code)


def a_manager(organisation_code=HOSPITAL, icb_code=ICB):
    return an_actor(Role.WAITING_LIST_MANAGER, organisation_code, icb_code)


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def days_ahead(days):
    return timezone.localdate() + timedelta(days=days)


def waits(patient=None, since=None, organisation_code=HOSPITAL, **values):
    """A pathway whose clock runs, with its row on the tracking list."""
    pathway = a_pathway(patient or a_patient(), organisation_code, **values)
    an_event(pathway, "referral_received", since or days_ago(300), referrer="professional")
    pathway.refresh_from_db()
    return pathway


def a_draft(pathway=None, by=None, **needs):
    """A request for help that was made and not sent yet."""
    pathway = pathway or waits()
    by = by or a_manager(pathway.organisation_code, pathway.icb_code)
    return aid.create(actor=by, pathway_id=pathway.pk, needs=aid.Needs(**needs))


def ready(request, clinician=None):
    """The same with consent and both signatures."""
    clinician = clinician or a_clinician(request.organisation_code, request.icb_code)
    aid.record_consent(actor=clinician, request_id=request.pk, agrees=True)
    aid.sign_clinical(actor=clinician, request_id=request.pk)
    aid.sign_social(actor=clinician, request_id=request.pk)
    request.refresh_from_db()
    return request


def an_open_request(pathway=None, **needs):
    """A request for help that others see."""
    request = ready(a_draft(pathway, **needs))
    aid.submit(actor=a_manager(request.organisation_code, request.icb_code), request_id=request.pk)
    request.refresh_from_db()
    return request


def a_posting(**values):
    """Capacity as somebody would post it: two places, for anybody with the specialty."""
    plain = {
        "team": "Miss Example, orthopaedics",
        "places": 2,
        "first_date": days_ahead(1),
        "last_date": days_ahead(90),
        "expires_on": days_ahead(60),
        "price_basis": "nhs_payment_scheme",
        "treatment_function": FUNCTION,
    }
    return aid.Posting(**(plain | values))


def a_capacity(organisation_code=OTHER_HOSPITAL, by=None, **values):
    """Posted capacity of another provider."""
    by = by or a_manager(organisation_code)
    return aid.post(actor=by, posting=a_posting(**values))


def an_offer(request=None, capacity=None, by=None, **terms):
    """A place that is held for a request, by the provider that has it."""
    request, capacity = request or an_open_request(), capacity or a_capacity()
    by = by or a_clinician(capacity.organisation_code)
    plain = {"day": days_ahead(30)}
    made = aid.offer(
        actor=by,
        request_id=request.pk,
        capacity_id=capacity.pk,
        terms=aid.Terms(**(plain | terms)),
    )
    request.refresh_from_db()
    return made


def told(request=None, capacity=None, **terms):
    """An offer that the patient was told of."""
    made = an_offer(request, capacity, **terms)
    sender = a_manager(made.request.organisation_code, made.request.icb_code)
    aid.send_to_patient(actor=sender, request_id=made.request_id)
    made.refresh_from_db()
    return made


def accepted(request=None, capacity=None, **terms):
    """An offer that the patient has taken, on the phone."""
    made = told(request, capacity, **terms)
    sender = a_manager(made.request.organisation_code, made.request.icb_code)
    aid.choose(actor=sender, request_id=made.request_id, offer_id=made.pk)
    made.refresh_from_db()
    made.request.refresh_from_db()
    return made


def a_test_request(**needs):
    """A request for a test alone, with its protocol."""
    plain = {
        "kind": Kind.DIAGNOSTIC,
        "diagnostic_test": "MRI",
        "protocol": "Lumbar spine, T1 and T2: is there stenosis?",
        "result_within": 7,
    }
    return an_open_request(**(plain | needs))


# What no record of the made-up patients knows, and staff of the sender add to the data set.
FORM = {
    "title": "Mrs",
    "local_identifier": "RAA-000123",
    "gp_name": "Dr G Practice",
    "referrer_name": "Miss C Onsultant",
    "referrer_code": "C1234567",
    "sender_contact": "Mr B Ooking",
    "sender_phone": "020 7946 0001",
}
AGREED = {"return_to": "Booking office of orthopaedics, 020 7946 0001"}


def with_form(made, agreed=None, **given):
    """The request of a taken offer, with all that the sender adds before it starts."""
    request = made.request
    sender = a_manager(request.organisation_code, request.icb_code)
    agreed = AGREED | (agreed or {})
    moving.complete_form(actor=sender, request_id=request.pk, given=FORM | given, agreed=agreed)
    request.refresh_from_db()
    return request


def transferring(made=None, **more):
    """A request that the receiver found clinically fit, and whose transfer has started."""
    request = with_form(made or accepted(), **more)
    aid.pass_check(actor=a_clinician(request.receiver_code), request_id=request.pk)
    request.refresh_from_db()
    return request


def transferred(made=None, **more):
    """One whose patient the receiver has."""
    request = transferring(made, **more)
    moving.receive(actor=a_manager(request.receiver_code), request_id=request.pk)
    request.refresh_from_db()
    return request


__all__ = [
    "AGREED",
    "FORM",
    "FUNCTION",
    "HOSPITAL",
    "OTHER_HOSPITAL",
    "a_capacity",
    "a_clinician",
    "a_draft",
    "a_manager",
    "a_posting",
    "a_test_request",
    "accepted",
    "an_offer",
    "an_open_request",
    "days_ago",
    "days_ahead",
    "ready",
    "told",
    "transferred",
    "transferring",
    "waits",
    "with_form",
]
