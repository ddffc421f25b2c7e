"""Patients' requests to be treated elsewhere: who is eligible, invited, asked, and what came."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from clockstop.service.directory.fields import CodesField
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.transfers.models.steps import StepRow
from clockstop.service.transfers.querysets import OfRequestQuerySet, PatientRequestQuerySet
from clockstop.service.transfers.states import ASKED_ENDED, Asked


class EligibilityScan(models.Model):
    """One evaluation of a provider's whole list by a profile; ``counts`` (JSON) by reason.

    ``profile`` names a versioned row of the rulebook. Each pathway that is not eligible is counted
    under every reason that stands against it.
    """

    icb_code = models.CharField(max_length=6)
    organisation_code = models.CharField(max_length=12)
    profile = models.CharField(max_length=20)
    profile_version = models.DateField()  # the day from which this version of it holds
    day = models.DateField()
    looked_at = models.PositiveIntegerField()
    eligible = models.PositiveIntegerField()
    new = models.PositiveIntegerField()  # of these, not known from an earlier scan
    counts = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_code", "icb_code", "profile", "day"), name="one_scan_a_day"
            ),
        )
        ordering = ("-day", "profile")


class PatientRequest(models.Model):
    """A patient who may ask, or asked, to be treated elsewhere, for one pathway.

    ``reference`` is what boards and letters call it. ``distance`` is in miles, none is anywhere.
    ``due`` is the day by which whoever has it must act; ``state_since`` when it came to them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    reference = models.CharField(max_length=12, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=40, choices=[(each.value, each.label) for each in Asked], default=""
    )
    state_since = models.DateTimeField()
    due = models.DateField(null=True, blank=True)
    escalate_on = models.DateField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="patient_requests")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="patient_requests")
    organisation_code = models.CharField(max_length=12)  # where the patient waits
    treatment_function = models.CharField(max_length=6)
    clock_start = models.DateField(null=True)
    profile = models.CharField(max_length=20)
    profile_version = models.DateField()
    found_on = models.DateField()
    # What the patient asked for.
    asked_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=10, blank=True)  # online, phone, paper
    distance = models.PositiveSmallIntegerField(null=True, blank=True)
    anywhere = models.BooleanField(default=False)
    needs = CodesField(default=())
    needs_words = models.CharField(max_length=300, blank=True)
    travel_support = models.BooleanField(default=False)
    chosen_provider = models.CharField(max_length=12, blank=True)  # in the legal right
    # What the patient was told before: weeks here and there, miles (JSON).
    estimate = models.TextField(blank=True)
    declines = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = PatientRequestQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "pathway"),
                condition=~Q(state__in=[each.value for each in sorted(ASKED_ENDED)]),
                name="one_live_patient_request",
            ),
        )
        indexes = (
            models.Index(
                fields=("organisation_code", "state", "due", "clock_start", "id"),
                name="asked_of_provider",
            ),
            models.Index(
                fields=("icb_code", "state", "due", "clock_start", "id", "escalated_at"),
                name="asked_of_icb",
            ),
        )

    @property
    def is_live(self) -> bool:
        return self.state not in ASKED_ENDED


class PatientRequestStep(StepRow):
    """What was done to a patient's request."""

    request = models.ForeignKey(PatientRequest, on_delete=models.PROTECT, related_name="steps")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "request", "version"), name="one_asked_step_a_version"
            ),
        )
        ordering = ("version",)
        indexes = (models.Index(fields=("icb_code", "action", "at"), name="asked_step_action"),)


class Invitation(models.Model):
    """That a patient was told of the right to ask. ``code`` shows whether it is genuine.

    The code is short and says nothing of the patient; with the day of birth it opens this one
    request, and too many wrong attempts lock it for a while. Only its fingerprint is kept.
    """

    icb_code = models.CharField(max_length=6)
    request = models.OneToOneField(
        PatientRequest, primary_key=True, on_delete=models.PROTECT, related_name="invitation"
    )
    organisation_code = models.CharField(max_length=12)
    fingerprint = models.CharField(max_length=64, db_index=True)
    sent_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=10)
    attempts = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    checked = models.PositiveIntegerField(default=0)  # how often somebody asked if it is genuine

    objects = OfRequestQuerySet.as_manager()
