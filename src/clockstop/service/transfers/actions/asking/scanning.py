"""The weekly look at whole lists: who is eligible by a profile, and how many are not, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.utils import timezone

from clockstop.core.rulebook.eligibility import Profile, against, profiles_on
from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.audit.recording import SYSTEM, Actor, record
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.transfers.actions.asking.conditions import conditions, facts_of, known
from clockstop.service.transfers.models import (
    EligibilityScan,
    PatientRequest,
    PatientRequestStep,
)
from clockstop.service.transfers.references import new_reference
from clockstop.service.transfers.states import Asked

PREFIX = "PR"
SCANNED = "scanned a list for who may ask to be treated elsewhere"
_AT_ONCE = 2_000
_COPIED = ("pathway_id", "icb_code", "organisation_code", "treatment_function", "clock_start")
_Pair = tuple[str, str]


@transaction.atomic
def scan(
    profile_name: str,
    day: date,
    *,
    organisation_code: str = "",
    icb_code: str = "",
    by: Actor = SYSTEM,
) -> list[EligibilityScan]:
    """Look at the lists of all providers, or of one, or of one ICB's patients; once for a day.

    Whoever is eligible and not known yet gets a request in the state ELIGIBLE. What was scanned on
    the day already is left as it is. Nobody on a cancer list, and no sensitive record, is in any.
    Raises StepRefusedError for a profile that does not hold on the day.
    """
    profile = profiles_on(day).get(profile_name)
    if profile is None:
        held = ", ".join(profiles_on(day))
        words = f"No profile {profile_name!r} holds on {day.isoformat()}, only {held}"
        raise StepRefusedError([Refusal("UNKNOWN_PROFILE", words, "profile")])
    rows = _rows(organisation_code, icb_code)
    done = set(
        EligibilityScan.objects.filter(profile=profile.name, day=day).values_list(
            "organisation_code", "icb_code"
        )
    )
    counts = {pair: each for pair, each in _counted(rows, profile, day).items() if pair not in done}
    new = _found(rows, profile, day, counts, by)
    return [_scan(profile, day, pair, told, new.get(pair, 0), by) for pair, told in counts.items()]


def why_not(entry: ListEntry, day: date) -> Mapping[Profile, tuple[Any, ...]]:
    """For each profile that holds on a day, every reason against one row of the list."""
    facts = facts_of(entry, day)
    return {profile: against(profile, facts) for profile in profiles_on(day).values()}


def _rows(organisation_code: str, icb_code: str) -> Any:
    rows = ListEntry.objects.exclude(state=State.CLOSED)
    if organisation_code:
        rows = rows.filter(organisation_code=organisation_code)
    return rows.filter(icb_code=icb_code) if icb_code else rows


def _flagged(rows: Any, profile: Profile, day: date) -> tuple[Any, list[str]]:
    """The rows with a number for each reason: 1 where it stands against them, else 0."""
    found = conditions(profile, day)
    flags = {f"r_{code}": _flag(condition) for code, condition in found.items()}
    return rows.order_by().annotate(**flags), list(flags)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _counted(rows: Any, profile: Profile, day: date) -> dict[_Pair, dict[str, int]]:
    """By provider and ICB: how many were looked at, are eligible, and have each reason."""
    flagged, names = _flagged(rows, profile, day)
    wanted = {name[2:]: Count("pk", filter=Q(**{name: 1})) for name in names}
    wanted |= {
        "looked_at": Count("pk"),
        "eligible": Count("pk", filter=Q(**dict.fromkeys(names, 0))),
    }
    found = flagged.values("organisation_code", "icb_code").annotate(**wanted)
    return {
        (row.pop("organisation_code"), row.pop("icb_code")): row
        for row in found.order_by("organisation_code", "icb_code")
    }


def _found(
    rows: Any, profile: Profile, day: date, pairs: Iterable[_Pair], by: Actor
) -> dict[_Pair, int]:
    """Make requests of those who are eligible and not known; how many of each provider and ICB."""
    flagged, names = _flagged(rows, profile, day)
    eligible = flagged.filter(**dict.fromkeys(names, 0)).exclude(known())
    wanted, now = set(pairs), timezone.now()
    found = eligible.values(*_COPIED, patient_id=F("pathway__patient_id")).order_by("pathway_id")
    counted: dict[_Pair, int] = {}
    made: list[PatientRequest] = []
    for row in found:
        pair = (row["organisation_code"], row["icb_code"])
        if pair in wanted:
            counted[pair] = counted.get(pair, 0) + 1
            made.append(_request(row, profile, day, now))
    for first in range(0, len(made), _AT_ONCE):
        _save(made[first : first + _AT_ONCE], by)
    return counted


def _request(row: Mapping[str, Any], profile: Profile, day: date, now: datetime) -> PatientRequest:
    return PatientRequest(
        **row,
        reference=new_reference(PREFIX),
        state=Asked.ELIGIBLE,
        state_since=now,
        profile=profile.name,
        profile_version=profile.valid_from,
        found_on=day,
        created_at=now,
        changed_at=now,
    )


def _save(made: list[PatientRequest], by: Actor) -> None:
    """Many at once, each with its step; the audit names the scan that found them."""
    PatientRequest.objects.bulk_create(made)
    PatientRequestStep.objects.bulk_create(
        PatientRequestStep(
            icb_code=each.icb_code,
            request=each,
            version=each.version,
            action="find_eligible",
            after=each.state,
            at=each.created_at,
            by=by.id,
            role=by.role,
            organisation_code=by.organisation_code,
        )
        for each in made
    )


def _scan(
    profile: Profile, day: date, pair: _Pair, told: dict[str, int], new: int, by: Actor
) -> EligibilityScan:
    organisation_code, icb_code = pair
    looked_at, eligible = told.pop("looked_at"), told.pop("eligible")
    made = EligibilityScan.objects.create(
        icb_code=icb_code,
        organisation_code=organisation_code,
        profile=profile.name,
        profile_version=profile.valid_from,
        day=day,
        looked_at=looked_at,
        eligible=eligible,
        new=new,
        counts=json.dumps(told, sort_keys=True),
        at=timezone.now(),
        by=by.id,
    )
    record(
        SCANNED,
        by,
        icb_code=icb_code,
        subject=("eligibility scan", str(made.pk)),
        detail={"profile": profile.name, "looked_at": looked_at, "eligible": eligible, "new": new},
    )
    return made


def eligible_among(profile_name: str, day: date, pathways: Iterable[UUID]) -> frozenset[UUID]:
    """Of some pathways those that are eligible by a profile and have no live request: one query."""
    rows = eligible_of(profiles_on(day)[profile_name], day)
    found = rows.filter(pathway__in=list(pathways))
    return frozenset(found.values_list("pathway_id", flat=True))


def eligible_of(profile: Profile, day: date, icb_code: str = "") -> Any:
    """Rows of the list, of one ICB or all, eligible by a profile and without a live request."""
    flagged, names = _flagged(_rows("", icb_code), profile, day)
    return flagged.filter(**dict.fromkeys(names, 0)).exclude(known())
