"""Referrals from a practice to a service, their shortlists, appointments and choices.

The wait itself stands nowhere here: each step enters its event on the patient's pathway, and the
clock is read from those. Every table carries ``icb_code``, the ICB of the referring practice.
"""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from clockstop.service.directory.choices import Priority
from clockstop.service.directory.fields import CodesField
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.pathways.models import Pathway, Patient
from clockstop.service.referrals.querysets import (
    AdviceQuerySet,
    DocumentQuerySet,
    OfReferralQuerySet,
    ReferralQuerySet,
)
from clockstop.service.referrals.states import ENDED, State

UBRN_LENGTH = 12


class Referral(models.Model):
    """A request for a first appointment, from the day it is made until it is cancelled or seen.

    ``organisation_code`` is the referring practice, ``referrer`` the clinician who refers.
    ``service`` is whom it is with now: booked at, deferred to, triaged by. ``pathway`` is there
    once the booking reference was converted, so that a clock may run. ``version`` grows with every
    change. ``criteria`` is the search (JSON) that its shortlist satisfies, ``limits`` how near
    and how soon it looked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    ubrn = models.CharField(max_length=UBRN_LENGTH)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=40, choices=[(each.value, each.label) for each in State], default=""
    )
    reason = models.CharField(max_length=60, blank=True)  # the code that goes with the state
    comment = models.TextField(blank=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    organisation_code = models.CharField(max_length=12)
    referrer = models.CharField(max_length=64)
    priority = models.CharField(max_length=20, choices=Priority.choices)
    treatment_function = models.CharField(max_length=6)  # as filed: C_110
    condition = models.CharField(max_length=100, blank=True)
    clinical_information = models.TextField(blank=True)
    criteria = models.TextField()
    limits = models.TextField(blank=True)
    additional_requirements = CodesField(default=())  # transport, interpreter, advocacy
    service = models.ForeignKey(
        HealthcareService, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    provider_code = models.CharField(max_length=12, blank=True)  # of the service
    pathway = models.ForeignKey(
        Pathway, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )
    supplied_start = models.DateField(null=True, blank=True)  # said by the referrer (rule E9)
    supplied_moment = models.DateTimeField(null=True, blank=True)  # of that day, if it was said
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    contact_by = models.DateField(null=True, blank=True)  # as the provider promised
    accepted_at = models.DateTimeField(null=True, blank=True)
    letter_due = models.BooleanField(default=True)  # the referral letter is not attached yet
    reminder_days = models.PositiveIntegerField(null=True, blank=True)  # to the first; 0 is none
    letter_sent_at = models.DateTimeField(null=True, blank=True)  # the patient's letter was made
    from_advice = models.ForeignKey(
        "Advice", null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("icb_code", "ubrn"), name="one_referral_a_ubrn"),
        )
        indexes = (
            models.Index(fields=("ubrn",), name="referral_ubrn"),
            models.Index(fields=("organisation_code", "state"), name="referral_referrer"),
            models.Index(fields=("provider_code", "state", "contact_by"), name="referral_provider"),
            models.Index(fields=("icb_code", "created_at"), name="referral_icb"),
        )

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def is_suspected_cancer(self) -> bool:
        return self.priority == Priority.TWO_WEEK_WAIT

    @property
    def spaced_ubrn(self) -> str:
        """The booking reference as it is read aloud."""
        return " ".join(self.ubrn[at : at + 4] for at in range(0, UBRN_LENGTH, 4))

    def is_late(self, today: date) -> bool:
        """Whether the provider has not been in touch by the day that was promised."""
        waits = self.state in {State.DEFERRED_TO_PROVIDER, State.AWAITING_TRIAGE}
        return waits and self.contact_by is not None and self.contact_by < today


class Shortlisted(models.Model):
    """A service on a referral's shortlist, with what was shown beside it on that day.

    Days to the first free appointment, weeks within which 8 in 10 are treated, miles; None where
    nothing was known. ``position`` counts from 1. Those of an earlier shortlist are ``replaced``.
    """

    icb_code = models.CharField(max_length=6)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="shortlist")
    position = models.PositiveSmallIntegerField()
    service = models.ForeignKey(HealthcareService, on_delete=models.PROTECT, related_name="+")
    provider_code = models.CharField(max_length=12)
    is_independent = models.BooleanField(default=False)
    days_to_appointment = models.PositiveIntegerField(null=True, blank=True)
    weeks_to_treatment = models.FloatField(null=True, blank=True)
    miles = models.FloatField(null=True, blank=True)
    replaced = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "referral", "service"),
                condition=Q(replaced=False),
                name="one_place_on_a_shortlist",
            ),
        )
        ordering = ("position",)


class _Reprioritising(models.Model):
    """What may change how urgent a request is: what that was, and is from here on, if it did."""

    priority_was = models.CharField(max_length=20, choices=Priority.choices, blank=True)
    priority = models.CharField(max_length=20, choices=Priority.choices, blank=True)

    class Meta:
        abstract = True

    @property
    def priority_words(self) -> str:
        """The change in words; empty where there was none."""
        if not self.priority_was:
            return ""
        was, now = Priority(self.priority_was).label, Priority(self.priority).label
        return f"Priority changed from {was.lower()} to {now.lower()}"


class Step(_Reprioritising):
    """What was done to a referral: a row for each change, never altered or removed."""

    icb_code = models.CharField(max_length=6)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=40)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40)
    reason = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)
    provider_code = models.CharField(max_length=12, blank=True)
    service = models.ForeignKey(
        HealthcareService, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    wanted_slot = models.ForeignKey(  # of a deferral: which could not be booked
        Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    organisation_code = models.CharField(max_length=12, blank=True)
    acting_for = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "referral", "version"), name="one_step_a_version"
            ),
        )
        ordering = ("version",)
        indexes = (models.Index(fields=("icb_code", "action", "at"), name="step_action"),)


class Appointment(models.Model):
    """A place in a clinic that a referral has, or had. ``slot`` is none for one booked by hand.

    ``comment`` goes with the booking, then with how it ended. ``ended_in_pas``: whoever cancelled
    it said whether it was cancelled in the provider's own booking system too; None: nobody did.
    """

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        FULFILLED = "fulfilled", "Attended"
        CANCELLED = "cancelled", "Cancelled"
        NO_SHOW = "noshow", "Not attended"

    id = models.BigAutoField(primary_key=True)
    icb_code = models.CharField(max_length=6)
    version = models.PositiveIntegerField(default=1)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="appointments")
    service = models.ForeignKey(HealthcareService, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(
        Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.BOOKED)
    reason = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)
    cancelled_by = models.CharField(max_length=20, blank=True)  # patient or provider
    ended_in_pas = models.BooleanField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("slot",),
                condition=Q(status__in=("booked", "fulfilled", "noshow")) & ~Q(slot=None),
                name="one_appointment_a_slot",
            ),
            models.UniqueConstraint(
                fields=("icb_code", "referral"),
                condition=Q(status="booked"),
                name="one_appointment_at_a_time",
            ),
        )
        ordering = ("starts",)


class ChoiceEvent(models.Model):
    """What became of a patient's right to choose, at one referral.

    ``offered`` is yes, no or blank: not recorded. ``patient_says`` is what the patient says about
    it, kept beside it. Distinct providers are counted as policy counts them, services as the list
    holds them. Ranks are places of the chosen service on the shortlist by wait and by distance.
    """

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"

    icb_code = models.CharField(max_length=6)
    referral = models.OneToOneField(
        Referral, primary_key=True, on_delete=models.PROTECT, related_name="choice"
    )
    day = models.DateField()
    organisation_code = models.CharField(max_length=12)
    treatment_function = models.CharField(max_length=6)
    priority = models.CharField(max_length=20)
    in_scope = models.BooleanField()
    excluded_because = models.CharField(max_length=40, blank=True)
    offered = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    not_offered_because = models.CharField(max_length=40, blank=True)
    reasons = models.CharField(max_length=200, blank=True)  # the patient's, codes between spaces
    information = models.CharField(max_length=100, blank=True)  # given: waits, distance, quality
    few_because = models.CharField(max_length=40, blank=True)  # fewer than five providers
    channel = models.CharField(max_length=20, blank=True)
    services_shown = models.PositiveIntegerField(null=True, blank=True)
    services = models.PositiveSmallIntegerField(default=0)
    providers = models.PositiveSmallIntegerField(default=0)
    independent_providers = models.PositiveSmallIntegerField(default=0)
    fastest_days = models.PositiveIntegerField(null=True, blank=True)
    farthest_miles = models.FloatField(null=True, blank=True)
    chosen_provider = models.CharField(max_length=12, blank=True)
    chosen_is_independent = models.BooleanField(null=True, blank=True)
    chosen_days = models.PositiveIntegerField(null=True, blank=True)
    rank_by_wait = models.PositiveSmallIntegerField(null=True, blank=True)
    rank_by_distance = models.PositiveSmallIntegerField(null=True, blank=True)
    patient_says = models.CharField(max_length=3, choices=Answer.choices, blank=True)
    patient_said_at = models.DateTimeField(null=True, blank=True)

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=("icb_code", "day"), name="choice_icb_day"),)


class AccessCode(models.Model):
    """What opens one referral to its patient, with the booking reference and the day of birth.

    Only the fingerprint of the code is kept. Too many wrong attempts lock it for a while.
    """

    icb_code = models.CharField(max_length=6)
    referral = models.OneToOneField(
        Referral, primary_key=True, on_delete=models.PROTECT, related_name="access_code"
    )
    fingerprint = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()


class Document(models.Model):
    """A file with a referral or an advice request: the referral letter, a picture, a result.

    ``meant_for`` is the booking reference that was named when it was uploaded, before it was put
    to anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    referral = models.ForeignKey(
        Referral, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    advice = models.ForeignKey(
        "Advice", null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    meant_for = models.CharField(max_length=20, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    attached_at = models.DateTimeField()
    attached_by = models.CharField(max_length=64)
    organisation_code = models.CharField(max_length=12)
    attached_as = models.CharField(max_length=20)  # REFERRER, PROVIDER
    removed = models.BooleanField(default=False)
    shared_on = models.DateField(null=True, blank=True)  # since when the patient reads it; or never
    shared_by = models.CharField(max_length=64, blank=True)

    objects = DocumentQuerySet.as_manager()


class Advice(models.Model):
    """A question of a referrer to a service, and what became of it."""

    class Status(models.TextChoices):
        PROVIDER_RESPONSE_REQUIRED = "PROVIDER_RESPONSE_REQUIRED", "Waiting for an answer"
        REVIEW_RESPONSE = "REFERRER_TO_REVIEW_RESPONSE", "Answered"
        FURTHER_INFORMATION = (
            "REFERRER_TO_SUBMIT_FURTHER_INFORMATION",
            "More information asked for",
        )
        CONVERTED = "ADVICE_CONVERTED", "Turned into a referral"
        CLOSED = "CONVERSATION_ENDED_CLOSED", "Closed"
        CANCELLED = "CONVERSATION_ENDED_CANCELLED", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    ubrn = models.CharField(max_length=UBRN_LENGTH)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=40, choices=Status.choices)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="advice")
    organisation_code = models.CharField(max_length=12)
    referrer = models.CharField(max_length=64)
    service = models.ForeignKey(HealthcareService, on_delete=models.PROTECT, related_name="+")
    provider_code = models.CharField(max_length=12)
    treatment_function = models.CharField(max_length=6)
    priority = models.CharField(max_length=20, choices=Priority.choices)
    may_convert = models.BooleanField(default=False)  # the referrer lets the provider convert it
    referral_was_asked = models.BooleanField(default=False)  # the patient had asked for a referral
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = AdviceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("icb_code", "ubrn"), name="one_advice_a_ubrn"),
        )
        indexes = (
            models.Index(fields=("organisation_code", "status"), name="advice_referrer"),
            models.Index(fields=("provider_code", "status"), name="advice_provider"),
        )

    @property
    def is_suspected_cancer(self) -> bool:
        return self.priority == Priority.TWO_WEEK_WAIT


