"""What of the tracking list, and of what people keep beside it, each person may see."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

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


class HandlingQuerySet(models.QuerySet[Any]):
    """Notes, owners and due dates, by who asks."""

    def visible_to(self, actor: Actor) -> HandlingQuerySet:
        """Those that the actor's own provider keeps, of pathways that the actor still sees."""
        if actor.role not in PROVIDING or not actor.organisation_code:
            return self.none()
        pathways: Any = self.model._meta.get_field("pathway").related_model  # noqa: SLF001
        seen = pathways.objects.visible_to(actor).filter(pk=OuterRef("pathway"))
        return self.filter(Exists(seen), organisation_code=actor.organisation_code)


class SavedViewQuerySet(models.QuerySet[Any]):
    """Saved views, by who asks."""

    def visible_to(self, actor: Actor) -> SavedViewQuerySet:
        """A person's own, in the organisation that they act for now."""
        return self.filter(person=str(actor.person), organisation_code=actor.organisation_code)
