"""A referral as its patient reads it: where it stands, in plain words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any

from django.utils import timezone

from clockstop.service.directory.choices import Rating
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.portal.telling import clock_time
from clockstop.service.referrals.menu import Offered
from clockstop.service.referrals.models import Appointment, Referral
from clockstop.service.referrals.states import Party, State, actions_from
from clockstop.service.ui import figures

_NOT_KNOWN = "Not known"
_BECAME = {
    Appointment.Status.FULFILLED: "You came",
    Appointment.Status.NO_SHOW: "The hospital recorded that you did not come",
    Appointment.Status.BOOKED: "The hospital has not recorded yet whether you came",
}


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment as one writes it into a diary."""

    day: str
    time: str
    provider: str
    site: str
    phone: str
    instructions: str
    has_begun: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """An appointment that is over or off, and what became of it."""

    name: str
    what: str
    day: str
    time: str
    provider: str
    became: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A place on the shortlist, with the figures that the practice sees too."""

    service: int
    name: str
    provider: str
    site: str
    first: str
    wait: str
    miles: str
    quality: str
    is_chosen: bool
    has_times: bool
    takes_triage: bool


@dataclass(frozen=True, slots=True)
class OwnReferral:
    """A referral for its patient. ``may`` are the steps of the table that they may take now."""

    pk: Any
    title: str
    next: str
    what: str
    name: str
    reference: str
    referred: str
    is_urgent: bool
    booked: Booked | None
    may: frozenset[str]
    version: int


def own_referral(referral: Referral) -> OwnReferral:
    """What the patient reads of a referral, with its appointments at hand."""
    state = State(referral.state)
    title, text = state_words()[state]
    by = f" by {figures.day(referral.contact_by)}" if referral.contact_by else ""
    return OwnReferral(
        pk=referral.pk,
        title=title,
        next=text.format(by=by),
        what=what_for(referral),
        name=referral.patient.name,
        reference=referral.spaced_ubrn,
        referred=figures.day(timezone.localdate(referral.created_at)),
        is_urgent=referral.is_suspected_cancer,
        booked=_booked(referral.appointments.all()),
        may=frozenset(each.action for each in actions_from(state, [Party.PATIENT])),
        version=referral.version,
    )


def earlier(referrals: Iterable[Referral]) -> tuple[Earlier, ...]:
    """What is not to come any more, the latest first, with the appointments at hand."""
    now = timezone.now()
    held = [
        (each.starts, each.pk, each, referral)
        for referral in referrals
        for each in referral.appointments.all()
        if each.status != Appointment.Status.BOOKED or each.starts <= now
    ]
    latest = sorted(held, key=lambda row: row[:2], reverse=True)
    return tuple(_earlier(each, referral) for _, _, each, referral in latest)


def _earlier(held: Appointment, referral: Referral) -> Earlier:
    starts = timezone.localtime(held.starts)
    is_theirs = held.cancelled_by == "patient"
    off = "Cancelled by you or your practice" if is_theirs else "Cancelled by the hospital"
    return Earlier(
        name=referral.patient.name,
        what=what_for(referral),
        day=figures.day(starts.date()),
        time=clock_time(starts),
        provider=held.service.organisation.name,
        became=_BECAME.get(Appointment.Status(held.status), off),
    )


@cache
def state_words() -> Mapping[State, tuple[str, str]]:
    """Of each state what it is called to patients, and what comes next."""
    text = files("clockstop.service.portal").joinpath("state_words.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {State(row["state"]): (row["title"], row["next"]) for row in rows}


def what_for(referral: Referral) -> str:
    """The specialty in plain words; of a test, the service it was asked of."""
    if referral.treatment_function:
        return specialty(referral.treatment_function)
    return referral.service.name if referral.service else "A test"


def choices(referral: Referral, lines: Iterable[Offered]) -> tuple[Choice, ...]:
    """The shortlist, in its order. ``lines`` have the figures of today, by the same menu."""
    today = {each.service: each for each in lines}
    held = referral.shortlist.filter(replaced=False)
    return tuple(
        _choice(each, today[each.service_id], referral) for each in held if each.service_id in today
    )


def _choice(held: Any, line: Offered, referral: Referral) -> Choice:
    most = line.waits.expected_most
    return Choice(
        service=line.service,
        name=line.name,
        provider=line.provider_name,
        site=line.site,
        first=_first(line),
        wait=_NOT_KNOWN if most is None else _in_weeks(max(ceil(most), 1)),
        miles=_NOT_KNOWN if held.miles is None else f"{held.miles:.0f} miles",
        quality=Rating(line.rating).label if line.rating else _NOT_KNOWN,
        is_chosen=line.service == referral.service_id,
        has_times=line.first_free is not None,
        takes_triage=line.takes_triage,
    )


def _first(line: Offered) -> str:
    if line.first_free is not None:
        return figures.day(timezone.localtime(line.first_free).date())
    return "It reads referrals first" if line.takes_triage else "No times free to book"


def _booked(appointments: Iterable[Appointment]) -> Booked | None:
    for each in appointments:
        if each.status == Appointment.Status.BOOKED:
            starts, service = timezone.localtime(each.starts), each.service
            return Booked(
                day=f"{starts:%A} {figures.day(starts.date())}",
                time=clock_time(starts),
                provider=service.organisation.name,
                site=service.site_name,
                phone=service.patient_phone,
                instructions=service.instructions,
                has_begun=each.starts <= timezone.now(),
            )
    return None


def _in_weeks(number: int) -> str:
    return "1 week" if number == 1 else f"{number} weeks"
