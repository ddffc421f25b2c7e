"""What a patient needs to be told in, for templates of contexts that stand below the outbox."""

from typing import Any

from django.http import HttpRequest

from clockstop.service.messaging.standing import needs_of


def needs(_request: HttpRequest) -> dict[str, Any]:
    """``needs_of`` in every template; the store is asked only where it is called."""
    return {"needs_of": needs_of}
