"""Advice and guidance: asking a service, the conversation, and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.directory.choices import Priority
from clockstop.service.pathways.names import organisations_named, people_named
from clockstop.service.pathways.presenters.who import who
from clockstop.service.referrals import actions
from clockstop.service.referrals.access import open_advice
from clockstop.service.referrals.menu import described
from clockstop.service.referrals.models import Advice, Referral
from clockstop.service.referrals.provider.rows import at_words
from clockstop.service.referrals.referrer import drafts
from clockstop.service.referrals.referrer.choice_views import clinicians_for
from clockstop.service.referrals.referrer.menu_views import about
from clockstop.service.referrals.referrer.patient_views import patient_of
from clockstop.service.referrals.referrer.shared import tried
from clockstop.service.referrals.referrer.words import need_of
from clockstop.service.referrals.referrer.worklists import advice_of
from clockstop.service.ui.figures import day as in_words
from clockstop.service.ui.sent import numbered, read_version

PAGE = 50
_REFERRER_WRITES = {Advice.Status.REVIEW_RESPONSE, Advice.Status.FURTHER_INFORMATION}
_ENDED = {Advice.Status.CLOSED, Advice.Status.CANCELLED, Advice.Status.CONVERTED}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def ask(request: HttpRequest, actor: Actor, patient_id: UUID) -> HttpResponse:
    """A question about a patient to a service that was found on the menu."""
    patient = patient_of(actor, patient_id)
    draft = drafts.draft_of(request, patient)
    given = request.POST if request.method == "POST" else request.GET
    service = described([numbered(given.get("service", ""))])
    if draft is None or not service:
        return HttpResponseRedirect(reverse("refer_patient", args=(patient.pk,)))
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        made: list[Advice] = []
        clinicians = clinicians_for(actor)
        chosen = request.POST.get("acting_for", "")

        def step() -> None:
            made.append(
                actions.ask(
                    actor=actor,
                    patient=patient,
                    service_id=next(iter(service)),
                    question=request.POST.get("text", ""),
                    priority=draft.criteria.priority or Priority.ROUTINE,
                    may_convert="may_convert" in request.POST,
                    referral_was_asked="referral_was_asked" in request.POST,
                    acting_for=UUID(chosen) if chosen in clinicians else None,
                )
            )

        errors, status = tried(step, "text")
        if made:
            return HttpResponseRedirect(reverse("referred_advice", args=(made[0].pk,)))
    context = about(patient, draft) | {
        "title": "Ask for advice",
        "service": next(iter(service.values())),
        "clinicians": clinicians_for(actor),
        "given": request.POST,
        "errors": errors,
    }
    return render(request, "referrals/referrer/ask.jinja", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def advice(request: HttpRequest, actor: Actor, advice_id: UUID) -> HttpResponse:
    """The conversation; write again, or end it."""
    try:
        held = open_advice(actor=actor, advice_id=advice_id)
    except Advice.DoesNotExist:
        raise Http404 from None
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        about_it: dict[str, Any] = {"actor": actor, "advice_id": held.pk}
        about_it["version"] = read_version(request)

        def step() -> Any:
            if "close" in request.POST:
                return actions.close(**about_it)
            return actions.reply(**about_it, text=request.POST.get("text", ""))

        errors, status = tried(step, "text")
        if not errors:
            return HttpResponseRedirect(reverse("referred_advice", args=(held.pk,)))
    context = _conversation(actor, held) | {"given": request.POST, "errors": errors}
    return render(request, "referrals/referrer/advice.jinja", context, status=status)


@require_safe
@signed_in(*REFERRING)
def advice_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The practice's questions that have not ended."""
    held = advice_of(actor).select_related("patient", "service__organisation")
    page = Paginator(held, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Advice and guidance",
        "section": "refer",
        "errors": {},
        "page": page,
        "total": page.paginator.count,
        "rows": [
            (each, need_of(each.treatment_function), in_words(timezone.localdate(each.changed_at)))
            for each in page.object_list
        ],
    }
    return render(request, "referrals/referrer/advice_list.jinja", context)


def _conversation(actor: Actor, held: Advice) -> dict[str, Any]:
    messages = list(held.messages.all())
    people = people_named({each.by for each in messages})
    names = organisations_named({held.provider_code, held.organisation_code})
    referral = Referral.objects.visible_to(actor).filter(from_advice=held).first()
    return {
        "title": "Advice and guidance",
        "section": "refer",
        "advice": held,
        "who": who(held, timezone.localdate()),
        "need": need_of(held.treatment_function),
        "provider": names.get(held.provider_code, held.provider_code),
        "messages": [
            (
                at_words(each.at),
                people.get(each.by, "somebody"),
                names.get(each.organisation_code, ""),
                each.text,
                each.notes,
            )
            for each in messages
        ],
        "may_write": held.status in _REFERRER_WRITES,
        "may_close": held.status not in _ENDED,
        "referral": referral,
    }
