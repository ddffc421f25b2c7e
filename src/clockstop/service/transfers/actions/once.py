"""A program's message is acted on once: the same again is answered as it was."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone

from clockstop.service.accounts.actor import Actor
from clockstop.service.transfers.models import TakenMessage


class KeyTakenError(Exception):
    """A message of the same key said something else before."""


@transaction.atomic
def once(*, actor: Actor, key: str, digest: str, act: Callable[[], str]) -> str:
    """What is answered to a message of the actor's provider; ``act`` writes it the first time.

    The key is claimed before anything else: of two at once the later waits, then hears what the
    first was told. A message that is refused is not kept, so that it can be sent again. Raises
    KeyTakenError, and what ``act`` raises.
    """
    whose = {
        "icb_code": actor.icb_code,
        "organisation_code": actor.organisation_code,
        "key": key,
    }
    try:
        with transaction.atomic():
            taken = TakenMessage.objects.create(**whose, digest=digest, at=timezone.now())
    except IntegrityError:
        before = TakenMessage.objects.get(**whose)
        if before.digest != digest:
            raise KeyTakenError(key) from None
        return before.answer
    taken.answer = act()
    taken.save(update_fields=("answer",))
    return taken.answer
