"""What patients ask hospitals for, and whether a hospital takes such requests online."""

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, REFERRING
from clockstop.service.pathways.models import Pathway
from clockstop.service.portal.campaigns.models import Campaign, Prompt
from clockstop.service.portal.changes import OPEN, WHY_DECLINED, State, Wish

__all__ = ("Campaign", "ChangeRequest", "ChangeStep", "NeedSaid", "OnlineChanges", "Prompt")


class OnlineChanges(models.Model):
    """Whether a provider takes requests online, and whom its patients call."""

    organisation_code = models.CharField(primary_key=True, max_length=12)
    icb_code = models.CharField(max_length=6, blank=True)
    is_offered = models.BooleanField(default=False)
    phone = models.CharField(max_length=30, blank=True)
    hours = models.CharField(max_length=100, blank=True)


class ChangeRequestQuerySet(models.QuerySet[Any]):
    """Requests, by who asks: who sees the pathway sees them too."""

    seen_with = ("pathway",)

    def visible_to(self, actor: Actor) -> "ChangeRequestQuerySet":
        """Those made to a provider that still takes part in the pathway; a patient's own.

        The practice sees those about its referrals, to speak of them with patients who call.
        """
        if actor.role in PUBLIC | REFERRING:
            return self.filter(pathway__in=Pathway.objects.visible_to(actor))
        if actor.role in PROVIDING and actor.organisation_code:
            seen = Pathway.objects.visible_to(actor)
            return self.filter(organisation_code=actor.organisation_code, pathway__in=seen)
        return self.none()

    def open(self) -> "ChangeRequestQuerySet":
        """Those that wait for an answer."""
        return self.filter(state__in=OPEN)


class ChangeRequest(models.Model):
    """A patient's wish about an appointment that the hospital entered; ``day`` is its day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="change_requests")
    organisation_code = models.CharField(max_length=12)
    wish = models.CharField(max_length=12, choices=[(each.value, each.name) for each in Wish])
    day = models.DateField()
    words = models.CharField(max_length=500, blank=True)  # of the patient: when they can come
    state = models.CharField(max_length=14, choices=[(each.value, each.name) for each in State])
    reason = models.CharField(max_length=20, blank=True)  # why it was declined
    answer = models.CharField(max_length=500, blank=True)  # words that the patient reads
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "pathway", "day"),
                condition=Q(state__in=("REQUESTED", "ACKNOWLEDGED")),
                name="one_open_request_an_appointment",
            ),
        )
        indexes = (models.Index(fields=("organisation_code", "state", "day"), name="change_list"),)
        ordering = ("day", "asked_at")

    @property
    def why(self) -> str:
        """Why it was declined, in words."""
        return WHY_DECLINED.get(self.reason, "")

    def is_open_on(self, day: date) -> bool:
        """Whether somebody may still answer it."""
        return self.state in OPEN and self.day >= day


class ChangeStep(models.Model):
    """What was done to a request: a row for each change, never altered or removed."""

    icb_code = models.CharField(max_length=6)
    request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=20)
    after = models.CharField(max_length=14)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=40)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "request", "number"), name="one_change_step_a_number"
            ),
        )
        ordering = ("number",)


class NeedSaidQuerySet(models.QuerySet[Any]):
    """Answers, by who asks: who sees the pathway sees them too."""

    seen_with = ("pathway",)

    def visible_to(self, actor: Actor) -> "NeedSaidQuerySet":
        """Those about the pathways that somebody sees."""
        return self.filter(pathway__in=Pathway.objects.visible_to(actor))


class NeedSaid(models.Model):
    """Whether a patient says that care is still needed: a row for each answer, never altered.

    A no has a review beside it, for a clinician. Staff by their role wrote it down on the phone.
    """

    icb_code = models.CharField(max_length=6)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="needs_said")
    is_needed = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=40)

    objects = NeedSaidQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("icb_code", "at"), name="need_said_at"),)
        ordering = ("at", "pk")
