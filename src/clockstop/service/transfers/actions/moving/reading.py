"""Somebody at the practice has read what it was told."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import REFERRING
from clockstop.service.audit.recording import record
from clockstop.service.transfers.models import PracticeNotice


@transaction.atomic
def read_notice(*, actor: Actor, notice_id: int) -> PracticeNotice:
    """Mark a notice of the actor's practice as read; the first who read it stays.

    Raises PermissionDenied and PracticeNotice.DoesNotExist.
    """
    if actor.role not in REFERRING or not actor.organisation_code:
        raise PermissionDenied
    mine = PracticeNotice.objects.visible_to(actor).filter(practice_code=actor.organisation_code)
    notice: PracticeNotice = mine.select_for_update(of=("self",)).get(pk=notice_id)
    if notice.read_at is None:
        notice.read_at, notice.read_by = timezone.now(), actor.for_audit.id
        notice.save(update_fields=("read_at", "read_by"))
        record(
            "read a notice of a transfer",
            actor.for_audit,
            icb_code=notice.icb_code,
            subject=("aid request", notice.request_id),
            detail={"kind": notice.kind},
        )
    return notice
