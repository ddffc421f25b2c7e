"""What of mutual aid each person may see: views start from here and nowhere else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING, PUBLIC, REFERRING, Role
from clockstop.service.transfers.states import (
    AID_MOVED,
    AID_TAKEN,
    Aid,
    CapacityState,
    OfferState,
)

# What stands on the boards that other providers read, under a pseudonym.
ON_BOARDS = (Aid.OPEN, Aid.OFFERED)


def _of_people(rows: Any, actor: Actor) -> Any:
    """A patient's own; a record that is marked sensitive has no portal."""
    patients: Any = rows.model._meta.get_field("patient").related_model  # noqa: SLF001
    return rows.filter(patient__in=patients.objects.shown_to(actor))


class PatientRequestQuerySet(models.QuerySet[Any]):
    """Patients' requests to be treated elsewhere, by who asks."""

    def visible_to(self, actor: Actor) -> PatientRequestQuerySet:
        """Those of the provider where the patient waits, of the ICB's hub, a patient's own."""
        if actor.role in PUBLIC:
            found: PatientRequestQuerySet = _of_people(self, actor)
            return found
        if actor.role in PROVIDING and actor.organisation_code:
            return self.filter(organisation_code=actor.organisation_code)
        if actor.role is Role.ICB_HUB and actor.icb_code:
            return self.filter(icb_code=actor.icb_code)
        return self.none()


class AidRequestQuerySet(models.QuerySet[Any]):
    """Requests for help, by who asks. Seeing a request is not seeing who the patient is."""

    def visible_to(self, actor: Actor, *, of_hub: str = "") -> AidRequestQuerySet:
        """The sender's own, those a provider has a part in, those on its boards, its ICB's hub's.

        On boards are open requests of the same ICB, national ones unless cancer is suspected, and
        those asked of one provider for that provider. A practice sees those of whom it was told; a
        patient their own.

        ``of_hub`` cuts what a hub sees to its ICB's ("own") or to the national pool ("pool"): for
        either the store has an index, for both together none.
        """
        if actor.role in PUBLIC:
            found: AidRequestQuerySet = _of_people(self, actor)
            return found
        if actor.role is Role.ICB_HUB and actor.icb_code:
            own = Q(icb_code=actor.icb_code)
            pool = Q(national=True, state__in=ON_BOARDS, is_cancer=False)
            return self.filter({"own": own, "pool": pool}.get(of_hub, own | pool))
        if of_hub:
            return self.none()
        if actor.role in PROVIDING and actor.organisation_code:
            return self._of_provider(actor)
        if actor.role in REFERRING and actor.organisation_code:
            notices: Any = self.model._meta.get_field("notices").related_model  # noqa: SLF001
            told = notices.objects.filter(
                request=OuterRef("pk"), practice_code=actor.organisation_code
            )
            return self.filter(Exists(told))
        return self.none()

    def _of_provider(self, actor: Actor) -> AidRequestQuerySet:
        code = actor.organisation_code
        offers: Any = self.model._meta.get_field("offers").related_model  # noqa: SLF001
        mine = offers.objects.filter(request=OuterRef("pk"), organisation_code=code)
        reached = Q(national=True, is_cancer=False) | Q(icb_code=actor.icb_code)
        on_board = Q(state__in=ON_BOARDS, asked_provider="") & reached
        return self.filter(
            Q(organisation_code=code)
            | Q(receiver_code=code)
            | on_board
            | Q(state__in=ON_BOARDS, asked_provider=code)
            | Exists(mine)
        )

    def sent_by(self, organisation_code: str) -> AidRequestQuerySet:
        """Those that a provider asked for its own patients."""
        return self.filter(organisation_code=organisation_code)


class CapacityQuerySet(models.QuerySet[Any]):
    """Posted capacity, by who asks: it concerns no patient."""

    def visible_to(self, actor: Actor) -> CapacityQuerySet:
        """Of a provider its own and, like every provider and hub, what is posted."""
        if actor.role in PROVIDING or actor.role is Role.ICB_HUB:
            posted = Q(state=CapacityState.POSTED, for_request=None)
            return self.filter(posted | Q(organisation_code=actor.organisation_code))
        return self.none()

    def with_places(self) -> CapacityQuerySet:
        """Posted, with a place left."""
        return self.filter(state=CapacityState.POSTED, taken__lt=models.F("places"))


class OfRequestQuerySet(models.QuerySet[Any]):
    """What hangs on a request, by who asks: who sees the request sees it too."""

    seen_with = ("request",)

    def visible_to(self, actor: Actor) -> OfRequestQuerySet:
        """That of the requests that somebody sees."""
        requests: Any = self.model._meta.get_field("request").related_model  # noqa: SLF001
        return self.filter(request__in=requests.objects.visible_to(actor).values("pk"))

    def held(self) -> OfRequestQuerySet:
        """Offers that are held."""
        return self.filter(state=OfferState.HELD)


class MatchQuerySet(models.QuerySet[Any]):
    """What the matcher proposed, by who asks."""

    def visible_to(self, actor: Actor) -> MatchQuerySet:
        """The hub's of the ICB for which it ran, and nobody else's."""
        is_hub = actor.role is Role.ICB_HUB and actor.icb_code
        return self.filter(icb_code=actor.icb_code) if is_hub else self.none()


class TransferQuerySet(models.QuerySet[Any]):
    """Transfers, which say who the patient is: seen by the two sides alone."""

    def visible_to(self, actor: Actor) -> TransferQuerySet:
        """Those that a provider sends; of those that it receives, what came about or still may.

        An ICB's hub sees those of its ICB. A patient reads the request instead, a practice what it
        was told.
        """
        if actor.role is Role.ICB_HUB and actor.icb_code:
            return self.filter(icb_code=actor.icb_code)
        if actor.role in PROVIDING and actor.organisation_code:
            received = Q(
                receiver_code=actor.organisation_code,
                request__receiver_code=actor.organisation_code,
                request__state__in=[*AID_TAKEN, *AID_MOVED, Aid.CLOSED_DIED],
                stopped_at=None,
            )
            return self.filter(Q(sender_code=actor.organisation_code) | received)
        return self.none()


class OfTransferQuerySet(models.QuerySet[Any]):
    """What hangs on a transfer, by who asks: who sees the transfer sees it too."""

    seen_with = ("transfer",)

    def visible_to(self, actor: Actor) -> OfTransferQuerySet:
        """That of the transfers that somebody sees."""
        transfers: Any = self.model._meta.get_field("transfer").related_model  # noqa: SLF001
        return self.filter(transfer__in=transfers.objects.visible_to(actor).values("pk"))
