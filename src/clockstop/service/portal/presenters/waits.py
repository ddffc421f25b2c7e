"""How much longer: what the forecast says to somebody who has waited so long on a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from clockstop.service.compare.book import NoDataYet, current_waits
from clockstop.service.pathways.models import Pathway
from clockstop.service.pathways.presenters.lists import OwnLine, own_lines
from clockstop.service.portal.models import ChangeRequest
from clockstop.service.ui import figures


@dataclass(frozen=True, slots=True)
class HospitalDate:
    """A day that the hospital entered, and the latest request about it."""

    day: date
    words: str
    what: str
    request: ChangeRequest | None


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait of a patient. ``half`` and ``most`` are more weeks from now, in words; or empty."""

    line: OwnLine
    provider_code: str
    half: str
    most: str
    census: str
    dates: tuple[HospitalDate, ...]


def waits(pathways: Any, today: date, names: Mapping[str, str]) -> tuple[Wait, ...]:
    """The waits of pathways with their patients, events, records and requests at hand."""
    held = list(pathways)
    return tuple(
        _wait(pathway, line, today)
        for pathway, line in zip(held, own_lines(held, today, names), strict=True)
    )


def _wait(pathway: Pathway, line: OwnLine, today: date) -> Wait:
    half, most, census = _ahead(pathway, line.own.weeks)
    return Wait(line, pathway.organisation_code, half, most, census, _dates(pathway, today))


def _ahead(pathway: Pathway, weeks: int | None) -> tuple[str, str, str]:
    """Nothing is foretold to somebody under urgent suspicion: they are not part of the list."""
    if weeks is None or pathway.is_suspected_cancer:
        return "", "", ""
    try:
        ahead = current_waits()
    except NoDataYet:
        ahead = None
    if ahead is None:
        return "", "", ""
    found = ahead.expected(pathway.organisation_code, pathway.treatment_function, weeks)
    within = found.within.get("all") if found else None
    if within is None or within.p50 is None:
        return "", "", ""
    longest = f"over {ahead.facts.weeks} weeks"
    most = _weeks(within.p80) if within.p80 is not None else longest
    return _weeks(within.p50), most, figures.day(ahead.facts.origin.census)


def _weeks(value: float) -> str:
    number = max(ceil(value), 1)
    return "1 week" if number == 1 else f"{number} weeks"


def _dates(pathway: Pathway, today: date) -> tuple[HospitalDate, ...]:
    record = getattr(pathway, "hospital_record", None)
    if record is None:
        return ()
    told = ((record.next_appointment, "Appointment"), (record.tci_date, "Date to come in"))
    return tuple(
        HospitalDate(day, figures.day(day), what, _latest(pathway, day))
        for day, what in told
        if day is not None and day >= today
    )


def _latest(pathway: Pathway, day: date) -> ChangeRequest | None:
    about = [each for each in pathway.change_requests.all() if each.day == day]
    return max(about, key=lambda each: each.asked_at, default=None)
