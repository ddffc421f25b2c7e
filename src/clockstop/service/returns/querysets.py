"""What of the returns each person may see, and which version of each counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.returns.states import COUNTS, State

MAKING = frozenset({Role.PROVIDER_ADMINISTRATOR, Role.WAITING_LIST_MANAGER})
READING = frozenset({Role.COMMISSIONER, Role.ICB_HUB, Role.ANALYST})


class ReturnQuerySet(models.QuerySet[Any]):
    """Returns, by who asks."""

    def visible_to(self, actor: Actor) -> ReturnQuerySet:
        """All of the actor's own provider; for an ICB, what its providers have signed off."""
        if actor.role in MAKING and actor.organisation_code:
            return self.filter(organisation_code=actor.organisation_code)
        if actor.role in READING and actor.icb_code:
            return self.filter(icb_code=actor.icb_code).exclude(signed_at=None)
        return self.none()

    def of(self, kind: str) -> ReturnQuerySet:
        return self.filter(kind=kind)

    def counting(self) -> ReturnQuerySet:
        """The version of each period that stands as its organisation's word."""
        return self.filter(state__in=COUNTS)

    def standing(self) -> ReturnQuerySet:
        """All but rejected and replaced versions."""
        return self.exclude(state__in=(State.REJECTED, State.SUPERSEDED))

    def since(self, first: date) -> ReturnQuerySet:
        return self.filter(period__gte=first)


class OneViewQuerySet(models.QuerySet[Any]):
    """Views across providers, by who asks."""

    def visible_to(self, actor: Actor) -> OneViewQuerySet:
        """Those of the actor's ICB."""
        if actor.role in READING and actor.icb_code:
            return self.filter(icb_code=actor.icb_code)
        return self.none()
