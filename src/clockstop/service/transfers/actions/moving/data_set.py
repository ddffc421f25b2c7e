"""The minimum data set of a transfer, filled from what the records hold; staff add the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from clockstop.core.codes.iptamds import GOES_ON, PARTED_BY, Fault, elements, problems
from clockstop.service.messaging.standing import contact_of
from clockstop.service.pathways.clock import clock_on
from clockstop.service.pathways.models import CareRelationship, HospitalRecord, Pathway, PatientKey
from clockstop.service.pathways.names import people_named
from clockstop.service.pathways.protections import shows_address
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.models import AidRequest, Offer, Transfer
from clockstop.service.transfers.models.aid import Reporter

# What a sensitive record tells nobody: the receiver traces the patient by the NHS number.
WITHHELD = frozenset(
    {"address", "postcode", "contact_name", "contact_email", "phone_home", "phone_work"}
    | {"phone_mobile", "gp_name", "practice_code"}
)
# What a sender's next form takes over from its last one.
OF_THE_SENDER = ("sender_contact", "sender_phone", "sender_email")
_NATIONAL = re.compile(r"[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Form:
    """A data set as it stands, and what is still wrong with it.

    ``fixed`` are the keys that the records answer for, which nobody types; ``withheld`` those that
    a sensitive record keeps to itself.
    """

    values: Mapping[str, str]
    fixed: frozenset[str]
    faults: tuple[Fault, ...]
    withheld: frozenset[str] = frozenset()


def form_of(request: AidRequest, offer: Offer, given: Mapping[str, str], today: date) -> Form:
    """What the records know first, then what staff gave, then what can be suggested."""
    hidden = frozenset() if shows_address(request.patient) else WITHHELD
    known = {key: value for key, value in _known(request, offer, today).items() if value}
    suggested = _suggested(request, offer, today)
    values = {
        key: known.get(key) or given.get(key, "").strip() or suggested.get(key, "")
        for key in elements()
        if key not in hidden
    }
    values = {key: value for key, value in values.items() if value}
    has_clock = not request.is_diagnostic or "status" in values
    faults = problems(values, has_clock=has_clock, withheld=hidden)
    return Form(values, frozenset(known) - hidden, faults, hidden)


def read(data_set: str) -> dict[str, str]:
    """The data set that a row holds."""
    values: dict[str, str] = json.loads(data_set) if data_set else {}
    return values


def written(values: Mapping[str, str]) -> str:
    """The data set as a row holds it, in the order of the elements."""
    return json.dumps({key: values[key] for key in elements() if values.get(key)})


def _known(request: AidRequest, offer: Offer, today: date) -> dict[str, str]:
    patient = request.patient
    names = name_of([request.organisation_code, offer.organisation_code])
    found = {
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "address": patient.address,
        "postcode": patient.postcode.upper(),
        "birth_date": patient.birth_date.isoformat(),
        "nhs_number": patient.nhs_number,
        "practice_code": patient.practice_code,
        "sender_name": names[request.organisation_code],
        "sender_code": request.organisation_code,
        "receiver_name": names[offer.organisation_code],
        "receiver_code": offer.organisation_code,
        "reason": reason_of(request),
        "requested_on": today.isoformat(),
    }
    if request.pathway is not None:
        found |= _of_pathway(request.pathway, today)
    return found


def _of_pathway(pathway: Pathway, today: date) -> dict[str, str]:
    running = clock_on(pathway.events.all(), today).running
    record = HospitalRecord.objects.filter(pk=pathway.pk).first()
    line = pathway.treatment_function.removeprefix("C_")
    function = record.function_code if record else ""
    function = function or (line if _NATIONAL.fullmatch(line) else "")
    return {
        "pathway_identifier": pathway.identifier,
        "pathway_issuer": pathway.issuer,
        "status": GOES_ON if running else "",
        "clock_start": running.start.isoformat() if running and running.start else "",
        "on_pathway": PARTED_BY.join(_providers_of(pathway)),
        "sender_function": function,
        "receiver_function": function,
    }


def _providers_of(pathway: Pathway) -> list[str]:
    """The providers that have had the patient until now, the first first."""
    part = CareRelationship.Part.PROVIDER
    held = pathway.relationships.filter(part=part).order_by("starts", "pk")
    told = held.values_list("organisation_code", flat=True)
    return list(dict.fromkeys(code for code in told if code))


def reason_of(request: AidRequest) -> str:
    """Why the referral is raised, in words: the national codes of it are not known to us."""
    if request.is_diagnostic:
        return "Diagnostic test: responsibility stays with the sender"
    if request.reported_by == Reporter.RECEIVER:
        return "Treatment: clinical responsibility passes"
    return "Treatment under a subcontract"


def _suggested(request: AidRequest, offer: Offer, today: date) -> dict[str, str]:
    contact = contact_of(request.patient)
    signed = request.suitable_clinically_by
    key = PatientKey.objects.filter(
        patient=request.patient, organisation_code=request.organisation_code
    ).first()
    return {
        **_of_sender(request.organisation_code),
        "decided_on": _decided(request, today).isoformat(),
        "referrer_name": people_named([signed]).get(signed, "") if signed else "",
        "referrer_code": _consultant(request.pathway),
        "receiver_professional": offer.team,
        "local_identifier": key.key if key else "",
        "phone_mobile": contact.mobile if contact else "",
        "contact_email": contact.email if contact else "",
    }


def _decided(request: AidRequest, today: date) -> date:
    """The day on which the sender asked for help: it then decided to refer to somebody else."""
    asked = request.steps.filter(action="submit").first()
    return timezone.localtime(asked.at).date() if asked else today


def _consultant(pathway: Pathway | None) -> str:
    record = HospitalRecord.objects.filter(pk=pathway.pk).first() if pathway else None
    return record.consultant if record else ""


def _of_sender(code: str) -> dict[str, str]:
    last = Transfer.objects.filter(sender_code=code).exclude(started_at=None)
    held = last.order_by("-started_at").values_list("data_set", flat=True).first()
    values = read(held or "")
    return {key: values.get(key, "") for key in OF_THE_SENDER}
