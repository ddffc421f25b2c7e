"""The only writers of campaigns: begin, go on telling those whose turn it is, stop."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import rules
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.audit.recording import SYSTEM, record
from clockstop.service.audit.recording import Actor as Auditor
from clockstop.service.messaging import outbox
from clockstop.service.messaging.models import Message
from clockstop.service.portal import telling
from clockstop.service.portal.campaigns.cohorts import Wanted, cohort, reach
from clockstop.service.portal.campaigns.models import Campaign, Prompt, Right, Stage

NOBODY = "Nobody would be told: choose others, or wait until somebody is due"
STOPPED = "The campaign was stopped"
_BATCH = 1_000


class CampaignRefusedError(ValueError):
    """A campaign that cannot be, in words; nothing was written."""


@transaction.atomic
def begin(*, actor: Actor, wanted: Wanted, name: str) -> Campaign:
    """Begin a campaign for everybody who is in its cohort now; nothing is queued yet.

    Raises PermissionDenied, and CampaignRefusedError where it would tell nobody.
    """
    if not rules.has_perm("portal.campaign", actor) or wanted.icb_code != actor.icb_code:
        raise PermissionDenied
    held = cohort(wanted)
    told = [each for each in held if each.is_reached]
    if not told:
        raise CampaignRefusedError(NOBODY)
    campaign = Campaign.objects.create(
        icb_code=wanted.icb_code,
        name=name,
        right=wanted.right,
        organisation_code=wanted.organisation_code,
        treatment_function=wanted.treatment_function,
        weeks=wanted.weeks,
        reached=len(told),
        begun_at=timezone.now(),
        begun_by=str(actor.person),
        ways=json.dumps(reach(held)),
    )
    about = "referral_id" if wanted.right is Right.FIRST else "pathway_id"
    Prompt.objects.bulk_create(
        (
            Prompt(
                icb_code=wanted.icb_code,
                campaign=campaign,
                patient_id=each.patient,
                **{about: each.about},
            )
            for each in told
        ),
        batch_size=_BATCH,
    )
    _note("began a campaign", campaign, actor.for_audit, reached=len(told))
    return campaign


def go_on(most: int = _BATCH) -> int:
    """Queue the messages of those whose turn it is in campaigns that run; how many were queued.

    Each stands on its own, so that a run that is cut off goes on where it was with the next one.
    """
    turn = _waiting().filter(campaign__stage=Stage.RUNNING).order_by("pk")
    told = sum(_told(key) for key in list(turn.values_list("pk", flat=True)[:most]))
    running = Campaign.objects.filter(stage=Stage.RUNNING)
    done = running.exclude(Exists(_waiting().filter(campaign=OuterRef("pk"))))
    for key in list(done.values_list("pk", flat=True)):
        _finish(key)
    return told


@transaction.atomic
def stop(*, actor: Actor, campaign_id: UUID) -> Campaign:
    """Tell nobody more: what waits in the outbox is cancelled, what was sent stays sent.

    Raises PermissionDenied and Campaign.DoesNotExist.
    """
    if not rules.has_perm("portal.campaign", actor):
        raise PermissionDenied
    held = _locked(Campaign.objects.visible_to(actor), campaign_id)
    if held.stage == Stage.STOPPED:
        return held
    messages = Message.objects.filter(prompt__campaign=held)
    by = actor.for_audit
    cancelled = outbox.cancel_of(messages, STOPPED, by=by)
    _end(held, Stage.STOPPED)
    _note("stopped a campaign", held, by, cancelled=cancelled)
    return held


def _waiting() -> Any:
    return Prompt.objects.filter(message=None, left_out="")


@transaction.atomic
def _told(key: int) -> bool:
    """One whose turn it is; the campaign is locked, so that nobody is told once it is stopped."""
    prompt: Prompt = Prompt.objects.select_related("campaign").get(pk=key)
    if _locked(Campaign.objects.all(), prompt.campaign_id).stage != Stage.RUNNING:
        return False
    rows = Prompt.objects.select_for_update(of=("self",))
    prompt = rows.select_related("patient", "referral__patient", "pathway__patient").get(pk=key)
    if prompt.message_id or prompt.left_out:
        return False
    message = _message(prompt)
    prompt.message, prompt.left_out = message, "" if message else "Must not be told any more"
    prompt.save(update_fields=("message", "left_out"))
    return message is not None


def _message(prompt: Prompt) -> Message | None:
    """The message of this campaign; none where another told them first, or nobody may."""
    key = f"campaign {prompt.campaign_id} {prompt.pk}"
    if prompt.referral is not None:
        found = telling.remind_to_choose(prompt.referral, SYSTEM, key=key)
    elif prompt.pathway is not None:
        found = telling.tell_of_sooner(prompt.pathway, SYSTEM, key=key)
    return found if found and found.dedupe_key == key else None


@transaction.atomic
def _finish(key: UUID) -> None:
    held = _locked(Campaign.objects.all(), key)
    if held.stage == Stage.RUNNING:
        _end(held, Stage.FINISHED)
        _note("sent out a campaign", held, SYSTEM)


def _locked(rows: Any, key: UUID) -> Campaign:
    found: Campaign = rows.select_for_update(no_key=True).get(pk=key)
    return found


def _end(held: Campaign, stage: Stage) -> None:
    held.stage, held.ended_at = stage, timezone.now()
    held.save(update_fields=("stage", "ended_at"))


def _note(action: str, held: Campaign, by: Auditor, **counts: int) -> None:
    detail = {"right": str(held.right), "stage": str(held.stage)} | counts
    subject = ("campaign", held.pk)
    record(action, by, icb_code=held.icb_code, subject=subject, detail=detail)
