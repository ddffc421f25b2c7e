"""What trusts keep out of the NHS App, and whom the record service was told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.querysets import DEFINING
from clockstop.service.pathways.models import Patient

OFFICE = frozenset({Role.PROVIDER_ADMINISTRATOR})  # who hides what concerns a patient


class Kind(models.TextChoices):
    """What may be hidden. The key of a specialty is its code, of the others that of the row."""

    SPECIALTY = "specialty", "Specialty or test"
    CLINIC = "clinic", "Service"
    PATIENT = "patient", "Patient"
    APPOINTMENT = "appointment", "Appointment"
    LETTER = "letter", "Letter"


OF_SERVICES = frozenset({Kind.SPECIALTY, Kind.CLINIC})
_OTHER = {"other": "Another reason"}
WHY: Mapping[Kind, Mapping[str, str]] = {
    Kind.SPECIALTY: {},
    Kind.CLINIC: {},
    Kind.PATIENT: {
        "asked": "The patient asks for it",
        "risk": "It could put somebody at risk",
        **_OTHER,
    },
    Kind.APPOINTMENT: {
        "not_attended": "Nobody is to come: it stands for work on the record",
        "not_told": "The patient is to be told in person first",
        **_OTHER,
    },
    Kind.LETTER: {
        "practice": "It is written to the GP practice",
        "guardian": "It is written to a parent or guardian",
        **_OTHER,
    },
}


class HiddenQuerySet(models.QuerySet[Any]):
    """What is hidden, by who asks and for what."""

    def of(self, actor: Actor) -> HiddenQuerySet:
        """What the actor's own organisation hides, of the kinds that the actor sees to."""
        if not actor.organisation_code:
            return self.none()
        own = self.filter(organisation_code=actor.organisation_code)
        if actor.role in DEFINING:
            return own.filter(kind__in=OF_SERVICES)
        return own if actor.role in OFFICE else self.none()

    def among(self, organisations: Iterable[str], keys: Iterable[object]) -> Hides:
        """What some organisations hide of their services, and of some rows: one question."""
        held = self.filter(
            Q(kind__in=OF_SERVICES) | Q(key__in=[str(key) for key in keys]),
            organisation_code__in=set(organisations),
        )
        return Hides(held.values_list("organisation_code", "kind", "key"))


class Hides(frozenset[tuple[str, str, str]]):
    """What is hidden, each by organisation, kind and key."""

    def holds(self, organisation: str, **keys: Iterable[object]) -> bool:
        """Whether an organisation hides one of these, by the names of their kinds."""
        return any(
            (organisation, kind, str(key)) in self for kind, each in keys.items() for key in each
        )


class Hidden(models.Model):
    """Something that an organisation keeps out of the NHS App, until it shows it again."""

    icb_code = models.CharField(max_length=6, blank=True)
    organisation_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=46)
    reason = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField()
    by = models.CharField(max_length=64)

    objects = HiddenQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation_code", "kind", "key"), name="hidden_once_an_organisation"
            ),
        )
        ordering = ("kind", "since")

    @property
    def why(self) -> str:
        """Why, in words."""
        return WHY[Kind(self.kind)].get(self.reason, "")


class Resource(models.TextChoices):
    """What the record service keeps a list of patients for: each has a client ID of its own."""

    APPOINTMENTS = "appointments", "Appointments"
    DOCUMENTS = "documents", "Documents"
    QUESTIONNAIRES = "questionnaires", "Questionnaires"


class RecordTold(models.Model):
    """That the record service has taken a patient's NHS number. ``again``: a replay wants it."""

    icb_code = models.CharField(max_length=6)
    resource = models.CharField(max_length=14, choices=Resource.choices)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    at = models.DateTimeField()
    again = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("resource", "patient"), name="told_once_a_resource"),
        )
        indexes = (
            models.Index(fields=("resource",), condition=Q(again=True), name="told_to_replay"),
        )


class RecordCall(models.Model):
    """One call of the record service: how many numbers, and what came of it. Nobody is named."""

    resource = models.CharField(max_length=14, choices=Resource.choices)
    at = models.DateTimeField()
    records = models.PositiveIntegerField()
    is_taken = models.BooleanField()
    words = models.CharField(max_length=200, blank=True)  # why it was not taken

    class Meta:
        indexes = (models.Index(fields=("resource", "at"), name="call_of_resource"),)
        ordering = ("at", "pk")
