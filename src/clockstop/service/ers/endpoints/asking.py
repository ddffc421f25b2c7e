"""What the bodies of several operations hold: a patient, a clinician, a shortlist, a priority."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from clockstop.core.geography.postcodes import PlaceError
from clockstop.core.types import NhsNumber, Point
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.compare.book import NoDataYet, current_book
from clockstop.service.directory.choices import Priority
from clockstop.service.directory.criteria import Criteria
from clockstop.service.ers import systems
from clockstop.service.ers.errors import refuse
from clockstop.service.ers.gate import Call
from clockstop.service.ers.operations import Function
from clockstop.service.ers.people import person_of
from clockstop.service.ers.resources.criteria import Sought, sought
from clockstop.service.fhir.building import Json
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.fhir.parameters import Named, has_profile
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.persons import patient_of_number
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.menu import described

PATIENT = Named("patient", "valueIdentifier", systems.NHS_NUMBER, required=True)
CLINICIAN = Named("referringClinician", "valueIdentifier", systems.USER_ID)
SHORTLIST = Named("shortlist", "resource", required=True)
_SHORTLIST = systems.profile("Shortlist-List")
_LONGEST = 18  # digits of a key


@dataclass(frozen=True, slots=True)
class Asked:
    """A shortlist that was sent: services in the patient's order, and the search behind it."""

    services: list[int]
    sought: Sought


def patient(call: Call, number: str) -> Patient:
    """The caller's patient of an NHS number. Raises ErsError."""
    try:
        wanted = patient_of_number(NhsNumber(number))
    except ValueError as error:
        raise refuse("INVALID_VALUE", "'patient' is no valid NHS number") from error
    found: Patient | None = Patient.objects.visible_to(call.actor).filter(wanted).first()
    if found is None:
        raise refuse("REFERENCE_NOT_FOUND", "'patient' is not registered with the organisation")
    return found


def place(found: Patient, sent: Sought) -> Point | None:
    """Where the patient sets out from; nowhere for a record that is marked sensitive."""
    if not shows_address(found):
        return None
    text = sent.limits.postcode or found.postcode
    try:
        return current_book().places.find(text).point if text else None
    except (PlaceError, NoDataYet):
        return None


def clinician(call: Call, user_id: str | None) -> UUID | None:
    """For whom a practice secretary refers; a clinician refers for themselves alone."""
    if call.function is Function.REFERRING_CLINICIAN:
        if user_id is not None:
            raise refuse("FIELD_NOT_PERMITTED", "'referringClinician' is for administrators")
        return None
    if user_id is None:
        raise refuse("VALUE_IS_REQUIRED", "'referringClinician' is needed")
    person = person_of(user_id)
    if person is None:
        raise refuse("REFERENCE_NOT_FOUND", "'referringClinician' is not known")
    held = Membership.objects.on(timezone.localdate()).filter(person=person, role=Role.REFERRER)
    if not held.filter(organisation_code=call.actor.organisation_code).exists():
        code = "REFERENCED_USER_IS_NOT_RC_AT_ORG"
        raise refuse(code, "'referringClinician' refers for another organisation or none")
    return person


def shortlist(sent: Json) -> Asked:
    """The services and the search of a List. Raises FaultyError and ErsError."""
    faults = [
        Fault(Wrong.STRUCTURE, f"'shortlist/{name}' must be {wanted}")
        for name, wanted in (("resourceType", "List"), ("status", "current"), ("mode", "snapshot"))
        if sent.get(name) != wanted
    ]
    if not has_profile(sent, _SHORTLIST):
        faults.append(Fault(Wrong.VALUE, f"'shortlist/meta/profile' must be {_SHORTLIST}"))
    held = sent.get("contained")
    if not isinstance(held, list) or len(held) != 1:
        faults.append(Fault(Wrong.STRUCTURE, "'shortlist/contained' must be one search"))
    services, wrong = _services(sent.get("entry"))
    if faults or wrong or not isinstance(held, list):
        raise FaultyError([*faults, *wrong])
    found = sought(held[0], "shortlist/contained[0]/")
    return Asked(services, replace(found, criteria=with_function(found.criteria, services)))


def _services(entries: Any) -> tuple[list[int], list[Fault]]:
    if not isinstance(entries, list) or not entries:
        return [], [Fault(Wrong.MISSING, "'shortlist/entry' is missing")]
    found, faults = [], []
    for place_of, each in enumerate(entries):
        key = service_key(each.get("item") if isinstance(each, dict) else None)
        if key is None:
            words = f"'shortlist/entry[{place_of}]/item/identifier' is no service"
            faults.append(Fault(Wrong.VALUE, words))
        else:
            found.append(key)
    return found, faults


def service_key(item: Any) -> int | None:
    """The key of the service that a reference by identifier means; none if it is none."""
    said = item.get("identifier") if isinstance(item, dict) else None
    if not isinstance(said, dict) or said.get("system") != systems.SERVICE:
        return None
    return number(said.get("value"))


def number(text: Any) -> int | None:
    """A key as it is written in an address or an identifier; none if it is none."""
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal():
        return None
    return int(text) if len(text) <= _LONGEST else None


def with_function(criteria: Criteria, services: list[int]) -> Criteria:
    """The search with the treatment function that all its services share, if they do.

    A specialty of the API is no treatment function; the returns count by the latter.
    """
    functions = {each.treatment_function for each in described(services).values()}
    return (
        replace(criteria, treatment_function=functions.pop()) if len(functions) == 1 else criteria
    )


def priority(said: str | None) -> Priority | None:
    """The priority that a code of the list means; none where none was said."""
    return Priority(said.lower()) if said else None
