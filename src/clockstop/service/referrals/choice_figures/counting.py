"""Counting choices. Pure: records of single referrals in, counts and means out.

Every referral falls into exactly one column of each table that it belongs to, so that the counts
of a table add up and can be protected as one. What was not recorded is a column of its own: it is
never taken for a no.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

ENOUGH = 5  # distinct providers that the policy asks for
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one referral says of choice.

    ``offered`` and ``patient_says`` are yes, no, or empty where nobody said. ``services`` and
    ``providers`` are those of the shortlist that the patient first had; ``is_changed``: another
    took its place since, so that days of the two are not compared. Days are to the first free
    appointment, as shown on the day.
    """

    group: str
    in_scope: bool
    offered: str
    services: int
    providers: int
    independent_providers: int
    is_chosen: bool
    chosen_is_independent: bool
    fastest_days: int | None
    chosen_days: int | None
    is_changed: bool
    patient_says: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of choices: its columns, and which one a referral belongs to, if any."""

    slug: str
    title: str
    words: str
    columns: Mapping[str, str]
    column_of: Callable[[Choice], str | None]


def _offered(choice: Choice) -> str | None:
    return (choice.offered or "not_recorded") if choice.in_scope else None


def _shortlist(choice: Choice) -> str | None:
    if not choice.in_scope or not choice.providers:
        return None
    if choice.providers == 1:
        return "one"
    return "some" if choice.providers < ENOUGH else "enough"


def _saving(choice: Choice) -> str | None:
    if not choice.in_scope or not choice.is_chosen or choice.is_changed or choice.services < 2:  # noqa: PLR2004
        return None
    if choice.chosen_days is None or choice.fastest_days is None:
        return "not_known"
    return "taken" if choice.chosen_days <= choice.fastest_days else "left"


def _independent(choice: Choice) -> str | None:
    if not choice.in_scope or not choice.providers:
        return None
    if choice.is_chosen and choice.chosen_is_independent:
        return "chosen"
    return "shortlisted" if choice.independent_providers else "none"


def _told(choice: Choice) -> str | None:
    if not choice.in_scope or not choice.patient_says:
        return None
    return f"{choice.patient_says}_{choice.offered or 'not_recorded'}"


TABLES: Mapping[str, Table] = {
    each.slug: each
    for each in (
        Table(
            "offered",
            "Was choice offered?",
            "Of referrals to which the right to choose applies. The share is of those with an "
            "answer.",
            {"yes": "Yes", "no": "No", "not_recorded": "Not recorded"},
            _offered,
        ),
        Table(
            "shortlist",
            "How many providers were on the shortlist?",
            "Distinct providers, not services: one trust can stand on a shortlist several times.",
            {"one": "One", "some": "Two to four", "enough": "Five or more"},
            _shortlist,
        ),
        Table(
            "saving",
            "Was the fastest appointment chosen?",
            "Where two or more services were on the shortlist, by the first free appointments "
            "shown on that day. Shortlists that were changed since are left out.",
            {"taken": "The fastest", "left": "A slower one", "not_known": "Not known"},
            _saving,
        ),
        Table(
            "independent",
            "Independent providers",
            "On the shortlist, and chosen.",
            {"none": "Not shortlisted", "shortlisted": "Shortlisted only", "chosen": "Chosen"},
            _independent,
        ),
        Table(
            "told",
            "What patients say",
            "Patients who answered whether they were offered choice, beside what the referrer "
            "recorded. The two differ widely wherever both were asked.",
            {
                "yes_yes": "Both say yes",
                "yes_no": "Patient yes, referrer no",
                "yes_not_recorded": "Patient yes, not recorded",
                "no_yes": "Patient no, referrer yes",
                "no_no": "Both say no",
                "no_not_recorded": "Patient no, not recorded",
            },
            _told,
        ),
    )
}


@dataclass(slots=True)
class Tally:
    """The counts of a group by table and column, and what its means are made of."""

    cells: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    out_of_scope: int = 0
    providers: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    days_left: list[int] = field(default_factory=list)

    def add(self, choice: Choice) -> None:
        """Count one referral in."""
        self.out_of_scope += not choice.in_scope
        for slug, table in TABLES.items():
            column = table.column_of(choice)
            if column is not None:
                self.cells[slug][column] += 1
        if choice.in_scope and choice.providers:
            self.providers.append(choice.providers)
            self.services.append(choice.services)
        if _saving(choice) in {"taken", "left"}:
            self.days_left.append(max(0, (choice.chosen_days or 0) - (choice.fastest_days or 0)))

    @property
    def means(self) -> Means:
        """The averages of the group; None where there is nobody."""
        return Means(
            _mean(self.providers),
            median(self.providers) if self.providers else None,
            _mean(self.services),
            _mean(self.days_left),
        )


@dataclass(frozen=True, slots=True)
class Means:
    """Distinct providers and services on a shortlist; days that the fastest would have saved."""

    providers: float | None
    median_providers: float | None
    services: float | None
    days_left: float | None


def counted(choices: Iterable[Choice]) -> dict[str, Tally]:
    """The tallies by group, in the order in which groups first appear."""
    found: dict[str, Tally] = {}
    for each in choices:
        found.setdefault(each.group, Tally()).add(each)
    return found


def together(choices: Iterable[Choice]) -> Tally:
    """The tally of all, whatever their group."""
    whole = Tally()
    for each in choices:
        whole.add(each)
    return whole


def _mean(values: list[int]) -> float | None:
    return sum(values) / len(values) if values else None
