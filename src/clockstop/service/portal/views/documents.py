"""Files that staff shared with a patient, for those who are signed in: a reference opens none."""

from __future__ import annotations

from mimetypes import guess_extension
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PUBLIC
from clockstop.service.audit.recording import record
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.referrals.models import Document


@signed_in(*sorted(PUBLIC))
@require_safe
@transaction.atomic
def document(_request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """A file that the patient may read: saved, never shown in the site, and kept in the audit."""
    held = Document.objects.visible_to(actor).select_related("referral__patient")
    found = get_object_or_404(held, pk=document_id)
    if is_too_young(found.referral.patient.birth_date, timezone.localdate()):
        raise Http404
    about, detail = ("referral", found.referral_id), {"document": str(found.pk)}
    by = actor.for_audit
    record("read a shared file", by, icb_code=found.icb_code, subject=about, detail=detail)
    name = f"letter-{found.shared_on}{guess_extension(found.content_type) or ''}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "application/octet-stream"
    return HttpResponse(bytes(found.content), content_type=kind, headers=headers)
