"""The patient's letter, to print or to save as a PDF."""

from __future__ import annotations

from hmac import compare_digest
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.codes import fingerprint
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.messaging.letters.pdf import pdf
from clockstop.service.referrals import actions
from clockstop.service.referrals.actions import BusyError
from clockstop.service.referrals.letters import letter_of
from clockstop.service.referrals.models import AccessCode, Referral
from clockstop.service.referrals.referrer.shared import LOCKED, WRONG, opened, page

_BUSY = "Somebody else is changing this referral at this moment: try again"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def letter(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    """Making the letter comes by POST: it ends the access code of the letter before."""
    held = opened(actor, referral_id)
    context = {"title": "Letter for the patient", "had_code": _code_of(held) is not None}
    if request.method != "POST":
        return page(request, "letter_ask", held, context)
    try:
        made, code_text = actions.make_letter(actor=actor, referral_id=held.pk, site=_site(request))
    except StepRefusedError as refused:
        errors = by_field(refused.refusals, "letter")
        return page(request, "letter_ask", held, context | {"errors": errors}, WRONG)
    except BusyError:
        return page(request, "letter_ask", held, context | {"errors": {"letter": _BUSY}}, LOCKED)
    return page(request, "letter", held, context | {"letter": made, "code": code_text})


@require_POST
@signed_in(*REFERRING)
def letter_file(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    """The letter that was just made as a PDF; its page sends the code along, nobody keeps it."""
    held = opened(actor, referral_id)
    code = request.POST.get("code", "")
    if not _is_current(held, code):
        return HttpResponseRedirect(reverse("referred_letter", args=(held.pk,)))
    made = letter_of(held, code, _site(request), timezone.localdate())
    headers = {"Content-Disposition": f'attachment; filename="letter-{held.ubrn}.pdf"'}
    return HttpResponse(pdf(made), content_type="application/pdf", headers=headers)


def _is_current(referral: Referral, code: str) -> bool:
    """Whether this is the code of the last letter; a letter without one has none."""
    held = _code_of(referral)
    if held is None:
        return not code and referral.letter_sent_at is not None
    return compare_digest(held.fingerprint, fingerprint(code))


def _code_of(referral: Referral) -> AccessCode | None:
    found: AccessCode | None = getattr(referral, "access_code", None)
    return found


def _site(request: HttpRequest) -> str:
    """Where patients open their referral: the portal's own page."""
    return request.get_host() + reverse("booking")
