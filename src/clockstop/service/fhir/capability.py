"""What every interface in FHIR says of itself."""

from __future__ import annotations

from clockstop import __version__
from clockstop.service.fhir.building import Json


def statement(base: str, words: str, day: str, rest: Json) -> Json:
    """A CapabilityStatement: of the interface at ``base``, as it has been since ``day``."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": day,
        "kind": "instance",
        "software": {"name": "Clockstop", "version": __version__},
        "implementation": {"description": words, "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "rest": [{"mode": "server"} | rest],
    }
