"""Requests for help, and what was done about them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Substr

from clockstop.service.directory.fields import CodesField
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.transfers.models.asking import PatientRequest
from clockstop.service.transfers.models.steps import StepRow
from clockstop.service.transfers.querysets import AidRequestQuerySet
from clockstop.service.transfers.states import AID_ENDED, AID_TAKEN, Aid


class Kind(models.TextChoices):
    """What help is asked for."""

    TREATMENT = "treatment", "Treatment"
    DIAGNOSTIC = "diagnostic", "Diagnostic test"


class Stage(models.TextChoices):
    """How far the patient has come."""

    FIRST_OUTPATIENT = "first_outpatient", "First outpatient appointment"
    DIAGNOSTIC = "diagnostic", "Diagnostic test"
    ADMITTED = "admitted", "Admitted treatment"
    CANCER = "cancer", "Cancer: clinician to clinician"


class Reporter(models.TextChoices):
    """Who reports the wait from the transfer on (RTT guidance §11)."""

    RECEIVER = "receiver", "The receiving provider: responsibility passes"
    SENDER = "sender", "The sending provider: a test, an opinion or an agreed subcontract"
    SUBCONTRACTOR = "subcontractor", "The treating provider, under a subcontract"


class Cohort(models.Model):
    """Requests that a provider makes together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    organisation_code = models.CharField(max_length=12)
    name = models.CharField(max_length=100)
    source = models.CharField(max_length=20)  # list, file, api
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)

    class Meta:
        ordering = ("-made_at",)


_CUT_BY = ("treatment_function", "distance", "is_cancer", "national")


class AidRequest(models.Model):
    """Help asked for one patient, on the boards under ``reference`` alone.

    A direct-access test has no pathway: only its own diagnostic wait, from ``waiting_since``. That
    is otherwise the start of the clock, renewed when that is corrected. ``distance`` in miles, none
    is anywhere; the home is its postcode district's middle. ``national``: the whole
    country's providers see it, else those of the ICB.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    reference = models.CharField(max_length=12, unique=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=40, choices=[(each.value, each.label) for each in Aid], default=""
    )
    state_since = models.DateTimeField()
    reason = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.TREATMENT)
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    patient_request = models.ForeignKey(
        PatientRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="aid"
    )
    pathway = models.ForeignKey(
        Pathway, null=True, blank=True, on_delete=models.PROTECT, related_name="aid_requests"
    )
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="aid_requests")
    organisation_code = models.CharField(max_length=12)  # the sender
    site = models.CharField(max_length=12, blank=True)
    receiver_code = models.CharField(max_length=12, blank=True)  # once the patient has accepted
    asked_provider = models.CharField(max_length=12, blank=True)  # for this provider alone
    national = models.BooleanField(default=False)
    # What is needed.
    treatment_function = models.CharField(max_length=6, blank=True)
    procedure = models.CharField(max_length=5, blank=True)  # OPCS-4
    diagnostic_test = models.CharField(max_length=40, blank=True)  # a test of DM01
    stage = models.CharField(max_length=20, choices=Stage.choices)
    priority = models.CharField(max_length=3, blank=True)  # P1a … P4, D1 … D4
    priority_reviewed = models.DateField(null=True, blank=True)
    waiting_since = models.DateField()
    needed_by = models.DateField(null=True, blank=True)
    contrast = models.BooleanField(default=False)
    sedation = models.BooleanField(default=False)
    protocol = models.TextField(blank=True)  # of a test; clinical text
    result_within = models.PositiveSmallIntegerField(null=True, blank=True)  # days, as agreed
    # About the patient, without saying who.
    age = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=1)
    asa = models.PositiveSmallIntegerField(null=True, blank=True)
    bmi = models.PositiveSmallIntegerField(null=True, blank=True)
    comorbidities = CodesField(default=())
    anaesthetic = models.CharField(max_length=12, blank=True)  # none, local, regional, general
    expected_stay = models.PositiveSmallIntegerField(null=True, blank=True)  # nights
    critical_care = models.BooleanField(default=False)
    is_cancer = models.BooleanField(default=False)  # on a cancer list or under urgent suspicion
    deprivation_decile = models.PositiveSmallIntegerField(null=True, blank=True)
    district = models.CharField(max_length=4, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    distance = models.PositiveSmallIntegerField(null=True, blank=True)
    needs = CodesField(default=())
    travel_support = models.BooleanField(default=False)
    weeks_here = models.FloatField(null=True, blank=True)  # expected from the day of asking
    # Agreements.
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_by = models.CharField(max_length=64, blank=True)
    suitable_clinically_by = models.CharField(max_length=64, blank=True)
    suitable_socially_by = models.CharField(max_length=64, blank=True)
    reported_by = models.CharField(
        max_length=14, choices=Reporter.choices, default=Reporter.RECEIVER
    )
    commissioner_agreed = models.CharField(max_length=100, blank=True)  # reference of the agreement
    shown_safe = models.CharField(max_length=200, blank=True)  # reference of the evidence
    funding = models.CharField(max_length=100, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)  # by when whoever has it acts; see ``deadlines``
    reopened = models.BooleanField(default=False)
    declines = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # The level of the code of priority, 1 the most urgent; none is level 4.
    urgency = models.GeneratedField(
        expression=Case(When(priority="", then=Value("4")), default=Substr("priority", 2, 1)),
        output_field=models.CharField(max_length=1),
        db_persist=True,
    )

    objects = AidRequestQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "pathway"),
                condition=~Q(state__in=[each.value for each in sorted(AID_ENDED)])
                & ~Q(pathway=None)
                & Q(kind="treatment"),
                name="one_live_aid_request",
            ),
            models.UniqueConstraint(
                fields=("icb_code", "patient"),
                condition=Q(state__in=[each.value for each in sorted(AID_TAKEN)])
                & Q(kind="treatment"),
                name="one_acceptance_of_a_patient",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_code", "state", "state_since"), name="aid_sender"),
            models.Index(fields=("receiver_code", "state"), name="aid_receiver"),
            # The hub's board and the national pool: all by which they are cut, counted and put in
            # order, so that no row is read but those of a page.
            models.Index(
                fields=("icb_code", "state", "due", "urgency", "waiting_since", "id", *_CUT_BY),
                condition=Q(is_cancer=False),
                name="aid_hub_board",
            ),
            models.Index(
                fields=("state", "urgency", "waiting_since", "id", "due", *_CUT_BY),
                condition=Q(national=True, is_cancer=False),
                name="aid_national_pool",
            ),
            models.Index(
                fields=("icb_code", "state", "waiting_since"),
                condition=Q(is_cancer=True),
                name="aid_icb_cancer",
            ),
            models.Index(
                fields=("state", "national", "treatment_function", "waiting_since"),
                name="aid_national_board",
            ),
        )

    @property
    def is_live(self) -> bool:
        return self.state not in AID_ENDED

    @property
    def is_diagnostic(self) -> bool:
        return self.kind == Kind.DIAGNOSTIC


class AidStep(StepRow):
    """What was done to a request for help."""

    request = models.ForeignKey(AidRequest, on_delete=models.PROTECT, related_name="steps")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "request", "version"), name="one_aid_step_a_version"
            ),
        )
        ordering = ("version",)
        indexes = (models.Index(fields=("icb_code", "action", "at"), name="aid_step_action"),)
