"""Who may ask to be treated elsewhere: versioned profiles, and every reason that stands against it.

The profiles differ between the plan, what was built, and the law (national services notes §6.4);
each is a dated row with its source. The reasons and their words are rows too. How long somebody
must have waited by a right, when it does not hold and on which days stand in ``choice_rights.csv``
alone: a profile of a right has a version for each time in which these rows are the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from clockstop.core.rulebook.choice_rights import choice_rules

LEGAL = "legal"  # the branch of the right of 18 weeks: the patient picks, and no decline counts
BEFORE_FIRST = "before_first"
URGENT_CODES = frozenset({"P1A", "P1B", "P2", "D1", "D2"})
PUT_OFF_CODES = frozenset({"P5", "P6", "D5", "D6"})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A version of a profile while it holds.

    ``days`` is the fewest days waited; ``or_dated_beyond``: or whose date is that late.
    ``date_within`` is within how many days a date counts as soon, ``age`` the youngest in whole
    years; None for no such limit. ``exclusions`` are the further reasons that count in it.
    """

    name: str
    title: str
    branch: str
    days: int
    or_dated_beyond: bool
    stage: str
    date_within: int | None
    age: int | None
    exclusions: frozenset[str]
    valid_from: date
    valid_to: date | None
    status: str
    source: str

    @property
    def is_legal(self) -> bool:
        """Whether it is of the right of 18 weeks, which has a branch of its own."""
        return self.branch == LEGAL

    def latest_start(self, day: date) -> date:
        """The latest start of a clock that has run for long enough on a day."""
        return day - timedelta(days=self.days)

    def holds_on(self, day: date) -> bool:
        """Whether this version is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one pathway on ``day``, without saying whose it is.

    ``clock_start`` is that of the running RTT period, None where unknown. ``next_dates`` are of
    appointments and admissions to come; ``next_appointment`` is the appointment among them.
    ``codes`` are P-codes and D-codes.
    """

    day: date
    born: date
    is_waiting: bool = True
    is_monitored: bool = False
    is_planned: bool = False
    clock_start: date | None = None
    was_seen: bool = False
    next_appointment: date | None = None
    admission: date | None = None
    codes: frozenset[str] = frozenset()
    is_consultant_led: bool = True
    is_tertiary: bool = False
    is_outside_england: bool = False
    is_cancer: bool = False
    is_review_overdue: bool = False
    is_sensitive: bool = False
    has_died: bool = False
    has_request: bool = False
    was_asked_lately: bool = False

    @property
    def dates(self) -> tuple[date, ...]:
        """The dates that are still to come."""
        held = (self.next_appointment, self.admission)
        return tuple(each for each in held if each and each >= self.day)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is not eligible: its code, the words, and where it comes from."""

    code: str
    words: str
    source: str


def against(profile: Profile, facts: Facts) -> tuple[Reason, ...]:
    """Every reason why a pathway is not eligible by a profile, in the order of the file.

    None: the patient may ask. Source: national services notes §6.3, §6.4; each reason's own row.
    """
    found = {*_of_the_wait(profile, facts), *_of_the_stage(profile, facts)}
    found |= profile.exclusions & {code for code, is_so in _excluded(facts).items() if is_so}
    return tuple(each for code, each in reasons().items() if code in found)


def _of_the_wait(profile: Profile, facts: Facts) -> Iterator[str]:
    if facts.has_died:
        yield "died"
    if not facts.is_waiting:
        yield "not_waiting"
    elif facts.clock_start is None:
        yield "start_unknown"
    elif not _is_long(profile, facts, facts.clock_start):
        yield "too_short"
    if profile.age is not None and _years(facts.born, facts.day) < profile.age:
        yield "too_young"


def _is_long(profile: Profile, facts: Facts, start: date) -> bool:
    if start <= profile.latest_start(facts.day):
        return True
    beyond = start + timedelta(days=profile.days)
    admitted = facts.admission
    return bool(profile.or_dated_beyond and admitted and admitted >= max(beyond, facts.day))


def _of_the_stage(profile: Profile, facts: Facts) -> Iterator[str]:
    if profile.stage == BEFORE_FIRST and facts.was_seen:
        yield "first_seen"
    if profile.stage == BEFORE_FIRST and facts.dates:
        yield "first_booked"
    if profile.date_within is not None:
        soon = facts.day + timedelta(days=profile.date_within)
        if any(each <= soon for each in facts.dates):
            yield "dated"


def _excluded(facts: Facts) -> Mapping[str, bool]:
    return {
        "monitoring": facts.is_monitored,
        "planned": facts.is_planned,
        "not_consultant_led": not facts.is_consultant_led,
        "tertiary": facts.is_tertiary,
        "clinical": bool(facts.codes & URGENT_CODES),
        "put_off": bool(facts.codes & PUT_OFF_CODES),
        "outside_england": facts.is_outside_england,
        "cancer": facts.is_cancer,
        "review_overdue": facts.is_review_overdue,
        "sensitive": facts.is_sensitive,
        "has_request": facts.has_request,
        "asked_lately": facts.was_asked_lately,
    }


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def profiles_on(day: date) -> Mapping[str, Profile]:
    """The profiles in force on a day, by name, in the order of the file."""
    return {each.name: each for each in profiles() if each.holds_on(day)}


def profile_of(name: str, version: date) -> Profile:
    """One version of a profile. Raises KeyError where there is none such."""
    return {(each.name, each.valid_from): each for each in profiles()}[name, version]


@cache
def profiles() -> tuple[Profile, ...]:
    """Every version of every profile."""
    return tuple(
        each
        for row in _rows("eligibility.csv")
        for each in (_versions(row) if row["right"] else (_profile(row),))
    )


@cache
def reasons() -> Mapping[str, Reason]:
    """Every reason by its code, in the order in which they are told."""
    rows = _rows("eligibility_reasons.csv")
    return {row["reason"]: Reason(row["reason"], row["words"], row["source"]) for row in rows}


@cache
def outside_england() -> Mapping[str, tuple[str, ...]]:
    """How codes begin that stand for another country: by ``commissioner`` and ``practice``."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows("outside_england.csv"):
        found[row["of"]] = (*found.get(row["of"], ()), row["begins"])
    return found


def _versions(row: Mapping[str, str]) -> Iterator[Profile]:
    """The profile of a right, as the rows of the right have it from day to day."""
    rules = [each for each in choice_rules() if each.right == row["right"]]
    ended = {each.valid_to + _DAY for each in rules if each.valid_to}
    begins = sorted(ended.union(each.valid_from for each in rules))
    for first, after in zip(begins, [*begins[1:], None], strict=True):
        held = [each for each in rules if each.holds_on(first)]
        days = next((each.days for each in held if each.holds), None)
        if days is not None:
            excluded = (each.reason for each in held if not each.holds)
            yield _profile(
                {
                    **row,
                    "days": str(days),
                    "exclusions": " ".join((row["exclusions"], *excluded)),
                    "valid_from": first.isoformat(),
                    "valid_to": (after - _DAY).isoformat() if after else "",
                }
            )


def _profile(row: Mapping[str, str]) -> Profile:
    return Profile(
        name=row["profile"],
        title=row["name"],
        branch=row["branch"],
        days=int(row["days"]),
        or_dated_beyond=row["or_dated_beyond"] == "yes",
        stage=row["stage"],
        date_within=int(row["date_within"]) if row["date_within"] else None,
        age=int(row["age"]) if row["age"] else None,
        exclusions=frozenset(row["exclusions"].split()),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        status=row["status"],
        source=row["source"],
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
