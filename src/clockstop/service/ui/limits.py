"""How often one client may do what costs, or what could be guessed at.

Counted in Django's cache: by default each worker counts for itself. What is counted is kept under
a keyed hash, so that the cache holds no address and no session.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

View = TypeVar("View", bound=Callable[..., HttpResponse])
_KIND = "limited_as"


@dataclass(frozen=True, slots=True)
class Limit:
    """How often in so many seconds: from one address, behind which many may sit; in a session."""

    address: int
    session: int
    seconds: int = 60


def limited(kind: str) -> Callable[[View], View]:
    """Count calls of a view under the limit of this name, whatever the method."""

    def mark(view: View) -> View:
        setattr(view, _KIND, kind)
        return view

    return mark


class LimitsMiddleware:
    """Answers 429 to who asks too often. Reading is not counted unless a view says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_given: Any
    ) -> HttpResponse | None:
        kinds = {getattr(view, _KIND, None), "post" if request.method == "POST" else None}
        limits: dict[str, Limit] = settings.CLOCKSTOP_LIMITS
        waits = [
            wait
            for kind in kinds
            if kind in limits
            for wait in _waits(request, str(kind), limits[str(kind)])
        ]
        return _refusal(request, max(waits)) if waits else None


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, as the outermost of the trusted proxies saw it.

    Only what those proxies added to X-Forwarded-For is believed. Of IPv6 the network counts,
    since one client has all the addresses in it.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    proxies = settings.CLOCKSTOP_TRUSTED_PROXIES
    forwarded = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < proxies <= len(forwarded):
        seen = forwarded[-proxies] or seen
    try:
        address = ip_address(seen)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return str(address)


def _waits(request: HttpRequest, kind: str, limit: Limit) -> Iterator[int]:
    """The seconds to wait, for each count that is over its limit."""
    now = int(time.time())
    window, passed = divmod(now, limit.seconds)
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    counted = [("address", client_address(request), limit.address)]
    if session:
        counted.append(("session", session, limit.session))
    for what, who, most in counted:
        hashed = salted_hmac("clockstop.limits", f"{kind}|{what}|{who}|{window}").hexdigest()
        if _count(hashed, limit.seconds) > most:
            yield limit.seconds - passed


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it went out of the cache in between
        return 1


def _refusal(request: HttpRequest, wait: int) -> HttpResponse:
    response = render(request, "ui/429.jinja", {"wait": wait}, status=429)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response
