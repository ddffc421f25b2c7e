"""Changing how urgent a request is, within a step that is taken on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from clockstop.core.state_tables import Refusal
from clockstop.service.audit.recording import record
from clockstop.service.directory.choices import Priority
from clockstop.service.referrals import clock
from clockstop.service.referrals.actions.stepping import Hand
from clockstop.service.referrals.criteria import read, written
from clockstop.service.referrals.models import Advice, Referral


def against_priority(
    hand: Hand, held: str, wanted: Priority | None, taken: Collection[Priority] = tuple(Priority)
) -> list[Refusal]:
    """All that stands against another priority; ``taken`` are those that the service takes.

    It is a clinician's decision. Urgent suspected cancer is lowered by nobody but a clinician with
    their own hand: not by whoever acts on their behalf.
    """
    if wanted is None or wanted == held:
        return []
    found = []
    if not hand.clinician:
        words = "Choose the clinician who decides on the priority"
        found.append(Refusal("VALUE_IS_REQUIRED", words, "acting_for"))
    elif held == Priority.TWO_WEEK_WAIT and hand.clinician != hand.by.id:
        words = "Only a clinician can lower urgent suspected cancer, nobody on their behalf"
        found.append(Refusal("INAPPROPRIATE_VALUE", words, "priority"))
    if wanted not in taken:
        words = "The service does not take referrals of this priority"
        found.append(Refusal("UNSUPPORTED_PRIORITY", words, "priority"))
    return found


def reprioritise(referral: Referral, hand: Hand, wanted: Priority | None) -> str:
    """Change the priority of a locked referral, of its search and its pathway; a step saves it.

    What it was, or nothing where it stays: the step keeps that. By when the provider promised to
    be in touch, and what was chosen, stay as they were.
    """
    if wanted is None or wanted == referral.priority:
        return ""
    before, referral.priority = Priority(referral.priority), wanted.value
    referral.criteria = written(replace(read(referral.criteria), priority=wanted))
    clock.follow_priority(referral, before, hand.by)
    _record("referral", referral, hand, before)
    return before.value


def reprioritise_advice(advice: Advice, hand: Hand, wanted: Priority | None) -> str:
    """The same of a locked request for advice, which has no pathway."""
    if wanted is None or wanted == advice.priority:
        return ""
    before, advice.priority = Priority(advice.priority), wanted.value
    _record("advice", advice, hand, before)
    return before.value


def _record(kind: str, changed: Referral | Advice, hand: Hand, before: Priority) -> None:
    record(
        f"{kind}: changed priority",
        hand.by,
        icb_code=changed.icb_code,
        subject=(kind, changed.pk),
        detail={
            "before": before.value,
            "after": changed.priority,
            "acting_for": hand.clinician if hand.clinician != hand.by.id else "",
        },
    )
