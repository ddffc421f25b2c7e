"""One request, for the hub: who could take it and who not, with reasons; what to do about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.core.state_tables import StepRefusedError
from clockstop.core.types import Point
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.presenters.who import Who, person
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.access import open_request
from clockstop.service.transfers.facts import standing_of
from clockstop.service.transfers.hub.acts import ACTS, MINUTES, Told, barred, possible
from clockstop.service.transfers.hub.drawing import Map, map_of
from clockstop.service.transfers.hub.places import Places, places_for
from clockstop.service.transfers.hub.views import page
from clockstop.service.transfers.minutes import minutes_in
from clockstop.service.transfers.models import AidRequest, Capacity, Offer
from clockstop.service.transfers.provider import asking, capacity_rows
from clockstop.service.transfers.provider import rows as told_rows
from clockstop.service.transfers.provider.calls import key
from clockstop.service.transfers.querysets import ON_BOARDS
from clockstop.service.transfers.states import Aid
from clockstop.service.ui.sent import read_version

CONFLICT, LOCKED, WRONG = 409, 423, 400
CHANGED = "Somebody else has changed this since you read it. Nothing of yours was saved: look again"


@signed_in(Role.ICB_HUB)
@require_safe
def request_page(request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """The request under its reference; the name once the patient agreed, to their own hub."""
    held = opened(actor, aid_id)
    today = timezone.localdate()
    is_own, near = held.icb_code == actor.icb_code, shows_address(held.patient)
    is_open = held.state in ON_BOARDS
    places = places_for(actor, held, today, near=near) if is_open else None
    offers = Offer.objects.visible_to(actor).filter(request=held).select_related("capacity")
    told = told_rows.offers_shown(offers.order_by("-made_at"), "", near=near) if is_own else []
    context = {
        "title": held.reference,
        "aid": held,
        "is_own": is_own,
        "who": _who(held, actor),
        "tags": told_rows.tags_of(held),
        "state": Aid(held.state),
        "sender": name_of([held.organisation_code])[held.organisation_code],
        "facts": told_rows.facts_shown(held, today, own=False),
        "review_due": standing_of(held, today).review_due if is_own else None,
        "is_late": bool(held.due and held.due < today),
        "places": places,
        "map": _map(held, places) if near and is_own else None,
        "offers": told,
        "done": told_rows.done(held.steps.all()) if is_own else [],
        "acts": possible(held, actor),
        "barred": barred(held, actor),
        "saved": ACTS.get(request.GET.get("saved", "")),
    }
    return page(request, "request", context)


@signed_in(Role.ICB_HUB)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, actor: Actor, aid_id: UUID, act: str) -> HttpResponse:
    """Ask what the act needs, then do it. What stands against it is said at its field."""
    held = opened(actor, aid_id)
    wanted = ACTS.get(act)
    if wanted is None or wanted not in possible(held, actor):
        raise Http404
    asks = (*wanted.asks, MINUTES)
    given = asking.answered(asks, request.POST.dict())
    capacity = request.POST.get("capacity") or request.GET.get("capacity", "")
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            wanted.call(told_by(request, actor, held, given), {**given, "capacity": capacity})
        except StepRefusedError as refused:
            errors, status = asking.at_fields(refused, asks), WRONG
        except StaleError:
            errors, status = {"act": CHANGED}, CONFLICT
        except BusyError:
            errors, status = {"act": CHANGED}, LOCKED
        else:
            at = reverse("hub_request", args=(held.pk,))
            return HttpResponseRedirect(f"{at}?saved={wanted.slug}")
    context = {
        "title": wanted.title,
        "act": wanted,
        "aid": held,
        "what": told_rows.what_of(held),
        "place": _place(capacity, actor) if wanted.slug == "offer" else None,
        "capacity": capacity,
        "questions": asking.questions(asks, given, errors),
        "errors": errors,
        "version": request.POST.get("version", held.version),
    }
    if wanted.slug == "offer" and context["place"] is None:
        raise Http404
    return page(request, "act", context, status)


def opened(actor: Actor, aid_id: UUID) -> AidRequest:
    """The request, in the audit; 404 where the hub has no part in it."""
    try:
        return open_request(actor=actor, request_id=aid_id)
    except AidRequest.DoesNotExist:
        raise Http404 from None


def told_by(request: HttpRequest, actor: Actor, held: AidRequest, given: dict[str, str]) -> Told:
    """Who acts, on the version that they read."""
    return Told(
        actor=actor,
        request=held,
        version=read_version(request),
        minutes=minutes_in(given),
    )


def _who(held: AidRequest, actor: Actor) -> Who | None:
    """The patient, once they agreed, to the hub of their own ICB."""
    if held.icb_code != actor.icb_code or held.consent_at is None or held.pathway is None:
        return None
    try:
        open_pathway(actor=actor, pathway_id=held.pathway.pk)
    except Pathway.DoesNotExist:
        return None
    return person(held.patient, timezone.localdate(), is_suspected_cancer=held.is_cancer)


def _map(held: AidRequest, places: Places | None) -> Map | None:
    if places is None or held.latitude is None or held.longitude is None:
        return None
    home = Point(held.latitude, held.longitude)
    return map_of(home, [*places.fitting, *places.others], held.distance)


def _place(text: str, actor: Actor) -> dict[str, Any] | None:
    """The capacity that an offer is to be made from."""
    chosen = key(text)
    found = Capacity.objects.visible_to(actor).filter(pk=chosen).first() if chosen else None
    if found is None:
        return None
    shown = capacity_rows.posted([found])[0]
    return {"provider": name_of([found.organisation_code])[found.organisation_code], "row": shown}
