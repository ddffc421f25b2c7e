"""Where a referral can be booked: each service of the shortlist with its free times by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from clockstop.service.directory.choices import Medium, Priority
from clockstop.service.directory.models import HealthcareService, Slot
from clockstop.service.directory.slots import free_slots
from clockstop.service.referrals import policies
from clockstop.service.referrals.models import Referral
from clockstop.service.ui.figures import day as in_words

MOST = 60  # times of one service on a page


@dataclass(frozen=True, slots=True)
class Time:
    """A free time; ``hint`` says how and with whom, where that is not plain."""

    slot: int
    at: str
    hint: str


@dataclass(frozen=True, slots=True)
class Day:
    """The free times of one day."""

    words: str
    times: tuple[Time, ...]


@dataclass(frozen=True, slots=True)
class Bookable:
    """A service of the shortlist and what can be done there.

    ``promise`` is the day by which the provider would be in touch, where nothing can be booked.
    """

    service: int
    provider: str
    name: str
    site: str
    takes_triage: bool
    phone: str
    days: tuple[Day, ...]
    promise: str
    has_more: bool


def bookable(referral: Referral) -> tuple[Bookable, ...]:
    """Every service of the shortlist, in the patient's order."""
    held = referral.shortlist.filter(replaced=False).select_related("service__organisation")
    return tuple(_bookable(referral, each.service) for each in held)


def _bookable(referral: Referral, service: HealthcareService) -> Bookable:
    free = free_slots(service, priority=Priority(referral.priority))
    slots = [] if service.takes_triage else list(free[: MOST + 1])
    step = "triage" if service.takes_triage else "defer"
    promised = policies.contact_by(step, referral.priority, timezone.localdate())
    return Bookable(
        service=service.pk,
        provider=service.organisation.name,
        name=service.name,
        site=service.site_name,
        takes_triage=service.takes_triage,
        phone=service.patient_phone,
        days=_by_day(slots[:MOST]),
        promise=in_words(promised),
        has_more=len(slots) > MOST,
    )


def _by_day(slots: Sequence[Slot]) -> tuple[Day, ...]:
    by_day = groupby(slots, key=lambda each: timezone.localtime(each.starts).date())
    return tuple(
        Day(f"{day:%A} {in_words(day)}", tuple(_time(each) for each in those))
        for day, those in by_day
    )


def _time(slot: Slot) -> Time:
    how = "" if slot.medium == Medium.FACE_TO_FACE else slot.get_medium_display()
    hint = ", ".join(each for each in (slot.schedule.clinician_name, how) if each)
    return Time(slot.pk, f"{timezone.localtime(slot.starts):%H:%M}", hint)
