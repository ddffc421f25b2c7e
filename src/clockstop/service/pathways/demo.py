"""Made-up people for the demo: some who work, some who wait, and what happened to them.

NHS numbers are of the range for tests. Everything is entered by the same actions as anybody's.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from clockstop.core.types import NhsNumber, Sector
from clockstop.service.accounts.models import Delegation, Membership, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.actions import record_event
from clockstop.service.pathways.clock import event_id
from clockstop.service.pathways.models import CareRelationship, Pathway, Patient
from clockstop.service.registry.models import Kind, Organisation

_YEAR = timedelta(days=365)
_STAFF = (
    ("Grace Adeyemi", Role.WAITING_LIST_MANAGER, "trust"),
    ("Owen Price", Role.PROVIDER_ADMINISTRATOR, "trust"),
    ("Dr Helen Marsh", Role.PROVIDER_CLINICIAN, "trust"),
    ("Simon Tuttle", Role.ADMINISTRATOR, "trust"),
    ("Ruth Calder", Role.SERVICE_DEFINER, "trust"),
    ("Farah Aziz", Role.WAITING_LIST_MANAGER, "other_trust"),
    ("Dr Callum Reid", Role.PROVIDER_CLINICIAN, "other_trust"),
    ("Joanne Pike", Role.PROVIDER_ADMINISTRATOR, "independent"),
    ("Dr Anil Sethi", Role.PROVIDER_CLINICIAN, "independent"),
    ("Nadia Farrow", Role.SERVICE_DEFINER, "independent"),
    ("Dr Maya Lewis", Role.REFERRER, "practice"),
    ("Carol Finch", Role.REFERRING_ADMINISTRATOR, "practice"),
    ("Ben Osei", Role.ICB_HUB, "icb"),
    ("Laura Chen", Role.COMMISSIONER, "icb"),
    ("Peter Vance", Role.ANALYST, "icb"),
)
_CARER, _CARED_FOR = "Jean Ellison", "Ellison"
_SIGNS_IN = ("Okafor", "Whitlock", "Ellison")  # the patients who have an account


class NoOrganisationsError(LookupError):
    """The registry holds no place for the demo's people."""


@dataclass(frozen=True, slots=True)
class _Places:
    """The organisations of the demo, by the words of the stories, and the ICB they lie in."""

    icb_code: str
    codes: Mapping[str, str]


@transaction.atomic
def seed(filing: Collection[str] = ()) -> bool:
    """Bring the made-up people in; whether it was done. Raises NoOrganisationsError.

    They work at providers of ``filing``, those whose waits are told, if it names any that will do.
    Nothing is done where somebody has an account already.
    """
    if Person.objects.exists():
        return False
    places = _places(filing)
    clinicians = {
        member.organisation_code: member
        for member in _staff(places)
        if member.role == Role.PROVIDER_CLINICIAN
    }
    numbers = NhsNumber.for_tests()
    for story in _stories():
        patient = _patient(story, places, next(numbers))
        for told in story["pathways"]:
            _pathway(told, patient, places, clinicians)
    return True


@cache
def _stories() -> list[dict[str, Any]]:
    text = files(__package__).joinpath("demo_stories.json").read_text(encoding="utf-8")
    stories: list[dict[str, Any]] = json.loads(text)
    return stories


def _places(filing: Collection[str]) -> _Places:
    """The first ICB, by its code, with two trusts, an independent provider and a practice.

    There those of ``filing`` come before others.
    """
    here = Organisation.objects.filter(icb_code=OuterRef("icb_code"), closed=None)
    independent = here.filter(kind=Kind.PROVIDER, sector=Sector.INDEPENDENT)
    practices = here.filter(kind=Kind.PRACTICE)
    trusts = Organisation.objects.filter(
        Exists(independent),
        Exists(practices),
        kind=Kind.PROVIDER,
        sector=Sector.NHS_TRUST,
        closed=None,
    ).order_by("icb_code", "code")
    by_icb: dict[str, list[str]] = {}
    for icb_code, code in trusts.values_list("icb_code", "code"):
        by_icb.setdefault(icb_code, []).append(code)
    for icb_code, found in by_icb.items():
        if icb_code and len(found) > 1:
            return _Places(icb_code, _codes(icb_code, found, filing))
    raise NoOrganisationsError("no ICB has two trusts, an independent provider and a practice")


