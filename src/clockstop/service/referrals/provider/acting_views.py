"""One referral, and what a provider does about it; one advice request, and its answer."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.core.state_tables import Refusal, StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING, Role
from clockstop.service.pathways.names import clinicians_of, organisations_named, people_named
from clockstop.service.pathways.presenters.who import who
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.referrals import actions
from clockstop.service.referrals.access import open_advice, open_referral
from clockstop.service.referrals.actions import BusyError, StaleError
from clockstop.service.referrals.models import Advice, Referral
from clockstop.service.referrals.provider.acts import ACTS, Act, number
from clockstop.service.referrals.provider.questions import Asking, unanswered
from clockstop.service.referrals.provider.referral_page import done, page_of
from clockstop.service.referrals.provider.rows import at_words, practice_of
from clockstop.service.referrals.provider.views import page

CONFLICT, LOCKED, WRONG = 409, 423, 400
ANSWERS = {
    "RETURN_TO_REFERRER_WITH_ADVICE": "This is my advice",
    "REQUIRE_FURTHER_INFORMATION": "I need more information first",
}


@signed_in(*PROVIDING)
@require_safe
def referral(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    held = _opened(actor, referral_id)
    saved = ACTS.get(request.GET.get("saved", ""))
    more = {"title": "Referral", "saved": saved}
    return page(request, "referral", page_of(held, actor) | more)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, actor: Actor, referral_id: UUID, act: str) -> HttpResponse:
    """Ask what the act needs, then do it. What stands against it is said at its field."""
    held = _opened(actor, referral_id)
    wanted = ACTS.get(act)
    if wanted is None:
        raise Http404
    if request.method != "POST":
        return _asked(request, actor, held, wanted, {})
    errors = unanswered(wanted, request.POST)
    if errors:
        return _asked(request, actor, held, wanted, errors, WRONG)
    try:
        wanted.call(actor, held.pk, number(request.POST, "version"), request.POST)
    except StepRefusedError as refused:
        return _asked(request, actor, held, wanted, by_field(refused.refusals, "act"), WRONG)
    except StaleError:
        return _changed(request, actor, referral_id)
    except BusyError:
        return page(request, "busy", {"title": "Somebody else is at this referral"}, LOCKED)
    at = reverse("received_referral", args=(held.pk,))
    return HttpResponseRedirect(f"{at}?saved={wanted.slug}")


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def advice(request: HttpRequest, actor: Actor, advice_id: UUID) -> HttpResponse:
    """A question of a practice, and its answer or what it is turned into."""
    try:
        held = open_advice(actor=actor, advice_id=advice_id)
    except Advice.DoesNotExist:
        raise Http404 from None
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_answered(request, actor, held))
        except StepRefusedError as refused:
            errors, status = by_field(refused.refusals, "text"), WRONG
        except StaleError:
            held.refresh_from_db()
            errors, status = {"text": "Somebody else has written since: read it first"}, CONFLICT
        except BusyError:
            errors, status = {"text": "Somebody else is writing: try again"}, LOCKED
    return page(request, "advice", _advice_page(request, actor, held, errors), status)


def _opened(actor: Actor, referral_id: UUID) -> Referral:
    try:
        return open_referral(actor=actor, referral_id=referral_id)
    except Referral.DoesNotExist:
        raise Http404 from None


def _asked(
    request: HttpRequest,
    actor: Actor,
    held: Referral,
    wanted: Act,
    errors: dict[str, str],
    status: int = 200,
) -> HttpResponse:
    """The questions; ``errors`` that are about none of them stand at the head of the page."""
    asking = Asking(wanted, held, actor, request.POST, errors)
    context = {
        "title": wanted.row.label,
        "act": wanted,
        "referral": held,
        "who": who(held, timezone.localdate()),
        "specialty": specialty(held.treatment_function),
        "questions": asking.questions(),
        "errors": errors,
        "version": request.POST.get("version", held.version),
    }
    return page(request, "act", context, status)


def _changed(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
    """Nothing was written: what others did since the page was read stands there instead."""
    held = _opened(actor, referral_id)
    since = list(
        held.steps.filter(version__gt=number(request.POST, "version")).select_related("service")
    )
    names = organisations_named({each.organisation_code for each in since})
    context = {
        "title": "Somebody else changed this",
        "referral": held,
        "who": who(held, timezone.localdate()),
        "done": done(since, names),
    }
    return page(request, "changed", context, CONFLICT)


def _answered(request: HttpRequest, actor: Actor, held: Advice) -> str:
    """Write the answer, or turn the question into a referral; where to go next."""
    given, version = request.POST, number(request.POST, "version")
    if given.get("act") == "convert":
        clinician = _clinician(given.get("acting_for", ""))
        if clinician is None and actor.role is not Role.PROVIDER_CLINICIAN:
            words = "Choose the clinician for whom you do this"
            raise StepRefusedError([Refusal("VALUE_IS_REQUIRED", words, "acting_for")])
        made = actions.convert(
            actor=actor,
            advice_id=held.pk,
            guidance=given.get("text", ""),
            acting_for=clinician,
            version=version,
        )
        return reverse("received_referral", args=(made.pk,))
    actions.answer(
        actor=actor,
        advice_id=held.pk,
        text=given.get("text", ""),
        outcome=given.get("outcome", ""),
        version=version,
    )
    return f"{reverse('received_advice', args=(held.pk,))}?saved=yes"


def _clinician(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _advice_page(
    request: HttpRequest, actor: Actor, held: Advice, errors: dict[str, str]
) -> dict[str, object]:
    names = organisations_named({held.organisation_code, held.provider_code})
    messages = list(held.messages.all())
    people = people_named({each.by for each in messages})
    is_open = held.status == Advice.Status.PROVIDER_RESPONSE_REQUIRED
    ended = {Advice.Status.CONVERTED, Advice.Status.CLOSED, Advice.Status.CANCELLED}
    return {
        "title": "Advice request",
        "advice": held,
        "who": who(held, timezone.localdate(), practice_of(held, names)),
        "specialty": specialty(held.treatment_function),
        "messages": [
            (
                at_words(each.at),
                people.get(each.by, "somebody"),
                each.text.splitlines(),
                each.outcome,
                each.notes,
            )
            for each in messages
        ],
        "answers": ANSWERS,
        "may_answer": is_open,
        "may_convert": held.may_convert and held.status not in ended,
        "clinicians": ()
        if actor.role is Role.PROVIDER_CLINICIAN
        else clinicians_of(actor.organisation_code),
        "given": request.POST,
        "errors": errors,
        "saved": request.GET.get("saved") == "yes" and not errors,
    }
