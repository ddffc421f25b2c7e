"""One referral: its page, booking it, ending its appointment or itself, its files."""

from __future__ import annotations

from mimetypes import guess_extension
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.referrals import actions, policies
from clockstop.service.referrals.attachments import ACCEPTED, MEGABYTES
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.referrer import drafts
from clockstop.service.referrals.referrer.booking_page import bookable
from clockstop.service.referrals.referrer.choice_form import read
from clockstop.service.referrals.referrer.drafts import Draft
from clockstop.service.referrals.referrer.referral_page import done_words, page_of
from clockstop.service.referrals.referrer.shared import (
    WRONG,
    back_to,
    opened,
    page,
    tried,
)
from clockstop.service.referrals.states import Party, transitions
from clockstop.service.ui.sent import numbered, read_version

_NO_SLOTS = "NO_SLOTS_AT_SERVICE"
_ENDINGS = {
    "cancel-appointment": "cancel_by_patient",
    "cancel": "cancel_referral",
}


@require_safe
@signed_in(*REFERRING)
def referral(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    """The referral and what can be done about it."""
    return _whole(request, actor, opened(actor, referral_id))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def book(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    """Free times of the shortlist; where there are none, hand it to the provider."""
    held = opened(actor, referral_id)
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        errors, status, done = _booked(request, actor, held)
        if not errors:
            return back_to(held, done)
    context = {
        "title": "Book an appointment",
        "services": bookable(held),
        "errors": errors,
        "done": done_words(request.GET.get("done", "")),
    }
    return page(request, "book", held, context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def end(request: HttpRequest, actor: Actor, referral_id: UUID, kind: str) -> HttpResponse:
    """Cancel the appointment for the patient, or the whole referral, with a reason."""
    held = opened(actor, referral_id)
    if kind not in _ENDINGS:
        raise Http404
    action = transitions()[_ENDINGS[kind]]
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        errors, status = tried(lambda: _ended(request, actor, held, kind), "reason")
        if not errors:
            return back_to(held, action.action)
    guard = next(each for each in action.guards if policies.is_reason(each))
    reasons = policies.reasons_for(guard, timezone.localdate(), [Party.REFERRER.value])
    context = {
        "title": action.label,
        "ends_all": kind == "cancel",
        "reasons": [(code, each.display) for code, each in reasons.items()],
        "given": request.POST,
        "errors": errors,
    }
    return page(request, "end", held, context, status)


@require_POST
@signed_in(*REFERRING)
def attach(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    """Put files to the referral."""
    held = opened(actor, referral_id)
    files = read(request.FILES.getlist("files"))
    errors, _ = tried(
        lambda: actions.attach(actor=actor, referral_id=held.pk, files=files), "files"
    )
    if errors:
        return _whole(request, actor, held, errors, WRONG)
    return back_to(held, "attach")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def document(
    request: HttpRequest, actor: Actor, referral_id: UUID, document_id: UUID
) -> HttpResponse:
    """Save a file, or take it off; never shown in the site itself."""
    held = opened(actor, referral_id)
    found = held.documents.filter(pk=document_id, removed=False).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        key = found.pk
        errors, status = tried(
            lambda: actions.remove(actor=actor, referral_id=held.pk, document_id=key), "files"
        )
        return _whole(request, actor, held, errors, status) if errors else back_to(held, "remove")
    name = f"referral-{found.pk}{guess_extension(found.content_type) or ''}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "application/octet-stream"
    return HttpResponse(bytes(found.content), content_type=kind, headers=headers)


@require_POST
@signed_in(*REFERRING)
def reshortlist(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    """Begin another shortlist, with the referral's own search."""
    held = opened(actor, referral_id)
    services = held.shortlist.filter(replaced=False).values_list("service_id", flat=True)
    draft = Draft(
        search=held.criteria,
        services=tuple(services),
        referral=str(held.pk),
        version=held.version,
    )
    drafts.keep(request, held.patient, draft)
    return HttpResponseRedirect(reverse("refer_menu", args=(held.patient_id,)))


def _whole(
    request: HttpRequest,
    actor: Actor,
    held: Referral,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = page_of(held, actor) | {
        "title": "Referral",
        "done_words": done_words(request.GET.get("done", "")),
        "errors": errors or {},
        "accepted": ACCEPTED,
        "megabytes": MEGABYTES,
    }
    return page(request, "referral", held, context, status)


def _booked(request: HttpRequest, actor: Actor, held: Referral) -> tuple[dict[str, str], int, str]:
    """Do what the button says: errors, status, and the action that was taken."""
    posted = request.POST
    about: dict[str, Any] = {"actor": actor, "referral_id": held.pk}
    about["version"] = read_version(request)

    def step() -> Any:
        if "defer" in posted:
            return actions.defer(**about, service_id=numbered(posted["defer"]), reason=_NO_SLOTS)
        if "triage" in posted:
            return actions.send_for_triage(**about, service_id=numbered(posted["triage"]))
        return actions.book(**about, slot_id=numbered(posted.get("slot", "")))

    done = "defer" if "defer" in posted else "send_for_triage" if "triage" in posted else "book"
    return *tried(step, "times"), done


def _ended(request: HttpRequest, actor: Actor, held: Referral, kind: str) -> None:
    said: dict[str, Any] = {name: request.POST.get(name, "") for name in ("reason", "comment")}
    said |= {"actor": actor, "referral_id": held.pk, "version": read_version(request)}
    if kind == "cancel":
        actions.cancel_referral(**said)
    else:
        actions.cancel_appointment(**said, for_patient=True)
