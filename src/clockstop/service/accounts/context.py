"""Who is signed in, for the head of every page."""

from typing import Any

from django.http import HttpRequest

from clockstop.service.accounts.choices import has_several
from clockstop.service.accounts.menu import menu_of
from clockstop.service.accounts.sessions import actor_of


def actor(request: HttpRequest) -> dict[str, Any]:
    """``actor`` in every template, None for visitors, their menu, whether they may change role."""
    somebody = actor_of(request)
    return {
        "actor": somebody,
        "menu": menu_of(somebody),
        "has_several_roles": has_several(request),
    }
