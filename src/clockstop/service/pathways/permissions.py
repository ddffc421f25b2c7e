"""Who may do what to a pathway that they can see."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, Role
from clockstop.service.pathways.models import Pathway


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
def sees(actor: Actor, pathway: Pathway) -> bool:
    return type(pathway).objects.visible_to(actor).filter(pk=pathway.pk).exists()


rules.add_perm("pathways.view", sees)
rules.add_perm("pathways.record", works_at_a_provider & sees)
rules.add_perm("pathways.decide", is_a_clinician)
rules.add_perm("pathways.say_not_needed", is_the_patients_side & sees)
