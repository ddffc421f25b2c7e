"""One request for help, for its sender and for whoever could take it; what each does about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.guards import signed_in
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.pathways.access import open_pathway
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.names import people_named
from clockstop.service.pathways.presenters.who import Who, person
from clockstop.service.pathways.protections import shows_address
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.registry.names import name_of
from clockstop.service.transfers import fields
from clockstop.service.transfers.access import open_request
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.asking.conditions import with_right_among
from clockstop.service.transfers.facts import standing_of
from clockstop.service.transfers.fields import Field
from clockstop.service.transfers.fitting import judged, request_of
from clockstop.service.transfers.matching.reading import has_right
from clockstop.service.transfers.minutes import minutes_in
from clockstop.service.transfers.models import AidRequest, Offer
from clockstop.service.transfers.provider import asking, lists, rows
from clockstop.service.transfers.provider.acts import ACTS, MINUTES, Act, possible
from clockstop.service.transfers.provider.calls import key
from clockstop.service.transfers.provider.views import page
from clockstop.service.transfers.states import AID_MOVED, AID_TAKEN, Aid
from clockstop.service.ui.sent import read_version

CONFLICT, LOCKED, WRONG = 409, 423, 400


@signed_in(*PROVIDING)
@require_safe
def request_page(request: HttpRequest, actor: Actor, aid_id: UUID) -> HttpResponse:
    """The request. Only its own hospital, and who has accepted, sees who the patient is."""
    held = _opened(actor, aid_id)
    today = timezone.localdate()
    is_own = held.organisation_code == actor.organisation_code
    is_part = is_own or held.receiver_code == actor.organisation_code
    offers = Offer.objects.visible_to(actor).filter(request=held)
    offers = offers.select_related("capacity").order_by("-made_at")
    if not is_part:
        offers = offers.filter(organisation_code=actor.organisation_code)
    context = {
        "title": held.reference,
        "here": "help" if is_own else "board",
        "aid": held,
        "is_own": is_own,
        "who": _who(held, actor),
        "tags": rows.tags_of(held),
        "state": Aid(held.state),
        "sender": name_of([held.organisation_code])[held.organisation_code],
        "facts": rows.facts_shown(held, today, own=is_own),
        "signed": _signed(held) if is_own else [],
        "review_due": standing_of(held, today).review_due if is_own else None,
        "unread": rows.unread_result(held, today) if is_own else "",
        "offers": rows.offers_shown(
            offers, actor.organisation_code, near=shows_address(held.patient)
        ),
        "fitting": [] if is_own else _fitting(held, actor),
        "done": rows.done(held.steps.all()) if is_part else [],
        "reason": rows.reason_words(held.reason) if held.reason else "",
        "acts": possible(held, actor),
        "saved": ACTS.get(request.GET.get("saved", "")),
    }
    return page(request, "request", context)


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, actor: Actor, aid_id: UUID, act: str) -> HttpResponse:
    """Ask what the act needs, then do it. What stands against it is said at its field."""
    held = _opened(actor, aid_id)
    wanted = ACTS.get(act)
    if wanted is None or wanted not in possible(held, actor):
        raise Http404
    asks = (*wanted.asks(held, actor), *_clinician(wanted, held, actor), MINUTES)
    if request.method != "POST":
        return _asked(request, held, actor, wanted, asks, _standing(wanted, held), {})
    given = asking.answered(asks, request.POST.dict())
    try:
        wanted.call(_told(actor, held, request, given), given)
    except StepRefusedError as refused:
        errors = asking.at_fields(refused, asks)
        return _asked(request, held, actor, wanted, asks, given, errors, WRONG)
    except StaleError:
        return _changed(request, held)
    except BusyError:
        return page(request, "busy", {"title": "Somebody else is at this request"}, LOCKED)
    at = reverse("aid_request", args=(held.pk,))
    return HttpResponseRedirect(f"{at}?saved={wanted.slug}")


@signed_in(*PROVIDING)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, actor: Actor, offer_id: UUID) -> HttpResponse:
    """Take back an offer of our own that is held."""
    mine = Offer.objects.visible_to(actor).filter(organisation_code=actor.organisation_code)
    held = mine.select_related("request").filter(pk=offer_id).first()
    if held is None:
        raise Http404
    asks = fields.WITHDRAWAL
    given = asking.answered(asks, request.POST.dict())
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            aid.withdraw_offer(
                actor=actor,
                offer_id=offer_id,
                reason=given["reason"],
                comment=given["comment"],
            )
        except StepRefusedError as refused:
            errors = asking.at_fields(refused, asks)
        except BusyError:
            return page(request, "busy", {"title": "Somebody else is at this request"}, LOCKED)
        else:
            return HttpResponseRedirect(reverse("aid_offers"))
    context = {
        "title": "Take back the offer",
        "aid": held.request,
        "questions": asking.questions(asks, given, errors),
        "errors": errors,
    }
    return page(request, "take_back", context, WRONG if errors else 200)


def _opened(actor: Actor, aid_id: UUID) -> AidRequest:
    try:
        return open_request(actor=actor, request_id=aid_id)
    except AidRequest.DoesNotExist:
        raise Http404 from None


def _who(held: AidRequest, actor: Actor) -> Who | None:
    """The patient: for the sender, and for the receiver once the patient has accepted."""
    is_own = held.organisation_code == actor.organisation_code
    is_receiver = held.receiver_code == actor.organisation_code
    if not is_own and not (is_receiver and held.state in AID_TAKEN | AID_MOVED):
        return None
    today = timezone.localdate()
    if held.pathway is None:
        return person(held.patient, today)
    try:
        open_pathway(actor=actor, pathway_id=held.pathway.pk)
    except Pathway.DoesNotExist:  # returned, and no longer theirs
        return None
    return person(held.patient, today, is_suspected_cancer=held.is_cancer)


def _signed(held: AidRequest) -> list[tuple[str, str]]:
    """What must stand before the request goes out, and who has done it."""
    people = people_named({held.consent_by, held.suitable_clinically_by, held.suitable_socially_by})

    def by(reference: str) -> str:
        if reference == "patient":
            return "The patient asked for it"
        return f"Yes, {people[reference]}" if reference in people else ("Yes" if reference else "")

    return [
        ("Patient agrees", by(held.consent_by) or "Not yet"),
        ("Clinically suitable", by(held.suitable_clinically_by) or "Not yet"),
        ("Socially suitable", by(held.suitable_socially_by) or "Not yet"),
    ]


def _fitting(held: AidRequest, actor: Actor) -> list[dict[str, Any]]:
    """Each capacity of our own of that kind: what speaks for it, and what against."""
    today = timezone.localdate()
    mine = lists.own_capacity(actor).with_places().filter(kind=held.kind)[:20]
    asked = replace(
        request_of(held, today),
        over_18_weeks=has_right(held, with_right_among(today, [held.pathway_id])),
    )
    found = [(each, judged(held, each, today, one_by_one=True, asked=asked)) for each in mine]
    found.sort(key=lambda pair: len(pair[1].fit.against))
    return [
        {
            "team": each.team,
            "left": each.left,
            "against": [_capital(reason.words) for reason in by.fit.against],
            "speaks_for": [_capital(reason.words) for reason in by.fit.speaks_for],
        }
        for each, by in found
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _clinician(wanted: Act, held: AidRequest, actor: Actor) -> tuple[Field, ...]:
    by_rule = "clinical" in wanted.row.guards
    is_cancer = wanted.slug == "offer" and held.is_cancer
    return asking.clinician(actor) if by_rule or is_cancer else ()


def _standing(wanted: Act, held: AidRequest) -> dict[str, str]:
    """What a form shows before anything was answered."""
    if wanted.slug == "change":
        return fields.written(fields.NEEDS, held)
    return {"distance": str(held.distance or "")} if wanted.slug == "consent" else {}


def _told(
    actor: Actor, held: AidRequest, request: HttpRequest, given: dict[str, str]
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "actor": actor,
        "request_id": held.pk,
        "version": read_version(request),
        "minutes": minutes_in(given),
    }
    if "acting_for" in given:
        told["acting_for"] = key(given.get("acting_for", ""))
    return told


def _asked(
    request: HttpRequest,
    held: AidRequest,
    actor: Actor,
    wanted: Act,
    asks: tuple[Field, ...],
    given: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": wanted.title,
        "act": wanted,
        "aid": held,
        "who": _who(held, actor),
        "what": rows.what_of(held),
        "questions": asking.questions(asks, given, errors),
        "errors": errors,
        "version": request.POST.get("version", held.version),
    }
    return page(request, "act", context, status)


def _changed(request: HttpRequest, held: AidRequest) -> HttpResponse:
    """Nothing was written: somebody has changed the request since the page was read."""
    held.refresh_from_db()
    context = {"title": "Somebody else changed this", "aid": held, "state": Aid(held.state)}
    return page(request, "changed", context, CONFLICT)
