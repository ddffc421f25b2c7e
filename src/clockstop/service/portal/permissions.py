"""Who may ask hospitals, answer patients, and say how a patient is reached."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import BY_PHONE, PUBLIC, Role
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.referrals.persons import patients_of

BOOKS = frozenset({Role.PROVIDER_ADMINISTRATOR, Role.WAITING_LIST_MANAGER})


@rules.predicate
def is_the_patients_side(actor: Actor) -> bool:
    return actor.role in PUBLIC


@rules.predicate
def takes_calls(actor: Actor) -> bool:
    return actor.role in BY_PHONE


@rules.predicate
def sees(actor: Actor, pathway: Pathway) -> bool:
    return bool(Pathway.objects.visible_to(actor).filter(pk=pathway.pk).exists())


@rules.predicate
def runs_a_booking_office(actor: Actor) -> bool:
    return actor.role in BOOKS and bool(actor.organisation_code)


@rules.predicate
def is_theirs(actor: Actor, patient: Patient) -> bool:
    """A patient, their carer, or staff who see the patient by a pathway or a referral."""
    if actor.role in PUBLIC:
        return patient.nhs_number in {str(number) for number in actor.people}
    return bool(patients_of(actor).filter(pk=patient.pk).exists())


@rules.predicate
def commissions(actor: Actor) -> bool:
    return actor.role is Role.COMMISSIONER and bool(actor.icb_code)


rules.add_perm("portal.ask", (is_the_patients_side | takes_calls) & sees)
rules.add_perm("portal.offer", runs_a_booking_office)
rules.add_perm("portal.campaign", commissions)
rules.add_perm("portal.reach", is_theirs)
