"""How somebody comes to a request as its patient: signed in, by a code, or on the phone.

The pages behind all three are the same. A door says which request it opens and who acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PUBLIC, Role
from clockstop.service.accounts.sessions import open_for, opened_as, sign_out
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.transfers.actions.asking.opening import way_of_visitor
from clockstop.service.transfers.actions.asking.shared import Way, way_of
from clockstop.service.transfers.minutes import minutes_in
from clockstop.service.transfers.models import PatientRequest

ON_THE_PHONE = (Role.PROVIDER_ADMINISTRATOR, Role.WAITING_LIST_MANAGER)
LASTS = timedelta(minutes=30)
_OPENED, _PHONED = "opened_asked", "phoned_asked"
_OUTSIDE = {"opened": "sooner", "phoned": "sooner_by_phone"}


@dataclass(frozen=True, slots=True)
class Door:
    """``name`` begins the names of its pages' addresses: own, opened or phoned."""

    name: str
    asked_id: UUID
    way: Way
    actor: Actor | None = None

    @property
    def is_phone(self) -> bool:
        return self.name == "phoned"

    @property
    def channel(self) -> str:
        """By what way the patient says something here."""
        return "phone" if self.is_phone else "online"

    def to(self, page: str) -> str:
        """The address of a page behind this door."""
        kwargs = {"asked_id": self.asked_id} if self.name == "own" else None
        return reverse(f"{self.name}_sooner_{page}", kwargs=kwargs)

    def look(self) -> PatientRequest | None:
        """The request as it stands, with its patient."""
        visible: Any = self.way.visible.select_related("patient", "pathway")
        found: PatientRequest | None = visible.filter(pk=self.asked_id).first()
        return found


class Page(Protocol):
    """A page of one request, whichever door leads to it."""

    def __call__(self, request: HttpRequest, door: Door, asked: PatientRequest) -> HttpResponse: ...


View = Callable[..., HttpResponse]


def own(page: Page) -> View:
    """The page for a patient or carer who is signed in, of a request of theirs."""

    @signed_in(*sorted(PUBLIC))
    def view(request: HttpRequest, actor: Actor, asked_id: UUID) -> HttpResponse:
        door = Door("own", asked_id, way_of(actor), actor)
        found = door.look()
        if found is None or is_too_young(found.patient.birth_date, timezone.localdate()):
            raise Http404
        return page(request, door, found)

    return view


def opened(page: Page) -> View:
    """The page for whoever opened one request by its code, while that lasts."""

    @wraps(page)
    def view(request: HttpRequest) -> HttpResponse:
        key = opened_as(request, _OPENED)
        door = Door("opened", key, way_of_visitor(key)) if key else None
        response = _through(request, door, page, "opened")
        response["Cache-Control"] = "no-store"
        return response

    return view


def phoned(page: Page) -> View:
    """The page for staff who act for a patient on the phone, once they know who is calling."""

    @signed_in(*ON_THE_PHONE)
    def view(request: HttpRequest, actor: Actor) -> HttpResponse:
        key = opened_as(request, _PHONED)
        way = way_of(actor, minutes=minutes_in(request.POST))
        door = Door("phoned", key, way, actor) if key else None
        return _through(request, door, page, "phoned")

    return view


def _through(request: HttpRequest, door: Door | None, page: Page, name: str) -> HttpResponse:
    found = door.look() if door else None
    if door is None or found is None:
        return HttpResponseRedirect(reverse(_OUTSIDE[name]))
    return page(request, door, found)


def open_by_code(request: HttpRequest, asked: PatientRequest) -> None:
    """Let this browser see one request for a while; whoever was signed in there is no more."""
    sign_out(request)
    request.session.cycle_key()
    open_for(request, _OPENED, asked.pk, LASTS)


def open_by_phone(request: HttpRequest, asked: PatientRequest) -> None:
    """Let the one who is signed in act for the patient of one request for a while."""
    open_for(request, _PHONED, asked.pk, LASTS)


def shut(request: HttpRequest) -> None:
    """End what a code or a call had opened."""
    for name in (_OPENED, _PHONED):
        request.session.pop(name, None)
