"""The groups of people that the list is cut by: age, deprivation, ethnic category, sex."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from django.db.models import Q

NOT_KNOWN = "unknown"
SEXES: Mapping[str, str] = {"2": "Female", "1": "Male", "9": "Other or not known"}
DECILES = range(1, 11)  # 1 is the most deprived


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Whole years from ``youngest`` to ``oldest``, which has no end in the last band."""

    key: str
    name: str
    youngest: int
    oldest: int | None

    def born(self, day: date) -> Q:
        """Rows of those who are of this age on a day."""
        found = Q(birth_date__lte=latest_birth(day, self.youngest))
        if self.oldest is None:
            return found
        return found & Q(birth_date__gt=latest_birth(day, self.oldest + 1))


# A design choice: children apart, then working ages, then by the ages at which waits grow.
AGES = {
    each.key: each
    for each in (
        AgeBand("0-17", "Under 18", 0, 17),
        AgeBand("18-39", "18 to 39", 18, 39),
        AgeBand("40-59", "40 to 59", 40, 59),
        AgeBand("60-74", "60 to 74", 60, 74),
        AgeBand("75", "75 and over", 75, None),
    )
}


def latest_birth(day: date, age: int) -> date:
    """The latest birthday of somebody who is so many years old on a day."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February
        return day.replace(year=day.year - age, day=28)


@cache
def ethnic_categories() -> Mapping[str, tuple[str, str]]:
    """Group and name by code: the ethnic categories of the NHS data dictionary (of 2001)."""
    text = files(__package__).joinpath("ethnic_categories.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: (row["group"], row["name"]) for row in rows}


def ethnic_name(code: str) -> str:
    """The category in words; the code where there is no such, ``Not recorded`` for none."""
    if not code:
        return "Not recorded"
    group, name = ethnic_categories().get(code, ("", code))
    return name if group in ("", name) else f"{group}: {name}"


def deprivation(key: str) -> Q:
    """Rows of a decile (``1`` to ``10``), of a quintile (``q1`` to ``q5``), or of none."""
    if key == NOT_KNOWN:
        return Q(deprivation_decile=None)
    number = int(key.removeprefix("q"))
    deciles = (2 * number - 1, 2 * number) if key.startswith("q") else (number,)
    return Q(deprivation_decile__in=deciles)


def deprivation_name(key: str) -> str:
    """``Decile 1 (most deprived)``, ``Quintile 2``, ``Not known``."""
    if key == NOT_KNOWN:
        return "Not known"
    kind, number, last = ("Quintile", key[1:], 5) if key.startswith("q") else ("Decile", key, 10)
    end = {"1": " (most deprived)", str(last): " (least deprived)"}.get(number, "")
    return f"{kind} {number}{end}"
