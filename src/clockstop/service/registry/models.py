"""Organisations, their sites and services, and who took over whom: the ODS, as it was ingested."""

from django.db import models
from django.db.models import F, Q

from clockstop.core.types import Sector
from clockstop.service.registry.querysets import OrganisationQuerySet


class Kind(models.TextChoices):
    """What an organisation is."""

    PROVIDER = "provider", "Provider"
    PRACTICE = "practice", "GP practice"
    ICB = "icb", "Integrated care board"


class Organisation(models.Model):
    """An organisation by its ODS code. ``closed`` is its last day.

    ``operator`` runs a provider that does not run itself; one ``dormant`` is listed, not at work.
    """

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    sector = models.CharField(
        max_length=30, choices=[(each.value, each.label) for each in Sector], blank=True
    )
    operator = models.CharField(max_length=200, blank=True)
    icb_code = models.CharField(max_length=6, blank=True, db_index=True)
    postcode = models.CharField(max_length=8, blank=True)
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)
    dormant = models.BooleanField(default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(closed=None) | Q(opened=None) | Q(closed__gte=F("opened")),
                name="organisation_closes_after",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """An organisation took over another on a day. Codes: either may have left the register."""

    predecessor = models.CharField(max_length=12, db_index=True)
    successor = models.CharField(max_length=12, db_index=True)
    on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("predecessor", "successor", "on"), name="one_succession"
            ),
        )


class Site(models.Model):
    """A place where an organisation gives care."""

    code = models.CharField(primary_key=True, max_length=12)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)
    postcode = models.CharField(max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("name",)


class Service(models.Model):
    """What an organisation offers under one treatment function. ``closed`` is its last day."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="services"
    )
    treatment_function = models.CharField(max_length=6)  # as filed: C_110
    consultant_led = models.BooleanField(default=True)
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "treatment_function", "consultant_led"), name="one_service"
            ),
        )
