"""A whole simulation: the same people under each way of asking, one after the other.

Each design begins from the same store and leaves nothing behind: what it did is told, and undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db import transaction

from clockstop.analytics.allocation.acceptance import Design
from clockstop.core.types import Month
from clockstop.service.messaging.senders import Sender
from clockstop.service.referrals.choice_figures.reading import Period
from clockstop.service.transfers.actions.asking.inviting import invite_cohort
from clockstop.service.transfers.actions.asking.scanning import scan
from clockstop.service.transfers.measures.reading import By, Scope, patients_courses
from clockstop.service.transfers.simulation.behaviour import Behaviour
from clockstop.service.transfers.simulation.cast import cast, post_places
from clockstop.service.transfers.simulation.clock import Clock, simulated
from clockstop.service.transfers.simulation.days import Stage
from clockstop.service.transfers.simulation.line import Line
from clockstop.service.transfers.simulation.reconciling import Before, funnel, lines

PROFILE = "LIVE-2023"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is simulated: an ICB's patients from a month's first day, for some months.

    ``places`` are offered for each patient found, shared among providers.
    """

    icb_code: str
    first: Month
    months: int = 4
    places: float = 0.5
    seed: int = 1948

    @property
    def returned(self) -> tuple[Month, ...]:
        """The months whose returns are made."""
        return tuple(self.first.plus(number) for number in range(self.months))

    @property
    def days(self) -> Iterator[date]:
        """Every day, the first and the last included."""
        first = self.first.plus(-1).census + _DAY
        last = self.returned[-1].census
        return (first + number * _DAY for number in range((last - first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a design brought: how far people got, and whether every count agrees."""

    design: str
    eligible: int
    places: int
    funnel: Mapping[str, int]
    minutes: int
    miles: float | None
    lines: tuple[Line, ...]
    refused: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Whether everything reconciles."""
        return all(each.holds for each in self.lines)


def simulate(
    setting: Setting,
    designs: Sequence[Design],
    sender: Sender,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Outcome]:
    """What came of each design, from the store as it is now; the store is left as it is."""
    found: list[Outcome] = []
    for design in designs:
        with transaction.atomic(), simulated(next(setting.days)) as clock:
            found.append(_one(setting, design, sender, clock, progress))
            transaction.set_rollback(True)
    return found


def _one(
    setting: Setting,
    design: Design,
    sender: Sender,
    clock: Clock,
    progress: Callable[[str], None],
) -> Outcome:
    first, before = next(setting.days), Before.now(setting.icb_code)
    behaviour = Behaviour(design, setting.seed)
    stage = Stage(cast(setting.icb_code, first), behaviour, sender)
    scans = scan(PROFILE, first, icb_code=setting.icb_code)
    if not behaviour.by_phone:
        invite_cohort(icb_code=setting.icb_code)
    places = post_places(stage.cast, setting.places, setting.seed, first)
    for day in setting.days:
        clock.set(day)
        stage.day()
        progress(f"{design.design}: {day:%-d %B %Y}")
    last = setting.returned[-1].census
    scope = Scope(Period(first, last), By.ICB, setting.icb_code)
    courses = tuple(patients_courses(scope))
    counted = funnel(courses)
    miles = [each.miles for each in courses if each.miles is not None]
    return Outcome(
        design=design.design,
        eligible=sum(each.eligible for each in scans),
        places=places,
        funnel=counted,
        minutes=sum(each.minutes for each in courses),
        miles=median(miles) if miles else None,
        lines=tuple(lines(setting.icb_code, counted, setting.returned, before)),
        refused=dict(stage.refused.most_common()),
    )
