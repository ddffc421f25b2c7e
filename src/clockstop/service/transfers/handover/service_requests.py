"""Requests for help as FHIR ServiceRequests: what programs read of one, and what they ask by one.

Pure. BaRS 1.4.0 is the shape, as in ``messages``. What FHIR has no element for are extensions of
ours under the names of the request's fields: those of the need are read back, the facts that the
records answer for are told alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from clockstop.service.fhir.building import (
    Json,
    coding,
    concept,
    extension,
    identifier,
    instant,
    logical,
    plain,
    whole,
)
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.transfers import fields
from clockstop.service.transfers.actions.aid import Needs
from clockstop.service.transfers.fields import Field
from clockstop.service.transfers.handover.messages import (
    NUMBER,
    ODS,
    OURS,
    PATHWAY,
    category,
    code_of,
    listed,
    mapped,
    parts_of,
    pathway_identifier,
    valued,
)
from clockstop.service.transfers.models import AidRequest
from clockstop.service.transfers.states import Aid

REFERENCE, STATE, PERSON = f"{OURS}:reference", f"{OURS}:state", f"{OURS}:person"
WITHDRAWAL = f"{OURS}:withdrawal"
STATUS_REASON = "http://hl7.org/fhir/StructureDefinition/request-statusReason"
_AID = "urn:clockstop:aid"
_OPCS_4 = "https://fhir.hl7.org.uk/CodeSystem/OPCS-4"
_TEST = f"{_AID}:test"
_STATUS = {
    Aid.DRAFT: "draft",
    Aid.EXPIRED: "on-hold",
    Aid.COMPLETED: "completed",
    Aid.CLOSED_TREATED: "completed",
    Aid.RETURNED: "revoked",
    Aid.CLOSED_PATIENT_DECLINED: "revoked",
    Aid.CLOSED_WITHDRAWN: "revoked",
    Aid.CLOSED_DIED: "revoked",
}
ACTIVE = "active"
# What the sender has agreed with others is told to nobody else.
_OWN = frozenset({"funding", "commissioner_agreed", "shown_safe"})
# Elements of FHIR's own, not extensions.
_ELEMENTS = frozenset({"procedure", "diagnostic_test", "needed_by"})
_FACTS = (
    *("treatment_function", "stage", "priority", "waiting_since", "age", "sex"),
    *("is_cancer", "expires_on", "receiver_code"),
)
# What a sender says beside the need: who has signed, and how far it is shown.
_SAID = ("clinically_suitable", "socially_suitable", "national")
_VALUES = {"number": "valueInteger", "day": "valueDate", "flag": "valueBoolean"}
_NEEDS = {each.name: each for each in fields.NEEDS}


class Act(StrEnum):
    """What a request message wants done."""

    MAKE = "make"
    CHANGE = "change"
    TREATED = "treated"
    WITHDRAW = "withdraw"


# By the reason of the message and the status of the ServiceRequest.
_ACTS = {
    ("new", "draft"): Act.MAKE,
    ("new", ACTIVE): Act.MAKE,
    ("update", "draft"): Act.CHANGE,
    ("update", ACTIVE): Act.CHANGE,
    ("update", "completed"): Act.TREATED,
    ("update", "revoked"): Act.WITHDRAW,
    ("delete", "entered-in-error"): Act.WITHDRAW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request message asks.

    ``values`` are of the need. A new one is of a pathway, by identifier and issuer, or without one
    of a direct-access test; else ``key`` or ``reference`` names it.
    """

    act: Act
    is_active: bool
    values: Mapping[str, Any]
    sender: str = ""
    key: UUID | None = None
    reference: str = ""
    version: int | None = None
    pathway: tuple[str, str] | None = None
    nhs_number: str = ""
    waiting_since: date | None = None
    agrees: bool = False
    clinically: bool = False
    socially: bool = False
    national: bool = False
    acting_for: UUID | None = None
    reason: str = ""
    comment: str = ""

    @property
    def needs(self) -> Needs:
        return Needs(**self.values)


def status_of(state: str) -> str:
    """The status that FHIR has for a state."""
    return _STATUS.get(Aid(state), ACTIVE)


def states_of(status: str) -> list[str]:
    """The states for which FHIR has a status."""
    return [each.value for each in Aid if status_of(each) == status]


STATUSES = tuple(dict.fromkeys(status_of(each) for each in Aid))


