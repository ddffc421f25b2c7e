"""For the demo: a trust that takes requests online, one request, and how patients are reached."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Membership, Person
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.models import HospitalRecord, Pathway, Patient
from clockstop.service.pathways.signals import pathway_changed
from clockstop.service.portal.actions import reaching, requesting
from clockstop.service.portal.actions.reaching import Reached
from clockstop.service.portal.changes import Wish
from clockstop.service.portal.models import OnlineChanges

_SOON = timedelta(days=25)
# Numbers of the ranges that are kept for drama: nobody has them.
_PHONE, _MOBILE = "01632 960001", "07700900123"
_REACHED = {
    "Amara Okafor": Reached(mobile=_MOBILE),
    "George Whitlock": Reached(interpreter="Welsh"),
    "Margaret Ellison": Reached(mobile=_MOBILE, large_print=True),
}


@transaction.atomic
def seed_portal() -> bool:
    """Bring it in, once; False where nobody works in a booking office."""
    offices = Membership.objects.filter(role=Role.PROVIDER_ADMINISTRATOR)
    office = offices.filter(person__name="Owen Price").select_related("person").first()
    if office is None or OnlineChanges.objects.exists():
        return False
    hours = "8am to 6pm, Monday to Friday"
    requesting.offer(actor=office.as_actor(), is_offered=True, phone=_PHONE, hours=hours)
    for person in Person.objects.filter(name__in=_REACHED):
        _reach(person, office.organisation_code)
    return True


def _reach(person: Person, trust: str) -> None:
    actor = Actor(
        person=person.pk,
        name=person.name,
        role=Role.PATIENT,
        people=(NhsNumber(person.nhs_number),),
    )
    patient = Patient.objects.get(nhs_number=person.nhs_number)
    reaching.keep(actor=actor, patient=patient, told=_REACHED[person.name])
    seen = Pathway.objects.visible_to(actor).filter(organisation_code=trust)
    pathway = seen.order_by("identifier").first()
    if pathway is None:
        return
    _, is_new = HospitalRecord.objects.get_or_create(
        pathway=pathway,
        defaults={
            "icb_code": pathway.icb_code,
            "organisation_code": trust,
            "next_appointment": timezone.localdate() + _SOON,
        },
    )
    if is_new:
        pathway_changed.send(sender=Pathway, pathway=pathway)
        _ask(actor, pathway)


def _ask(actor: Actor, pathway: Pathway) -> None:
    """One of them has asked for another day already."""
    if actor.name == "George Whitlock":
        day = timezone.localdate() + _SOON
        words = "I care for my wife on Tuesdays. Any other day would help."
        wish = Wish.RESCHEDULE.value
        requesting.ask(actor=actor, pathway=pathway, day=day, wish=wish, words=words)
