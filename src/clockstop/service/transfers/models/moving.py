"""The transfer itself: the minimum data set, what was exchanged, who was told, what was done."""

from __future__ import annotations

import uuid

from django.db import models

from clockstop.service.transfers.models.aid import AidRequest
from clockstop.service.transfers.models.offering import Offer
from clockstop.service.transfers.querysets import (
    OfRequestQuerySet,
    OfTransferQuerySet,
    TransferQuerySet,
)


class Transfer(models.Model):
    """One move of one patient. ``data_set`` is the minimum data set (IPTAMDS) as JSON.

    The row is there as soon as the sender fills the data set, and ``started_at`` once the receiver
    passed its clinical check on a complete one. Each of its days is there once that part is done,
    so that a transfer which broke off is taken up where it stands. Whose list the patient is on is
    said by the pathway alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    request = models.OneToOneField(AidRequest, on_delete=models.PROTECT, related_name="transfer")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="transfers")
    sender_code = models.CharField(max_length=12)
    receiver_code = models.CharField(max_length=12)
    data_set = models.TextField()
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)  # the form is with the receiver
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)  # responsibility passed
    practice_told_at = models.DateTimeField(null=True, blank=True)
    treated_on = models.DateField(null=True, blank=True)
    result_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True)  # of a test; clinical text
    result_read_at = models.DateTimeField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    return_to = models.CharField(max_length=200)  # the named return route: team and contact
    cnst_cover = models.CharField(max_length=100, blank=True)  # of a subcontract: the statement
    stopped_at = models.DateTimeField(null=True, blank=True)  # came to nothing before the move
    last_error = models.CharField(max_length=300, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("sender_code", "received_on"), name="transfer_sender"),
            models.Index(fields=("receiver_code", "received_on"), name="transfer_receiver"),
        )


class Exchange(models.Model):
    """A message between the two sides, once for its key: what was said, and whether it arrived."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="exchanges")
    direction = models.CharField(max_length=4)  # in, out
    kind = models.CharField(max_length=40)  # request, response, received, treated, returned
    key = models.CharField(max_length=64)
    content = models.TextField()
    at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = OfTransferQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("direction", "key"), name="one_exchange_a_key"),
        )
        ordering = ("at",)


class TransferDocument(models.Model):
    """A file that goes with a transfer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    organisation_code = models.CharField(max_length=12)
    attached_at = models.DateTimeField()
    attached_by = models.CharField(max_length=64)

    objects = OfTransferQuerySet.as_manager()


class PracticeNotice(models.Model):
    """What a patient's practice is told of a transfer, and when somebody there read it."""

    icb_code = models.CharField(max_length=6)
    request = models.ForeignKey(AidRequest, on_delete=models.PROTECT, related_name="notices")
    practice_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)  # moved, treated, not_treated, returned, result
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.CharField(max_length=64, blank=True)

    objects = OfRequestQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "request", "kind"), name="one_notice_of_a_kind"
            ),
        )
        indexes = (models.Index(fields=("practice_code", "read_at"), name="notice_practice"),)


class Activity(models.Model):
    """What a receiver did for a patient who was moved: a line of its statement for the invoice."""

    icb_code = models.CharField(max_length=6)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="activity")
    organisation_code = models.CharField(max_length=12)
    day = models.DateField()
    what = models.CharField(max_length=20)  # treated, seen, tested
    procedure = models.CharField(max_length=5, blank=True)
    currency_code = models.CharField(max_length=20, blank=True)
    price_basis = models.CharField(max_length=20)
    price = models.PositiveIntegerField(null=True, blank=True)  # pence
    commissioner = models.CharField(max_length=12, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=64)

    objects = OfTransferQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "transfer", "day", "what"), name="one_activity"
            ),
        )
        ordering = ("day",)
