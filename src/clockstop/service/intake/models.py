"""What hospitals' systems sent: each import, and the rows that were refused."""

import uuid

from django.db import models

from clockstop.service.intake.querysets import ImportFaultQuerySet, ImportQuerySet


class Import(models.Model):
    """An extract that was brought in for an ICB, by whom, and what came of it.

    ``organisation_code`` is the provider whose system sent it; blank where it was of several:
    then each of them has a part of it.
    """

    class Status(models.TextChoices):
        DONE = "done", "Brought in"
        IN_PART = "in_part", "Brought in, some rows refused"
        REFUSED = "refused", "Refused: nothing was brought in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    organisation_code = models.CharField(max_length=12, blank=True)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)  # of the files
    status = models.CharField(max_length=10, choices=Status.choices)
    pathways = models.PositiveIntegerField(default=0)  # in the extract, and without a fault
    new_pathways = models.PositiveIntegerField(default=0)
    changed_pathways = models.PositiveIntegerField(default=0)
    refused_pathways = models.PositiveIntegerField(default=0)
    new_patients = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)  # entries that were added
    corrections = models.PositiveIntegerField(default=0)  # of these, corrections and withdrawals
    faults = models.PositiveIntegerField(default=0)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at",)
        indexes = (
            models.Index(fields=("organisation_code", "received_at"), name="import_of_provider"),
        )


class ImportFault(models.Model):
    """A value that was refused: where it stands, what it is and what it should be."""

    imported = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="fault_rows")
    icb_code = models.CharField(max_length=6)
    file = models.CharField(max_length=200)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=100, blank=True)
    found = models.TextField()
    expected = models.TextField()

    objects = ImportFaultQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
