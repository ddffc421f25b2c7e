"""What stands before every view that is not for everybody."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.accounts.sessions import actor_of, ended

P = ParamSpec("P")
Guarded = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def signed_in(*roles: Role) -> Callable[[Guarded[P]], View[P]]:
    """Let people of these roles in (of any role, if none is named) and hand the view the actor.

    Others are asked to sign in, or told that their role does not open this. No copy of such a
    page is kept anywhere.
    """

    def guard(view: Guarded[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor = actor_of(request)
            if actor is None:
                response = _asked_to_sign_in(request)
            elif roles and actor.role not in roles:
                response = render(request, "accounts/not_your_role.jinja", status=403)
            else:
                response = view(request, actor, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        marked: Any = guarded
        marked.guarded_for = frozenset(roles or Role)
        return cast(View[P], guarded)

    return guard


def _asked_to_sign_in(request: HttpRequest) -> HttpResponse:
    asked = {"next": request.path} if request.method in {"GET", "HEAD"} else {}
    why = ended(request)
    query = urlencode(asked | ({"ended": why.value} if why else {}))
    return HttpResponseRedirect(f"{reverse('sign_in')}?{query}")
