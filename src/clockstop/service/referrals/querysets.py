"""What of referrals and advice each person may see: views start from here and nowhere else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, REFERRING
from clockstop.service.referrals.states import ENDED, WITH_PROVIDER


class ReferralQuerySet(models.QuerySet[Any]):
    """Referrals, by who asks."""

    def visible_to(self, actor: Actor) -> ReferralQuerySet:
        """A practice's own; those sent to a provider's services, now or before; a patient's own.

        A record that is marked sensitive has no portal. Nobody else sees any.
        """
        if actor.role in PUBLIC:
            return self._of_people(actor)
        if not actor.organisation_code:
            return self.none()
        if actor.role in REFERRING:
            return self.filter(organisation_code=actor.organisation_code)
        if actor.role in PROVIDING:
            return self._sent_to(actor)
        return self.none()

    def _of_people(self, actor: Actor) -> ReferralQuerySet:
        patients: Any = self.model._meta.get_field("patient").related_model  # noqa: SLF001
        return self.filter(patient__in=patients.objects.shown_to(actor))

    def _sent_to(self, actor: Actor) -> ReferralQuerySet:
        steps: Any = self.model._meta.get_field("steps").related_model  # noqa: SLF001
        own = _of_services(actor)
        once = steps.objects.filter(own, referral=models.OuterRef("pk"))
        return self.filter(own | models.Exists(once))

    def open(self) -> ReferralQuerySet:
        """Those that have not ended."""
        return self.exclude(state__in=ENDED)

    def with_provider(self, provider: str) -> ReferralQuerySet:
        """Those that are with one of the provider's services now."""
        return self.filter(provider_code=provider, state__in=WITH_PROVIDER)


class OfReferralQuerySet(models.QuerySet[Any]):
    """What hangs on a referral, by who asks: who sees the referral sees it too."""

    seen_with = ("referral",)

    def visible_to(self, actor: Actor) -> OfReferralQuerySet:
        """That of the referrals that somebody sees."""
        referrals: Any = self.model._meta.get_field("referral").related_model  # noqa: SLF001
        return self.filter(referral__in=referrals.objects.visible_to(actor).values("pk"))


class DocumentQuerySet(models.QuerySet[Any]):
    """Files, by who asks: who sees the referral or the advice sees them too."""

    seen_with = ("referral", "advice")

    def visible_to(self, actor: Actor) -> DocumentQuerySet:
        """Those with the referrals and the advice that somebody sees; none that was removed.

        Patients and carers see those alone that staff shared with them.
        """
        if actor.role in PUBLIC:
            return self._shared_with(actor)
        referrals: Any = self.model._meta.get_field("referral").related_model  # noqa: SLF001
        advice: Any = self.model._meta.get_field("advice").related_model  # noqa: SLF001
        return self.filter(
            Q(referral__in=referrals.objects.visible_to(actor).values("pk"))
            | Q(advice__in=advice.objects.visible_to(actor).values("pk")),
            removed=False,
        )

    def _shared_with(self, actor: Actor) -> DocumentQuerySet:
        referrals: Any = self.model._meta.get_field("referral").related_model  # noqa: SLF001
        own = referrals.objects.visible_to(actor).values("pk")
        return self.filter(referral__in=own, removed=False).exclude(shared_on=None)


class AdviceQuerySet(models.QuerySet[Any]):
    """Advice and guidance, by who asks."""

    def visible_to(self, actor: Actor) -> AdviceQuerySet:
        """Those that a practice asked for and those asked of a provider; of nobody else."""
        if not actor.organisation_code:
            return self.none()
        if actor.role in REFERRING:
            return self.filter(organisation_code=actor.organisation_code)
        if actor.role in PROVIDING:
            return self.filter(_of_services(actor))
        return self.none()


def _of_services(actor: Actor) -> Q:
    """What is with the provider's services; an application may be for some of them alone."""
    own = Q(provider_code=actor.organisation_code)
    return own & Q(service__in=actor.services) if actor.services else own
