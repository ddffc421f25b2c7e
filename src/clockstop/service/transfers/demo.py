"""Mutual aid in the demo: who was invited and asked, what is offered, who has moved.

By the same actions as anybody's, around the trusts and the independent provider of the demo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from clockstop.core.state_tables import StepRefusedError
from clockstop.core.types import Sector
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.actions import record_event
from clockstop.service.pathways.models import Pathway
from clockstop.service.registry.models import Organisation
from clockstop.service.tracking.models import ListEntry
from clockstop.service.transfers.actions import aid, matching, moving
from clockstop.service.transfers.actions.asking import searching
from clockstop.service.transfers.actions.asking.shared import way_of
from clockstop.service.transfers.demo_asking import seed_asking
from clockstop.service.transfers.fitting import judged
from clockstop.service.transfers.models import AidRequest, Capacity, PatientRequest
from clockstop.service.transfers.states import Aid, Asked

_WAITED = timedelta(weeks=18)
_LONGEST = 40  # of the list's longest waits: enough to find some for every state
_WANTED = 12
_PLACES = 4
# How far each request that finds a place is taken, in turn.
_FURTHEST = ("held", "told", "accepted", "started", "moved", "treated", "moved")
_FORM = {
    "title": "Mx",
    "address": "1 Nowhere Street",
    "postcode": "ZZ99 3VZ",
    "practice_code": "V81997",  # registered nowhere
    "local_identifier": "DEMO-0001",
    "gp_name": "Dr G Practice",
    "referrer_name": "Dr Helen Marsh",
    "referrer_code": "C9999999",
    "sender_contact": "Owen Price",
    "sender_phone": "020 7946 0001",
    "sender_function": "300",
    "receiver_function": "300",
}
_AGREED = {"return_to": "Booking office, 020 7946 0001"}


@dataclass(frozen=True, slots=True)
class _Cast:
    """Of the demo's people: the sender's two, the hub, and the receivers' two each."""

    manager: Actor
    clinician: Actor
    hub: Actor
    offices: Sequence[Actor]
    clinicians: dict[str, Actor]


def seed_aid() -> int:
    """Bring it in, once; how many requests for help there are. None where nobody works."""
    cast = _cast()
    if cast is None or AidRequest.objects.exists():
        return 0
    seed_asking(cast.manager.organisation_code)
    _search(cast)
    _ask_for(cast)
    _post(cast)
    furthest = iter(_FURTHEST)
    for request in AidRequest.objects.filter(state=Aid.OPEN).order_by("waiting_since", "pk"):
        _play(cast, request, furthest)
    matching.run_for(cast.hub)
    return AidRequest.objects.count()


def _cast() -> _Cast | None:
    """The people of the trust with the longest list, and those of whoever can take patients."""
    held = Membership.objects.on(timezone.localdate()).select_related("person")
    held = held.order_by("organisation_code", "person__name", "role")  # keys come by chance
    clinicians = {
        each.organisation_code: each.as_actor()
        for each in held.filter(role=Role.PROVIDER_CLINICIAN)
    }
    trusts = Organisation.objects.filter(sector=Sector.NHS_TRUST, code__in=clinicians)
    managers = held.filter(
        role=Role.WAITING_LIST_MANAGER, organisation_code__in=trusts.values("code")
    )
    listed = Counter(ListEntry.objects.values_list("organisation_code", flat=True))
    manager = max(managers, key=lambda each: listed[each.organisation_code], default=None)
    hub = held.filter(role=Role.ICB_HUB).first()
    if manager is None or hub is None:
        return None
    code = manager.organisation_code
    staff = held.filter(role__in=(Role.PROVIDER_ADMINISTRATOR, Role.WAITING_LIST_MANAGER))
    offices = {
        each.organisation_code: each.as_actor()
        for each in staff.exclude(organisation_code=code)
        if each.organisation_code in clinicians
    }
    return _Cast(
        manager.as_actor(), clinicians[code], hub.as_actor(), list(offices.values()), clinicians
    )


