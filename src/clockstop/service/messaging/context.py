"""What a patient needs to be told in, for templates of contexts that stand below the outbox."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from clockstop.service.messaging.models import Contact


def needs(_request: HttpRequest) -> dict[str, Any]:
    """``needs_of`` in every template; the store is asked only where it is called."""
    return {"needs_of": needs_of}


def needs_of(patient: UUID) -> tuple[str, ...]:
    """The accessible information needs of a patient, in words."""
    held = Contact.objects.filter(patient=patient).first()
    return held.needs if held else ()
