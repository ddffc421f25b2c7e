"""What comes of a program's message: the steps of the pages, and the resource that is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.fhir.answering import NotAnsweredError
from clockstop.service.fhir.building import Json
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.pathways.models import Pathway
from clockstop.service.transfers.access import patient_of
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.actions.moving.starting import taken_offer
from clockstop.service.transfers.handover.proposals import Proposal, Said, of_proposal
from clockstop.service.transfers.handover.service_requests import Act, Asked, of_request
from clockstop.service.transfers.handover.tasks import of_offer
from clockstop.service.transfers.models import AidRequest, Offer
from clockstop.service.transfers.states import Aid


def process_request(actor: Actor, asked: Asked) -> Json:
    """Do what a request message asks; the ServiceRequest as it is then.

    All in the caller's transaction. Raises as the actions do, and FaultyError.
    """
    if asked.sender not in {"", actor.organisation_code}:
        words = "MessageHeader.sender: found another organisation than that of the token"
        raise NotAnsweredError(403, "forbidden", [words])
    if asked.act is Act.MAKE:
        held = _make(actor, asked)
        _go_on(actor, asked, held.pk)
    else:
        held = _sent(actor, asked)
        told: dict[str, Any] = {
            "actor": actor,
            "request_id": held.pk,
            "version": asked.version,
        }
        if asked.act is Act.TREATED:
            aid.close_treated(**told)
        elif asked.act is Act.WITHDRAW:
            aid.withdraw(**told, reason=asked.reason, comment=asked.comment)
        else:
            _change(actor, asked, held)
    return of_request(_sent(actor, replace(asked, key=held.pk)), own=True)


def _make(actor: Actor, asked: Asked) -> AidRequest:
    if asked.pathway is None:
        patient = patient_of(actor, asked.nhs_number)
        if asked.waiting_since is None:
            raise LookupError("read_asked asks for the day")
        return aid.create_direct(
            actor=actor,
            patient_id=patient.pk,
            waiting_since=asked.waiting_since,
            needs=asked.needs,
        )
    identifier, issuer = asked.pathway
    own = Pathway.objects.visible_to(actor).filter(organisation_code=actor.organisation_code)
    pathway = own.filter(identifier=identifier, issuer=issuer).select_related("patient").first()
    if pathway is None:
        words = "ServiceRequest.identifier: found no such pathway of your own list, expected one"
        raise FaultyError([Fault(Wrong.VALUE, words)])
    if asked.nhs_number not in {"", pathway.patient.nhs_number}:
        words = "Patient.identifier: found another NHS number than that of the pathway"
        raise FaultyError([Fault(Wrong.VALUE, words)])
    return aid.create(actor=actor, pathway_id=pathway.pk, needs=asked.needs)


def _sent(actor: Actor, asked: Asked) -> AidRequest:
    """The request that is meant, of the actor's own. Raises AidRequest.DoesNotExist."""
    own = AidRequest.objects.visible_to(actor).sent_by(actor.organisation_code)
    wanted = Q(pk=asked.key) if asked.key else Q(reference=asked.reference)
    found: AidRequest = own.select_related("pathway").get(wanted)
    return found


def _change(actor: Actor, asked: Asked, held: AidRequest) -> None:
    """What is said of the need and differs, then what comes next."""
    told = {name: value for name, value in asked.values.items() if getattr(held, name) != value}
    version = asked.version
    if told:
        needs = aid.Needs(**told)
        aid.change(actor=actor, request_id=held.pk, needs=needs, version=version)
        version = None
    _go_on(actor, asked, held.pk, version)


def _go_on(actor: Actor, asked: Asked, pk: Any, version: int | None = None) -> None:
    """Consent, signatures and submission, as far as they are said and were not there before."""
    for step, more in _steps(asked, AidRequest.objects.visible_to(actor).get(pk=pk)):
        step(actor=actor, request_id=pk, version=version, **more)
        version = None


