"""Files that staff shared with a patient: for those who are signed in, or who call."""

from __future__ import annotations

from mimetypes import guess_extension
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.service.audit.recording import record
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.portal.actions.behalf import on_behalf
from clockstop.service.portal.doors import CareDoor


@require_safe
@transaction.atomic
def document(_request: HttpRequest, door: CareDoor, document_id: UUID) -> HttpResponse:
    """A file that the patient may read: saved, never shown in the site, and kept in the audit.

    Staff save it to read it out. A booking reference opens none.
    """
    found = get_object_or_404(door.files.select_related("referral__patient"), pk=document_id)
    born = found.referral.patient.birth_date
    if not door.is_phone and is_too_young(born, timezone.localdate()):
        raise Http404
    about, detail = ("referral", found.referral_id), {"document": str(found.pk)}
    detail |= on_behalf(door.actor)
    by = door.actor.for_audit
    record("read a shared file", by, icb_code=found.icb_code, subject=about, detail=detail)
    name = f"letter-{found.shared_on}{guess_extension(found.content_type) or ''}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "application/octet-stream"
    return HttpResponse(bytes(found.content), content_type=kind, headers=headers)