def of_request(request: AidRequest, *, own: bool) -> Json:
    """The ServiceRequest of a request for help. Nothing in it says who the patient is.

    ``own``: for its sender, who is told of the agreements and by which pathway it is known there.
    """
    pathway = request.pathway if own else None
    state = coding(STATE, request.state, Aid(request.state).label)
    found = {
        "resourceType": "ServiceRequest",
        "id": str(request.pk),
        "meta": {
            "versionId": str(request.version),
            "lastUpdated": instant(request.changed_at),
            "tag": [state],
        },
        "extension": list(_extensions(request, own=own)),
        "identifier": [
            identifier(REFERENCE, request.reference),
            *([pathway_identifier(pathway.identifier, pathway.issuer)] if pathway else []),
        ],
        "status": status_of(request.state),
        "intent": "plan",
        "category": category("mutual-aid", "Mutual aid"),
        "code": _code(request.procedure, request.diagnostic_test),
        "subject": logical(REFERENCE, request.reference),
        "occurrencePeriod": {"end": request.needed_by.isoformat()} if request.needed_by else None,
        "authoredOn": instant(request.created_at),
        "requester": logical(ODS, request.organisation_code),
        "performer": [logical(ODS, request.receiver_code)] if request.receiver_code else None,
    }
    return whole(found)


def _code(procedure: str, test: str) -> Json | None:
    if test:
        return concept(_TEST, test)
    return concept(_OPCS_4, procedure) if procedure else None


def _extensions(request: AidRequest, *, own: bool) -> Iterator[Json]:
    for field in fields.NEEDS:
        value = getattr(request, field.name)
        if field.name in _ELEMENTS or (field.name in _OWN and not own):
            continue
        if value not in (None, "", (), False):
            yield _need(field, value)
    for name in _FACTS:
        if (value := getattr(request, name)) not in (None, ""):
            yield _fact(name, value)
    yield _fact("national", request.national)
    if own:
        yield _fact("clinically_suitable", bool(request.suitable_clinically_by))
        yield _fact("socially_suitable", bool(request.suitable_socially_by))


def _need(field: Field, value: Any) -> Json:
    if field.kind in {"number", "flag"}:
        return extension(f"{_AID}:{field.name}", **{_VALUES[field.kind]: value})
    text = " ".join(value) if field.kind == "codes" else str(value)
    return extension(f"{_AID}:{field.name}", valueString=plain(text))


def _fact(name: str, value: Any) -> Json:
    if isinstance(value, bool):
        return extension(f"{_AID}:{name}", valueBoolean=value)
    if isinstance(value, int):
        return extension(f"{_AID}:{name}", valueInteger=value)
    if isinstance(value, date):
        return extension(f"{_AID}:{name}", valueDate=value.isoformat())
    return extension(f"{_AID}:{name}", valueCode=str(value))


def read_asked(bundle: Json) -> Asked:
    """What a request message asks. Raises FaultyError with all that is wrong with it."""
    parts = parts_of(bundle)
    header, request = parts.get("MessageHeader", {}), parts.get("ServiceRequest")
    if request is None:
        words = "Bundle.entry: found no ServiceRequest, expected one"
        raise FaultyError([Fault(Wrong.MISSING, words)])
    faults: list[Fault] = []
    reason = _first_code(header.get("reason"))
    status = _text(request.get("status"))
    act = _ACTS.get((reason, status))
    if act is None:
        faults.append(_wrong_act(reason, status))
    texts = _texts_of(request, faults)
    told: dict[str, Any] = {
        "act": act,
        "is_active": status == ACTIVE,
        "sender": _sender(bundle, header),
        "clinically": texts.pop("clinically_suitable", "") == "yes",
        "socially": texts.pop("socially_suitable", "") == "yes",
        "national": texts.pop("national", "") == "yes",
        "agrees": parts.get("Consent", {}).get("status") == ACTIVE,
        "acting_for": _person(parts.get("Practitioner", {}), faults),
        "nhs_number": valued(parts.get("Patient", {}).get("identifier"), NUMBER),
    }
    if act is Act.MAKE:
        told |= _of_new(request, texts, told["nhs_number"], faults)
    elif act is not None:
        told |= _of_standing(request, reason, faults)
        told["values"] = _read(fields.NEEDS, texts, faults) if act is Act.CHANGE else {}
    if faults:
        raise FaultyError(faults)
    return Asked(**told)


def _of_new(
    request: Json, texts: dict[str, str], number: str, faults: list[Fault]
) -> dict[str, Any]:
    known = request.get("identifier")
    pathway = (valued(known, PATHWAY), _issuer(known))
    since = texts.pop("waiting_since", "")
    if any(pathway):
        if not all(pathway):
            words = "found half of a pathway identifier, expected its value and its assigner"
            faults.append(Fault(Wrong.MISSING, f"ServiceRequest.identifier: {words}"))
        return {"pathway": pathway, "values": _read(fields.NEEDS, texts, faults)}
    if texts.pop("kind", "diagnostic") != "diagnostic" or not texts.get("diagnostic_test"):
        words = "found no pathway identifier, expected one; a direct-access test alone has none"
        faults.append(Fault(Wrong.MISSING, f"ServiceRequest.identifier: {words}"))
        return {"values": {}}
    given = texts | {"nhs_number": number, "waiting_since": since}
    values = _read(fields.DIRECT_TEST, given, faults)
    values.pop("nhs_number", None)
    return {"waiting_since": values.pop("waiting_since", None), "values": values}


