"""Who is signed in, for the head of every page."""

from typing import Any

from django.http import HttpRequest

from clockstop.service.accounts.sessions import actor_of


def actor(request: HttpRequest) -> dict[str, Any]:
    """``actor`` in every template, None for visitors."""
    return {"actor": actor_of(request)}
