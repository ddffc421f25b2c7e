"""Providers that became part of another, or changed their code, beyond the ODS successor list."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from clockstop.core.codes.load import CodeListError, load

_FILE = "mergers.csv"
_COLUMNS = ("from", "to", "on", "source")


@dataclass(frozen=True, slots=True)
class Merger:
    """Whose lists ``new`` counts as its own from a day on, and how that is known."""

    old: str
    new: str
    on: date
    source: str


@cache
def known_mergers() -> tuple[Merger, ...]:
    """Every merger that is known, by the day.

    Only what is public and certain is listed: that one list ends where another grows is no proof.
    Raises CodeListError if a row has no day, no source, or the same code twice.
    """
    rows = load(_FILE, _COLUMNS)
    _refuse_faulty(rows)
    found = (
        Merger(row["from"], row["to"], date.fromisoformat(row["on"]), row["source"]) for row in rows
    )
    return tuple(sorted(found, key=lambda each: (each.on, each.old)))


def _refuse_faulty(rows: tuple[dict[str, str], ...]) -> None:
    problems = [
        f"{_FILE}, row {number}, {column}: found {row[column]!r}, expected {expected}"
        for number, row in enumerate(rows, start=2)
        for column, is_right, expected in (
            ("to", row["to"] not in ("", row["from"]), "another provider's code"),
            ("on", _is_day(row["on"]), "a day as YYYY-MM-DD"),
            ("source", bool(row["source"]), "a source"),
        )
        if not is_right
    ]
    if problems:
        raise CodeListError(problems)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