def _of_standing(request: Json, reason: str, faults: list[Fault]) -> dict[str, Any]:
    key, reference = _uuid(request.get("id")), valued(request.get("identifier"), REFERENCE)
    if key is None and not reference:
        words = f"found neither, expected the id, or an identifier of {REFERENCE}"
        faults.append(Fault(Wrong.MISSING, f"ServiceRequest.id: {words}"))
    version = _text(mapped(request.get("meta")).get("versionId"))
    if version and not (version.isascii() and version.isdigit() and len(version) < 9):  # noqa: PLR2004
        words = "expected the number of a version that was read"
        faults.append(Fault(Wrong.VALUE, f"ServiceRequest.meta.versionId: {words}"))
        version = ""
    why: Json = {}
    for each in listed(request.get("extension")):
        if each.get("url") == STATUS_REASON:
            why = mapped(each.get("valueCodeableConcept"))
    told = {"reason": code_of(why, WITHDRAWAL), "comment": _text(why.get("text"))}
    if reason == "delete":
        told["reason"] = told["reason"] or "error"
    return told | {
        "key": key,
        "reference": reference,
        "version": int(version) if version else None,
    }


def _read(asks: tuple[Field, ...], texts: dict[str, str], faults: list[Fault]) -> dict[str, Any]:
    """The values of the need; what a request has no field for is said too."""
    known = {each.name for each in asks}
    for name in texts.keys() - known - set(_FACTS):
        words = f"found {_AID}:{name[:60]}, expected one of {', '.join(sorted(known))}"
        faults.append(Fault(Wrong.UNEXPECTED, f"ServiceRequest.extension: {words}"))
    values, wrong = fields.read(asks, texts)
    faults += (Fault(Wrong.VALUE, f"{each.field}: {each.words}") for each in wrong)
    return values


def _texts_of(request: Json, faults: list[Fault]) -> dict[str, str]:
    """What a ServiceRequest says of the need, as texts by the names of its fields."""
    found: dict[str, str] = {}
    for each in listed(request.get("extension")):
        name = _text(each.get("url")).removeprefix(f"{_AID}:")
        if name == each.get("url"):
            continue  # not ours
        value = next((each[key] for key in each if key.startswith("value")), None)
        if isinstance(value, bool):
            found[name] = "yes" if value else "no"
        elif isinstance(value, str | int):
            found[name] = str(value)
        else:
            words = f"{_AID}:{name[:60]}: expected a plain value"
            faults.append(Fault(Wrong.STRUCTURE, f"ServiceRequest.extension: {words}"))
    period = mapped(request.get("occurrencePeriod"))
    elements = {
        "procedure": code_of(request.get("code"), _OPCS_4),
        "diagnostic_test": code_of(request.get("code"), _TEST),
        "needed_by": _text(period.get("end"))[:10],
    }
    return {name: text for name, text in (found | elements).items() if text}


def _wrong_act(reason: str, status: str) -> Fault:
    known = ", ".join(f"{each} {of}" for each, of in _ACTS)
    words = f"found {reason[:20] or 'nothing'} {status[:20] or 'nothing'}, expected one of {known}"
    return Fault(Wrong.CODE, f"MessageHeader.reason and ServiceRequest.status: {words}")


def _sender(bundle: Json, header: Json) -> str:
    """The ODS code of the organisation that a message names as its sender; empty where none."""
    wanted = mapped(header.get("sender")).get("reference")
    for entry in listed(bundle.get("entry")):
        if wanted and entry.get("fullUrl") == wanted:
            return valued(mapped(entry.get("resource")).get("identifier"), ODS)
    return ""


def _issuer(identifiers: Any) -> str:
    for each in listed(identifiers):
        if each.get("system") == PATHWAY:
            return _text(mapped(mapped(each.get("assigner")).get("identifier")).get("value"))
    return ""


def _person(practitioner: Json, faults: list[Fault]) -> UUID | None:
    """The clinician for whom somebody acts, by the key that this store knows them by."""
    text = valued(practitioner.get("identifier"), PERSON)
    found = _uuid(text)
    if text and found is None:
        words = f"expected a key of {PERSON}"
        faults.append(Fault(Wrong.VALUE, f"Practitioner.identifier: {words}"))
    return found


def _first_code(found: Any) -> str:
    return next((_text(each.get("code")) for each in listed(mapped(found).get("coding"))), "")


def _text(found: Any) -> str:
    return found if isinstance(found, str) else ""


def _uuid(found: Any) -> UUID | None:
    try:
        return UUID(found) if isinstance(found, str) else None
    except ValueError:
        return None
