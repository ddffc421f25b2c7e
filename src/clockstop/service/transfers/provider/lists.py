"""Which requests stand on which list, in what order: clinical need before length of wait."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Value, When
from django.db.models.functions import Substr

from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers.models import AidRequest, Capacity, Offer
from clockstop.service.transfers.querysets import ON_BOARDS
from clockstop.service.transfers.states import Aid, CapacityState

# What the sender looks for, by what is to be done next.
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": ("Open", (Aid.OPEN, Aid.OFFERED)),
    "drafts": ("To complete", (Aid.DRAFT,)),
    "told": ("With the patient", (Aid.WITH_PATIENT,)),
    "moving": ("Accepted and moving", (Aid.ACCEPTED, Aid.TRANSFERRING)),
    "results": ("Results", (Aid.RESULTED,)),
    "moved": ("Moved", (Aid.TRANSFERRED, Aid.COMPLETED, Aid.RETURNED)),
    "ended": (
        "Ended",
        (
            Aid.EXPIRED,
            Aid.CLOSED_PATIENT_DECLINED,
            Aid.CLOSED_WITHDRAWN,
            Aid.CLOSED_TREATED,
            Aid.CLOSED_DIED,
        ),
    ),
}


def sent(actor: Actor, which: str = "") -> Any:
    """Requests for the actor's own patients, all or those of a filter."""
    rows = AidRequest.objects.visible_to(actor).sent_by(actor.organisation_code)
    states = FILTERS[which][1] if which in FILTERS else ()
    return in_order(rows.filter(state__in=states) if states else rows)


def on_board(actor: Actor, function: str = "", *, diagnostic: bool = False) -> Any:
    """Open requests of other providers that the actor's could take."""
    rows = AidRequest.objects.visible_to(actor).filter(state__in=ON_BOARDS)
    rows = rows.exclude(organisation_code=actor.organisation_code)
    if diagnostic:
        rows = rows.filter(kind="diagnostic")
    if function:
        rows = rows.filter(treatment_function=function)
    return in_order(rows)


def coming(actor: Actor) -> Any:
    """Requests that patients accepted, for the actor's provider to check and receive."""
    rows = AidRequest.objects.visible_to(actor)
    taken = (Aid.ACCEPTED, Aid.TRANSFERRING, Aid.TRANSFERRED, Aid.RESULTED)
    return in_order(rows.filter(receiver_code=actor.organisation_code, state__in=taken))


def own_offers(actor: Actor) -> Any:
    """Offers of the actor's provider, the latest first."""
    mine = Offer.objects.visible_to(actor).filter(organisation_code=actor.organisation_code)
    return mine.select_related("request", "capacity").order_by("-made_at", "pk")


def own_capacity(actor: Actor) -> Any:
    """What the actor's provider has posted, without what was made for one request."""
    mine = Capacity.objects.visible_to(actor).filter(
        organisation_code=actor.organisation_code, for_request=None
    )
    is_over = Case(When(state=CapacityState.POSTED, then=0), default=1)
    return mine.order_by(is_over, "first_date", "pk")


def in_order(rows: Any) -> Any:
    """Suspected cancer, then the code of clinical priority, then the longest wait."""
    urgency = Case(When(priority="", then=Value("4")), default=Substr("priority", 2))
    return rows.order_by(F("is_cancer").desc(), urgency, "waiting_since", "pk")
