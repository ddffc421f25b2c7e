"""Whether a patient still needs care, in their own words: silence and answers end nothing."""

from __future__ import annotations

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PUBLIC
from clockstop.service.audit.recording import record
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.validation import say_not_needed
from clockstop.service.portal.actions.behalf import on_behalf
from clockstop.service.portal.models import NeedSaid


@transaction.atomic
def say(*, actor: Actor, pathway: Pathway, is_needed: bool) -> NeedSaid:
    """Keep whether care is still needed; a no goes to a clinician. Raises PermissionDenied.

    The clock runs on and the place is kept either way. A yes after a no closes no review: the
    clinician who speaks to the patient hears of both.
    """
    if not rules.has_perm("portal.ask", actor, pathway):
        raise PermissionDenied
    if not is_needed:
        say_not_needed(actor=actor, pathway=pathway, by_phone=actor.role not in PUBLIC)
    by = actor.for_audit
    made: NeedSaid = NeedSaid.objects.create(
        icb_code=pathway.icb_code,
        pathway=pathway,
        is_needed=is_needed,
        at=timezone.now(),
        by=by.id,
        role=by.role,
    )
    what = "said that care is still needed" if is_needed else "said that care may not be needed"
    subject = ("pathway", pathway.pk)
    record(what, by, icb_code=pathway.icb_code, subject=subject, detail={**on_behalf(actor)})
    return made
