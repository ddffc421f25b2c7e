"""What the audit says of staff who act for a patient on the phone."""

from __future__ import annotations

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PUBLIC
from clockstop.service.referrals.actions.stepping import FOR_THE_PATIENT


def on_behalf(actor: Actor) -> dict[str, str]:
    """That they act for the patient; nothing where patients or their carers act themselves."""
    return {} if actor.role in PUBLIC else {"acting_for": FOR_THE_PATIENT}
