"""The directory of services: what each provider offers at each place, and when somebody can come.

A row of ``HealthcareService`` is what referrers see. A definer works at a ``Draft`` beside it;
publishing makes the draft the row, one version on, and keeps what the row said before.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q

from clockstop.service.directory.choices import (
    AppointmentType,
    Bookable,
    Medium,
    Origin,
    Priority,
    Rating,
    RequestType,
    SexTreated,
    SlotStatus,
    Status,
)
from clockstop.service.directory.fields import CodesField
from clockstop.service.directory.querysets import HealthcareServiceQuerySet, SlotQuerySet
from clockstop.service.registry.models import Organisation


class HealthcareService(models.Model):
    """What a provider offers at a place: an appointment or triage, advice, or both.

    ``version`` counts what was published or withdrawn; a service that never was has 0. Ages are
    completed months, both ends included; none is no limit. A diagnostic service has the code of a
    test (DM01) and no treatment function. Places and ratings are copied, so that a search reads one
    table.
    """

    version = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="healthcare_services"
    )
    icb_code = models.CharField(max_length=6, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.ENTERED)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=64, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    # Where.
    site_code = models.CharField(max_length=12, blank=True)
    site_name = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    # What.
    name = models.CharField(max_length=100)
    treatment_function = models.CharField(max_length=6, blank=True)  # as filed: C_110
    diagnostic_test = models.CharField(max_length=40, blank=True)
    specialty = models.CharField(max_length=60)
    clinic_types = CodesField(default=())
    appointment_type = models.CharField(
        max_length=24, choices=AppointmentType.choices, default=AppointmentType.FIRST_OUTPATIENT
    )
    takes_appointments = models.BooleanField(default=False)
    takes_triage = models.BooleanField(default=False)
    takes_advice = models.BooleanField(default=False)
    advice_convertible = models.BooleanField(default=False)
    bookable = models.CharField(max_length=20, choices=Bookable.choices, default=Bookable.NOT)
    media = CodesField(default=(Medium.FACE_TO_FACE.value,))
    opens = models.DateField(null=True)
    closes = models.DateField(null=True)  # its last day
    # For whom.
    sex_treated = models.CharField(
        max_length=16, choices=SexTreated.choices, default=SexTreated.BOTH
    )
    min_age_months = models.PositiveSmallIntegerField(null=True)
    max_age_months = models.PositiveSmallIntegerField(null=True)
    routine = models.BooleanField(default=True)
    urgent = models.BooleanField(default=True)
    two_week_wait = models.BooleanField(default=False)
    conditions_treated = models.TextField(blank=True)
    exclusions = models.TextField(blank=True)
    # What a referrer must know.
    suggested_investigations = models.TextField(blank=True)
    letter_required = models.BooleanField(default=True)
    additional_requirements = CodesField(default=())
    referrer_alert = models.TextField(blank=True)
    instructions = models.TextField(blank=True)
    hours = models.CharField(max_length=200, blank=True)
    website = models.URLField(blank=True)
    patient_phone = models.CharField(max_length=30, blank=True)
    patient_email = models.EmailField(blank=True)
    professional_phone = models.CharField(max_length=30, blank=True)
    professional_email = models.EmailField(blank=True)
    capacity_alert = models.BooleanField(default=False)
    quality_rating = models.CharField(max_length=20, choices=Rating.choices, blank=True)
    rated_on = models.DateField(null=True, blank=True)  # the day the rating was published
    rating_source = models.CharField(max_length=200, blank=True)  # and where

    objects = HealthcareServiceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(takes_appointments=True, takes_triage=True),
                name="service_no_appointment_and_triage",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED)
                | Q(takes_appointments=True)
                | Q(takes_triage=True)
                | Q(takes_advice=True),
                name="service_published_takes_something",
            ),
            models.CheckConstraint(
                condition=~Q(treatment_function="", diagnostic_test="")
                & (Q(treatment_function="") | Q(diagnostic_test="")),
                name="service_function_or_test",
            ),
            models.CheckConstraint(
                condition=Q(min_age_months=None)
                | Q(max_age_months=None)
                | Q(max_age_months__gte=F("min_age_months")),
                name="service_ages_in_order",
            ),
        )
        indexes = (
            models.Index(fields=("treatment_function", "status"), name="service_of_function"),
            models.Index(fields=("diagnostic_test", "status"), name="service_of_test"),
            models.Index(fields=("specialty", "status"), name="service_of_specialty"),
            models.Index(fields=("organisation", "status"), name="service_of_organisation"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def request_types(self) -> tuple[RequestType, ...]:
        """What may be sent to it."""
        taken = (self.takes_appointments, self.takes_triage, self.takes_advice)
        return tuple(each for each, is_taken in zip(RequestType, taken, strict=True) if is_taken)

    @property
    def priorities(self) -> tuple[Priority, ...]:
        """How urgent a request to it may be."""
        return tuple(each for each in Priority if getattr(self, each.value))

    @property
    def publishes_slots(self) -> bool:
        """Whether a referrer can book a slot at once."""
        return self.bookable == Bookable.DIRECTLY


class ServiceStamp(models.Model):
    """A mark that the store renews whenever a service of a function or test is written.

    The one without a subject is renewed with every write of an organisation.
    """

    subject = models.CharField(primary_key=True, max_length=46)  # its code
    mark = models.CharField(max_length=32)


class NamedClinician(models.Model):
    """Somebody a patient can ask to be referred to, by their user ID of the national service."""

    service = models.ForeignKey(
        HealthcareService, on_delete=models.PROTECT, related_name="clinicians"
    )
    user_id = models.CharField(max_length=20)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ("name", "user_id")
        constraints = (
            models.UniqueConstraint(fields=("service", "user_id"), name="one_clinician_a_service"),
        )
        indexes = (models.Index(fields=("user_id",), name="clinician_user_id"),)


class Draft(models.Model):
    """The next version of a service, as its definers have it so far: its content as JSON."""

    service = models.OneToOneField(
        HealthcareService, primary_key=True, on_delete=models.PROTECT, related_name="draft"
    )
    icb_code = models.CharField(max_length=6, blank=True)
    content = models.TextField()
    edited_at = models.DateTimeField()
    edited_by = models.CharField(max_length=64)
    edits = models.PositiveIntegerField(default=1)

    @property
    def told(self) -> Mapping[str, Any]:
        """What it says, by the names of the columns."""
        content: Mapping[str, Any] = json.loads(self.content)
        return content


class FormerVersion(models.Model):
    """What a service said until it was published anew or withdrawn; never changed."""

    service = models.ForeignKey(
        HealthcareService, on_delete=models.PROTECT, related_name="former_versions"
    )
    icb_code = models.CharField(max_length=6, blank=True)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    content = models.TextField()
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField()
    ended_by = models.CharField(max_length=64)

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("service", "version"), name="one_former_version"),
        )

    @property
    def told(self) -> Mapping[str, Any]:
        """What it said, by the names of the columns."""
        content: Mapping[str, Any] = json.loads(self.content)
        return content


class Schedule(models.Model):
    """The slots of a service, or those of one named clinician in it."""

    service = models.ForeignKey(
        HealthcareService, on_delete=models.PROTECT, related_name="schedules"
    )
    icb_code = models.CharField(max_length=6, blank=True)
    clinician_id = models.CharField(max_length=20, blank=True)  # user ID of the national service
    clinician_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("service", "clinician_id"), name="one_schedule"),
        )

    @property
    def code(self) -> str:
        """As the national service writes it: the service, and the clinician where one is named."""
        return (
            f"{self.service_id}-{self.clinician_id}" if self.clinician_id else str(self.service_id)
        )


class Slot(models.Model):
    """A time at which one patient can be seen."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="slots")
    service = models.ForeignKey(HealthcareService, on_delete=models.PROTECT, related_name="slots")
    icb_code = models.CharField(max_length=6, blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    medium = models.CharField(max_length=20, choices=Medium.choices, default=Medium.FACE_TO_FACE)
    routine = models.BooleanField(default=True)
    urgent = models.BooleanField(default=True)
    two_week_wait = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=SlotStatus.choices, default=SlotStatus.FREE)
    held_until = models.DateTimeField(null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ("starts", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="slot_ends_after"),
        )
        indexes = (models.Index(fields=("service", "status", "starts"), name="slot_first_free"),)

    @property
    def usrn(self) -> str:
        """The slot's reference, as the national service writes it."""
        return f"USRN-{self.pk}"

    @property
    def priorities(self) -> tuple[Priority, ...]:
        """How urgent a request for it may be."""
        return tuple(each for each in Priority if getattr(self, each.value))
