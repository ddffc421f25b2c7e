"""Opening a referral or a conversation about advice, which the audit keeps like every change."""

from uuid import UUID

from django.db import transaction

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import record
from clockstop.service.referrals.models import Advice, Referral

VIEWED = "viewed a referral"
VIEWED_ADVICE = "viewed advice"


@transaction.atomic
def open_referral(*, actor: Actor, referral_id: UUID) -> Referral:
    """A referral that the actor may see, with its patient. Raises Referral.DoesNotExist."""
    visible = Referral.objects.visible_to(actor)
    found: Referral = visible.select_related("patient", "service", "pathway").get(pk=referral_id)
    by = actor.for_audit
    record(VIEWED, by, icb_code=found.icb_code, subject=("referral", found.pk))
    return found


@transaction.atomic
def open_advice(*, actor: Actor, advice_id: UUID) -> Advice:
    """A conversation that the actor may see, with its patient. Raises Advice.DoesNotExist."""
    visible = Advice.objects.visible_to(actor)
    found: Advice = visible.select_related("patient", "service").get(pk=advice_id)
    by = actor.for_audit
    record(VIEWED_ADVICE, by, icb_code=found.icb_code, subject=("advice", found.pk))
    return found
