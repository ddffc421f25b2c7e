"""Patients who move within an ICB."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from tests.journeys.making import in_store
from tests.journeys.moorland import Moorland

FORM = {
    "title": "Mx",
    "local_identifier": "RAA-000123",
    "gp_name": "Dr G Practice",
    "referrer_name": "Miss C Onsultant",
    "referrer_code": "C1234567",
    "sender_contact": "Mr B Ooking",
    "sender_phone": "020 7946 0001",
}
RETURN_TO = "Booking office of the eye clinic, 020 7946 0001"


@dataclass(frozen=True, slots=True)
class Moves:
    """Buttons to sign in by who it is; references and patients' names by what they are for."""

    people: dict[str, str]
    references: dict[str, str]
    names: dict[str, str]


def given_a_hub(home: Path, what: str) -> Moves:
    """Requests for a hub (``hub``), or tests; a group whom nobody has asked for yet (``group``).

    A patient who was told of two places (``offers``), said yes (``care``), is there (``here``).
    """
    makers = {
        "hub": _hub,
        "offers": _offers,
        "group": _group,
        "care": _care,
        "here": _here,
        "test": _test,
    }
    return in_store(home, makers[what])


def _hub() -> Moves:
    """Two whom a place fits, one too heavy, one late, one of cancer; two who asked; one elsewhere.

    The case of another ICB is in the national pool.
    """
    from clockstop.service.transfers.models import AidRequest

    place = Moorland()
    place.posts("clinic", "Miss Lens, cataracts", max_bmi=40, max_asa=3, places=1)
    place.posts("trust", "Mr Iris, cataracts", max_bmi=40, max_asa=3)
    made = {
        "longest": place.asks(place.waits(70), bmi=28, asa=2),
        "next": place.asks(place.waits(60), bmi=31, asa=2),
        "heavy": place.asks(place.waits(55), bmi=44, asa=2),
        "late": place.asks(place.waits(45), bmi=43, asa=2),
        "cancer": place.asks(place.waits(4, priority="3"), bmi=28, asa=2),
        "pool": _of_another_icb(place),
    }
    rows = AidRequest.objects
    rows.filter(icb_code=place.icb).update(weeks_here=30)
    rows.filter(pk=made["late"].pk).update(due=timezone.localdate() - timedelta(days=1))
    return _told(place, made, asked=_suitable(place, place.waits(50)))


def _of_another_icb(place):
    """A request of a patient of another ICB, who would go anywhere."""
    from clockstop.service.transfers.actions import aid
    from clockstop.service.transfers.models import AidRequest

    request = place.asks(place.waits(65, place.elsewhere), bmi=30, asa=2)
    aid.widen(actor=place.actors["manager"], request_id=request.pk)
    AidRequest.objects.filter(pk=request.pk).update(distance=None)
    return request


def _suitable(place, pathway):
    """A patient's own request, which the hospital found suitable."""
    from clockstop.service.transfers.actions.asking import asking, reviewing
    from clockstop.service.transfers.actions.asking.shared import way_of

    manager = place.actors["manager"]
    found = asking.begin(actor=manager, pathway_id=pathway.pk, profile="EXPAND-18")
    wishes = asking.Wishes(distance=50, channel="phone")
    asking.ask(way=way_of(manager), request_id=found.pk, wishes=wishes)
    way = way_of(place.actors["clinician"])
    return reviewing.find_suitable(way=way, request_id=found.pk, social=True)


def _group() -> Moves:
    """Two who have waited long, one of cancer as long, and one who joined later; references none.

    By what they are for, the identifiers of their pathways stand for references.
    """
    place = Moorland()
    held = {
        "longest": place.waits(60),
        "next": place.waits(50),
        "cancer": place.waits(45, priority="3"),
        "later": place.waits(20),
    }
    return Moves(
        place.people,
        {what: each.identifier for what, each in held.items()} | {"issuer": place.sender},
        {what: each.patient.name for what, each in held.items()},
    )


