"""What was done to a request: a row for each change, never altered or removed."""

from __future__ import annotations

from django.db import models


class StepRow(models.Model):
    """One step: from which state to which, by whom, when, why. ``version`` is the one it made.

    ``minutes`` is how long it took staff, where they said so: the burden of the scheme is counted.
    """

    icb_code = models.CharField(max_length=6)
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=40)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40)
    reason = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    organisation_code = models.CharField(max_length=12, blank=True)
    acting_for = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True
