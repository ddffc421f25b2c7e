"""What an entry would do, before it is made: the clock before and after, and why."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from clockstop.core.rtt.findings import Finding
from clockstop.core.rtt.periods import Step
from clockstop.service.pathways.clock import Effect
from clockstop.service.pathways.presenters.clock import clock_of
from clockstop.service.pathways.presenters.entries import entry_in_words
from clockstop.service.pathways.presenters.timeline import Did
from clockstop.service.pathways.presenters.wording import effect_colour, effect_words, sentence
from clockstop.service.ui.figures import day as in_words

_NOTHING, _NO_LONGER = "–", "No longer applies"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is known of the clock, as it is and as it would be."""

    name: str
    before: str
    after: str

    @property
    def is_change(self) -> bool:
        """Whether the entry makes a difference to it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry's effect. ``why``: for each entry that would do something else, its words."""

    rows: tuple[Change, ...]
    why: tuple[tuple[str, Did], ...]
    warnings: tuple[str, ...]
    settled: tuple[str, ...]

    @property
    def is_change(self) -> bool:
        """Whether the clock differs in anything."""
        return any(row.is_change for row in self.rows)


def shown(effect: Effect, day: date) -> Shown:
    """The effect of an entry on a day, in words."""
    before, after = Counter(effect.before.findings), Counter(effect.after.findings)
    return Shown(
        rows=_rows(effect, day),
        why=_why(effect),
        warnings=tuple(_finding(effect, each) for each in after - before),
        settled=tuple(_finding(effect, each) for each in before - after),
    )


def _rows(effect: Effect, day: date) -> tuple[Change, ...]:
    before, after = clock_of(effect.before, day), clock_of(effect.after, day)
    was = {row.name: row.value for row in before.rows} or {"Clock": before.state}
    becomes = {row.name: row.value for row in after.rows} or {"Clock": after.state}
    return tuple(
        Change(name, was.get(name, _NOTHING), becomes.get(name, _NO_LONGER))
        for name in dict.fromkeys((*becomes, *was))
    )


def _why(effect: Effect) -> tuple[tuple[str, Did], ...]:
    """Each step that is not taken now: what the new entry does, and what others do otherwise."""
    taken = set(effect.before.steps)
    events = {each.id: each for each in effect.after.events}
    return tuple(
        (
            "This entry" if step.event == effect.event.id else entry_in_words(events[step.event]),
            _did(step, effect),
        )
        for step in effect.after.steps
        if step not in taken
    )


def _did(step: Step, effect: Effect) -> Did:
    days = {each.id: each.day for each in effect.after.events}
    since = "" if step.day == days[step.event] else in_words(step.day)
    rule = step.rule
    return Did(effect_words(rule), effect_colour(rule), rule.text, rule.reference, since)


def _finding(effect: Effect, finding: Finding) -> str:
    if finding.event == effect.event.id:
        return sentence(finding.words)
    events = {each.id: each for each in effect.after.events}
    return f"{entry_in_words(events[finding.event])}: {finding.words}"
