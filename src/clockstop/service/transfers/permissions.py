"""Who may do what in mutual aid."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, Role


@rules.predicate
def provides(actor: Actor) -> bool:
    return actor.role in PROVIDING and bool(actor.organisation_code)


@rules.predicate
def is_of_a_hub(actor: Actor) -> bool:
    return actor.role is Role.ICB_HUB and bool(actor.icb_code)


@rules.predicate
def is_a_clinician(actor: Actor) -> bool:
    return actor.role is Role.PROVIDER_CLINICIAN


@rules.predicate
def is_the_patients_side(actor: Actor) -> bool:
    return actor.role in PUBLIC


@rules.predicate
def reads_figures(actor: Actor) -> bool:
    return actor.role in {Role.ICB_HUB, Role.COMMISSIONER, Role.ANALYST}


rules.add_perm("transfers.ask", is_the_patients_side)
rules.add_perm("transfers.send", provides)
rules.add_perm("transfers.receive", provides)
rules.add_perm("transfers.decide", is_a_clinician)
rules.add_perm("transfers.hub", is_of_a_hub)
rules.add_perm("transfers.figures", reads_figures)
