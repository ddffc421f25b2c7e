"""Who may do what to a referral that they can see."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, REFERRING, Role
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.models import Referral


@rules.predicate
def refers(actor: Actor) -> bool:
    return actor.role in REFERRING and bool(actor.organisation_code)


@rules.predicate
def is_registered_here(actor: Actor, patient: Patient) -> bool:
    """A practice refers those who are registered with it."""
    return patient.practice_code == actor.organisation_code


@rules.predicate
def provides(actor: Actor) -> bool:
    return actor.role in PROVIDING and bool(actor.organisation_code)


@rules.predicate
def is_a_clinician(actor: Actor) -> bool:
    return actor.role in {Role.PROVIDER_CLINICIAN, Role.REFERRER}


@rules.predicate
def sees(actor: Actor, referral: Referral) -> bool:
    return type(referral).objects.visible_to(actor).filter(pk=referral.pk).exists()


rules.add_perm("referrals.refer", refers & is_registered_here)
rules.add_perm("referrals.search", refers)
rules.add_perm("referrals.decide", is_a_clinician)
rules.add_perm("referrals.view", sees)
rules.add_perm("referrals.provide", provides)
