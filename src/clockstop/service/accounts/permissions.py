"""Who may give and end roles."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Delegation, Membership
from clockstop.service.accounts.roles import BY_PHONE, Role


@rules.predicate
def administers(actor: Actor, organisation_code: str) -> bool:
    return (
        actor.role is Role.ADMINISTRATOR
        and bool(organisation_code)
        and actor.organisation_code == organisation_code
    )


@rules.predicate
def administers_it(actor: Actor, membership: Membership) -> bool:
    return bool(administers(actor, membership.organisation_code))


@rules.predicate
def is_own_role_of_administrator(actor: Actor, membership: Membership) -> bool:
    """An organisation must not lose its last administrator by a slip: another one ends it."""
    return membership.person_id == actor.person and membership.role == Role.ADMINISTRATOR


@rules.predicate
def is_patient(actor: Actor) -> bool:
    return actor.role is Role.PATIENT


@rules.predicate
def takes_calls(actor: Actor) -> bool:
    """Staff who act for patients that call: for the one alone who is among their ``people``."""
    return actor.role in BY_PHONE


@rules.predicate
def is_their_own(actor: Actor, delegation: Delegation) -> bool:
    return delegation.nhs_number in {str(number) for number in actor.people}


rules.add_perm("accounts.grant", administers)
rules.add_perm("accounts.end", administers_it & ~is_own_role_of_administrator)
rules.add_perm("accounts.delegate", is_patient | takes_calls)
rules.add_perm("accounts.revoke", (is_patient | takes_calls) & is_their_own)
