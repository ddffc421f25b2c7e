"""The menu as it is read: lines with their waits in words, and the shortlist beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from clockstop.core import rulebook
from clockstop.core.types import Sector
from clockstop.service.compare.book import NoDataYet, current_book
from clockstop.service.directory.catalogue import Listed
from clockstop.service.directory.choices import Rating, Requirement
from clockstop.service.referrals.figures import Waits
from clockstop.service.referrals.menu import AppointmentWait, Offered, providers_of
from clockstop.service.ui import figures

PAGE = 25
_WHOLE = 10  # from here on whole numbers will do
_SECTORS = {
    Sector.NHS_TRUST: "NHS",
    Sector.INDEPENDENT: "Independent",
    Sector.COMMUNITY: "Community or GP company",
}
_CODES = {
    AppointmentWait.LIMITED_AVAILABILITY: "No free slot now",
    AppointmentWait.NOT_APPLICABLE: "Booked by the provider",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A service in words. ``expected`` and ``waiting`` are pairs: half, and 8 in 10, in weeks."""

    service: int
    name: str
    provider: str
    sector: str
    sector_words: str
    site: str
    takes_triage: bool
    first: str
    first_hint: str
    expected_half: str
    expected_most: str
    waiting_most: str
    waiting: str
    is_stale: bool
    miles: str
    rating: str
    is_short: bool
    is_ticked: bool
    code: str  # of the provider
    more: int  # how many more services of the provider the menu has and does not list
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tray:
    """The shortlist so far: distinct providers are what the policy counts."""

    lines: tuple[Line, ...]
    providers: int
    wanted: int | None  # none where nobody is asked for five

    @property
    def counted(self) -> str:
        """``4 of 5 providers``; beyond five the number alone."""
        if self.wanted is None or self.providers > self.wanted:
            return "1 provider" if self.providers == 1 else f"{self.providers} providers"
        return f"{self.providers} of {self.wanted} providers"


def tray_of(shortlist: Sequence[Offered], *, in_scope: bool, today: date) -> Tray:
    """The services that were ticked, in the order in which they were put."""
    wanted = rulebook.on(today)["choice_minimum_providers"].value if in_scope else None
    return Tray(lines_of(shortlist), len(providers_of(shortlist)), wanted)


def lines_of(
    offered: Iterable[Offered],
    ticked: Collection[int] = (),
    more: Mapping[str, int] | None = None,
) -> tuple[Line, ...]:
    """Lines for a page; ``more`` is how many further services of each provider are not listed."""
    further = more or {}
    return tuple(
        _line(each, each.service in ticked, further.get(each.provider, 0)) for each in offered
    )


def _line(each: Offered, is_ticked: bool, more: int) -> Line:
    first, hint = first_free(each)
    waits = each.waits
    return Line(
        service=each.service,
        name=each.name,
        provider=each.provider_name,
        sector=each.sector,
        sector_words=_SECTORS.get(Sector(each.sector), "") if each.sector else "",
        site=each.site if each.site != each.provider_name else "",
        takes_triage=each.takes_triage,
        first=first,
        first_hint=hint,
        expected_half=_weeks(waits.expected_half),
        expected_most=_weeks(waits.expected_most),
        waiting_most=_weeks(waits.waiting_most),
        waiting=_people(waits),
        is_stale=waits.is_stale,
        miles="" if each.miles is None else short(each.miles),
        rating=Rating(each.rating).label if each.rating else "",
        is_short=each.told.capacity_alert,
        is_ticked=is_ticked,
        code=each.provider,
        more=more,
        about=about(each.told),
    )


def first_free(each: Offered) -> tuple[str, str]:
    """The first free slot in words and in how many days; else why there is none."""
    if each.first_free is None:
        words = "Triage first" if each.takes_triage else _CODES[AppointmentWait(each.code or "")]
        return words, ""
    when = timezone.localtime(each.first_free)
    return f"{when.day} {when:%b}", in_days(each.days or 0)


def in_days(days: int) -> str:
    """How far off a day is."""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def about(service: Listed) -> tuple[tuple[str, str], ...]:
    """What a referrer must know of a service, under headings; what is not said is left out."""
    requirements = ", ".join(
        Requirement(each).label for each in service.additional_requirements if each in Requirement
    )
    said = (
        ("Alert", service.referrer_alert),
        ("Treats", service.conditions_treated),
        ("Does not treat", service.exclusions),
        ("Investigations first", service.suggested_investigations),
        ("Teams led by", ", ".join(name for _, name in service.clinicians)),
        ("Can lay on", requirements),
        ("Instructions", service.instructions),
        ("Hours", service.hours),
        ("For professionals", service.professional_phone or service.professional_email),
    )
    return tuple((heading, words) for heading, words in said if words)


def month_of_waits() -> str:
    """The census of the waits so far; empty where no figures were brought in."""
    try:
        return figures.day(current_book().month.census)
    except NoDataYet:
        return ""


def _weeks(value: float | None) -> str:
    return "" if value is None else short(value)


def _people(waits: Waits) -> str:
    return "" if waits.waiting is None else f"{waits.waiting:,}"


def short(value: float) -> str:
    """Weeks or miles: to one decimal while they are few."""
    return f"{value:.1f}" if value < _WHOLE else f"{value:.0f}"