def _offers() -> Moves:
    """A patient with an account who asked to move, and was told of two places."""
    from clockstop.service.transfers.actions import aid

    place = Moorland()
    request = _searched(place)
    for who, team in (("clinic", "Miss Lens, cataracts"), ("trust", "Mr Iris, cataracts")):
        _offer(place, request, place.posts(who, team, places=1, procedures=()), by=who)
    aid.send_to_patient(actor=place.actors["manager"], request_id=request.pk)
    return _told(place, {"offers": request})


def _care() -> Moves:
    """A patient with an account who asked to move, and has said yes to the clinic."""
    place = Moorland()
    return _told(place, {"care": _said_yes(place)})


def _here() -> Moves:
    """One whom the clinic has received."""
    from clockstop.service.transfers.actions import moving

    place = Moorland()
    request = _said_yes(place)
    _start(place, request)
    moving.receive(actor=place.actors["office"], request_id=request.pk)
    return _told(place, {"care": request})


def _said_yes(place):
    request = _searched(place)
    _accept(place, request, place.posts("clinic", "Miss Lens, cataracts", places=1, procedures=()))
    return request


def _searched(place):
    """The request for help of a patient with an account, whom the hub searches for."""
    from clockstop.service.accounts.models import Person
    from clockstop.service.transfers.actions.asking import searching
    from clockstop.service.transfers.actions.asking.shared import way_of
    from clockstop.service.transfers.models import AidRequest

    asked = _suitable(place, place.waits(50))
    searching.search(way=way_of(place.actors["hub"]), request_id=asked.pk)
    request = AidRequest.objects.get(patient_request=asked)
    patient = request.patient
    Person.objects.create(name=patient.name, nhs_number=patient.nhs_number)
    place.people["patient"] = f"{patient.name}, Patient"
    return request


def _test() -> Moves:
    """A test that is on its way to the clinic, and one whose result nobody has read for a week."""
    from clockstop.service.transfers.actions import moving
    from clockstop.service.transfers.models import AidRequest, Transfer
    from clockstop.service.transfers.models.aid import Kind

    place = Moorland()
    kind = Kind.DIAGNOSTIC
    scan = {"kind": kind, "diagnostic_test": "MRI", "protocol": "Orbits: is there a mass?"}
    places = place.posts(
        "clinic", "Miss Scan", kind=kind.value, diagnostic_tests=("MRI",), procedures=()
    )
    made = {
        "new": place.asks(place.waits(9), result_within=7, **scan),
        "unread": place.asks(place.waits(12), result_within=7, **scan),
    }
    for request in made.values():
        _accept(place, request, places)
        _start(place, request)
    unread = made["unread"].pk
    moving.receive(actor=place.actors["office"], request_id=unread)
    moving.report_result(actor=place.actors["clinic"], request_id=unread, result="No mass")
    week_ago = timezone.now() - timedelta(days=7)
    Transfer.objects.filter(request=unread).update(result_at=week_ago)
    AidRequest.objects.filter(pk=unread).update(state_since=week_ago)
    return _told(place, made)


def _accept(place, request, capacity) -> None:
    from clockstop.service.transfers.actions import aid

    manager, made = place.actors["manager"], _offer(place, request, capacity)
    aid.send_to_patient(actor=manager, request_id=request.pk)
    aid.choose(actor=manager, request_id=request.pk, offer_id=made.pk)


def _offer(place, request, capacity, by="clinic"):
    from clockstop.service.transfers.actions import aid

    return aid.offer(
        actor=place.actors[by],
        request_id=request.pk,
        capacity_id=capacity.pk,
        terms=aid.Terms(day=timezone.localdate() + timedelta(days=20)),
    )


def _start(place, request) -> None:
    from clockstop.service.transfers.actions import aid, moving

    moving.complete_form(
        actor=place.actors["manager"],
        request_id=request.pk,
        given=FORM,
        agreed={"return_to": RETURN_TO},
    )
    aid.pass_check(actor=place.actors["clinic"], request_id=request.pk)


def _told(place, requests, **more) -> Moves:
    held = requests | more
    return Moves(
        place.people,
        {what: each.reference for what, each in held.items()},
        {what: each.patient.name for what, each in held.items()},
    )
