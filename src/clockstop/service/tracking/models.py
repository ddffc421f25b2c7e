"""The tracking list: one row for each pathway, with all that the list is cut and sorted by.

A row holds nothing of its own. It is what the clock rules make of the pathway's events, beside what
the hospital's system says of dates and priorities: days and codes, no numbers of weeks, so that it
stays true from one day to the next, until ``changes_on``.

Beside it stand what people keep: notes, who looks after a pathway until when, and saved views. They
are an organisation's own: another provider of the same pathway keeps its own.
"""

import uuid

from django.db import models

from clockstop.service.pathways.models import Pathway, Priority
from clockstop.service.tracking.querysets import (
    HandlingQuerySet,
    ListEntryQuerySet,
    SavedViewQuerySet,
)
from clockstop.service.tracking.ranks import clinical_rank

# The order in which the list is read, and what it is cut and counted by: an index that holds all of
# these answers for a list of 100,000 without a look at its rows.
_IN_ORDER = ("state", "clinical_rank", "clock_start", "pathway")
_CUT_BY = (
    *("treatment_function", "next_appointment", "tci_date", "in_returns", "decided_to_admit"),
    *("priority", "procedure_priority", "diagnostic_priority", "priority_reviewed"),
    *("on_cancer_list", "deprivation_decile", "ethnic_category", "sex", "birth_date"),
    *("validated_on", "last_seen", "has_findings", "start_unknown", "outcome_missing_since"),
    *("follow_up_due", "monitoring_since", "monitoring_reviewed"),
)


class State(models.TextChoices):
    """Why somebody is on the list."""

    WAITING = "waiting", "Waiting for treatment"  # an RTT clock runs
    TEST = "test", "Waiting for an overdue planned test"  # a diagnostic wait alone
    MONITORING = "monitoring", "Active monitoring"
    PLANNED = "planned", "Planned treatment, not yet due"
    FOLLOW_UP = "follow_up", "Follow-up after treatment"
    CLOSED = "closed", "Nothing is awaited"


class ListEntry(models.Model):
    """A pathway on the list of the provider that is responsible for it."""

    pathway = models.OneToOneField(
        Pathway, primary_key=True, on_delete=models.PROTECT, related_name="list_entry"
    )
    icb_code = models.CharField(max_length=6)
    organisation_code = models.CharField(max_length=12)  # whose list it is
    state = models.CharField(max_length=12, choices=State.choices)
    # By the clock rules.
    clock_start = models.DateField(null=True)  # of the running RTT period; null where unknown
    decided_to_admit = models.DateField(null=True)
    start_unknown = models.BooleanField(default=False)
    in_returns = models.BooleanField(default=True)  # false for community services
    monitoring_since = models.DateField(null=True)
    monitoring_reviewed = models.DateField(null=True)
    planned_due = models.DateField(null=True)
    last_seen = models.DateField(null=True)  # the latest attendance or admission
    outcome_missing_since = models.DateField(null=True)  # an attendance without an outcome
    findings = models.TextField(blank=True)  # the problems that the rules find, parted by spaces
    changes_on = models.DateField(null=True)  # the row must be made anew on this day
    # As the hospital's system has it.
    treatment_function = models.CharField(max_length=6)  # the line of the return: C_110
    priority = models.CharField(max_length=1, choices=Priority.choices)
    procedure_priority = models.CharField(max_length=3, blank=True)
    diagnostic_priority = models.CharField(max_length=3, blank=True)
    priority_reviewed = models.DateField(null=True)
    on_cancer_list = models.BooleanField(default=False)
    next_appointment = models.DateField(null=True)
    tci_date = models.DateField(null=True)
    follow_up_due = models.DateField(null=True)
    validated_on = models.DateField(null=True)
    site = models.CharField(max_length=12, blank=True)
    consultant = models.CharField(max_length=12, blank=True)
    referral_source = models.CharField(max_length=20, blank=True)  # class and verdict of the
    referral_verdict = models.CharField(max_length=20, blank=True)  # source of the referral
    # Of the patient, for cuts of the list.
    birth_date = models.DateField()
    sex = models.CharField(max_length=1)
    ethnic_category = models.CharField(max_length=2, blank=True)
    deprivation_decile = models.PositiveSmallIntegerField(null=True)
    # Made by the store itself out of the columns above; nobody writes them.
    has_findings = models.GeneratedField(
        expression=models.Case(models.When(findings="", then=False), default=True),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    clinical_rank = models.GeneratedField(
        expression=clinical_rank(),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )

    objects = ListEntryQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("organisation_code", "state", "clock_start", "pathway", "clinical_rank"),
                name="list_by_wait",
            ),
            models.Index(
                fields=("organisation_code", *_IN_ORDER, *_CUT_BY), name="list_by_priority"
            ),
            models.Index(
                fields=("icb_code", *_IN_ORDER, "organisation_code", *_CUT_BY[:4]),
                name="list_of_icb",
            ),
            models.Index(fields=("changes_on",), name="list_changes"),
        )


class ListStamp(models.Model):
    """A mark that the store renews whenever a row of a provider's list changes."""

    organisation_code = models.CharField(primary_key=True, max_length=12)
    mark = models.CharField(max_length=32)


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
