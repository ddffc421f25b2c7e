"""The cohorts against the dated targets, and the figures at the head of the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from clockstop.core.disclosure import threshold_on
from clockstop.core.rulebook.targets import Comparison, Target
from clockstop.service.tracking.cohorts import STANDARD, WEEKS, WITHIN, Cohort, Tally
from clockstop.service.tracking.cuts import LONG
from clockstop.service.tracking.filters import NOT_BOOKED, Filter
from clockstop.service.ui import figures

FEW = "too few to show"
Link = Callable[[Filter], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and the list of those whom it counts."""

    text: str
    href: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One of the cohorts."""

    name: str
    now: Cell
    by: str
    then: Cell
    unbooked: Cell
    targets: tuple[str, ...]
    is_over: bool  # somebody is, where the target is that nobody may be


@dataclass(frozen=True, slots=True)
class Card:
    """A figure at the head of the list."""

    name: str
    value: str
    words: str
    href: str = ""


def cards(tally: Tally, asked: Filter, today: date, link: Link) -> tuple[Card, ...]:
    """How many wait, how many of them within 18 weeks and over a year, and without a date."""
    whom, year = asked.whom, tally.over(52, today)
    share = year / tally.returned if tally.returned else None
    outside = tally.all - tally.returned
    return (
        Card(
            "On this list",
            figures.count(tally.all),
            f"{figures.count(outside)} of them not in the return" if outside else "",
            link(whom),
        ),
        Card(
            "Within 18 weeks",
            figures.percent(tally.within(STANDARD, today)),
            f"{figures.count(tally.over(STANDARD, today))} are over",
        ),
        Card(
            "Over 52 weeks",
            figures.count(year),
            f"{figures.percent(share)} of the list" if year else "",
            link(whom.but(over=52, returns="yes")),
        ),
        Card(
            "No date booked",
            figures.count(tally.undated),
            "Neither appointment nor admission",
            link(whom.but(event=NOT_BOOKED)),
        ),
    )


def lines(tally: Tally, asked: Filter, today: date, link: Link) -> tuple[CohortLine, ...]:
    """The cohorts, each figure with a link to those whom it counts."""
    whom = asked.whom.but(returns="yes")
    return tuple(_line(each, whom, tally, link) for each in tally.cohorts(today))


def _line(cohort: Cohort, whom: Filter, tally: Tally, link: Link) -> CohortLine:
    now, then = whom.but(over=cohort.weeks), whom.but(breach=cohort.weeks, by=cohort.by)
    share = figures.percent(cohort.now / tally.returned) if cohort.now and tally.returned else ""
    return CohortLine(
        name=f"Over {cohort.weeks} weeks",
        now=_cell(cohort.now, link(now), share),
        by=figures.day(cohort.by),
        then=_cell(cohort.then, link(then)),
        unbooked=Cell(figures.count(cohort.unbooked)),
        targets=_targets(cohort),
        is_over=bool(cohort.now) and any(_is_none_allowed(each) for each in cohort.targets),
    )


def protected_lines(tally: Tally, today: date) -> tuple[CohortLine, ...]:
    """The cohorts for an ICB: bands between them, small numbers left out, no links."""
    made = tally.cohorts(today)
    return tuple(
        CohortLine(
            name=f"Over {each.weeks} weeks",
            now=Cell(_shown(now)),
            by=figures.day(each.by),
            then=Cell(_shown(then)),
            unbooked=Cell(_shown(unbooked)),
            targets=_targets(each),
            is_over=False,
        )
        for each, now, then, unbooked in zip(
            made,
            _sums([each.now for each in made], today),
            _sums([each.then for each in made], today),
            _sums([each.unbooked for each in made], today),
            strict=True,
        )
    )


def _sums(counts: list[int], today: date) -> list[int | None]:
    """Counts of which each holds the next: left out where a difference of two would be small.

    The standard and a year come first, since the page of groups shows them too; of the others
    each is shown if nothing small can be worked out from it and those that are.
    """
    least = threshold_on(today)
    if any(one < two for one, two in pairwise(counts)):  # days that differ: each stands alone
        return [None if 0 < each < least else each for each in counts]
    shown: set[int] = set()
    for place in sorted(range(len(counts)), key=lambda each: WEEKS[each] not in (STANDARD, LONG)):
        both = [counts[each] for each in sorted(shown | {place})]
        between = [one - two for one, two in pairwise([*both, 0])]
        if not any(0 < each < least for each in between):
            shown.add(place)
    return [each if place in shown else None for place, each in enumerate(counts)]


def _cell(number: int, href: str, share: str = "") -> Cell:
    return Cell(figures.count(number), href if number else "", share)


def _shown(number: int | None) -> str:
    return FEW if number is None else figures.count(number)


def _targets(cohort: Cohort) -> tuple[str, ...]:
    """The standing target and that of the day ahead; where there is neither, those passed."""
    ahead = [each for each in cohort.targets if each.due in (None, cohort.by)]
    return tuple(target_words(each) for each in ahead or cohort.targets)


def _is_none_allowed(target: Target) -> bool:
    return target.comparison is Comparison.AT_MOST and target.threshold == 0


def target_words(target: Target) -> str:
    """``None, by 30 September 2024``; ``At least 92%, always``."""
    much = {
        Comparison.AT_MOST: "None" if target.threshold == 0 else f"At most {_level(target)}",
        Comparison.BELOW: f"Under {_level(target)}",
        Comparison.AT_LEAST: f"At least {_level(target)}",
        Comparison.RISE_OF: f"{target.threshold * 100:g} points better",
    }[target.comparison]
    about = "within 18 weeks" if target.measure == WITHIN else ""
    when = f"by {figures.day(target.due)}" if target.due else "always"
    doubt = "" if target.is_verified else " (to verify)"
    return f"{' '.join(each for each in (much, about) if each)}, {when}{doubt}"


def _level(target: Target) -> str:
    return f"{target.threshold * 100:g}%" if target.unit == "fraction" else f"{target.threshold:g}"
