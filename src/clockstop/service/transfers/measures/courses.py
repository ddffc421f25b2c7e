"""The course of one request from its steps, and what is counted of many. Pure: plain rows in.

A course is counted once, at the furthest it got, so that a table's rows add up to all requests and
the small-number rule can be kept. A patient's own request and the request for help that it led to
are one course.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations, pairwise
from statistics import median

DAY = 86_400
WEEK = 7 * DAY

# The stages of a patient's own request, of a provider's, and of one for a test: what they are
# called, and the steps that bring them about.
PATIENTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "invited": ("Invited", frozenset({"invite"})),
    "asked": ("Asked", frozenset({"ask"})),
    "suitable": ("Suitable", frozenset({"find_suitable"})),
    "searched": ("Searched", frozenset({"search", "let_choose"})),
    "offered": ("Offered", frozenset({"offer"})),
    "accepted": ("Accepted", frozenset({"accept"})),
    "moved": ("Moved", frozenset({"move"})),
    "treated": ("Treated", frozenset({"complete"})),
}
PROVIDERS: Mapping[str, tuple[str, frozenset[str]]] = {
    "asked": ("Help asked for", frozenset({"submit"})),
    "offered": ("Offered", frozenset({"send_to_patient"})),
    "accepted": ("Accepted", frozenset({"choose"})),
    "moved": ("Moved", frozenset({"receive"})),
    "treated": ("Treated", frozenset({"complete"})),
}
TESTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "asked": ("Help asked for", frozenset({"submit"})),
    "offered": ("Offered", frozenset({"send_to_patient"})),
    "accepted": ("Accepted", frozenset({"choose"})),
    "received": ("Received", frozenset({"receive"})),
    "tested": ("Result sent", frozenset({"report_result"})),
    "read": ("Result read", frozenset({"read_result"})),
}
# Steps by which somebody says no, and who.
REFUSALS: Mapping[str, str] = {
    "stay": "patient",
    "decline_all": "patient",
    "decline_and_close": "patient",
    "find_unsuitable": "review",
    "refuse": "provider",
    "refuse_beside": "provider",
    "fail_check": "check",
    "return_patient": "check",
    "find_none": "search",
}
WHO = {
    "patient": "the patient",
    "review": "their own provider's review",
    "provider": "another provider",
    "check": "the check before or after the move",
    "search": "the search",
}
DAYS = {7: "Up to 7 days", 14: "8 to 14", 28: "15 to 28", 56: "29 to 56"}
MORE_DAYS = "Over 56"
WEEKS = {0: "None", 12: "1 to 12 weeks", 26: "13 to 26"}
MORE_WEEKS = "Over 26"
MILES = {10: "Up to 10 miles", 25: "11 to 25", 50: "26 to 50", 100: "51 to 100"}
MORE_MILES = "Over 100"
MINUTES = {0: "None noted", 15: "1 to 15 minutes", 30: "16 to 30", 60: "31 to 60"}
MORE_MINUTES = "Over 60"


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of a course: what, when, why, and the minutes that staff noted."""

    action: str
    at: datetime
    reason: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """One request: its group, its steps in order, and what became of it.

    ``groups`` are those of every way of grouping, of which ``group`` is one.
    ``weeks_here`` is what was expected where the patient waited, from ``asked_at`` on; ``miles``
    how far the accepted place is; ``flow`` from which sector to which, once moved. ``beside`` are
    minutes noted with steps that are not among these, as they mirror one that is.
    """

    group: str
    steps: Sequence[StepTaken]
    asked_at: datetime
    weeks_here: float | None = None
    miles: float | None = None
    flow: str = ""
    function: str = ""
    beside: int = 0
    groups: Mapping[str, str] = field(default_factory=dict)

    def reached(self, stages: Mapping[str, tuple[str, frozenset[str]]]) -> dict[str, datetime]:
        """The first time that each stage was reached, in the order of the stages."""
        found: dict[str, datetime] = {}
        for each in self.steps:
            for name, (_, actions) in stages.items():
                if each.action in actions:
                    found.setdefault(name, each.at)
        return {name: found[name] for name in stages if name in found}

    @property
    def minutes(self) -> int:
        """What staff noted in all."""
        return minutes_of(self.steps) + self.beside

    @property
    def weeks_saved(self) -> float | None:
        """Weeks expected here less the weeks until treatment; None before it, or if not known."""
        treated = [each.at for each in self.steps if each.action == "complete"]
        if self.weeks_here is None or not treated:
            return None
        return self.weeks_here - (treated[0] - self.asked_at).total_seconds() / WEEK


def minutes_of(steps: Iterable[StepTaken]) -> int:
    """What staff noted with steps."""
    return sum(each.minutes or 0 for each in steps)


