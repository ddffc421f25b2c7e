"""Patients, their pathways and what happened on them.

Every table carries ``icb_code``, the ICB that was responsible when the pathway began: the key by
which the tables can be spread over machines. It never changes; who is responsible now is said by
the events.
"""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from clockstop.core.types import NhsNumber
from clockstop.service.pathways.protections import age_on
from clockstop.service.pathways.querysets import (
    PathwayQuerySet,
    PatientQuerySet,
    ReviewQuerySet,
)


class Priority(models.TextChoices):
    """Priority type, as the data dictionary numbers it."""

    ROUTINE = "1", "Routine"
    URGENT = "2", "Urgent"
    SUSPECTED_CANCER = "3", "Urgent suspected cancer"


class Patient(models.Model):
    """Somebody who waits. ``sensitive``: marked so on the demographics service."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    nhs_number = models.CharField(max_length=10)  # blank while nobody knows it
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=[("1", "Male"), ("2", "Female"), ("9", "Other")])
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    practice_code = models.CharField(max_length=12, blank=True)
    sensitive = models.BooleanField(default=False)
    died_on = models.DateField(null=True, blank=True)
    planning_opt_out = models.BooleanField(default=False)  # the national data opt-out
    ethnic_category = models.CharField(max_length=2, blank=True)
    lsoa = models.CharField(max_length=9, blank=True)  # the small area of the home
    deprivation_decile = models.PositiveSmallIntegerField(null=True, blank=True)  # 1: most deprived
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "nhs_number"),
                condition=~Q(nhs_number=""),
                name="one_patient_a_number",
            ),
        )
        indexes = (
            models.Index(fields=("nhs_number",), name="patient_nhs_number"),
            models.Index(fields=("practice_code",), name="patient_practice"),
        )

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def number(self) -> NhsNumber:
        return NhsNumber(self.nhs_number)

    @property
    def spaced_number(self) -> str:
        """The NHS number as it is read aloud, or that nobody knows it."""
        return self.number.spaced if self.nhs_number else "Not known"

    def age_on(self, day: date) -> int:
        """Whole years."""
        return age_on(self.birth_date, day)


class Pathway(models.Model):
    """One condition of one patient, from the referral on; its events are what happened.

    ``identifier`` and ``issuer`` are the patient pathway identifier, which stays the same
    wherever the patient goes. ``organisation_code`` is the provider that is responsible now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="pathways")
    identifier = models.CharField(max_length=20)
    issuer = models.CharField(max_length=6)
    organisation_code = models.CharField(max_length=12)
    treatment_function = models.CharField(max_length=6)  # as filed: C_110
    condition = models.CharField(max_length=100, blank=True)
    priority = models.CharField(max_length=1, choices=Priority.choices, default=Priority.ROUTINE)
    length = models.PositiveIntegerField(default=0)  # how many events it has

    objects = PathwayQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "identifier", "issuer"), name="one_pathway_an_identifier"
            ),
        )
        indexes = (models.Index(fields=("organisation_code",), name="pathway_organisation"),)

    @property
    def is_suspected_cancer(self) -> bool:
        return self.priority == Priority.SUSPECTED_CANCER


