"""What stands beside choice: rejections, onward referrals, advice, unused slots."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.utils import timezone

from clockstop.service.directory.choices import SlotStatus
from clockstop.service.directory.models import Slot
from clockstop.service.referrals.choice_figures.reading import Period
from clockstop.service.referrals.choice_figures.showing import Plain
from clockstop.service.referrals.models import Advice, Step
from clockstop.service.referrals.provider.reasons import reason_named
from clockstop.service.referrals.states import State

_RETURNED = "Returned with advice"
_LOOKED_AT = {State.AWAITING_TRIAGE.value, State.ASSESSMENT_RESULT.value}
_WENT_ON = {
    State.BOOKED.value,
    State.DEFERRED_TO_PROVIDER.value,
    State.TRIAGED_PROVIDER_TO_ACTION.value,
}
_ONWARD = ("Taken on or sent to its own provider", "Sent to another provider", "Went no further")
_ADVICE = (
    "Patient had asked to be referred, became a referral",
    "Patient had asked to be referred, did not",
    "Patient had not asked",
)


def tables(period: Period, icb_code: str = "") -> tuple[Plain, ...]:
    """The four tables of a period, of one ICB's patients if one is named."""
    return (
        rejections(period, icb_code),
        onward(period, icb_code),
        advice(period, icb_code),
        unused_slots(period, icb_code),
    )


def rejections(period: Period, icb_code: str = "") -> Plain:
    """Referrals that a provider sent back, by provider and reason."""
    steps = _steps(period, icb_code).filter(action__in=("reject", "return_with_advice"))
    found = steps.values_list("provider_code", "action", "reason").annotate(Count("pk"))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for provider, action, reason, number in found:
        words = _RETURNED if action == "return_with_advice" else reason_named(reason) or reason
        counts[provider][words] += number
    return Plain(
        "rejections",
        "Sent back by providers",
        "Booked referrals that were rejected, by reason, and those returned with advice.",
        *_laid_out(counts),
    )


def onward(period: Period, icb_code: str = "") -> Plain:
    """What became of referrals that a triage or assessment service looked at, by its provider."""
    rows = _steps(period, icb_code).order_by("referral", "version")
    told = rows.values_list("referral", "after", "provider_code")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for _, steps in groupby(told.iterator(), key=lambda each: each[0]):
        for provider, became in _looked_at([(after, code) for _, after, code in steps]):
            counts[provider][_ONWARD[became]] += 1
    return Plain(
        "onward",
        "After triage or assessment",
        "Where referrals went from services that look at them first.",
        _ONWARD,
        {code: [each[name] for name in _ONWARD] for code, each in sorted(counts.items())},
    )


def _looked_at(steps: Sequence[tuple[str, str]]) -> Iterable[tuple[str, int]]:
    """Each look at a referral: by whom, and where it went next (a place in ``_ONWARD``)."""
    for at, (after, provider) in enumerate(steps):
        if after not in _LOOKED_AT:
            continue
        later = steps[at + 1 :]
        ends = next((n for n, each in enumerate(later) if each[0] in _LOOKED_AT), len(later))
        went = next((code for state, code in later[:ends] if state in _WENT_ON), None)
        yield provider, 2 if went is None else int(went != provider)


def advice(period: Period, icb_code: str = "") -> Plain:
    """Advice requests by the provider asked: did the patient want a referral instead?"""
    begins, ends = _moments(period)
    held: Any = Advice.objects.filter(created_at__gte=begins, created_at__lte=ends)
    if icb_code:
        held = held.filter(icb_code=icb_code)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for provider, asked, status in held.values_list(
        "provider_code", "referral_was_asked", "status"
    ):
        became = status == Advice.Status.CONVERTED
        counts[provider][_ADVICE[2] if not asked else _ADVICE[0 if became else 1]] += 1
    return Plain(
        "advice",
        "Advice and guidance",
        "Requests that followed a patient's own wish to be referred, and the others.",
        _ADVICE,
        {code: [each[name] for name in _ADVICE] for code, each in sorted(counts.items())},
    )


def unused_slots(period: Period, icb_code: str = "") -> Plain:
    """Appointment times that went by, by treatment function: given to somebody, or to nobody."""
    begins, _ = _moments(period)
    held: Any = Slot.objects.filter(starts__gte=begins, starts__lte=timezone.now())
    if icb_code:
        held = held.filter(icb_code=icb_code)
    found = (
        held.filter(status__in=(SlotStatus.FREE, SlotStatus.BOOKED))
        .order_by()
        .values_list("service__treatment_function", "status")
        .annotate(Count("pk"))
    )
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for function, status, number in found:
        counts[function][status == SlotStatus.FREE] += number
    return Plain(
        "slots",
        "Appointment times that went by",
        "Of services in the area, by specialty.",
        ("Used", "Unused"),
        dict(sorted(counts.items())),
    )


def _steps(period: Period, icb_code: str) -> Any:
    begins, ends = _moments(period)
    found = Step.objects.filter(at__gte=begins, at__lte=ends).order_by()
    return found.filter(icb_code=icb_code) if icb_code else found


def _moments(period: Period) -> tuple[datetime, datetime]:
    begins = timezone.make_aware(datetime.combine(period.first, time()))
    return begins, timezone.make_aware(datetime.combine(period.last, time.max))


def _laid_out(
    counts: Mapping[str, Counter[str]],
) -> tuple[tuple[str, ...], dict[str, Sequence[int]]]:
    columns = tuple(sorted({words for each in counts.values() for words in each})) or (_RETURNED,)
    return columns, {
        code: [each[name] for name in columns] for code, each in sorted(counts.items())
    }
