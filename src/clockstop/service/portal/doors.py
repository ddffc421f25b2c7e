"""How somebody comes to a referral as its patient: signed in, by its reference, or on the phone.

The pages behind all three are the same. A door says which referral it opens, who acts, and where
its pages are. A care door opens all of a patient's own pages, signed in or on the phone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import BY_PHONE, PUBLIC
from clockstop.service.accounts.sessions import open_for, opened_as, sign_out
from clockstop.service.audit.recording import Actor as Auditor
from clockstop.service.messaging.models import NOT_SENT, Message
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.pathways.persons import records_of
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.portal.models import ChangeRequest
from clockstop.service.referrals.actions import Hand
from clockstop.service.referrals.models import Appointment, Document, Referral
from clockstop.service.referrals.persons import patients_of
from clockstop.service.referrals.states import Party
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.patient import doors as sooner

REFERENCE = Auditor("booking reference", "patient")
ON_THE_PHONE = tuple(sorted(BY_PHONE))
LASTS = timedelta(minutes=30)
_OPENED, _PHONED, _CALLER = "opened_referral", "phoned_referral", "phoned_patient"


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


@dataclass(frozen=True, slots=True)
class CareDoor:
    """Everything of the patients that somebody acts for: their own, or the one who calls."""

    name: str
    actor: Actor
    caller: Patient | None = None

    @property
    def is_phone(self) -> bool:
        return self.caller is not None

    @property
    def home(self) -> str:
        """The page that has everything."""
        return reverse("phoned_care" if self.is_phone else "care")

    @property
    def all_pathways(self) -> Any:
        """The pathways behind the door: on the phone those of the caller that staff see."""
        held = Pathway.objects.visible_to(self.actor)
        return held.filter(patient=self.caller) if self.caller else held

    @property
    def all_referrals(self) -> Any:
        """The referrals behind the door."""
        held = Referral.objects.visible_to(self.actor)
        return held.filter(patient=self.caller) if self.caller else held

    @property
    def files(self) -> Any:
        """The files that were shared with the patients, with the referrals behind the door."""
        held = Document.objects.visible_to(self.actor).exclude(shared_on=None)
        return held.filter(referral__in=self.all_referrals)

    @property
    def messages(self) -> Any:
        """What was sent to the patients: on the phone to the caller, of the care that staff see."""
        if self.caller is None:
            return Message.objects.visible_to(self.actor)
        sent = Message.objects.filter(patient__in=records_of(self.caller))
        return sent.exclude(state__in=NOT_SENT).filter(self._about_what_staff_see())

    def _about_what_staff_see(self) -> Q:
        referrals, pathways = self.all_referrals, self.all_pathways
        kinds: dict[str, Any] = {
            "referral": referrals,
            "appointment": Appointment.objects.filter(referral__in=referrals),
            "pathway": pathways,
            "change": ChangeRequest.objects.visible_to(self.actor).filter(pathway__in=pathways),
            "patient request": PatientRequest.objects.filter(pathway__in=pathways),
        }
        found = Q(pk__in=())
        for kind, held in kinds.items():
            keys = [str(key) for key in held.values_list("pk", flat=True)]
            found |= Q(about_kind=kind, about__in=keys)
        return found

    @property
    def patients(self) -> Any:
        """Whom the pages are about."""
        if self.caller:
            return patients_of(self.actor).filter(pk=self.caller.pk)
        return Patient.objects.visible_to(self.actor)

    def to(self, page: str, **keys: object) -> str:
        """The address of a page behind this door."""
        return reverse(f"{self.name}_{page}", kwargs={name: str(key) for name, key in keys.items()})


Page = Callable[[HttpRequest, Door], HttpResponse]
CarePage = Callable[..., HttpResponse]
View = Callable[..., HttpResponse]


def own(page: Page) -> View:
    """The page for a patient or carer who is signed in, of a referral of theirs."""

    @signed_in(*sorted(PUBLIC))
    def view(request: HttpRequest, actor: Actor, referral_id: UUID) -> HttpResponse:
        visible = Referral.objects.visible_to(actor)
        found = visible.select_related("patient").filter(pk=referral_id).first()
        if found is None or is_too_young(found.patient.birth_date, timezone.localdate()):
            raise Http404
        return page(request, Door("own", referral_id, actor.for_audit, visible, actor))

    return view


def opened(page: Page) -> View:
    """The page for whoever opened one referral by its booking reference, while that lasts."""

    @wraps(page)
    def view(request: HttpRequest) -> HttpResponse:
        key = opened_as(request, _OPENED)
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
        key = opened_as(request, _PHONED)
        if key is None:
            return HttpResponseRedirect(reverse("by_phone"))
        visible = Referral.objects.visible_to(actor).filter(pk=key, patient__died_on=None)
        if not visible.exists():
            return HttpResponseRedirect(reverse("by_phone"))
        return page(request, Door("phoned", key, actor.for_audit, visible, actor))

    return view


def own_care(page: CarePage) -> View:
    """The page for a patient or carer who is signed in."""

    @signed_in(*sorted(PUBLIC))
    def view(request: HttpRequest, actor: Actor, /, **keys: UUID) -> HttpResponse:
        return page(request, CareDoor("own", actor), **keys)

    return view


def phoned_care(page: CarePage) -> View:
    """The page for staff who act for the patient that calls, once they know who it is."""

    @signed_in(*ON_THE_PHONE)
    def view(request: HttpRequest, actor: Actor, /, **keys: UUID) -> HttpResponse:
        key = opened_as(request, _CALLER)
        caller = key and patients_of(actor).filter(pk=key, died_on=None).first()
        if not caller and keys:
            raise Http404
        if not caller:
            return HttpResponseRedirect(reverse("by_phone"))
        return page(request, CareDoor("phoned", actor, caller), **keys)

    return view


def open_by_reference(request: HttpRequest, referral: Referral) -> None:
    """Let this browser see one referral for a while; whoever was signed in there is no more."""
    sign_out(request)
    request.session.cycle_key()
    open_for(request, _OPENED, referral.pk, LASTS)


def open_by_phone(request: HttpRequest, patient: Patient, referral: Referral | None) -> None:
    """Let the one who is signed in act for a patient for a while, and on one of their referrals."""
    shut(request)
    open_for(request, _CALLER, patient.pk, LASTS)
    if referral is not None:
        open_for(request, _PHONED, referral.pk, LASTS)


def take_up(request: HttpRequest, referral: Referral) -> None:
    """Go on to another referral of the patient who calls, for no longer than the call is open."""
    _, until = request.session[_CALLER]
    request.session[_PHONED] = [str(referral.pk), until]


def shut(request: HttpRequest) -> None:
    """End what a reference or a call had opened."""
    for name in (_OPENED, _PHONED, _CALLER):
        request.session.pop(name, None)
    sooner.shut(request)