@dataclass(slots=True)
class Counted:
    """A table of counts by group and column, with the values behind a mean or median."""

    columns: tuple[str, ...]
    cells: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, group: str, column: str, value: float | None = None) -> None:
        """Count one."""
        self.cells[group][column] += 1
        if value is not None:
            self.values[group].append(value)

    def rows(self) -> dict[str, list[int]]:
        """Counts in the order of the columns."""
        return {group: [each[name] for name in self.columns] for group, each in self.cells.items()}

    def middle(self, group: str | None = None) -> float | None:
        """The median of a group's values, or of all."""
        held = _of(self.values, group)
        return median(held) if held else None

    def mean(self, group: str | None = None) -> float | None:
        """The mean of a group's values, or of all."""
        held = _of(self.values, group)
        return sum(held) / len(held) if held else None


def _of(values: Mapping[str, list[float]], group: str | None) -> list[float]:
    if group is not None:
        return values.get(group, [])
    return [each for some in values.values() for each in some]


def furthest(
    courses: Iterable[Course], stages: Mapping[str, tuple[str, frozenset[str]]]
) -> Counted:
    """Each course at the last stage that it reached; one that reached none is not counted."""
    names = {name: words for name, (words, _) in stages.items()}
    found = Counted(tuple(names.values()))
    for each in courses:
        reached = each.reached(stages)
        if reached:
            last = [name for name in stages if name in reached][-1]
            found.add(each.group, names[last])
    return found


def days_between(
    courses: Iterable[Course], stages: Mapping[str, tuple[str, frozenset[str]]]
) -> dict[str, Counted]:
    """Days from each stage to the next that was reached, for each step: ``Invited to asked``."""
    found: dict[tuple[str, str], Counted] = {}
    for each in courses:
        for (before, began), (after, ended) in pairwise(each.reached(stages).items()):
            days = max((ended - began).total_seconds() / DAY, 0)
            step = found.setdefault((before, after), Counted((*DAYS.values(), MORE_DAYS)))
            step.add(each.group, band(days, DAYS, MORE_DAYS), days)
    return {
        f"{stages[before][0]} to {stages[after][0].lower()}": found[before, after]
        for before, after in combinations(stages, 2)
        if (before, after) in found
    }


def refusals(courses: Iterable[Course], words: Callable[[str, str], str]) -> dict[str, Counted]:
    """For each who says no, in the order of ``WHO``: how often, by the reason in words."""
    held = [(who, group, words(who, code)) for who, group, code in _refused(courses)]
    found: dict[str, Counted] = {}
    for name in WHO:
        reasons = {reason for who, _, reason in held if who == name}
        if reasons:
            found[name] = Counted(tuple(sorted(reasons)))
    for who, group, reason in held:
        found[who].add(group, reason)
    return found


def _refused(courses: Iterable[Course]) -> Iterator[tuple[str, str, str]]:
    for each in courses:
        for step in each.steps:
            if step.action in REFUSALS:
                yield REFUSALS[step.action], each.group, step.reason


def saved(courses: Iterable[Course]) -> Counted:
    """Weeks saved by those who were treated, where the wait here was known."""
    found = Counted((*WEEKS.values(), MORE_WEEKS))
    for each in courses:
        if each.weeks_saved is not None:
            found.add(each.group, band(each.weeks_saved, WEEKS, MORE_WEEKS), each.weeks_saved)
    return found


def distances(courses: Iterable[Course]) -> Counted:
    """How far those live who accepted a place."""
    found = Counted((*MILES.values(), MORE_MILES))
    for each in courses:
        if each.miles is not None:
            found.add(each.group, band(each.miles, MILES, MORE_MILES), each.miles)
    return found


def burden(courses: Iterable[Course]) -> Counted:
    """Minutes of staff for each request that they had to do with, as they noted them."""
    found = Counted((*MINUTES.values(), MORE_MINUTES))
    for each in courses:
        if any(step.action not in {"find_eligible", "invite", "remind"} for step in each.steps):
            minutes = each.minutes
            found.add(each.group, band(minutes, MINUTES, MORE_MINUTES), minutes or None)
    return found


FLOWS = {
    "nhs nhs": "NHS to NHS",
    "nhs is": "NHS to independent",
    "is nhs": "Independent to NHS",
    "is is": "Independent to independent",
}


def flows(courses: Iterable[Course]) -> Counted:
    """Between which sectors patients moved, by specialty."""
    found = Counted(tuple(FLOWS.values()))
    for each in courses:
        if each.flow:
            found.add(each.function, FLOWS[each.flow])
    return found


def band(value: float, bands: Mapping[int, str], more: str) -> str:
    """The band that a value lies in: each ends at its number, included."""
    return next((words for most, words in bands.items() if value <= most), more)
