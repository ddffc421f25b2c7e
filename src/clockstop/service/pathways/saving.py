"""Saving an entry whose effect somebody has just checked."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from clockstop.service.accounts.actor import Actor
from clockstop.service.pathways.actions import record_event
from clockstop.service.pathways.models import Pathway, PathwayEvent


class ChangedMeanwhileError(RuntimeError):
    """Something was entered since the effect was shown: it may be another now."""


@transaction.atomic
def save_checked(
    *,
    actor: Actor,
    pathway: Pathway,
    values: Mapping[str, object],
    submission: UUID,
    length: int,
    reason: str = "",
    acting_for: UUID | None = None,
) -> PathwayEvent:
    """Enter what was checked while the pathway had ``length`` entries, if it still has.

    The same ``submission`` again gives the entry that it made. Raises ChangedMeanwhileError, and
    what ``record_event`` raises.
    """
    entry = record_event(
        actor=actor,
        pathway=pathway,
        values=values,
        submission=submission,
        reason=reason,
        acting_for=acting_for,
    )
    if entry.number != length + 1:
        raise ChangedMeanwhileError  # and so nothing is kept
    return entry
