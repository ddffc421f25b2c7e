"""Reading what patients could manage and did manage, by the patient's ICB and the provider.

Whether an appointment could be managed online is told of appointments to come, as of today; acts
and requests are of this month so far and the eleven before it, as the figures of choice are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from clockstop.service.accounts.roles import PUBLIC
from clockstop.service.pathways.models import HospitalRecord
from clockstop.service.pathways.protections import is_too_young
from clockstop.service.portal.adoption.counting import Taken, way_of
from clockstop.service.portal.changes import State
from clockstop.service.portal.doors import REFERENCE
from clockstop.service.portal.models import ChangeRequest, ChangeStep, OnlineChanges
from clockstop.service.referrals.choice_figures.reading import Period
from clockstop.service.referrals.models import Appointment, Step

ANSWERED = frozenset({State.APPROVED.value, State.DECLINED.value})
_BORN = ("birth_date", "sensitive", "merged_into__sensitive")
_DAY = 86_400


class By(StrEnum):
    """How the figures are grouped."""

    PROVIDER = "provider"
    ICB = "icb"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a hospital: how it was made, what became of it, days until an answer."""

    group: str
    way: str
    state: str
    days: float | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures: of patients of one ICB, if one is named, in a period, grouped in one way."""

    period: Period
    by: By
    icb_code: str = ""

    def of(self, rows: Any) -> Any:
        """The rows of the ICB."""
        return rows.filter(icb_code=self.icb_code) if self.icb_code else rows

    def group(self, icb_code: str, provider: str) -> str:
        """The group of a row."""
        return icb_code if self.by is By.ICB else provider


def to_come(scope: Scope) -> Iterator[tuple[str, str]]:
    """Each appointment to come: its group, and whether the patient could manage it online."""
    booked: set[tuple[object, date]] = set()
    own = ("icb_code", "service__organisation", "referral__pathway", "starts", *_of("referral"))
    found = scope.of(Appointment.objects.filter(status="booked", starts__gt=timezone.now()))
    living = found.filter(referral__patient__died_on=None)
    for icb, provider, pathway, starts, *patient in living.values_list(*own).iterator():
        booked.add((pathway, timezone.localdate(starts)))
        yield scope.group(icb, provider), "online" if _is_shown(*patient) else "not_shown"
    yield from _entered(scope, booked)


def _entered(scope: Scope, booked: set[tuple[object, date]]) -> Iterator[tuple[str, str]]:
    """The days that hospitals entered; one that was booked through a referral counts there."""
    offering, today = offers(), timezone.localdate()
    for icb, provider, pathway, following, tci, *patient in _records(scope, today):
        for day in {following, tci}:
            if day is None or day < today or (pathway, day) in booked:
                continue
            could = "online" if offering.get(provider) else "not_offered"
            yield scope.group(icb, provider), could if _is_shown(*patient) else "not_shown"


def _records(scope: Scope, today: date) -> Any:
    is_to_come = Q(next_appointment__gte=today) | Q(tci_date__gte=today)
    held = scope.of(HospitalRecord.objects.filter(is_to_come, pathway__patient__died_on=None))
    columns = ("icb_code", "pathway__organisation_code", "pathway")
    dates = ("next_appointment", "tci_date")
    return held.values_list(*columns, *dates, *_of("pathway")).iterator()


def steps(scope: Scope) -> Iterator[Taken]:
    """The steps of the period, by referral and version."""
    columns = ("referral", "version", "action", "by", "at", "icb_code", "provider_code")
    found = scope.of(Step.objects.filter(**scope.period.within("at"))).order_by(
        "referral", "version"
    )
    rows = found.values_list(*columns, "role", "acting_for").iterator()
    for referral, version, action, by, at, icb, provider, role, acting_for in rows:
        way = way_of(role, by, acting_for, reference=REFERENCE.id)
        yield Taken(referral, version, action, scope.group(icb, provider), way, by, at)


def requests(scope: Scope) -> Iterator[Asked]:
    """The requests of the period: who made each, and when it was answered."""
    held = scope.of(ChangeRequest.objects.filter(**scope.period.within("asked_at")))
    rows = held.filter(steps__action="ask").values_list(
        "icb_code", "organisation_code", "state", "asked_at", "changed_at", "steps__role"
    )
    for icb, provider, state, asked, changed, role in rows.order_by("pk").iterator():
        way = "account" if role in PUBLIC else "phone"
        days = (changed - asked).total_seconds() / _DAY if state in ANSWERED else None
        yield Asked(scope.group(icb, provider), way, state, days)


def people(scope: Scope) -> Iterator[tuple[str, str]]:
    """Each patient with something to manage, once at each provider: did they act, signed in?"""
    acted = set(_acted(scope))
    for provider, icb, patient in sorted(set(_with_something(scope)), key=str):
        column = "acted" if (provider, patient) in acted else "did_not"
        yield scope.group(icb, provider), column


def _with_something(scope: Scope) -> Iterator[tuple[str, str, object]]:
    made = scope.of(Appointment.objects.filter(**scope.period.within("created_at")))
    columns = ("service__organisation", "icb_code", "referral__patient", *_of("referral"))
    asked = scope.of(ChangeRequest.objects.filter(**scope.period.within("asked_at")))
    about = ("organisation_code", "icb_code", "pathway__patient", *_of("pathway"))
    entered = scope.of(
        HospitalRecord.objects.filter(
            Q(next_appointment__gte=scope.period.last) | Q(tci_date__gte=scope.period.last)
        )
    )
    dated = ("pathway__organisation_code", *about[1:])
    for rows, names in ((made, columns), (asked, about), (entered, dated)):
        for provider, icb, patient, *told in rows.values_list(*names).iterator():
            if _is_shown(*told):
                yield provider, icb, patient


def _acted(scope: Scope) -> Iterator[tuple[str, object]]:
    public = [role.value for role in PUBLIC]
    taken = scope.of(Step.objects.filter(**scope.period.within("at"), role__in=public))
    own = taken.exclude(by=REFERENCE.id)
    yield from own.values_list("provider_code", "referral__patient").iterator()
    asked = scope.of(ChangeStep.objects.filter(**scope.period.within("at"), role__in=public))
    whose = asked.annotate(patient=F("request__pathway__patient"))
    yield from whose.values_list("request__organisation_code", "patient").iterator()


def offers(icb_code: str = "") -> dict[str, bool]:
    """Of providers that said so, whether they take requests online."""
    held = OnlineChanges.objects.all()
    found = held.filter(icb_code=icb_code) if icb_code else held
    return dict(found.values_list("organisation_code", "is_offered"))


def _of(kind: str) -> tuple[str, ...]:
    """What decides whether a patient sees anything online, from a referral or a pathway."""
    return tuple(f"{kind}__patient__{name}" for name in _BORN)


def _is_shown(born: date, *sensitive: bool | None) -> bool:
    today = timezone.localdate()
    return not any(sensitive) and not is_too_young(born, today)
