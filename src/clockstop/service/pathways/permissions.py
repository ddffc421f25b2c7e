"""Who may do what to a pathway that they can see."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import BY_PHONE, PROVIDING, PUBLIC, Role
from clockstop.service.pathways.models import Pathway, Patient, Review


@rules.predicate
def works_at_a_provider(actor: Actor) -> bool:
    return actor.role in PROVIDING


@rules.predicate
def is_a_clinician(actor: Actor) -> bool:
    return actor.role is Role.PROVIDER_CLINICIAN


@rules.predicate
def is_the_patients_side(actor: Actor) -> bool:
    return actor.role in PUBLIC


@rules.predicate
def takes_calls(actor: Actor) -> bool:
    return actor.role in BY_PHONE


@rules.predicate
def sees(actor: Actor, pathway: Pathway) -> bool:
    return type(pathway).objects.visible_to(actor).filter(pk=pathway.pk).exists()


@rules.predicate
def sees_patient(actor: Actor, patient: Patient) -> bool:
    return Patient.objects.visible_to(actor).filter(pk=patient.pk).exists()


@rules.predicate
def manages_waiting_lists(actor: Actor) -> bool:
    return actor.role is Role.WAITING_LIST_MANAGER


@rules.predicate
def is_for_them(actor: Actor, review: Review) -> bool:
    """A clinician decides about care, a waiting-list manager about records."""
    is_about_records = review.kind == Review.Kind.LIKELY_DUPLICATE
    meant = Role.WAITING_LIST_MANAGER if is_about_records else Role.PROVIDER_CLINICIAN
    return actor.role is meant and Review.objects.visible_to(actor).filter(pk=review.pk).exists()


rules.add_perm("pathways.view", sees)
rules.add_perm("pathways.record", works_at_a_provider & sees)
rules.add_perm("pathways.decide", is_a_clinician)
rules.add_perm("pathways.say_not_needed", is_the_patients_side & sees)
rules.add_perm("pathways.say_so_by_phone", takes_calls & sees)
rules.add_perm("pathways.record_death", works_at_a_provider & sees_patient)
rules.add_perm("pathways.merge", manages_waiting_lists & sees_patient)
rules.add_perm("pathways.close_review", is_for_them)
