"""A provider's own files with a referral: putting them there, and sharing them with the patient."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.referrals import actions
from clockstop.service.referrals.actions import BusyError
from clockstop.service.referrals.models import Document, Referral
from clockstop.service.referrals.provider.views import page
from clockstop.service.referrals.referrer.choice_form import read

_BUSY = "Somebody else is changing this referral at this moment: try again"


@require_POST
@signed_in(*PROVIDING)
def attach(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    """Put files to a referral that the organisation has; the patient reads none unless shared."""
    held = get_object_or_404(Referral.objects.visible_to(actor), pk=referral_id)
    files = read(request.FILES.getlist("files"))
    try:
        actions.attach(actor=actor, referral_id=held.pk, files=files)
    except StepRefusedError as refused:
        return _refused(request, held.pk, [each.words for each in refused.refusals])
    except BusyError:
        return _refused(request, held.pk, [_BUSY])
    return _back(held.pk)


@require_POST
@signed_in(*PROVIDING)
def share(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Share a file of one's own organisation with the patient, or end that."""
    visible = Document.objects.visible_to(actor).exclude(referral=None)
    key: UUID = get_object_or_404(visible.values_list("referral", flat=True), pk=document_id)
    shared = request.POST.get("shared") == "yes"
    try:
        actions.share(actor=actor, referral_id=key, document_id=document_id, shared=shared)
    except StepRefusedError as refused:
        return _refused(request, key, [each.words for each in refused.refusals])
    except BusyError:
        return _refused(request, key, [_BUSY])
    return _back(key)


def _back(referral_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("received_referral", args=(referral_id,)) + "#files")


def _refused(request: HttpRequest, referral_id: UUID, words: list[str]) -> HttpResponse:
    context = {"title": "The file", "words": words, "referral_id": str(referral_id)}
    return page(request, "file_refused", context, 400)
