"""Who is signed in, for the head of every page."""

from typing import Any

from django.http import HttpRequest

from clockstop.service.accounts.choices import has_several
from clockstop.service.accounts.sessions import actor_of


def actor(request: HttpRequest) -> dict[str, Any]:
    """``actor`` in every template, None for visitors, and whether they may change role."""
    return {"actor": actor_of(request), "has_several_roles": has_several(request)}
