"""Who may keep things out of the NHS App: people of the trust itself."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.aggregator.models import OF_SERVICES, OFFICE, Kind
from clockstop.service.directory.querysets import DEFINING


@rules.predicate
def sees_to(actor: Actor, kind: Kind) -> bool:
    """Definers to their services; the booking office to these, and to what concerns a patient."""
    roles = DEFINING | OFFICE if kind in OF_SERVICES else OFFICE
    return bool(actor.organisation_code) and actor.role in roles


rules.add_perm("aggregator.hide", sees_to)
