"""The reasons of the rulebook's eligibility as conditions on rows of the tracking list.

``core.rulebook.eligibility`` says the same of one pathway: ``facts_of`` is what it is asked with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.lookups import GreaterThanOrEqual

from clockstop.core import rulebook
from clockstop.core.rulebook.eligibility import (
    BEFORE_FIRST,
    PUT_OFF_CODES,
    URGENT_CODES,
    Facts,
    Profile,
    outside_england,
    profiles_on,
    reasons,
)
from clockstop.service.pathways.models import HospitalRecord, Priority
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.tracking.worklists import any_overdue_review, review_was_due
from clockstop.service.transfers.models import AidRequest, PatientRequest
from clockstop.service.transfers.states import AID_ENDED, ASKED_ENDED, Asked

# Found or invited, and not answered: no request yet.
UNANSWERED = (Asked.ELIGIBLE, Asked.INVITED)
# Answers after which nobody is asked again for a while.
ANSWERED = (Asked.OPTED_TO_STAY, Asked.NOT_SUITABLE, Asked.NO_ALTERNATIVE, Asked.CLOSED_WITHDRAWN)
# Reasons against asking here and now, which take no right away.
OF_ASKING = frozenset({"review_overdue", "sensitive", "has_request", "asked_lately"})
_PATIENT, _RECORD = "pathway__patient__", "pathway__hospital_record__"
_CONSULTANT_ELSEWHERE = "05"  # source of referral, NHS Data Dictionary


def conditions(profile: Profile, day: date) -> Mapping[str, Q]:
    """For each reason that counts in a profile, the rows of the list that it stands against."""
    found = _of_the_wait(profile, day) | _of_the_stage(profile, day)
    excluded = _excluded(day)
    found |= {code: excluded[code] for code in profile.exclusions}
    return {code: found[code] for code in reasons() if code in found}


def with_right_among(day: date, pathways: Any) -> frozenset[UUID]:
    """Of some pathways those whose patients have, on a day, the legal right of 18 weeks.

    However they come to use it: what stands only against asking does not count. ``pathways`` are
    keys, or a query for them.
    """
    profile = next((each for each in profiles_on(day).values() if each.is_legal), None)
    if profile is None:
        return frozenset()
    against = Q(state=State.CLOSED)
    for code, stands in conditions(profile, day).items():
        against |= Q() if code in OF_ASKING else stands
    flag = Case(When(against, then=Value(1)), default=Value(0), output_field=IntegerField())
    found = ListEntry.objects.filter(pathway__in=pathways).annotate(barred=flag).filter(barred=0)
    return frozenset(found.values_list("pathway_id", flat=True))


def _of_the_wait(profile: Profile, day: date) -> dict[str, Q]:
    waits = Q(state=State.WAITING)
    is_long = Q(clock_start__lte=profile.latest_start(day))
    if profile.or_dated_beyond:
        is_long |= Q(tci_date__gte=day) & _late(profile)
    found = {
        "died": ~Q(**{f"{_PATIENT}died_on": None}),
        "not_waiting": ~waits,
        "start_unknown": waits & Q(clock_start=None),
        "too_short": waits & ~Q(clock_start=None) & ~is_long,
    }
    if profile.age is not None:
        found["too_young"] = Q(birth_date__gt=_born_by(day, profile.age))
    return found


def _late(profile: Profile) -> Q:
    """Whose admission lies so many days or more after the start of the clock."""
    wait = ExpressionWrapper(F("tci_date") - F("clock_start"), output_field=DurationField())
    return Q(GreaterThanOrEqual(wait, timedelta(days=profile.days)))


def _of_the_stage(profile: Profile, day: date) -> dict[str, Q]:
    found = {}
    dated = Q(next_appointment__gte=day) | Q(tci_date__gte=day)
    if profile.stage == BEFORE_FIRST:
        found["first_seen"] = ~Q(last_seen=None)
        found["first_booked"] = dated
    if profile.date_within is not None:
        soon = (day, day + timedelta(days=profile.date_within))
        found["dated"] = Q(next_appointment__range=soon) | Q(tci_date__range=soon)
    return found


def _excluded(day: date) -> dict[str, Q]:
    return {
        "monitoring": Q(state=State.MONITORING),
        "planned": Q(state=State.PLANNED),
        "not_consultant_led": Q(in_returns=False),
        "tertiary": Q(**{f"{_RECORD}source_of_referral": _CONSULTANT_ELSEWHERE}),
        "clinical": _coded(URGENT_CODES),
        "put_off": _coded(PUT_OFF_CODES),
        "outside_england": _begins(f"{_RECORD}commissioner", outside_england()["commissioner"])
        | _begins(f"{_PATIENT}practice_code", outside_england()["practice"]),
        "cancer": Q(priority=Priority.SUSPECTED_CANCER) | Q(on_cancer_list=True),
        "review_overdue": any_overdue_review(day),
        "sensitive": Q(**{f"{_PATIENT}sensitive": True})
        | Q(**{f"{_PATIENT}merged_into__sensitive": True}),
        "has_request": _has_request(),
        "asked_lately": _asked_lately(day),
    }


def known() -> Q:
    """Rows of pathways that a live request of the patient is about, answered or not."""
    return Q(Exists(_requests().exclude(state__in=ASKED_ENDED)))


def _has_request() -> Q:
    asked = _requests().exclude(state__in=(*ASKED_ENDED, *UNANSWERED))
    aid = AidRequest.objects.filter(pathway=OuterRef("pathway")).exclude(state__in=AID_ENDED)
    return Q(Exists(asked)) | Q(Exists(aid))


def _asked_lately(day: date) -> Q:
    since = day - timedelta(days=rulebook.on(day)["asked_again_after"].value)
    return Q(Exists(_requests().filter(state__in=ANSWERED, state_since__date__gt=since)))


def _requests() -> Any:
    return PatientRequest.objects.filter(pathway=OuterRef("pathway"))


def _coded(codes: Iterable[str]) -> Q:
    known_codes = sorted(codes)
    return Q(procedure_priority__in=known_codes) | Q(diagnostic_priority__in=known_codes)


def _begins(field: str, starts: Iterable[str]) -> Q:
    found = Q()
    for each in starts:
        found |= Q(**{f"{field}__startswith": each})
    return found


def _born_by(day: date, years: int) -> date:
    """The latest day of birth of whoever is so old on a day."""
    month, number = (2, 28) if (day.month, day.day) == (2, 29) else (day.month, day.day)
    return date(day.year - years, month, number)


def facts_of(entry: ListEntry, day: date) -> Facts:
    """What the pure rule is asked with, of one row of the list."""
    patient, pathway = entry.pathway.patient, entry.pathway
    held = HospitalRecord.objects.filter(pk=pathway.pk).first()
    record = held or HospitalRecord()
    joined = patient.merged_into
    this = ListEntry.objects.filter(pk=entry.pk)
    return Facts(
        day=day,
        born=entry.birth_date,
        is_waiting=entry.state == State.WAITING,
        is_monitored=entry.state == State.MONITORING,
        is_planned=entry.state == State.PLANNED,
        clock_start=entry.clock_start,
        was_seen=entry.last_seen is not None,
        next_appointment=entry.next_appointment,
        admission=entry.tci_date,
        codes=frozenset({entry.procedure_priority, entry.diagnostic_priority}) - {""},
        is_consultant_led=entry.in_returns,
        is_tertiary=record.source_of_referral == _CONSULTANT_ELSEWHERE,
        is_outside_england=record.commissioner.startswith(outside_england()["commissioner"])
        or patient.practice_code.startswith(outside_england()["practice"]),
        is_cancer=pathway.is_suspected_cancer or entry.on_cancer_list,
        is_review_overdue=review_was_due(entry, day) is not None,
        is_sensitive=patient.sensitive or (joined is not None and joined.sensitive),
        has_died=patient.died_on is not None,
        has_request=this.filter(_has_request()).exists(),
        was_asked_lately=this.filter(_asked_lately(day)).exists(),
    )
