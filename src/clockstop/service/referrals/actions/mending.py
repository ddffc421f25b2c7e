"""Mending what an earlier version wrote wrong, by entries that leave the wrong ones to be seen."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from django.db import transaction

from clockstop.core.rtt.corrections import settle
from clockstop.core.rtt.events import SlotIssueListed, UbrnConverted
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.pathways.clock import event_id, events_of
from clockstop.service.pathways.entries import append
from clockstop.service.pathways.models import Pathway
from clockstop.service.referrals.models import Referral

LEFT_OUT = "The start that the referrer supplied had been left out"


def mend_deferred_starts() -> int:
    """Give deferred referrals the start that their referrer supplied (rule E9); how many.

    Until slot issues carried a start, the clock of such a referral began on the day of deferral.
    The slot issue that began the pathway is corrected, each in a transaction of its own. One that
    somebody has corrected or withdrawn since is left as they have it, so a second run does nothing.
    """
    supplied = Referral.objects.exclude(supplied_start=None)
    begun = supplied.filter(pathway__events__number=1, pathway__events__kind=SlotIssueListed.kind)
    keys = list(begun.order_by("pk").values_list("pk", flat=True))
    return sum(_mended(key) for key in keys)


@transaction.atomic
def _mended(key: UUID) -> bool:
    referral: Referral = Referral.objects.select_for_update(of=("self",)).get(pk=key)
    pathway: Pathway = Pathway.objects.select_for_update(of=("self",)).get(referrals=key)
    wrong = _without_start(pathway)
    for each in wrong:
        mended = replace(
            each,
            id=event_id(pathway.length + 1),
            supersedes=each.id,
            original_start=referral.supplied_start,
        )
        append(pathway, mended, SYSTEM, uuid4(), reason=LEFT_OUT)
    return bool(wrong)


def _without_start(pathway: Pathway) -> list[SlotIssueListed | UbrnConverted]:
    """The slot issue that began the pathway, if it lacks a start, and a booking of the same day.

    A correction stands after all else of its day: such a booking would start the clock instead.
    """
    events = events_of(pathway.events.all())
    counting, first = settle(events).counting, events[0]
    if first not in counting or getattr(first, "original_start", None) is not None:
        return []
    return [
        each
        for each in counting
        if isinstance(each, SlotIssueListed | UbrnConverted)
        and each.day == first.day
        and each.original_start is None
    ]
