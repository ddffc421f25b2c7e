"""Campaigns that tell patients of a right to choose, and whom each of them writes to."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from clockstop.core.rulebook.choice_rights import EIGHTEEN_WEEKS, FIRST_APPOINTMENT
from clockstop.service.accounts.actor import Actor
from clockstop.service.messaging.models import Message
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.referrals.choice_figures.answering import SEES_FIGURES
from clockstop.service.referrals.models import Referral


class Right(models.TextChoices):
    """The rights of the rules of choice that patients may be told of."""

    FIRST = FIRST_APPOINTMENT, "To choose where to have a first appointment"
    SOONER = EIGHTEEN_WEEKS, "To be treated sooner after 18 weeks"


class Stage(models.TextChoices):
    """Where a campaign stands. ``FINISHED``: everybody in it was told or left out."""

    RUNNING = "running", "Running"
    FINISHED = "finished", "Sent out"
    STOPPED = "stopped", "Stopped"


class CampaignQuerySet(models.QuerySet[Any]):
    """Campaigns, by who asks."""

    def visible_to(self, actor: Actor) -> "CampaignQuerySet":
        """Those of the ICB, for whoever sees its figures."""
        if actor.role not in SEES_FIGURES or not actor.icb_code:
            return self.none()
        return self.filter(icb_code=actor.icb_code)


class Campaign(models.Model):
    """A campaign of an ICB: who is told of which right, as it was confirmed.

    ``organisation_code`` and ``treatment_function`` are blank for any, ``weeks`` the fewest waited.
    ``ways`` (JSON) counts the cohort of that day by how a message reached them, or did not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    name = models.CharField(max_length=80)
    right = models.CharField(max_length=20, choices=Right.choices)
    organisation_code = models.CharField(max_length=12, blank=True)
    treatment_function = models.CharField(max_length=6, blank=True)  # as filed: C_110
    weeks = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.RUNNING)
    reached = models.PositiveIntegerField()
    ways = models.TextField(default="{}")
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("icb_code", "begun_at"), name="campaign_of_icb"),)
        ordering = ("-begun_at",)


class Prompt(models.Model):
    """Somebody whom a campaign tells: of a referral or of a wait, by one message.

    Neither a message nor ``left_out``, why they were not told: their turn has not come yet.
    """

    icb_code = models.CharField(max_length=6)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="prompts")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(
        Referral, null=True, on_delete=models.PROTECT, related_name="prompts"
    )
    pathway = models.ForeignKey(
        Pathway, null=True, on_delete=models.PROTECT, related_name="prompts"
    )
    message = models.OneToOneField(
        Message, null=True, on_delete=models.PROTECT, related_name="prompt"
    )
    left_out = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=("campaign",),
                condition=Q(message=None, left_out=""),
                name="prompt_waiting",
            ),
        )
        ordering = ("pk",)
