"""Finding a patient of the practice, and saying what they need."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.pathways.models import Patient
from clockstop.service.pathways.presenters.who import person
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals import criteria as kept
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.referrer import drafts
from clockstop.service.referrals.referrer.drafts import Draft
from clockstop.service.referrals.referrer.forms import PatientForm, SearchForm
from clockstop.service.referrals.referrer.search_page import Asked, blank, typed
from clockstop.service.ui.figures import day as in_words

LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def refer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whom to look for comes by POST; one patient who fits is gone on with at once."""
    if request.method != "POST":
        return _find(request, {"form": PatientForm()})
    form = PatientForm(request.POST)
    if not form.is_valid():
        return _find(request, {"form": form, "errors": errors_of(form)}, status=400)
    found = list(registered(actor).filter(form.wanted).order_by("given_name", "birth_date", "pk"))
    if len(found) == 1:
        return HttpResponseRedirect(reverse("refer_patient", args=(found[0].pk,)))
    lines = [(each, in_words(each.birth_date)) for each in found[:LISTED]]
    return _find(request, {"form": form, "lines": lines, "is_asked": True, "total": len(found)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*REFERRING)
def patient(request: HttpRequest, actor: Actor, patient_id: UUID) -> HttpResponse:
    """What the patient needs; the answer is kept, and the menu shown."""
    found = patient_of(actor, patient_id)
    draft = drafts.draft_of(request, found)
    if request.method != "POST":
        return _search(request, actor, found, blank(draft))
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _search(request, actor, found, typed(form), errors_of(form))
    data = form.cleaned_data
    is_shown = shows_address(found)
    searched = Draft(
        search=kept.written(form.criteria),
        place=data["place"] if is_shown else "",
        within=data["within"] if is_shown else None,
        sort=draft.sort if draft else Draft("").sort,
        services=draft.services if draft and _is_alike(draft, form) else (),
        referral=draft.referral if draft else "",
        version=draft.version if draft else 0,
    )
    drafts.keep(request, found, searched)
    return HttpResponseRedirect(reverse("refer_menu", args=(found.pk,)))


def registered(actor: Actor) -> Any:
    """The patients of the practice."""
    return Patient.objects.visible_to(actor, registered=True).filter(merged_into=None)


def patient_of(actor: Actor, patient_id: UUID) -> Patient:
    """A patient of the practice. Raises Http404 for anybody else."""
    found: Patient | None = registered(actor).filter(pk=patient_id).first()
    if found is None:
        raise Http404
    return found


def errors_of(form: Any) -> dict[str, str]:
    """The first error of each field, by its place on the page."""
    return {name: str(each[0]) for name, each in form.errors.items()}


def _is_alike(draft: Draft, form: SearchForm) -> bool:
    """Whether what was ticked may still suit: the specialty or test is the same."""
    was, now = draft.criteria, form.criteria
    return (was.treatment_function, was.diagnostic_test) == (
        now.treatment_function,
        now.diagnostic_test,
    )


def _find(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    about = {"title": "Refer a patient", "section": "refer", "errors": {}}
    return render(request, "referrals/referrer/find.jinja", about | context, status=status)


def _search(
    request: HttpRequest,
    actor: Actor,
    found: Patient,
    asked: Asked,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    earlier = Referral.objects.visible_to(actor).filter(patient=found).open()
    context = {
        "title": "What does the patient need?",
        "section": "refer",
        "patient": found,
        "who": person(found, timezone.localdate()),
        "asked": asked,
        "errors": errors or {},
        "earlier": list(earlier.select_related("service").order_by("-created_at")[:5]),
    }
    status = 400 if errors else 200
    return render(request, "referrals/referrer/patient.jinja", context, status=status)