def _steps(
    asked: Asked, held: AidRequest
) -> list[tuple[Callable[..., AidRequest], dict[str, Any]]]:
    found: list[tuple[Callable[..., AidRequest], dict[str, Any]]] = []
    if asked.agrees and held.consent_at is None:
        found.append((aid.record_consent, {"agrees": True, "distance": held.distance}))
    if asked.clinically and not held.suitable_clinically_by:
        found.append((aid.sign_clinical, {"acting_for": asked.acting_for}))
    if asked.socially and not held.suitable_socially_by:
        found.append((aid.sign_social, {}))
    if asked.is_active and held.state == Aid.DRAFT:
        found.append((aid.submit, {}))
    if asked.is_active and held.state == Aid.EXPIRED:
        found.append((aid.reopen, {}))
    if asked.is_active and asked.national and not held.national:
        found.append((aid.widen, {}))
    return found


def process_proposal(actor: Actor, proposal: Proposal) -> Json:
    """Do what is said of an offer or a request; the Task as it is then.

    All in the caller's transaction. Raises as the actions do.
    """
    if proposal.offer is not None:
        held = _request_of(actor, proposal)
    else:
        held = AidRequest.objects.visible_to(actor).get(reference=proposal.reference)
    offer = _PROCESSES[proposal.said](actor, held, proposal)
    if offer is None:
        return of_proposal(replace(proposal, reference=held.reference))
    told = AidRequest.objects.visible_to(actor).get(pk=held.pk)
    return of_offer(offer, told.state, told.reference)


def _request_of(actor: Actor, proposal: Proposal) -> AidRequest:
    mine = Offer.objects.visible_to(actor).select_related("request")
    if proposal.reference:
        mine = mine.filter(request__reference=proposal.reference)
    offer: Offer = mine.get(pk=proposal.offer)
    return offer.request


def _offer(actor: Actor, held: AidRequest, said: Proposal) -> Offer:
    terms = aid.Terms(day=said.day, team=said.team, override=said.override)
    return aid.offer(
        actor=actor,
        request_id=held.pk,
        terms=terms,
        capacity_id=said.capacity,
        acting_for=said.acting_for,
    )


def _refuse(actor: Actor, held: AidRequest, said: Proposal) -> None:
    aid.refuse(actor=actor, request_id=held.pk, reason=said.reason, comment=said.comment)


def _withdraw(actor: Actor, _: AidRequest, said: Proposal) -> Offer:
    return aid.withdraw_offer(
        actor=actor, offer_id=_known(said), reason=said.reason, comment=said.comment
    )


def _pass(actor: Actor, held: AidRequest, said: Proposal) -> Offer | None:
    aid.pass_check(
        actor=actor, request_id=held.pk, acting_for=said.acting_for, override=said.override
    )
    return taken_offer(held)


def _fail(actor: Actor, held: AidRequest, said: Proposal) -> Offer | None:
    offer = taken_offer(held)
    aid.fail_check(
        actor=actor,
        request_id=held.pk,
        reason=said.reason,
        comment=said.comment,
        acting_for=said.acting_for,
    )
    if offer is not None:
        offer.refresh_from_db()
    return offer


def _send(actor: Actor, held: AidRequest, _: Proposal) -> None:
    aid.send_to_patient(actor=actor, request_id=held.pk)


def _choose(actor: Actor, held: AidRequest, said: Proposal) -> Offer:
    aid.choose(actor=actor, request_id=held.pk, offer_id=_known(said))
    chosen: Offer = Offer.objects.visible_to(actor).get(pk=said.offer)
    return chosen


def _decline(actor: Actor, held: AidRequest, said: Proposal) -> None:
    aid.decline_all(
        actor=actor,
        request_id=held.pk,
        reason=said.reason,
        comment=said.comment,
        close=said.said is Said.STAYS,
    )


_PROCESSES: Mapping[Said, Callable[[Actor, AidRequest, Proposal], Offer | None]] = {
    Said.OFFERED: _offer,
    Said.REFUSED: _refuse,
    Said.WITHDRAWN: _withdraw,
    Said.PASSED: _pass,
    Said.FAILED: _fail,
    Said.SENT: _send,
    Said.CHOSEN: _choose,
    Said.DECLINED: _decline,
    Said.STAYS: _decline,
}


def _known(said: Proposal) -> Any:
    if said.offer is None:
        raise LookupError("read_proposal asks for the offer")
    return said.offer