class AdviceMessage(_Reprioritising):
    """One turn of the conversation, never altered or removed."""

    class Recommendation(models.TextChoices):
        """What the provider recommends with its advice, by its e-RS code."""

        NO_REFERRAL = "ADVICE_ONLY_NO_REFERRAL_RECOMMENDED", "No referral recommended"
        IF_REQUIRED = "ADVICE_FOLLOWED_BY_REFERRAL_IF_REQUIRED", "Refer after this if required"
        REFERRAL = "REFERRAL_RECOMMENDED", "Referral recommended"
        OTHER = "OTHER", "Other"

    icb_code = models.CharField(max_length=6)
    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="messages")
    number = models.PositiveIntegerField()
    text = models.TextField()
    outcome = models.CharField(max_length=60, blank=True)
    recommendation = models.CharField(max_length=60, choices=Recommendation.choices, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    organisation_code = models.CharField(max_length=12)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "advice", "number"), name="one_message_a_number"
            ),
        )
        ordering = ("number",)

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands beside the text, in words: what was recommended, and a change of priority."""
        said = self.get_recommendation_display() if self.recommendation else ""
        recommended = f"Recommendation: {said[:1].lower()}{said[1:]}" if said else ""
        return tuple(each for each in (recommended, self.priority_words) if each)


class UbrnCounter(models.Model):
    """The last booking reference that was given out."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last = models.BigIntegerField(default=0)
