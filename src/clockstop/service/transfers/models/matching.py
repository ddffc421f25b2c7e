"""What the matcher proposed: never more than a proposal until somebody of the hub takes it."""

from __future__ import annotations

import uuid

from django.db import models

from clockstop.service.transfers.models.aid import AidRequest
from clockstop.service.transfers.models.offering import Capacity
from clockstop.service.transfers.querysets import MatchQuerySet


class MatchRun(models.Model):
    """The matcher ran over an ICB's open requests; ``told`` (JSON) is its summary.

    ``digest`` is a fingerprint of all that went in: the same digest gives the same matches.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    requests = models.PositiveIntegerField()
    capacities = models.PositiveIntegerField()
    matched = models.PositiveIntegerField()
    told = models.TextField()

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=("icb_code", "at"), name="match_run_icb"),)


class Match(models.Model):
    """A request and what it got in a run: a place, or the reason that stands in the way.

    Those of a run are made in the order in which the hub reads them: priority, then wait.

    ``why`` (JSON) holds the reasons for and against. ``decision`` is the hub's: taken, left.
    """

    icb_code = models.CharField(max_length=6)
    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="matches")
    request = models.ForeignKey(AidRequest, on_delete=models.PROTECT, related_name="matches")
    capacity = models.ForeignKey(
        Capacity, null=True, blank=True, on_delete=models.PROTECT, related_name="matches"
    )
    weeks_gained = models.FloatField(null=True, blank=True)
    miles = models.FloatField(null=True, blank=True)
    binding = models.CharField(max_length=60, blank=True)  # code of the reason of a non-match
    why = models.TextField()
    decision = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=60, blank=True)  # why it was left
    comment = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("run", "request"), name="one_match_a_request"),
        )
        indexes = (
            models.Index(fields=("request", "run"), name="match_request"),
            models.Index(fields=("run", "binding", "id"), name="match_of_run"),
        )
