"""A transfer as FHIR messages, shaped as BaRS has them: the request, and what the receiver answers.

Pure. BaRS 1.4.0 (NHS England): a Bundle of type message with a MessageHeader, the ServiceRequest
and what it refers to. Elements of the data set that FHIR has no place for are extensions of ours;
BaRS has no use case for planned transfers, so that the category is ours too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clockstop.service.fhir.building import (
    Json,
    coding,
    concept,
    extension,
    identifier,
    plain,
    whole,
)

EVENTS = "https://fhir.nhs.uk/CodeSystem/message-events-bars"
_REASONS = "https://fhir.nhs.uk/CodeSystem/message-reason-bars"
NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
PATHWAY = "https://fhir.nhs.uk/Id/care-pathway-id"
_PERSON = "https://fhir.nhs.uk/Id/professional-code"
CATEGORIES = "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest"
OURS = "urn:clockstop:transfer"
REQUEST, RESPONSE = "servicerequest-request", "servicerequest-response"
# What BaRS calls the two: a request as a referral, and what is answered to one.
DEFINITIONS = {
    REQUEST: "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-request-referral",
    RESPONSE: "https://fhir.nhs.uk/MessageDefinition/bars-message-servicerequest-response-referral",
}
_EXTENDED = (
    *("gp_name", "sender_function", "sender_contact", "sender_phone", "sender_email", "status"),
    *("clock_start", "on_pathway", "receiver_function", "received_on"),
)
_PHONES = {"phone_home": "home", "phone_work": "work", "phone_mobile": "mobile"}


def request_message(key: str, reference: str, values: Mapping[str, str], at: str) -> Json:
    """The request: ``key`` names the message, ``values`` are the data set, ``at`` an instant."""
    values = {name: plain(value) for name, value in values.items()}
    header = {
        **_header(key, REQUEST, "receiver", "sender"),
        "focus": [{"reference": _urn(key, "request")}],
    }
    parts = {
        "header": header,
        "request": _service_request(key, reference, values),
        "patient": _patient(key, values),
        "sender": _organisation(values.get("sender_code", ""), values.get("sender_name", "")),
        "receiver": _organisation(values.get("receiver_code", ""), values.get("receiver_name", "")),
        "practice": _organisation(values.get("practice_code", ""), ""),
        "referrer": _referrer(values),
    }
    return _message(key, parts, at)


def response_message(key: str, to: str, focus: Json, codes: tuple[str, str], at: str) -> Json:
    """An answer to the message ``to``, about a Task or a ServiceRequest.

    ``codes`` are who answers, empty where this store does, and who is answered.
    """
    part = "task" if focus["resourceType"] == "Task" else "request"
    header = {
        **_header(key, RESPONSE, "receiver", "sender"),
        "response": {"identifier": to, "code": "ok"},
        "focus": [{"reference": _urn(key, part)}],
    }
    sender, receiver = codes
    parts = {
        "header": header,
        part: focus,
        "sender": _organisation(sender, "" if sender else "Clockstop"),
        "receiver": _organisation(receiver, ""),
    }
    return _message(key, parts, at)


def read_request(bundle: Json) -> dict[str, str]:
    """The data set that a request message holds; nothing of it is lost on the way."""
    parts = parts_of(bundle)
    request, patient = parts.get("ServiceRequest", {}), parts.get("Patient", {})
    found = dict(_of_patient(patient)) | dict(_of_request(request))
    for name, code, part in (
        ("sender_name", "sender_code", "sender"),
        ("receiver_name", "receiver_code", "receiver"),
        ("", "practice_code", "practice"),
    ):
        organisation = _by_url(bundle, part)
        found[code] = valued(organisation.get("identifier"), ODS)
        if name:
            found[name] = organisation.get("name", "")
    practitioner = parts.get("Practitioner", {})
    found["referrer_code"] = valued(practitioner.get("identifier"), _PERSON)
    found["referrer_name"] = _first(practitioner.get("name")).get("text", "")
    return {name: value for name, value in found.items() if value}


def category(code: str, display: str) -> list[Json]:
    """A referral, as BaRS has them; what it is of planned care is a code of ours."""
    referral = coding(CATEGORIES, "referral", "Transfer of Care")
    return [{"coding": [referral, coding(f"{OURS}:category", code, display)]}]


def pathway_identifier(value: str, issuer: str) -> Json:
    """The identifier of a pathway, with who issued it."""
    return identifier(PATHWAY, value) | {"assigner": {"identifier": identifier(ODS, issuer)}}


def parts_of(bundle: Json) -> dict[str, Json]:
    """The first resource of each type."""
    found: dict[str, Json] = {}
    for entry in listed(bundle.get("entry")):
        resource = mapped(entry.get("resource"))
        if resource:
            found.setdefault(str(resource.get("resourceType")), resource)
    return found


def _message(key: str, parts: Mapping[str, Json], at: str) -> Json:
    entries = [
        {"fullUrl": _urn(key, name), "resource": resource} for name, resource in parts.items()
    ]
    return {
        "resourceType": "Bundle",
        "id": key,
        "type": "message",
        "timestamp": at,
        "entry": [each for each in entries if each["resource"]],
    }


def _header(key: str, event: str, to: str, sender: str) -> Json:
    receiver = {"reference": _urn(key, to)}
    return {
        "resourceType": "MessageHeader",
        "eventCoding": coding(EVENTS, event),
        "destination": [{"endpoint": f"{OURS}:endpoint", "receiver": receiver}],
        "sender": {"reference": _urn(key, sender)},
        "source": {"name": "Clockstop", "software": "Clockstop", "endpoint": f"{OURS}:endpoint"},
        "reason": concept(_REASONS, "new"),
        "definition": DEFINITIONS[event],
    }


def _service_request(key: str, reference: str, values: Mapping[str, str]) -> Json:
    extensions = [
        extension(f"{OURS}:{name}", valueString=values[name])
        for name in _EXTENDED
        if values.get(name)
    ]
    pathway, issuer = (values.get(f"pathway_{each}", "") for each in ("identifier", "issuer"))
    found: Json = {
        "resourceType": "ServiceRequest",
        "extension": extensions,
        "identifier": [
            identifier(f"{OURS}:reference", reference),
            *([pathway_identifier(pathway, issuer)] if pathway else []),
        ],
        "status": "active",
        "intent": "plan",
        "category": category("transfer", "Transfer between providers"),
        "subject": {"reference": _urn(key, "patient")},
        "occurrenceDateTime": values.get("requested_on"),
        "authoredOn": values.get("decided_on"),
        "requester": {"reference": _urn(key, "referrer")},
        "performer": [{"reference": _urn(key, "receiver")}],
        "reasonCode": [{"text": values["reason"]}] if values.get("reason") else None,
    }
    if values.get("receiver_professional"):
        found["performerType"] = {"text": values["receiver_professional"]}
    return whole(found)


def _patient(key: str, values: Mapping[str, str]) -> Json:
    telecom = [
        {"system": "phone", "use": use, "value": values[name]}
        for name, use in _PHONES.items()
        if values.get(name)
    ]
    if values.get("contact_email"):
        telecom.append({"system": "email", "value": values["contact_email"]})
    local = identifier(f"{OURS}:local", values.get("local_identifier", ""))
    names = {
        "family": values.get("family_name"),
        "given": [values["given_name"]] if values.get("given_name") else None,
        "prefix": [values["title"]] if values.get("title") else None,
    }
    address = {"text": values.get("address"), "postalCode": values.get("postcode")}
    has_practice = values.get("practice_code")
    lead = values.get("contact_name")
    found: Json = {
        "resourceType": "Patient",
        "identifier": [
            identifier(NUMBER, values.get("nhs_number", "")),
            *([local] if values.get("local_identifier") else []),
        ],
        "name": [whole(names)],
        "telecom": telecom or None,
        "birthDate": values.get("birth_date"),
        "address": [whole(address)] if any(address.values()) else None,
        "contact": [{"name": {"text": lead}}] if lead else None,
        "generalPractitioner": [{"reference": _urn(key, "practice")}] if has_practice else None,
    }
    return whole(found)


def _organisation(code: str, name: str) -> Json:
    if not code and not name:
        return {}
    codes = [identifier(ODS, code)] if code else None
    return whole({"resourceType": "Organization", "identifier": codes, "name": name})


def _referrer(values: Mapping[str, str]) -> Json:
    code = values.get("referrer_code", "")
    return {
        "resourceType": "Practitioner",
        "identifier": [identifier(_PERSON, code)],
        "name": [{"text": values.get("referrer_name", "")}],
    }


def _of_patient(patient: Json) -> Iterator[tuple[str, str]]:
    name, address = _first(patient.get("name")), _first(patient.get("address"))
    yield "family_name", name.get("family", "")
    yield "given_name", _texts(name.get("given"))
    yield "title", _texts(name.get("prefix"))
    yield "address", address.get("text", "")
    yield "postcode", address.get("postalCode", "")
    yield "birth_date", patient.get("birthDate", "")
    yield "nhs_number", valued(patient.get("identifier"), NUMBER)
    yield "local_identifier", valued(patient.get("identifier"), f"{OURS}:local")
    yield "contact_name", mapped(_first(patient.get("contact")).get("name")).get("text", "")
    for each in listed(patient.get("telecom")):
        if each.get("system") == "email":
            yield "contact_email", each.get("value", "")
        for key, use in _PHONES.items():
            if each.get("system") == "phone" and each.get("use") == use:
                yield key, each.get("value", "")


def _of_request(request: Json) -> Iterator[tuple[str, str]]:
    for each in listed(request.get("extension")):
        url = str(each.get("url", ""))
        if url.startswith(f"{OURS}:"):
            yield url.removeprefix(f"{OURS}:"), each.get("valueString", "")
    for each in listed(request.get("identifier")):
        if each.get("system") == PATHWAY:
            yield "pathway_identifier", each.get("value", "")
            issuer = mapped(mapped(each.get("assigner")).get("identifier"))
            yield "pathway_issuer", issuer.get("value", "")
    yield "decided_on", request.get("authoredOn", "")
    yield "requested_on", request.get("occurrenceDateTime", "")
    yield "reason", _first(request.get("reasonCode")).get("text", "")
    yield "receiver_professional", mapped(request.get("performerType")).get("text", "")


def _urn(key: str, part: str) -> str:
    return f"{OURS}:{key}:{part}"


def _by_url(bundle: Json, part: str) -> Json:
    for entry in listed(bundle.get("entry")):
        if str(entry.get("fullUrl", "")).endswith(f":{part}"):
            return mapped(entry.get("resource"))
    return {}


def valued(identifiers: Any, system: str) -> str:
    """The value of the identifier of a system; empty where there is none."""
    for each in listed(identifiers):
        if each.get("system") == system:
            return str(each.get("value", ""))
    return ""


def code_of(found: Any, system: str) -> str:
    """The code of a system in a CodeableConcept; empty where there is none."""
    for each in listed(mapped(found).get("coding")):
        if each.get("system") == system:
            return str(each.get("code", ""))
    return ""


def listed(many: Any) -> list[Json]:
    """The objects of a list that somebody sent; none of what is no list."""
    return [each for each in many if isinstance(each, dict)] if isinstance(many, list) else []


def mapped(one: Any) -> Json:
    """An object that somebody sent; an empty one of what is none."""
    return one if isinstance(one, dict) else {}


def _first(many: Any) -> Json:
    return next(iter(listed(many)), {})


def _texts(many: Any) -> str:
    return " ".join(str(each) for each in many) if isinstance(many, list) else ""
