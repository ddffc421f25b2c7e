"""Returns that providers make, the files of each, and who decided what about them.

Nothing is overwritten: a correction is another version, and a late one is marked so. Files stand in
the database, compressed: a return, its files and the audit of it are then written in one
transaction, backed up together and found by every worker on every machine. A week of 100,000
pathways takes some megabytes.
"""

import json
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import models

from clockstop.service.returns.policies import Check
from clockstop.service.returns.querysets import OneViewQuerySet, ReturnQuerySet
from clockstop.service.returns.states import State


class Kind(models.TextChoices):
    """What is returned."""

    MONTHLY = "monthly", "Monthly RTT return"
    WEEKLY = "weekly", "Weekly waiting list data set"


class Source(models.TextChoices):
    """Where the figures come from."""

    RECORDS = "records", "Made from patients' records"
    UPLOAD = "upload", "Uploaded"


class Return(models.Model):
    """A version of an organisation's return for a period.

    ``period`` is the last day of the month, or the Sunday of the week. ``checks`` are the findings
    of the checks and ``figures`` the totals that pages show, as JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    organisation_code = models.CharField(max_length=12)
    period = models.DateField()
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=[(each.value, each.label) for each in State])
    source = models.CharField(max_length=10, choices=Source.choices)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    signed_at = models.DateTimeField(null=True, blank=True)
    is_late = models.BooleanField(default=False)  # signed off after the deadline of its period
    holds = models.CharField(max_length=64)  # the hash of what it says
    checks = models.TextField(default="[]")
    figures = models.TextField(default="{}")
    submission = models.UUIDField()

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "organisation_code", "kind", "period", "version"),
                name="one_return_a_version",
            ),
            models.UniqueConstraint(
                fields=("icb_code", "organisation_code", "submission"),
                name="one_return_a_submission",
            ),
        )
        indexes = (models.Index(fields=("icb_code", "kind", "period"), name="returns_of_icb"),)
        ordering = ("-period", "-version")

    @property
    def findings(self) -> tuple[Check, ...]:
        """What the checks found, errors first."""
        return tuple(Check(**each) for each in json.loads(self.checks))

    @property
    def told(self) -> Mapping[str, Any]:
        """The figures, as they were when it was made."""
        figures: Mapping[str, Any] = json.loads(self.figures)
        return figures

    @property
    def stands(self) -> State:
        return State(self.state)


class ReturnFile(models.Model):
    """A file of a return, as it was made or sent; never changed."""

    icb_code = models.CharField(max_length=6)
    owner = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    holds = models.CharField(max_length=64)
    packed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("icb_code", "owner", "name"), name="one_file_a_name"),
        )
        ordering = ("name",)

    @property
    def content(self) -> bytes:
        return zlib.decompress(bytes(self.packed))


class Decision(models.Model):
    """Somebody put their name to a return, or judged it; never changed.

    ``explained`` are the words for each query of the checks, by its key, as JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    about = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=12, choices=[(each.value, each.label) for each in State])
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    organisation_code = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    explained = models.TextField(default="{}")

    class Meta:
        ordering = ("at",)

    @property
    def explanations(self) -> Mapping[str, str]:
        words: Mapping[str, str] = json.loads(self.explained)
        return words


class OneView(models.Model):
    """The lists of an ICB's providers for a week, held against each other.

    ``made_of`` is the hash of the submissions that it was made of: where one is corrected, another
    view is made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    icb_code = models.CharField(max_length=6)
    week_ending = models.DateField()
    made_of = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    figures = models.TextField(default="{}")
    listed = models.BinaryField()
    found = models.BinaryField()

    objects = OneViewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "week_ending", "made_of"), name="one_view_of_a_week"
            ),
        )

    @property
    def told(self) -> Mapping[str, Any]:
        figures: Mapping[str, Any] = json.loads(self.figures)
        return figures


def packed(content: bytes) -> bytes:
    """A file as it is kept."""
    return zlib.compress(content, 6)


def as_json(checks: tuple[Check, ...]) -> str:
    """Findings as they are kept, errors first."""
    return json.dumps([asdict(each) for each in sorted(checks, key=lambda each: not each.is_error)])
