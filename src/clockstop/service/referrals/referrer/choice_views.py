"""Making the referral: the conversation about choice, the letter, and then it is made."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.core.state_tables import StepRefusedError, by_field
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING, Role
from clockstop.service.directory.choices import Priority, Requirement
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.names import clinicians_of
from clockstop.service.referrals import actions, choice
from clockstop.service.referrals.attachments import ACCEPTED, MEGABYTES
from clockstop.service.referrals.clock import kind_of
from clockstop.service.referrals.menu import described
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.policies import Entry
from clockstop.service.referrals.referrer import drafts
from clockstop.service.referrals.referrer.choice_form import CHANNELS, ChoiceForm
from clockstop.service.referrals.referrer.drafts import Draft
from clockstop.service.referrals.referrer.menu_views import about
from clockstop.service.referrals.referrer.patient_views import errors_of, patient_of
from clockstop.service.referrals.referrer.words import cases_without_the_right


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def choose(request: HttpRequest, actor: Actor, patient_id: UUID) -> HttpResponse:
    """What was said, and what the provider must know; then refer."""
    patient = patient_of(actor, patient_id)
    draft = drafts.draft_of(request, patient)
    if draft is None or not draft.services:
        return HttpResponseRedirect(reverse("refer_menu", args=(patient.pk,)))
    form = _form(request, actor, draft)
    if request.method != "POST":
        return _page(request, actor, patient, draft, form)
    if not form.is_valid():
        return _page(request, actor, patient, draft, form, errors_of(form))
    try:
        referral = _made(request, actor, patient, draft, form)
    except StepRefusedError as refused:
        return _page(request, actor, patient, draft, form, by_field(refused.refusals, "shortlist"))
    drafts.drop(request, patient)
    name = "referred" if referral.service_id else "referred_book"
    return HttpResponseRedirect(f"{reverse(name, args=(referral.pk,))}?done=create")


def clinicians_for(actor: Actor) -> dict[str, str]:
    """Those for whom somebody may act: a clinician for themselves alone."""
    if actor.role is Role.REFERRER:
        return {}
    return dict(clinicians_of(actor.organisation_code, Role.REFERRER))


def _form(request: HttpRequest, actor: Actor, draft: Draft) -> ChoiceForm:
    services = described(draft.services)
    held = [services[each] for each in draft.services if each in services]
    return ChoiceForm(
        request.POST if request.method == "POST" else None,
        files=request.FILES if request.method == "POST" else None,
        entries=[Entry(each.pk, each.organisation_id, each.takes_triage) for each in held],
        kinds=[kind_of(each) for each in held],
        priority=draft.criteria.priority or Priority.ROUTINE,
        today=timezone.localdate(),
        clinicians=clinicians_for(actor),
    )


def _made(
    request: HttpRequest, actor: Actor, patient: Patient, draft: Draft, form: ChoiceForm
) -> Referral:
    data = form.cleaned_data
    return actions.create(
        actor=actor,
        patient=patient,
        request=actions.Request(
            criteria=draft.criteria,
            services=draft.services,
            place=drafts.place_of(patient, draft),
            conversation=form.conversation_of(draft.shown),
            condition=data["condition"].strip(),
            clinical_information=data["clinical_information"].strip(),
            supplied_start=data["supplied_start"],
            additional_requirements=tuple(data["requirements"]),
            files=form.letters,
        ),
        acting_for=form.clinician,
        send_for_triage="triage" in request.POST,
    )


def _page(
    request: HttpRequest,
    actor: Actor,
    patient: Patient,
    draft: Draft,
    form: ChoiceForm,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    context = about(patient, draft)
    tray = context["tray"]
    alone = tray.lines[0] if len(tray.lines) == 1 else None
    given: Any = form.data
    context |= {
        "title": "Refer",
        "form": form,
        "errors": errors or {},
        "in_scope": form.in_scope(),
        "asks_why_so_few": form.asks_why_so_few(),
        "is_triage_alone": bool(alone and alone.takes_triage),
        "needs": _needs(draft),
        "cases": cases_without_the_right(today),
        "lists": {
            "information": choice.INFORMATION,
            "wishes": choice.WISHES,
            "few_because": choice.WHY_FEW,
            "not_offered_because": choice.WHY_NOT_OFFERED,
            "channel": CHANNELS,
            "requirements": dict(Requirement.choices),
            "acting_for": clinicians_for(actor),
        },
        "given": given,
        "ticked": {
            name: given.getlist(name) if given else []
            for name in ("information", "wishes", "requirements")
        },
        "started": form["supplied_start"].value() or ("", "", ""),
        "accepted": ACCEPTED,
        "megabytes": MEGABYTES,
    }
    status = 400 if errors else 200
    return render(request, "referrals/referrer/choice.jinja", context, status=status)


def _needs(draft: Draft) -> list[tuple[str, str]]:
    """What the chosen services ask for before a referral, each once with those that ask for it."""
    found: dict[str, list[str]] = {}
    for each in described(draft.services).values():
        if words := each.suggested_investigations:
            found.setdefault(words, []).append(each.organisation.name)
    return [(", ".join(dict.fromkeys(names)), words) for words, names in found.items()]
