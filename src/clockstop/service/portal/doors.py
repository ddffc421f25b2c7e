"""How somebody comes to a referral as its patient: signed in, by its reference, or on the phone.

The pages behind all three are the same. A door says which referral it opens, who acts, and where
its pages are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PUBLIC, REFERRING, Role
from clockstop.service.accounts.sessions import sign_out
from clockstop.service.audit.recording import Actor as Auditor
from clockstop.service.pathways.protections import age_on
from clockstop.service.referrals.actions import Hand
from clockstop.service.referrals.models import Referral
from clockstop.service.referrals.states import Party

REFERENCE = Auditor("booking reference", "patient")
ON_THE_PHONE = (*sorted(REFERRING), Role.PROVIDER_ADMINISTRATOR)
LASTS = timedelta(minutes=30)
_OPENED, _PHONED = "opened_referral", "phoned_referral"


@dataclass(frozen=True, slots=True)
class Door:
    """``name`` begins the names of its pages' addresses: own, opened or phoned."""

    name: str
    referral_id: UUID
    by: Auditor
    visible: Any
    actor: Actor | None = None

    @property
    def hand(self) -> Hand:
        """Who takes the patient's steps here: never more than what a patient may do."""
        return Hand(by=self.by, parties=frozenset({Party.PATIENT}), actor=self.actor)

    @property
    def is_phone(self) -> bool:
        return self.name == "phoned"

    def to(self, page: str) -> str:
        """The address of a page behind this door."""
        kwargs = {"referral_id": self.referral_id} if self.name == "own" else None
        return reverse(f"{self.name}_{page}", kwargs=kwargs)


Page = Callable[[HttpRequest, Door], HttpResponse]
View = Callable[..., HttpResponse]


def is_too_young(referral: Referral) -> bool:
    """Whether the patient is under the age from which people manage their care online."""
    today = timezone.localdate()
    return age_on(referral.patient.birth_date, today) < rulebook.on(today)["portal_age"].value


def own(page: Page) -> View:
    """The page for a patient or carer who is signed in, of a referral of theirs."""

    @signed_in(*sorted(PUBLIC))
    def view(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
        visible = Referral.objects.visible_to(actor)
        found = visible.select_related("patient").filter(pk=referral_id).first()
        if found is None or is_too_young(found):
            raise Http404
        return page(request, Door("own", referral_id, actor.for_audit, visible, actor))

    return view


def opened(page: Page) -> View:
    """The page for whoever opened one referral by its booking reference, while that lasts."""

    @wraps(page)
    def view(request: HttpRequest) -> HttpResponse:
        key = _held(request, _OPENED)
        if key is None:
            return HttpResponseRedirect(reverse("booking"))
        known = Referral.objects.filter(pk=key, patient__died_on=None)
        visible = known.exclude(patient__sensitive=True)
        if not visible.exists():
            return HttpResponseRedirect(reverse("booking"))
        response = page(request, Door("opened", key, REFERENCE, visible))
        response["Cache-Control"] = "no-store"
        return response

    return view


def phoned(page: Page) -> View:
    """The page for staff who act for a patient on the phone, once they know who is calling."""

    @signed_in(*ON_THE_PHONE)
    def view(request: HttpRequest, actor: Actor) -> HttpResponse:
        key = _held(request, _PHONED)
        if key is None:
            return HttpResponseRedirect(reverse("by_phone"))
        visible = Referral.objects.visible_to(actor).filter(pk=key, patient__died_on=None)
        if not visible.exists():
            return HttpResponseRedirect(reverse("by_phone"))
        return page(request, Door("phoned", key, actor.for_audit, visible, actor))

    return view


def open_by_reference(request: HttpRequest, referral: Referral) -> None:
    """Let this browser see one referral for a while; whoever was signed in there is no more."""
    sign_out(request)
    request.session.cycle_key()
    _hold(request, _OPENED, referral)


def open_by_phone(request: HttpRequest, referral: Referral) -> None:
    """Let the one who is signed in act for the patient of one referral for a while."""
    _hold(request, _PHONED, referral)


def shut(request: HttpRequest) -> None:
    """End what a reference or a call had opened."""
    for name in (_OPENED, _PHONED):
        request.session.pop(name, None)


def _hold(request: HttpRequest, name: str, referral: Referral) -> None:
    until = timezone.now() + LASTS
    request.session[name] = [str(referral.pk), until.timestamp()]


def _held(request: HttpRequest, name: str) -> UUID | None:
    key, until = request.session.get(name) or ("", 0.0)
    return UUID(key) if until > timezone.now().timestamp() else None
