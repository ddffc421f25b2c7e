"""Pages of signing in and out."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clockstop.service.accounts import oidc, sessions
from clockstop.service.accounts.actions import enrol, note_refusal
from clockstop.service.accounts.choices import arrive, arrive_as, chooser_of, take
from clockstop.service.accounts.claims import patient, staff_member
from clockstop.service.accounts.menu import home_of
from clockstop.service.accounts.models import Identity, Membership, Person
from clockstop.service.accounts.personas import personas
from clockstop.service.accounts.providers import PatientService, StaffService, Way
from clockstop.service.accounts.refusals import RefusedError, Why
from clockstop.service.ui.limits import limited

_NEXT = "next"


@require_GET
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "Sign in",
        "section": "sign_in",
        "ways": [way for way in Way if _service(way)],
        "personas": personas() if settings.CLOCKSTOP_PERSONAS else (),
        "next": _safe(request.GET.get(_NEXT)),
        "ended": request.GET.get("ended"),
    }
    return render(request, "accounts/sign_in.jinja", context)


@require_GET
@never_cache
@limited("sign_in")
def start(request: HttpRequest, way: str) -> HttpResponse:
    """Go to the sign-in service. A link leads here and no form.

    The policy for forms holds for wherever their answer leads, and the services lead on to hosts
    that are theirs to choose. Nothing is changed here that another site could wish to change: what
    comes back is bound to this session.
    """
    service = _known(way)
    back_to = request.build_absolute_uri(reverse("sign_in_back", args=[way]))
    request.session[_NEXT] = _safe(request.GET.get(_NEXT))
    try:
        return oidc.send(request, service, back_to)
    except RefusedError as refused:
        return _refuse(request, way, refused)


@require_GET
@never_cache
@limited("sign_in")
def back(request: HttpRequest, way: str) -> HttpResponse:
    """Come back from the sign-in service."""
    service = _known(way)
    to = request.session.get(_NEXT) or ""
    try:
        told = oidc.receive(request, service)
        if isinstance(service, PatientService):
            identified = patient(told, service)
            is_in = arrive(request, enrol(issuer=service.issuer, patient=identified))
        else:
            member = staff_member(told, service)
            is_in = _staff_arrives(request, service, member.subject, member.organisations)
    except RefusedError as refused:
        return _refuse(request, way, refused)
    if is_in:
        return _onward(request, to)
    request.session[_NEXT] = to
    return HttpResponseRedirect(reverse("choose_role"))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose_role(request: HttpRequest) -> HttpResponse:
    """Choose between several roles, after signing in or later."""
    chooser = chooser_of(request)
    if chooser is None:
        return HttpResponseRedirect(reverse("sign_in"))
    to = request.session.get(_NEXT) or ""
    errors = {}
    if request.method == "POST":
        chosen = [each for each in chooser.choices if each.key == request.POST.get("role")]
        if chosen:
            take(request, chooser, chosen[0])
            return _onward(request, to)
        errors = {"role": "Choose a role"}
    context = {"choices": chooser.choices, "errors": errors}
    return render(request, "accounts/choose_role.jinja", context)


@require_POST
@limited("sign_in")
def sign_in_as_persona(request: HttpRequest) -> HttpResponse:
    if not settings.CLOCKSTOP_PERSONAS:
        raise Http404
    to = _safe(request.POST.get(_NEXT))
    try:
        _take_persona(request)
    except RefusedError as refused:
        return _refuse(request, "demo", refused)
    return _onward(request, to)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.sign_out(request)
    return HttpResponseRedirect(reverse("signed_out"))


@require_GET
@never_cache
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/signed_out.jinja")


def _staff_arrives(
    request: HttpRequest, service: StaffService, subject: str, organisations: frozenset[str] | None
) -> bool:
    known = Identity.objects.select_related("person").filter(issuer=service.issuer, subject=subject)
    identity = known.first()
    if identity is None:
        raise RefusedError(Why.UNKNOWN, user_id=subject)
    try:
        return arrive(request, identity.person, organisations)
    except RefusedError as refused:
        raise RefusedError(refused.why, user_id=subject) from refused


def _take_persona(request: HttpRequest) -> None:
    """Sign a made-up person in: by a membership, or as the patient or carer that they are."""
    if "membership" in request.POST:
        membership = get_object_or_404(Membership, pk=_uuid(request.POST["membership"]))
        person, wanted = membership.person, str(membership.pk)
    else:
        person = get_object_or_404(Person, pk=_uuid(request.POST.get("person", "")))
        wanted = request.POST.get("role", "")
    arrive_as(request, person, wanted)


def _refuse(request: HttpRequest, way: str, refused: RefusedError) -> HttpResponse:
    note_refusal(way=way, why=refused.why)
    return render(request, "accounts/refused.jinja", {"refused": refused}, status=403)


def _onward(request: HttpRequest, to: str) -> HttpResponse:
    actor = sessions.actor_of(request)
    home = home_of(actor) if actor else "sign_in"
    return HttpResponseRedirect(to or reverse(home))


def _service(way: Way) -> StaffService | PatientService | None:
    name = "CLOCKSTOP_STAFF_SIGN_IN" if way is Way.STAFF else "CLOCKSTOP_PATIENT_SIGN_IN"
    found: StaffService | PatientService | None = getattr(settings, name)
    return found


def _known(way: str) -> StaffService | PatientService:
    service = _service(Way(way))
    if service is None:
        raise Http404
    return service


def _safe(to: str | None) -> str:
    """Where to go after signing in, if it is a page of this site; no other is gone to."""
    return to if to and url_has_allowed_host_and_scheme(to, allowed_hosts=None) else ""


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
