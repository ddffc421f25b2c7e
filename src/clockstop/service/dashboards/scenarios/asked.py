"""The scenarios that an address asks for: each whole in it, so that nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np

from clockstop.analytics.forecast.book import ForecastBook
from clockstop.analytics.forecast.engine.model import Floats
from clockstop.analytics.forecast.months.cube import Flags
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, name
from clockstop.analytics.forecast.scenarios.address import packed, unpacked
from clockstop.analytics.forecast.scenarios.compared import Compared, compare
from clockstop.analytics.forecast.scenarios.scenario import Scenario, ScenarioRefusedError
from clockstop.analytics.monitoring.areas import AreaKind
from clockstop.service.dashboards.outlook import Outlook

KEY, MOST = "s", 3
_TURN = Lock()  # a run takes every core: of the threads of a worker one at a time
_NAME = 40  # letters of a title that headings and keys of charts have room for


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario and its letters in addresses.

    ``place`` is which one it is on its page, from 1; ``name`` is its title, cut where there is
    little room, with its place if it is not alone.
    """

    letters: str
    scenario: Scenario
    place: int = 1
    name: str = ""

    @property
    def key(self) -> str:
        """What it is called in the columns of files."""
        return f"scenario_{self.place}"


@dataclass(frozen=True, slots=True)
class Run:
    """A scenario that was run: what it does, and what is to come with it.

    ``now`` and ``said`` (months, ``MEASURES``, ``QUANTILES``) are the forecasts of the list as
    things are and with the scenario; ``difference`` is what the scenario adds.
    """

    asked: Asked
    compared: Compared
    now: Floats
    said: Floats
    difference: Floats


def asked_by(letters: Sequence[str]) -> tuple[list[Asked], list[str]]:
    """The scenarios of some letters, the same only once, and the problems of those that are none.

    No more than ``MOST`` are looked at.
    """
    found: list[tuple[str, Scenario]] = []
    problems: list[str] = []
    for place, each in enumerate(list(dict.fromkeys(letters))[:MOST], 1):
        try:
            found.append((each, unpacked(each)))
        except ScenarioRefusedError as error:
            problems += [f"Scenario {place}: {problem}" for problem in error.problems]
    return [_named(each, place, len(found)) for place, each in enumerate(found, 1)], problems


def _named(found: tuple[str, Scenario], place: int, of: int) -> Asked:
    title = found[1].title.strip()
    short = title if len(title) <= _NAME else f"{title[:_NAME].rstrip()}…"
    return Asked(*found, place, f"{place}: {short}" if of > 1 else short)


def query(letters: Sequence[str]) -> str:
    """What an address of these scenarios ends with."""
    return f"?{urlencode([(KEY, each) for each in letters])}" if letters else ""


def letters_in(address: str) -> list[str]:
    """The letters of scenarios in an address that somebody was sent."""
    return parse_qs(urlsplit(address.strip()).query).get(KEY, [])


def runs_of(
    book: ForecastBook, outlook: Outlook, scenarios: Sequence[Asked]
) -> tuple[list[Run], list[str]]:
    """What scenarios do to a list that there is a forecast of, and why some cannot be run."""
    found: list[Run] = []
    problems: list[str] = []
    for asked in scenarios:
        try:
            found.append(_run(book, outlook, asked))
        except ScenarioRefusedError as error:
            problems += [f"{asked.name}: {problem}" for problem in error.problems]
    return found, problems


def letters_once_run(book: ForecastBook, outlook: Outlook, scenario: Scenario) -> str:
    """The letters of a scenario that has been run.

    Raises ScenarioRefusedError for one that does not fit the lists, or is too long.
    """
    tidy = replace(scenario, title=scenario.title.strip())
    found = Asked(packed(tidy), tidy)
    _run(book, outlook, found)
    return found.letters


def _run(book: ForecastBook, outlook: Outlook, asked: Asked) -> Run:
    subject, said = outlook.subject, outlook.said
    assert said is not None
    compared = _compared(book, subject.area.kind, subject.area.code, asked.letters)
    now = _values(said.rows[: len(compared.months)])
    at = compared.functions.index(subject.function)
    return Run(
        asked, compared, now, compared.carried(subject.function, now), compared.difference[at]
    )


def _values(rows: Sequence[Mapping[str, Any]]) -> Floats:
    """The quantiles of a forecast's rows: (months, ``MEASURES``, ``QUANTILES``)."""
    return np.array(
        [[[row[f"{key}_{name(each)}"] for each in QUANTILES] for key in MEASURES] for row in rows]
    )


def cells_of(book: ForecastBook, kind: AreaKind, code: str) -> Flags:
    """Which cells of the bench are an area's."""
    cells = book.bench.model.cells
    if kind is AreaKind.ENGLAND:
        return np.ones(len(cells), dtype=np.bool_)
    found: Flags = getattr(cells, str(kind)) == code
    return found


@lru_cache(maxsize=64)
def _compared(book: ForecastBook, kind: AreaKind, code: str, letters: str) -> Compared:
    """The runs last asked for: a book is of its data, and the letters are the whole scenario."""
    with _TURN:
        return compare(book.bench, unpacked(letters), cells_of(book, kind, code))
