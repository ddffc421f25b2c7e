"""The capacity that answers requests for help, and the places held between the two."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from clockstop.service.directory.fields import CodesField
from clockstop.service.transfers.models.aid import AidRequest, Kind
from clockstop.service.transfers.querysets import CapacityQuerySet, OfRequestQuerySet
from clockstop.service.transfers.states import OFFER_LIVE
from clockstop.service.transfers.states import CapacityState as Posted
from clockstop.service.transfers.states import OfferState as Held


class Capacity(models.Model):
    """Places that a provider can give to others' patients, and whom it can take.

    ``taken`` counts those held or taken: the store itself keeps it within ``places``. Empty lists
    are no limit, of what is treated as of whom; ages in whole years, both ends included. ``price``
    in pence. ``for_request``: made for one request alone, never on the board. ``minutes``: what
    staff noted with posting, changing and withdrawing it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10,
        choices=[(each.value, each.label) for each in Posted],
        default=Posted.POSTED.value,
    )
    reason = models.CharField(max_length=60, blank=True)
    organisation_code = models.CharField(max_length=12)
    site = models.CharField(max_length=12, blank=True)
    site_name = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_independent = models.BooleanField(default=False)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.TREATMENT)
    treatment_function = models.CharField(max_length=6, blank=True)
    procedures = CodesField(default=())  # OPCS-4 codes, or how they begin
    diagnostic_tests = CodesField(default=())
    stages = CodesField(default=())
    team = models.CharField(max_length=100)  # the consultant or team, as patients read it
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    minimum_batch = models.PositiveSmallIntegerField(default=1)
    first_date = models.DateField()
    last_date = models.DateField()
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    max_bmi = models.PositiveSmallIntegerField(null=True, blank=True)
    max_asa = models.PositiveSmallIntegerField(null=True, blank=True)
    excluded_comorbidities = CodesField(default=())
    anaesthetics = CodesField(default=())
    longest_stay = models.PositiveSmallIntegerField(null=True, blank=True)  # nights
    critical_care = models.BooleanField(default=False)
    contrast = models.BooleanField(default=False)
    sedation = models.BooleanField(default=False)
    result_within = models.PositiveSmallIntegerField(null=True, blank=True)  # days
    meets_needs = CodesField(default=())
    travel_support = models.BooleanField(default=False)
    price_basis = models.CharField(max_length=20)  # nhs_payment_scheme, local, block
    price = models.PositiveIntegerField(null=True, blank=True)
    currency_code = models.CharField(max_length=20, blank=True)  # an HRG or other unit
    contract = models.CharField(max_length=100, blank=True)
    expires_on = models.DateField()
    for_request = models.ForeignKey(
        AidRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="made_for_it"
    )
    minutes = models.PositiveIntegerField(default=0)
    posted_at = models.DateTimeField()
    posted_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    objects = CapacityQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")), name="capacity_never_exceeded"
            ),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("first_date")), name="capacity_days_in_order"
            ),
        )
        indexes = (
            models.Index(
                fields=("state", "treatment_function", "expires_on"), name="capacity_function"
            ),
            models.Index(fields=("organisation_code", "state"), name="capacity_provider"),
        )

    @property
    def left(self) -> int:
        return self.places - self.taken


class Offer(models.Model):
    """A place of a capacity held for a request. Date, provider and team are what a patient is told.

    ``overrides`` are the warnings in spite of which it was made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    request = models.ForeignKey(AidRequest, on_delete=models.PROTECT, related_name="offers")
    capacity = models.ForeignKey(Capacity, on_delete=models.PROTECT, related_name="offers")
    organisation_code = models.CharField(max_length=12)  # who offers
    state = models.CharField(
        max_length=10, choices=[(each.value, each.label) for each in Held], default=Held.HELD.value
    )
    reason = models.CharField(max_length=60, blank=True)
    day = models.DateField(null=True, blank=True)
    team = models.CharField(max_length=100)
    miles = models.FloatField(null=True, blank=True)
    weeks_gained = models.FloatField(null=True, blank=True)
    overrides = models.TextField(blank=True)
    held_until = models.DateField()
    sent_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    objects = OfRequestQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "request", "capacity"),
                condition=Q(state__in=[each.value for each in sorted(OFFER_LIVE)]),
                name="one_live_offer_of_a_capacity",
            ),
            models.UniqueConstraint(
                fields=("icb_code", "request"),
                condition=Q(state="TAKEN"),
                name="one_offer_taken",
            ),
        )
        indexes = (
            models.Index(fields=("organisation_code", "state"), name="offer_provider"),
            models.Index(fields=("state", "held_until"), name="offer_held_until"),
        )
        ordering = ("made_at",)
