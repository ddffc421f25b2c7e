"""A file with a referral or an advice request."""

from __future__ import annotations

from clockstop.service.ers import systems
from clockstop.service.ers.people import user_id_of
from clockstop.service.fhir.building import Json, coding, extension, instant, logical, whole
from clockstop.service.referrals.models import Document

_KINDS = {
    "REFERRER": "Referrer",
    "PROVIDER": "Provider",
    "ADVICE_REQUEST": "Advice Request",
    "GUIDANCE_RESPONSE": "Guidance Response",
}


def key_of(document: Document) -> str:
    """Its key within the resource that contains it."""
    return f"DocumentReference-{document.pk}"


def resource(document: Document) -> Json:
    """The DocumentReference."""
    kind = document.attached_as if document.attached_as in _KINDS else "REFERRER"
    return whole(
        {
            "id": key_of(document),
            "meta": {"profile": [systems.profile("DocumentReference")]},
            "resourceType": "DocumentReference",
            "type": {"coding": [coding(systems.codes("AttachmentType"), kind, _KINDS[kind])]},
            "status": "current",
            "indexed": instant(document.attached_at),
            "description": document.description,
            "content": [{"attachment": _attachment(document)}],
        }
    )


def _attachment(document: Document) -> Json:
    by = logical(systems.USER_ID, user_id_of(document.attached_by))
    where = logical(systems.ODS, document.organisation_code)
    return {
        "id": str(document.pk),
        "extension": [
            extension(
                systems.extends("AvailabilityStatus"),
                valueCoding=coding(systems.codes("AvailabilityStatus"), "AVAILABLE"),
            ),
            extension(systems.extends("AttachedBy"), valueReference=by),
            extension(systems.extends("AttachedByOrganisation"), valueReference=where),
        ],
        "contentType": document.content_type,
        "url": f"Binary/{document.pk}",
        "size": document.size,
        "title": document.title,
        "creation": document.attached_at.date().isoformat(),
    }
