"""The names of organisations, for templates of contexts that stand below the registry."""

from typing import Any

from django.http import HttpRequest

from clockstop.service.registry.names import name_of


def organisations(_request: HttpRequest) -> dict[str, Any]:
    """``organisation_name`` in every template; the store is asked only where it is called."""
    return {"organisation_name": organisation_name}


def organisation_name(code: str) -> str:
    """The name of an organisation; its code where the register does not know it."""
    return name_of([code])[code]
