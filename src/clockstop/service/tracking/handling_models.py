"""What people keep beside the list: notes, who looks after a pathway until when, saved views.

They are an organisation's own: another provider of the same pathway keeps its own.
"""

import uuid

from django.db import models

from clockstop.service.pathways.models import Pathway
from clockstop.service.tracking.querysets import HandlingQuerySet, SavedViewQuerySet


class Note(models.Model):
    """What somebody wrote about a pathway; never changed or removed.

    It may hold clinical text, so the audit keeps its fingerprint alone. ``submission`` is made
    with the form, so that a form sent twice is one note.
    """

    LONGEST = 2000

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="notes")
    organisation_code = models.CharField(max_length=12)
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=64)
    submission = models.UUIDField()

    objects = HandlingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "pathway", "submission"), name="one_note_a_submission"
            ),
        )
        ordering = ("-written_at", "-pk")


class Handling(models.Model):
    """Who of an organisation looks after a pathway, and by when; the audit says how it was."""

    icb_code = models.CharField(max_length=6)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="handlings")
    organisation_code = models.CharField(max_length=12)
    owner = models.CharField(max_length=64, blank=True)  # a person's reference
    due = models.DateField(null=True, blank=True)

    objects = HandlingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "pathway", "organisation_code"), name="one_handling"
            ),
        )
        indexes = (
            models.Index(fields=("organisation_code", "owner", "pathway"), name="handling_owner"),
            models.Index(fields=("organisation_code", "due"), name="handling_due"),
        )


class SavedView(models.Model):
    """A person's filters of the list under a name. ``query`` is that of the page's address."""

    MOST = 50  # of one person

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.CharField(max_length=64)
    organisation_code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_code", "person", "name"), name="one_view_a_name"
            ),
        )
        ordering = ("name",)
