"""Made-up people, organisations and pathways for the tests of the service."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.utils import timezone

from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Delegation, Membership, Person
from clockstop.service.accounts.roles import PROVIDING, REFERRING, Role
from clockstop.service.pathways.actions import record_event
from clockstop.service.pathways.models import CareRelationship, Pathway, PathwayEvent, Patient

HOSPITAL, OTHER_HOSPITAL, PRACTICE, OTHER_PRACTICE = "RAA", "RBB", "A81001", "A81002"
ICB, OTHER_ICB = "QAA", "QBB"
LONG_AGO = date(2020, 1, 1)
_numbers = count(101)  # the first are examples beside the fields of forms


def nhs_number(serial: int) -> NhsNumber:
    """The serial-th number of the range for tests that has a check digit."""
    first = f"999{serial:06d}"
    check = NhsNumber.check_digit(first)
    return nhs_number(serial + 500_000) if check == 10 else NhsNumber(f"{first}{check}")


def a_member(
    role: Role = Role.WAITING_LIST_MANAGER,
    organisation_code: str = HOSPITAL,
    icb_code: str = ICB,
    **kept,
) -> Membership:
    person = Person.objects.create(name=f"{role.label} of {organisation_code}")
    values = {"starts": LONG_AGO, "granted_by": "test"} | kept
    return Membership.objects.create(
        person=person, role=role, organisation_code=organisation_code, icb_code=icb_code, **values
    )


def an_actor(
    role: Role = Role.WAITING_LIST_MANAGER, organisation_code: str = HOSPITAL, icb_code: str = ICB
) -> Actor:
    """A member of staff, signed in."""
    return a_member(role, organisation_code, icb_code).as_actor()


def a_patient(icb_code: str = ICB, **values) -> Patient:
    serial = next(_numbers)
    plain = {
        "nhs_number": str(nhs_number(serial)),
        "given_name": "Ada",
        "family_name": f"Test{serial}",
        "birth_date": date(1960, 5, 17),
        "sex": "2",
        "address": "1 Nowhere Street",
        "postcode": "ZZ99 3VZ",
        "practice_code": PRACTICE,
    }
    return Patient.objects.create(icb_code=icb_code, **(plain | values))


def a_pathway(
    patient: Patient | None = None,
    organisation_code: str = HOSPITAL,
    practice: str = PRACTICE,
    **values,
) -> Pathway:
    """A pathway with its provider and its referrer, and nothing that happened yet."""
    patient = patient or a_patient()
    serial = next(_numbers)
    plain = {
        "identifier": f"{serial:020d}",
        "issuer": organisation_code,
        "treatment_function": "C_110",
        "condition": "Hip pain",
    }
    pathway = Pathway.objects.create(
        icb_code=patient.icb_code,
        patient=patient,
        organisation_code=organisation_code,
        **(plain | values),
    )
    for code, part in ((organisation_code, "provider"), (practice, "referrer")):
        CareRelationship.objects.create(
            icb_code=patient.icb_code,
            pathway=pathway,
            organisation_code=code,
            part=part,
            starts=LONG_AGO,
        )
    return pathway


def an_event(
    pathway: Pathway, kind: str, day: date, *, by: Actor | None = None, **values
) -> PathwayEvent:
    """Enter an event as a clinician of the pathway's provider would."""
    by = by or an_actor(Role.PROVIDER_CLINICIAN, pathway.organisation_code, pathway.icb_code)
    fields: Mapping[str, object] = {"kind": kind, "day": day.isoformat(), **values}
    return record_event(actor=by, pathway=pathway, values=fields, submission=uuid4())


def signed_in(client: Client, member: Membership) -> Client:
    """The client of a member of staff, as after signing in."""
    return _session(client, member.person, Role(member.role), membership=str(member.pk))


def signed_in_patient(client: Client, patient: Patient) -> Client:
    """The client of a patient, as after signing in."""
    person, _ = Person.objects.get_or_create(
        nhs_number=patient.nhs_number, defaults={"name": patient.name}
    )
    return _session(client, person, Role.PATIENT)


def signed_in_carer(client: Client, patient: Patient) -> Client:
    """The client of a carer of the patient, as after signing in."""
    carer = Person.objects.create(name=f"Carer of {patient.name}")
    Delegation.objects.create(
        icb_code=patient.icb_code,
        carer=carer,
        nhs_number=patient.nhs_number,
        starts=LONG_AGO,
        ends=date(2099, 1, 1),
    )
    return _session(client, carer, Role.CARER)


def _session(client: Client, person: Person, role: Role, **more) -> Client:
    session = client.session
    now = timezone.now().timestamp()
    session.update(
        {"person": str(person.pk), "role": role.value, "signed_in_at": now, "seen_at": now} | more
    )
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def roles_at(role: Role) -> tuple[str, str]:
    """An organisation of the kind that a role belongs to, and another of the same kind."""
    if role in REFERRING:
        return PRACTICE, OTHER_PRACTICE
    is_of_provider = role in PROVIDING or role is Role.SERVICE_DEFINER
    return (HOSPITAL, OTHER_HOSPITAL) if is_of_provider else (ICB, OTHER_ICB)
