"""What programs can do here, as a CapabilityStatement: open to everybody."""

from __future__ import annotations

from clockstop.service.fhir.building import Json, concept
from clockstop.service.fhir.capability import statement
from clockstop.service.transfers.handover.messages import DEFINITIONS

_PAGES = {
    "_count": ("number", "How many on a page"),
    "_after": ("token", "The key after which the page begins"),
    "_lastUpdated": ("date", "Changed at a moment or since, like ge2026-03-27T09:00:00Z"),
}
_SEARCHES = {
    "ServiceRequest": {
        "_id": ("token", "The key"),
        "identifier": ("token", "The reference, like MA-0000"),
        "status": ("token", "The status of FHIR"),
        "requester": ("token", "ODS code of the provider that asks"),
    },
    "Task": {
        "_id": ("token", "The key"),
        "focus": ("reference", "The ServiceRequest"),
        "status": ("token", "The status of FHIR"),
    },
}
_SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"


def capability(base: str) -> Json:
    """The statement; ``base`` is the address of this interface."""
    rest: Json = {
        "security": {
            "service": [concept(_SECURITY, "OAuth", "OAuth")],
            "description": "A bearer token of a provider, with the scope transfers:write",
        },
        "resource": [_resource(name) for name in _SEARCHES],
        "operation": [
            {
                "name": "process-message",
                "definition": "http://hl7.org/fhir/OperationDefinition/"
                "MessageHeader-process-message",
            }
        ],
    }
    messages = [
        {"mode": mode, "definition": each}
        for mode in ("receiver", "sender")
        for each in DEFINITIONS.values()
    ]
    made = statement(base, "Mutual aid of planned care", "2026-11-23", rest)
    return made | {"messaging": [{"supportedMessage": messages}]}


def _resource(name: str) -> Json:
    made: Json = {
        "type": name,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned" if name == "ServiceRequest" else "no-version",
        "searchParam": [
            {"name": each, "type": kind, "documentation": words}
            for each, (kind, words) in (_SEARCHES[name] | _PAGES).items()
        ],
    }
    if name == "ServiceRequest":
        words = "The request message of a transfer that has started, for its two sides"
        definition = "urn:clockstop:operation:message"
        made["operation"] = [{"name": "message", "definition": definition, "documentation": words}]
    return made