def _codes(icb_code: str, trusts: list[str], filing: Collection[str]) -> Mapping[str, str]:
    here = Organisation.objects.filter(icb_code=icb_code, closed=None).order_by("code")
    independent = here.filter(kind=Kind.PROVIDER, sector=Sector.INDEPENDENT)
    first, second = sorted(trusts, key=lambda code: code not in filing)[:2]
    named = independent.values_list("code", flat=True)
    return {
        "trust": first,
        "other_trust": second,
        "independent": min(named, key=lambda code: code not in filing),
        "practice": here.filter(kind=Kind.PRACTICE).values_list("code", flat=True)[0],
        "icb": icb_code,
    }


def _staff(places: _Places) -> Iterable[Membership]:
    for name, role, place in _STAFF:
        yield Membership.objects.create(
            person=Person.objects.create(name=name),
            organisation_code=places.codes[place],
            icb_code=places.icb_code,
            role=role,
            starts=timezone.localdate() - _YEAR,
            granted_by="system",
        )


def _patient(story: Mapping[str, Any], places: _Places, number: NhsNumber) -> Patient:
    patient = Patient.objects.create(
        icb_code=places.icb_code,
        nhs_number=str(number),
        given_name=story["given_name"],
        family_name=story["family_name"],
        birth_date=date.fromisoformat(story["born"]),
        sex=story["sex"],
        address="1 Nowhere Street",
        postcode="ZZ99 3VZ",  # of no fixed abode: nobody lives there
        practice_code=places.codes["practice"],
        sensitive=story.get("sensitive", False),
    )
    if patient.family_name in _SIGNS_IN:
        Person.objects.create(name=patient.name, nhs_number=str(number))
    if patient.family_name == _CARED_FOR:
        _carer(patient)
    return patient


def _carer(patient: Patient) -> None:
    today = timezone.localdate()
    Delegation.objects.create(
        icb_code=patient.icb_code,
        carer=Person.objects.create(name=_CARER),
        nhs_number=patient.nhs_number,
        starts=today - _YEAR / 2,
        ends=today + _YEAR,
    )


def _pathway(
    told: Mapping[str, Any],
    patient: Patient,
    places: _Places,
    clinicians: Mapping[str, Membership],
) -> None:
    provider = places.codes[told["at"]]
    pathway = Pathway.objects.create(
        icb_code=places.icb_code,
        patient=patient,
        identifier=f"{Pathway.objects.count() + 1:020d}",
        issuer=provider,
        organisation_code=provider,
        treatment_function=told["function"],
        condition=told["condition"],
        priority=told.get("priority", "1"),
    )
    _relate(pathway, places.codes["practice"], max(each["ago"] for each in told["events"]))
    for each in told["events"]:
        at = places.codes.get(each.get("by_organisation", ""), provider)
        record_event(
            actor=clinicians[at].as_actor(),
            pathway=pathway,
            values=_values(each, places, timezone.localdate()),
            submission=uuid4(),
            reason=each.get("reason", ""),
        )


def _relate(pathway: Pathway, practice: str, days_ago: int) -> None:
    for code, part in ((pathway.organisation_code, "provider"), (practice, "referrer")):
        CareRelationship.objects.create(
            icb_code=pathway.icb_code,
            pathway=pathway,
            organisation_code=code,
            part=part,
            starts=timezone.localdate() - timedelta(days=days_ago),
        )


def _values(told: Mapping[str, Any], places: _Places, today: date) -> Mapping[str, object]:
    """A story's event as JSON: ``…_ago`` are days before today, ``@`` names another part of it."""
    values: dict[str, object] = {"day": (today - timedelta(days=told["ago"])).isoformat()}
    for name, value in told.items():
        if name.endswith("_ago"):
            values[name.removesuffix("_ago")] = (today - timedelta(days=value)).isoformat()
        elif isinstance(value, str) and value.startswith("@"):
            word = value.removeprefix("@")
            values[name] = places.codes[word] if word in places.codes else event_id(int(word))
        elif name not in {"ago", "by_organisation", "reason"}:
            values[name] = value
    return values
