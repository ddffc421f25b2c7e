"""The filter that is on, in words, each part with the address of the list without it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clockstop.service.pathways.models import Priority
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.tracking import filters, forms
from clockstop.service.tracking.filters import Filter
from clockstop.service.tracking.groups import (
    AGES,
    NOT_KNOWN,
    SEXES,
    deprivation_name,
    ethnic_name,
)
from clockstop.service.tracking.ordering import SORTS
from clockstop.service.tracking.presenters.cohorts import Link
from clockstop.service.tracking.worklists import WORKLISTS
from clockstop.service.ui.figures import day as in_words

_ORDER = "sort"


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of the filter: its words, and where the list is without it."""

    words: str
    without: str


def conditions(asked: Filter, people: Mapping[str, str], link: Link) -> tuple[Condition, ...]:
    """What is asked for beside the plain list; ``people`` are the names of owners."""
    shown = set(asked.asked) - {_ORDER}
    if asked.breach is not None:
        shown -= {"by"}
    return tuple(
        Condition(_words(name, asked, people), link(asked.without(name)))
        for name in asked.asked
        if name in shown
    )


def summary(asked: Filter, people: Mapping[str, str]) -> str:
    """The whole filter as one line, for files and captions."""
    words = [each.words for each in conditions(asked, people, lambda _: "")]
    return "; ".join([*(words or ["Waiting for treatment"]), f"sorted: {SORTS[asked.sort]}"])


def _words(name: str, asked: Filter, people: Mapping[str, str]) -> str:
    value = getattr(asked, name)
    numbers = {
        "over": f"Over {value} weeks",
        "within": f"Up to {value} weeks",
        "breach": f"Over {value} weeks by {in_words(asked.by) if asked.by else ''}",
        "by": f"Looking ahead to {in_words(asked.by) if asked.by else ''}",
        "days": f"A date within {value} days",
        "late": "Past its due date",
        "provider": f"Provider {value}",
        "cancer": "Cancer list or suspected cancer" if value == "yes" else "Not cancer",
        "returns": "In the monthly return" if value == "yes" else "Not in the monthly return",
    }
    if name in numbers:
        return numbers[name]
    if name == "owner":
        return (
            "Nobody looks after it"
            if value == filters.NOBODY
            else f"Owner: {people.get(value, 'not known')}"
        )
    return _NAMES[name](value)


_NAMES: Mapping[str, Callable[[str], str]] = {
    "worklist": lambda value: WORKLISTS[value].title,
    "state": lambda value: dict(forms.STATES)[value],
    "specialty": specialty,
    "event": lambda value: dict(forms.EVENTS)[value],
    "priority": lambda value: str(Priority(value).label),
    "code": lambda value: "No P-code or D-code" if value == filters.NO_CODE else value,
    "deprivation": lambda value: f"Deprivation: {deprivation_name(value)}",
    "ethnic": lambda value: ethnic_name("" if value == NOT_KNOWN else value),
    "age": lambda value: f"Age: {AGES[value].name}",
    "sex": lambda value: SEXES[value],
}
