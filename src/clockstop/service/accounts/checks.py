"""What must never be started: signing in as made-up people where real people are."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

_TEST_CLIENT = "testserver"


def faults() -> Iterator[str]:
    """Why the made-up people of the demo must not be there with the settings as they are."""
    if not settings.CLOCKSTOP_PERSONAS:
        return
    if settings.CLOCKSTOP_LIVE_MESSAGES:
        yield "CLOCKSTOP_PERSONAS is on, and so is CLOCKSTOP_LIVE_MESSAGES"
    for service in (settings.CLOCKSTOP_STAFF_SIGN_IN, settings.CLOCKSTOP_PATIENT_SIGN_IN):
        if service and not _is_here(urlsplit(service.issuer).hostname or ""):
            yield f"CLOCKSTOP_PERSONAS is on, and so is the sign-in service {service.issuer}"
    for host in settings.ALLOWED_HOSTS:
        if not _is_here(host):
            yield f"CLOCKSTOP_PERSONAS is on, and the site answers to {host}"


def refuse_to_start() -> None:
    """Raise ImproperlyConfigured for a site that must not start; a web server runs no checks."""
    found = list(faults())
    if found:
        raise ImproperlyConfigured("; ".join(found))


@register(Tags.security)
def personas(**_options: Any) -> list[CheckMessage]:
    """The same, for the commands of Django."""
    hint = "Made-up people are for one's own machine: use the base settings."
    return [Error(fault, hint=hint, id="accounts.E001") for fault in faults()]


def _is_here(host: str) -> bool:
    """Whether a host is this machine and nothing else."""
    if host in {"localhost", _TEST_CLIENT}:
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
