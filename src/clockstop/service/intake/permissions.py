"""Who may bring in an extract of a hospital's system."""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.intake.querysets import READERS


@rules.predicate
def keeps_its_data(actor: Actor, provider: str) -> bool:
    return actor.role in READERS and bool(provider) and actor.organisation_code == provider


rules.add_perm("intake.import", keeps_its_data)
