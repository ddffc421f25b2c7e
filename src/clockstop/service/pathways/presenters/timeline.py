"""What happened on a pathway, the latest first: entries, what each did, what is to be looked at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

from django.utils import timezone

from clockstop.core.rtt.clock import Derivation
from clockstop.core.rtt.events import DecisionCommunicated, EntryWithdrawn, Event
from clockstop.core.rtt.explaining import ending_in_words
from clockstop.core.rtt.periods import Period, Step
from clockstop.service.accounts.roles import Role
from clockstop.service.pathways.clock import event_id
from clockstop.service.pathways.models import PathwayEvent
from clockstop.service.pathways.presenters.clock import NOT_KNOWN, wait_in_words
from clockstop.service.pathways.presenters.entries import Detail, details
from clockstop.service.pathways.presenters.wording import effect_colour, effect_words, sentence
from clockstop.service.pathways.words import kind_words
from clockstop.service.ui.figures import day as in_words


@dataclass(frozen=True, slots=True)
class Did:
    """What an entry did to the clock, by which rule. ``since`` is said if it is another day."""

    words: str
    colour: str
    text: str
    reference: str
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry, or (without ``entered``) what followed from one on a later day."""

    number: int
    day: str
    title: str
    did: tuple[Did, ...] = ()
    details: tuple[Detail, ...] = ()
    findings: tuple[str, ...] = ()
    entered: str = ""
    acting_for: str = ""
    reason: str = ""
    corrects: int | None = None
    corrected_by: int | None = None
    is_withdrawn: bool = False
    may_correct: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """Entries that belong to one clock, or to none."""

    title: str
    words: str
    modifier: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A finding, and the entry that it is about."""

    words: str
    number: int
    entry: str


@dataclass(frozen=True, slots=True)
class Names:
    """People by their reference, and organisations by their code."""

    people: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Timeline:
    """A pathway's entries beside its clock on a day. ``usual``: what needs no saying.

    Nor does the organisation, where it is that of whoever entered it.
    """

    entries: tuple[PathwayEvent, ...]
    derivation: Derivation
    day: date
    names: Names
    usual: Mapping[str, str]

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """The latest first, cut where one clock gives way to another, or to none."""
        placed = sorted(self._placed(), key=lambda each: each[:2], reverse=True)
        return tuple(
            self._band(number, tuple(item for *_, item in group))
            for number, group in groupby(placed, key=lambda each: each[2])
        )

    @cached_property
    def to_look_at(self) -> tuple[ToLookAt, ...]:
        """Every finding, in the order of the entries."""
        found = sorted(self.derivation.findings, key=lambda each: _number(each.event))
        return tuple(
            ToLookAt(
                words=sentence(each.words),
                number=_number(each.event),
                entry=f"{kind_words(self._by_id[each.event].kind).label}, {in_words(each.day)}",
            )
            for each in found
        )

    @cached_property
    def _by_id(self) -> Mapping[str, Event]:
        return {each.id: each for each in self.derivation.events}

    @cached_property
    def _steps(self) -> Mapping[str, tuple[list[Step], list[Step]]]:
        """By entry: what it did, and what followed on a later day."""
        told = {
            (each.decision, each.day): each.id
            for each in self.derivation.events
            if isinstance(each, DecisionCommunicated)
        }
        steps: dict[str, tuple[list[Step], list[Step]]] = {key: ([], []) for key in self._by_id}
        for step in self.derivation.steps:
            at_once, later = steps[told.get((step.event, step.day), step.event)]
            entry = self._by_id[told.get((step.event, step.day), step.event)]
            (later if step.day > entry.day else at_once).append(step)
        return steps

    def _placed(self) -> Iterator[tuple[date, int, int, Item]]:
        """Day, number of the entry, number of the clock (0: none), item."""
        for entry in self.entries:
            event = self._by_id[event_id(entry.number)]
            at_once, later = self._steps[event.id]
            clock = at_once[-1].period if at_once else self._clock_on(event.day)
            yield event.day, entry.number, clock or 0, self._item(entry, event, at_once)
            for step in later:
                yield step.day, entry.number, step.period or 0, _followed(entry, event, step)

    def _clock_on(self, day: date) -> int | None:
        """The clock of an entry that did nothing itself: that of its day."""
        holding = [
            each.number
            for each in self.derivation.periods
            if each.opened_on <= day and (each.end is None or day <= each.end)
        ]
        return holding[-1] if holding else None

    def _item(self, entry: PathwayEvent, event: Event, steps: Iterable[Step]) -> Item:
        by = self._corrections.get(event.id)
        return Item(
            number=entry.number,
            day=in_words(event.day),
            title=kind_words(event.kind).label,
            did=tuple(_did(step, event.day) for step in steps),
            details=details(
                event,
                self.derivation.events,
                usual={**self.usual, "provider": entry.organisation_code},
                organisations=self.names.organisations,
            ),
            findings=tuple(
                sentence(each.words) for each in self.derivation.findings if each.event == event.id
            ),
            entered=self._entered(entry),
            acting_for=self.names.people.get(entry.acting_for, entry.acting_for),
            reason=entry.reason,
            corrects=_number(event.supersedes) if event.supersedes else None,
            corrected_by=_number(by.id) if by else None,
            is_withdrawn=isinstance(by, EntryWithdrawn),
            may_correct=by is None and not isinstance(event, EntryWithdrawn),
        )

    @cached_property
    def _corrections(self) -> Mapping[str, Event]:
        return {each.wrong.id: each.by for each in self.derivation.corrections}

    def _entered(self, entry: PathwayEvent) -> str:
        """By whom and when, in the time of the country."""
        at = timezone.localtime(entry.recorded_at)
        code = entry.organisation_code
        by = (
            self.names.people.get(entry.recorded_by, ""),
            _role(entry.recorded_role),
            self.names.organisations.get(code, code),
        )
        return f"{', '.join(filter(None, by))}, on {in_words(at.date())} at {at:%H:%M}"

    def _band(self, number: int, items: tuple[Item, ...]) -> Band:
        if not number:
            return Band("No clock", "Nothing here counts towards a wait", "none", items)
        period = self.derivation.periods[number - 1]
        return Band(f"Clock {number}", self._about(period), _modifier(period), items)

    def _about(self, period: Period) -> str:
        start = in_words(period.start) if period.start else NOT_KNOWN.lower()
        wait = wait_in_words(period, self.day)
        if period.end is None:
            return f"Running since {start}: {wait}"
        ended = f"{start} to {in_words(period.end)}: {ending_in_words(period)}"
        return ended if period.nullified else f"{ended}. {wait}"


def _followed(entry: PathwayEvent, event: Event, step: Step) -> Item:
    title = f"Follows from entry {entry.number}, {kind_words(event.kind).label.lower()}"
    did = (_did(step, step.day),)
    return Item(number=entry.number, day=in_words(step.day), title=title, did=did)


def _did(step: Step, day: date) -> Did:
    return Did(
        words=effect_words(step.rule),
        colour=effect_colour(step.rule),
        text=step.rule.text,
        reference=step.rule.reference,
        since="" if step.day == day else in_words(step.day),
    )


def _modifier(period: Period) -> str:
    if period.runs:
        return "running"
    return "nullified" if period.nullified else "stopped"


def _number(event: str) -> int:
    return int(event.removeprefix("e"))


def _role(value: str) -> str:
    return Role(value).label if value in set(Role) else f"the {value}"
