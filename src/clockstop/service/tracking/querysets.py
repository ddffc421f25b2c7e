"""What of the tracking list each person may see."""

from __future__ import annotations

from typing import Any

from django.db import models

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, Role


class ListEntryQuerySet(models.QuerySet[Any]):
    """Rows of the list, by who asks."""

    def visible_to(self, actor: Actor) -> ListEntryQuerySet:
        """Those of the list of the actor's provider; those of its ICB for an ICB's hub."""
        if actor.role in PROVIDING and actor.organisation_code:
            return self.filter(organisation_code=actor.organisation_code)
        if actor.role is Role.ICB_HUB and actor.icb_code:
            return self.filter(icb_code=actor.icb_code)
        return self.none()
