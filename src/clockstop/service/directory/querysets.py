"""Finding services and slots: views and searches start from here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.directory.choices import Priority, SlotStatus, Status

DEFINING = frozenset({Role.SERVICE_DEFINER})
RUNNING_CLINICS = DEFINING | {Role.PROVIDER_ADMINISTRATOR}


class HealthcareServiceQuerySet(models.QuerySet[Any]):
    """Services, by who asks and what for."""

    def visible_to(self, actor: Actor) -> HealthcareServiceQuerySet:
        """Those of the actor's own organisation, for those who define them or run its clinics."""
        if actor.role in RUNNING_CLINICS and actor.organisation_code:
            return self.filter(organisation=actor.organisation_code)
        return self.none()

    def asked(
        self, words: str = "", function: str = "", status: str = ""
    ) -> HealthcareServiceQuerySet:
        """Those with the words in their name or place, of a function or test, in a state."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(site_name__icontains=word))
        if function:
            found = found.filter(Q(treatment_function=function) | Q(diagnostic_test=function))
        return found.filter(status=status) if status else found

    def published(self) -> HealthcareServiceQuerySet:
        """What referrers may see."""
        return self.filter(status=Status.PUBLISHED)


class SlotQuerySet(models.QuerySet[Any]):
    """Slots, by who asks and whether they can be had."""

    def visible_to(self, actor: Actor) -> SlotQuerySet:
        """Those of the actor's own organisation, for those who run its clinics."""
        if actor.role in RUNNING_CLINICS and actor.organisation_code:
            return self.filter(service__organisation=actor.organisation_code)
        return self.none()

    def free(self, since: datetime, priority: Priority | None = None) -> SlotQuerySet:
        """Those that somebody can still have, of published services."""
        found = self.filter(
            status=SlotStatus.FREE, starts__gt=since, service__status=Status.PUBLISHED
        )
        return found.filter(**{priority.value: True}) if priority else found
