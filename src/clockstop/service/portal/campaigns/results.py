"""What a campaign has come to, under the small-number rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from clockstop.core.disclosure import protected, threshold_on
from clockstop.service.messaging.models import Channel, Message, State
from clockstop.service.portal.adoption.counting import Taken, acts
from clockstop.service.portal.campaigns.models import Campaign, Prompt, Right, Stage
from clockstop.service.referrals.models import Step
from clockstop.service.transfers.models import PatientRequest

BECAME = {
    "queued": "Waiting to be sent",
    "sent": "Sent: nobody has told yet whether it arrived",
    "delivered": "Delivered",
    "read": "Read in the NHS App",
    "failed": "Could not be delivered",
    "not_sent": "Not sent: stopped, booked or ended before, or must not be told",
}
SINCE: Mapping[Right, Mapping[str, str]] = {
    Right.FIRST: {
        "booked": "Booked an appointment",
        "changed": "Booked, and changed the appointment",
        "cancelled": "Booked, and cancelled the appointment",
    },
    Right.SOONER: {"asked": "Asked to be treated sooner"},
}
OPTED_OUT = {"opted_out": "Opted out of texts, emails and messages in the app"}
_TOLD = frozenset({"sent", "delivered", "read"})
_WAITS = frozenset({State.QUEUED.value, State.SENDING.value})
_OTHER_WAYS = 2  # the most: from the app to a text or email, and from there to a letter


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of people as they may be shown, with the total of all if they have one.

    None is left out.
    """

    slug: str
    title: str
    lines: tuple[tuple[str, int | None], ...]
    has_total: bool = False
    total: int | None = None


@dataclass(frozen=True, slots=True)
class _One:
    """What became of the last message to somebody, about a referral or a wait."""

    about: UUID
    became: str
    key: str = ""
    sent_at: datetime | None = None
    is_letter: bool = False
    has_opted_out: bool = False

    @property
    def is_told(self) -> bool:
        return self.became in _TOLD


def parts(
    slug: str, title: str, counts: Mapping[str, int], words: Mapping[str, str], day: date
) -> Figures:
    """Counts that add up to everybody whom a campaign tells, under the small-number rule.

    Their total is left out where it is small itself and never beside a small one: so that two
    tables with the same total give nothing away together.
    """
    row = [counts.get(name, 0) for name in words]
    safe = protected([row], threshold_on(day))
    lines = tuple(zip(words.values(), safe.rows[0], strict=True))
    return Figures(slug, title, lines, has_total=True, total=safe.total)


def counts(
    slug: str, title: str, found: Mapping[str, int], words: Mapping[str, str], day: date
) -> Figures:
    """Counts of which none follows from others that are shown: they have no total."""
    row = [found.get(name, 0) for name in words]
    safe = [None if 0 < each < threshold_on(day) else each for each in row]
    return Figures(slug, title, tuple(zip(words.values(), safe, strict=True)))


def results(campaign: Campaign, day: date) -> tuple[Figures, ...]:
    """What became of the messages, what those who were told did since, and who opted out."""
    everyone = _everyone(campaign)
    told = [each for each in everyone if each.is_told]
    right = Right(campaign.right)
    since = _booked(campaign, told) if right is Right.FIRST else _asked(campaign, told)
    since["opted_out"] = sum(each.has_opted_out for each in told if not each.is_letter)
    became = Counter(each.became for each in everyone)
    words = dict(SINCE[right]) | OPTED_OUT
    return (
        parts("messages", "What became of the messages", became, BECAME, day),
        counts("since", "What those who were told did since", since, words, day),
    )


def _everyone(campaign: Campaign) -> list[_One]:
    columns = ("referral_id", "pathway_id", "left_out")
    of_message = [f"message__{each}" for each in ("state", "dedupe_key", "sent_at", "channel")]
    wishes = ("patient__contact__no_messages", "patient__contact__changed_at")
    rows = Prompt.objects.filter(campaign=campaign)
    ended = campaign.stage == Stage.STOPPED
    found = []
    for referral, pathway, left_out, state, key, sent, channel, no_more, changed in (
        rows.values_list(*columns, *of_message, *wishes)
    ).iterator():
        if state is None:
            became = "not_sent" if left_out or ended else "queued"
            found.append(_One(referral or pathway, became))
            continue
        wants_no_more = bool(no_more and sent and changed >= sent)
        one = _One(referral or pathway, "", key, has_opted_out=wants_no_more)
        found.append(_with(one, state, sent, channel))
    return _another_way(found)


def _with(one: _One, state: str, sent_at: datetime | None, channel: str) -> _One:
    became = "queued" if state in _WAITS else "not_sent" if state == State.CANCELLED else state
    is_letter = channel == Channel.LETTER
    return replace(one, became=became, sent_at=sent_at, is_letter=is_letter)


def _another_way(found: list[_One]) -> list[_One]:
    """Where a message failed, what became of the one that went another way in its place."""
    for _ in range(_OTHER_WAYS):
        keys = {f"{each.key} {way}": each.key for each in found if _failed(each) for way in Channel}
        rows = Message.objects.filter(dedupe_key__in=list(keys)) if keys else ()
        instead = {keys[each.dedupe_key]: each for each in rows}
        found = [_followed(each, instead.get(each.key)) for each in found]
    return found


def _failed(one: _One) -> bool:
    return one.became == State.FAILED and bool(one.key)


def _followed(one: _One, message: Message | None) -> _One:
    if message is None:
        return one
    key = replace(one, key=message.dedupe_key)
    return _with(key, message.state, message.sent_at, message.channel)


def _booked(campaign: Campaign, told: Iterable[_One]) -> Counter[str]:
    """The last act on each referral of those who were told, as adoption counts acts.

    Nobody acted before: a prompt about a referral that is not unbooked any more is not sent.
    """
    known = {each.about for each in told}
    rows: Any = Step.objects.filter(
        referral__prompts__campaign=campaign, at__gte=campaign.begun_at
    ).order_by("referral", "version")
    columns = ("referral", "version", "action", "by", "at")
    steps = (
        Taken(referral, version, action, str(referral), "", by, at)
        for referral, version, action, by, at in rows.values_list(*columns)
        if referral in known
    )
    return Counter({group: act for act, group, _ in acts(steps)}.values())


def _asked(campaign: Campaign, told: Iterable[_One]) -> Counter[str]:
    """Who asked to be treated sooner since they were told."""
    rows = PatientRequest.objects.filter(
        pathway__prompts__campaign=campaign, asked_at__gte=campaign.begun_at
    )
    asked = dict(rows.order_by("asked_at").values_list("pathway_id", "asked_at"))
    sent = {each.about: each.sent_at for each in told}
    return Counter(
        "asked" for about, at in asked.items() if at and (since := sent.get(about)) and at >= since
    )
