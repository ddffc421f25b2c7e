"""Who may describe services, and who may run their clinics: people of the provider itself."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.directory.models import HealthcareService
from clockstop.service.directory.querysets import DEFINING, RUNNING_CLINICS


@rules.predicate
def defines(actor: Actor) -> bool:
    return actor.role in DEFINING and bool(actor.organisation_code)


@rules.predicate
def runs_clinics(actor: Actor) -> bool:
    return actor.role in RUNNING_CLINICS


@rules.predicate
def is_own(actor: Actor, service: HealthcareService) -> bool:
    return bool(actor.organisation_code) and actor.organisation_code == service.organisation_id


rules.add_perm("directory.begin", defines)
rules.add_perm("directory.define", defines & is_own)
rules.add_perm("directory.run_clinics", runs_clinics & is_own)
