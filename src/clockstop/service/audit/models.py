"""The audit: one chain of entries for each ICB, each entry sealed with the one before it.

Everything that is sealed is kept as text or a whole number, so that a seal is of the very bytes
in the row, on any database.
"""

from django.db import models

NATIONAL = "-"  # the chain of what concerns no ICB, such as signing in


class Chain(models.Model):
    """How long a chain is and how it ends; its row is the lock of those who write to it."""

    icb_code = models.CharField(primary_key=True, max_length=6)
    length = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)


class Entry(models.Model):
    """Who did what to which record, when. References and hashes, no clinical text."""

    icb_code = models.CharField(max_length=6)
    number = models.BigIntegerField()
    at = models.CharField(max_length=32)  # ISO 8601, UTC, microseconds
    actor = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    organisation_code = models.CharField(max_length=12, blank=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    detail = models.TextField(default="{}")  # JSON with sorted keys
    previous = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("icb_code", "number"), name="audit_entry_number"),
        )
        indexes = (models.Index(fields=("subject_kind", "subject"), name="audit_entry_subject"),)
        ordering = ("icb_code", "number")
