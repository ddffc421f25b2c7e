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
        patients: Any = self.model._meta.get_field("patient").related_model  # noqa: SLF001
        return self.filter(patient__in=patients.objects.shown_to(actor))

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

    def visible_to(self, actor: Actor, *, registered: bool = False) -> PatientQuerySet:
        """Those with a pathway that the actor may see; to a practice, those registered with it.

        A patient sees their own record, and a carer that of who let them, without a pathway too.
        ``registered`` asks for a practice's own alone: an index finds them.
        """
        if registered:
            if actor.role in REFERRING and actor.organisation_code:
                return self.filter(practice_code=actor.organisation_code)
            return self.none()
        pathways: Any = self.model._meta.get_field("pathways").related_model  # noqa: SLF001
        if actor.role in PUBLIC:
            held = pathways.objects.filter(patient=OuterRef("pk"))
            has_something = Q(merged_into=None) | Q(Exists(held))
            return self.filter(has_something, pk__in=self.model.objects.shown_to(actor))
        seen = Q(Exists(pathways.objects.visible_to(actor).filter(patient=OuterRef("pk"))))
        if actor.role in REFERRING and actor.organisation_code:
            seen |= Q(practice_code=actor.organisation_code)
        return self.filter(seen)

    def shown_to(self, actor: Actor) -> PatientQuerySet:
        """The keys of the records of patients or carers' people: of their number, or joined to one.

        None that is marked sensitive, or joined to one that is. Two questions put together: each
        finds its rows by an index, where one with an "or" reads the whole table.
        """
        numbers = [str(number) for number in actor.people]
        shown = self.order_by().filter(sensitive=False).exclude(merged_into__sensitive=True)
        own, joined = Q(nhs_number__in=numbers), Q(merged_into__nhs_number__in=numbers)
        keys: Any = shown.filter(own).values("pk").union(shown.filter(joined).values("pk"))
        return keys  # type: ignore[no-any-return]


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