class HospitalRecord(models.Model):
    """What the hospital's system says of a pathway beside its events: the system is the master.

    The columns are those of the table of pathways (``analytics.records``). ``referral_source`` and
    ``referral_verdict`` are what we make of the source of the referral.
    """

    pathway = models.OneToOneField(
        Pathway, primary_key=True, on_delete=models.PROTECT, related_name="hospital_record"
    )
    icb_code = models.CharField(max_length=6)
    organisation_code = models.CharField(max_length=12)  # whose system says so
    function_code = models.CharField(max_length=3, blank=True)  # the national code: 110
    commissioner = models.CharField(max_length=12, blank=True)
    source_of_referral = models.CharField(max_length=20, blank=True)
    referrer = models.CharField(max_length=12, blank=True)
    ubrn = models.CharField(max_length=20, blank=True)
    referral_identifier = models.CharField(max_length=20, blank=True)
    referral_received = models.DateField(null=True)
    site = models.CharField(max_length=12, blank=True)
    consultant = models.CharField(max_length=12, blank=True)
    next_appointment = models.DateField(null=True)
    last_attended = models.DateField(null=True)
    follow_up_due = models.DateField(null=True)
    tci_date = models.DateField(null=True)
    admission_method = models.CharField(max_length=20, blank=True)
    intended_management = models.CharField(max_length=20, blank=True)
    procedure = models.CharField(max_length=20, blank=True)
    procedure_priority = models.CharField(max_length=3, blank=True)
    diagnostic_priority = models.CharField(max_length=3, blank=True)
    priority_reviewed = models.DateField(null=True)
    asa_grade = models.CharField(max_length=20, blank=True)
    on_cancer_list = models.BooleanField(default=False)
    validated_on = models.DateField(null=True)
    transfer_status = models.CharField(max_length=20, blank=True)
    accepting_provider = models.CharField(max_length=12, blank=True)
    pifu_started = models.DateField(null=True)
    pifu_expires = models.DateField(null=True)
    referral_source = models.CharField(max_length=20, blank=True)
    referral_verdict = models.CharField(max_length=20, blank=True)


class PatientKey(models.Model):
    """The key by which a hospital's system knows somebody whose NHS number it did not know."""

    icb_code = models.CharField(max_length=6)
    organisation_code = models.CharField(max_length=12)
    key = models.CharField(max_length=20)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="keys")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "organisation_code", "key"), name="one_patient_a_key"
            ),
        )


class CareRelationship(models.Model):
    """An organisation takes part in a pathway, from a day to the day before another.

    Only then do its people see the pathway, and the patient.
    """

    class Part(models.TextChoices):
        PROVIDER = "provider", "Provider"
        REFERRER = "referrer", "Referrer"

    icb_code = models.CharField(max_length=6)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="relationships")
    organisation_code = models.CharField(max_length=12)
    part = models.CharField(max_length=20, choices=Part.choices)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "pathway", "organisation_code", "part", "starts"),
                name="one_relationship",
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="relationship_ends_after"
            ),
        )
        indexes = (
            models.Index(fields=("organisation_code", "starts", "ends"), name="relationship_held"),
            models.Index(
                fields=("pathway", "organisation_code", "part"), name="relationship_of_pathway"
            ),
        )


class PathwayEvent(models.Model):
    """Something that happened on a pathway, as somebody entered it; never changed or removed.

    ``values`` is the event as JSON, as the clock reads it; in it the event is called ``e`` and
    its ``number``. ``submission`` is made with the form, so that a form sent twice is one event.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    day = models.DateField()
    values = models.TextField()
    reason = models.CharField(max_length=200, blank=True)  # why an earlier entry is corrected
    acting_for = models.CharField(max_length=64, blank=True)  # the clinician who decided
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)
    recorded_role = models.CharField(max_length=40)
    organisation_code = models.CharField(max_length=12)
    submission = models.UUIDField()
    # Of entries that came from a hospital's system: the import, and the number that it has there.
    batch = models.UUIDField(null=True, blank=True)
    source_number = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "pathway", "number"), name="one_event_a_number"
            ),
            models.UniqueConstraint(
                fields=("icb_code", "pathway", "submission"), name="one_event_a_submission"
            ),
        )
        ordering = ("number",)


class Review(models.Model):
    """Something that a person must look at and decide; no batch rule may.

    Once it is closed it says by whom, when and with what outcome.
    """

    class Kind(models.TextChoices):
        NOT_BROUGHT = "not_brought", "Child or adult at risk was not brought"
        LIKELY_DUPLICATE = "likely_duplicate", "Two records may be of one patient"
        NO_LONGER_NEEDED = "no_longer_needed", "Patient says that care is no longer needed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    safeguarding = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_for = models.CharField(max_length=64, blank=True)  # the event or record it is about
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=200, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "pathway", "kind", "opened_for"), name="one_review"
            ),
            models.CheckConstraint(
                condition=(Q(closed_at=None) & Q(closed_by="")) | ~Q(closed_by=""),
                name="review_closed_by_somebody",
            ),
        )


class Merge(models.Model):
    """A record was joined to another of the same patient, or parted from it; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    superseded = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
