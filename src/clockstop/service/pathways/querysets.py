"""What of the patients' tables each person may see: views start from here and nowhere else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, REFERRING, Role


class PathwayQuerySet(models.QuerySet[Any]):
    """Pathways, by who asks."""

    def visible_to(self, actor: Actor) -> PathwayQuerySet:
        """Those of the actor's organisation, by a dated care relationship; a patient's own.

        Commissioners, analysts and administrators of accounts see no patient's record; an ICB's
        hub sees those of its ICB. A record that is marked sensitive has no portal.
        """
        if actor.role in PUBLIC:
            return self._of_people(actor)
        if actor.role in PROVIDING:
            return self._related_to(actor, "provider")
        if actor.role in REFERRING:
            return self._related_to(actor, "referrer")
        if actor.role is Role.ICB_HUB and actor.icb_code:
            return self.filter(icb_code=actor.icb_code)
        return self.none()

    def _of_people(self, actor: Actor) -> PathwayQuerySet:
        numbers = [str(number) for number in actor.people]
        own = Q(patient__nhs_number__in=numbers)
        merged = Q(patient__merged_into__nhs_number__in=numbers)
        hidden = Q(patient__sensitive=True) | Q(patient__merged_into__sensitive=True)
        return self.filter(own | merged).exclude(hidden)

    def _related_to(self, actor: Actor, part: str) -> PathwayQuerySet:
        if not actor.organisation_code:
            return self.none()
        today = timezone.localdate()
        relationship: Any = self.model._meta.get_field("relationships").related_model  # noqa: SLF001
        held = relationship.objects.filter(
            Q(ends=None) | Q(ends__gt=today),
            pathway=OuterRef("pk"),
            organisation_code=actor.organisation_code,
            part=part,
            starts__lte=today,
        )
        return self.filter(Exists(held))


class PatientQuerySet(models.QuerySet[Any]):
    """Patients, by who asks."""

    def visible_to(self, actor: Actor) -> PatientQuerySet:
        """Those with a pathway that the actor may see; to a practice, those registered with it.

        A patient sees their own record, and a carer that of who let them, without a pathway too.
        """
        pathways: Any = self.model._meta.get_field("pathways").related_model  # noqa: SLF001
        seen = Q(Exists(pathways.objects.visible_to(actor).filter(patient=OuterRef("pk"))))
        if actor.role in REFERRING and actor.organisation_code:
            seen |= Q(practice_code=actor.organisation_code)
        if actor.role in PUBLIC:
            numbers = [str(number) for number in actor.people]
            seen |= Q(nhs_number__in=numbers, sensitive=False, merged_into=None)
        return self.filter(seen)


class ReviewQuerySet(models.QuerySet[Any]):
    """Reviews, by who asks."""

    def visible_to(self, actor: Actor) -> ReviewQuerySet:
        """Those of pathways that the actor sees, for people of the provider."""
        if actor.role not in PROVIDING:
            return self.none()
        pathways: Any = self.model._meta.get_field("pathway").related_model  # noqa: SLF001
        return self.filter(
            Exists(pathways.objects.visible_to(actor).filter(pk=OuterRef("pathway")))
        )
