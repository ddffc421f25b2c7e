"""Which imports each person may see: those of their own organisation's system."""

from __future__ import annotations

from typing import Any

from django.db import models

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role

READERS = frozenset({Role.PROVIDER_ADMINISTRATOR, Role.WAITING_LIST_MANAGER})


class ImportQuerySet(models.QuerySet[Any]):
    """Imports, by who asks."""

    def visible_to(self, actor: Actor) -> ImportQuerySet:
        """Those of the actor's provider, for who keeps its data and its lists."""
        if actor.role in READERS and actor.organisation_code:
            return self.filter(organisation_code=actor.organisation_code)
        return self.none()


class ImportFaultQuerySet(models.QuerySet[Any]):
    """Refused rows, by who asks."""

    def visible_to(self, actor: Actor) -> ImportFaultQuerySet:
        """Those of imports that the actor sees."""
        if actor.role in READERS and actor.organisation_code:
            return self.filter(imported__organisation_code=actor.organisation_code)
        return self.none()
