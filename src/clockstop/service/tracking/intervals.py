"""How long things may go unlooked at, as dated data with their source and how sure we are of it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from clockstop.service.tracking.ranks import D_CODES, P_CODES

REVIEW = "review_"  # before a P-code or a D-code
_LABELS = {
    "validation_after": "A wait is validated once it is over",
    "validation_lasts": "A validation holds for",
    "validation_date_soon": "Left out with a date within",
    "validation_seen_lately": "Left out if seen or listed in the last",
    "monitoring_review": "Active monitoring is reviewed every",
}


@dataclass(frozen=True, slots=True)
class Interval:
    """So many days while the row holds. ``status`` is found, to verify or design (our choice)."""

    name: str
    days: int
    valid_from: date
    valid_to: date | None
    status: str
    source: str

    @property
    def label(self) -> str:
        """What the interval says, before its length."""
        if self.name.startswith(REVIEW):
            return f"{self.name.removeprefix(REVIEW)} is reviewed every"
        return _LABELS[self.name]

    @property
    def words(self) -> str:
        """``4 weeks`` where it is whole weeks, else ``3 days``."""
        weeks, rest = divmod(self.days, 7)
        number, unit = (self.days, "day") if rest or not weeks else (weeks, "week")
        return f"{number} {unit}{'' if number == 1 else 's'}"


@lru_cache(maxsize=16)
def intervals_on(day: date) -> Mapping[str, Interval]:
    """The intervals in force on a day, by name; before the first row, the oldest counts."""
    oldest = {each.name: each for each in reversed(_intervals())}
    held = {
        each.name: each
        for each in _intervals()
        if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to)
    }
    return oldest | held


@lru_cache(maxsize=16)
def review_intervals_on(day: date) -> Mapping[str, Interval]:
    """How often each priority code is reviewed, by code."""
    found = intervals_on(day)
    codes = [code for code in (*P_CODES, *D_CODES) if f"{REVIEW}{code}" in found]
    return {code: found[f"{REVIEW}{code}"] for code in codes}


@cache
def _intervals() -> tuple[Interval, ...]:
    text = files(__package__).joinpath("intervals.csv").read_text(encoding="utf-8")
    return tuple(
        Interval(
            row["name"],
            int(row["days"]),
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["status"],
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )
