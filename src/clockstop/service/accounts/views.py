"""Pages of signing in and out."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from clockstop.service.accounts import sessions
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role


def sign_in(request: HttpRequest) -> HttpResponse:
    memberships = Membership.objects.select_related("person") if settings.CLOCKSTOP_PERSONAS else ()
    return render(request, "accounts/sign_in.jinja", {"title": "Sign in", "held": memberships})


@require_POST
def sign_in_as_persona(request: HttpRequest) -> HttpResponse:
    if not settings.CLOCKSTOP_PERSONAS:
        raise Http404
    membership = get_object_or_404(Membership, pk=UUID(request.POST["membership"]))
    sessions.sign_in(request, membership.person, role=Role(membership.role), membership=membership)
    return HttpResponseRedirect(reverse("pathways"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.sign_out(request)
    return HttpResponseRedirect(reverse("compare"))