def _search(cast: _Cast) -> None:
    """The hub searches for half of whom the trust found suitable."""
    found = PatientRequest.objects.filter(state=Asked.SUITABLE).order_by("clock_start", "pk")
    for each in list(found)[::2]:
        searching.search(way=way_of(cast.hub, minutes=5), request_id=each.pk)


def _ask_for(cast: _Cast) -> None:
    """The trust's own requests: of its longest waits, those whom nothing stands against."""
    rows = ListEntry.objects.filter(
        organisation_code=cast.manager.organisation_code,
        clock_start__lte=timezone.localdate() - _WAITED,
    )
    known = PatientRequest.objects.values("pathway")
    rows = rows.exclude(pathway__in=known).order_by("clock_start", "pk")[:_LONGEST]
    fitting = aid.sort_out(cast.manager, rows).fitting[:_WANTED]
    if not fitting:
        return
    cohort = aid.create_cohort(actor=cast.manager, name="Longest waits", needs=fitting)
    for each in cohort.requests.order_by("waiting_since", "pk"):
        try:
            aid.record_consent(actor=cast.manager, request_id=each.pk, agrees=True, minutes=8)
            aid.sign_clinical(actor=cast.clinician, request_id=each.pk, minutes=5)
            aid.sign_social(actor=cast.manager, request_id=each.pk, minutes=3)
            aid.submit(actor=cast.manager, request_id=each.pk)
        except StepRefusedError:  # it stays a draft, with its reasons on its page
            continue


def _post(cast: _Cast) -> None:
    """Each receiver posts places in the specialties that are asked for."""
    today = timezone.localdate()
    open_ = AidRequest.objects.filter(state=Aid.OPEN)
    functions = sorted(set(open_.values_list("treatment_function", flat=True)))
    for number, function in enumerate(functions):
        if cast.offices:
            office = cast.offices[number % len(cast.offices)]
            aid.post(actor=office, posting=_posting(function, today))


def _posting(function: str, today: date) -> aid.Posting:
    return aid.Posting(
        team="Team of the day",
        places=_PLACES,
        first_date=today,
        last_date=today + timedelta(days=80),
        expires_on=today + timedelta(days=60),
        price_basis="nhs_payment_scheme",
        treatment_function=function,
        critical_care=True,
        travel_support=True,
    )


def _play(cast: _Cast, request: AidRequest, furthest: Iterator[str]) -> None:
    """Take a request as far as its turn goes, if anything that is posted fits."""
    today = timezone.localdate()
    for place in Capacity.objects.filter(treatment_function=request.treatment_function):
        if not judged(request, place, today).fit.against:
            with suppress(StepRefusedError):  # it stays where it got to, with its reasons
                _take(cast, request, place, next(furthest, ""), today)
            return


def _take(cast: _Cast, request: AidRequest, place: Capacity, how_far: str, today: date) -> None:
    if not how_far:
        return
    pk, clinician = request.pk, cast.clinicians[place.organisation_code]
    day = today if how_far == "treated" else today + timedelta(days=28)
    terms = aid.Terms(day=day)
    made = aid.offer(actor=clinician, request_id=pk, capacity_id=place.pk, terms=terms, minutes=5)
    steps = ("told", "accepted", "started", "moved", "treated")
    for step in steps[: steps.index(how_far) + 1] if how_far in steps else ():
        match step:
            case "told":
                aid.send_to_patient(actor=cast.manager, request_id=pk, minutes=2)
            case "accepted":
                aid.choose(actor=cast.manager, request_id=pk, offer_id=made.pk, minutes=6)
            case "started":
                moving.complete_form(actor=cast.manager, request_id=pk, given=_FORM, agreed=_AGREED)
                aid.pass_check(actor=clinician, request_id=pk, minutes=15)
            case "moved":
                moving.receive(actor=clinician, request_id=pk)
            case _:
                _treat(clinician, request, today)


def _treat(clinician: Actor, request: AidRequest, today: date) -> None:
    record_event(
        actor=clinician,
        pathway=Pathway.objects.get(aid_requests=request.pk),
        values={"kind": "treatment_started", "day": today.isoformat()},
        submission=uuid4(),
    )
