"""The store's rows as the matcher reads them: who asks, where there is room, what receivers owe."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q

from clockstop.analytics import allocation
from clockstop.analytics.allocation import Terms
from clockstop.core.rulebook.allocation import DAYS_A_WEEK
from clockstop.service.tracking.intervals import review_intervals_on
from clockstop.service.tracking.models import ListEntry, State
from clockstop.service.tracking.worklists import review_was_due
from clockstop.service.transfers.actions.asking.conditions import with_right_among
from clockstop.service.transfers.facts import SOON, waits
from clockstop.service.transfers.fitting import capacity_of, request_of
from clockstop.service.transfers.matching.answers import NOBODY_ANSWERED, Answers
from clockstop.service.transfers.models import AidRequest, Capacity
from clockstop.service.transfers.models.aid import Kind
from clockstop.service.transfers.states import Aid

Owed = Mapping[tuple[str, str], tuple[int, float]]


def open_requests(icb_code: str) -> Any:
    """The ICB's open requests, without any under suspicion of cancer."""
    return AidRequest.objects.filter(icb_code=icb_code, state=Aid.OPEN, is_cancer=False)


def asking(icb_code: str, today: date, answers: Mapping[Any, Answers]) -> list[allocation.Request]:
    """The ICB's open requests whose patients still wait, with the answers that they got before.

    An overdue priority review is as the tracking list has it today; so is who waits.
    """
    held = open_requests(icb_code)
    rows = list(held.order_by("pk"))
    entries = _entries(icb_code, held)
    entitled = with_right_among(today, held.values("pathway"))
    found = []
    for row in rows:
        entry = entries.get(row.pathway_id)
        if row.pathway_id is not None and (entry is None or not waits(entry, row)):
            continue
        found.append(_request(row, entry, answers.get(row.pk, NOBODY_ANSWERED), entitled, today))
    return found


def _entries(icb_code: str, held: Any) -> Mapping[Any, ListEntry]:
    rows = ListEntry.objects.filter(icb_code=icb_code, pathway__in=held.values("pathway"))
    return {each.pathway_id: each for each in rows}


def _request(
    row: AidRequest,
    entry: ListEntry | None,
    answers: Answers,
    entitled: frozenset[UUID],
    today: date,
) -> allocation.Request:
    near = min(answers.too_far, math.inf if row.distance is None else row.distance)
    known = {
        "not_wanted": frozenset(answers.noes),
        "not_then": frozenset(answers.not_then),
        "over_18_weeks": has_right(row, entitled),
        "miles": None if near == math.inf else near,
    }
    if entry is not None:
        known["review_by"] = review_was_due(entry, today)
    return request_of(row, today, **known)


def has_right(row: AidRequest, entitled: frozenset[UUID]) -> bool:
    """Whether the legal right of 18 weeks speaks for a request: the right is to be treated."""
    return row.kind == Kind.TREATMENT and row.pathway_id in entitled


def offering(requests: Sequence[allocation.Request], today: date) -> list[allocation.Capacity]:
    """Posted capacity with places, of what is asked for; with what each receiver owes its own.

    The whole country's: how far each patient goes is the patient's to say.
    """
    functions = {each.function for each in requests} | {""}
    rows = Capacity.objects.all().with_places()
    rows = rows.filter(for_request=None, expires_on__gte=today, last_date__gte=today)
    return with_owed(list(rows.filter(treatment_function__in=functions).order_by("pk")), today)


def with_owed(
    rows: Sequence[Capacity], today: date, day: date | None = None
) -> list[allocation.Capacity]:
    """Capacity as the matcher reads it, with what each receiver owes its own.

    ``day`` is the day that is offered, where there is one.
    """
    owed = owed_to_own({(each.organisation_code, each.treatment_function) for each in rows}, today)
    return [_with_owed(each, owed, today, day) for each in rows]


def asked_by(row: AidRequest, answers: Answers, today: date) -> allocation.Request:
    """One request as a run reads it; cancer too, which no run has."""
    entry = ListEntry.objects.filter(pathway=row.pathway_id).first() if row.pathway_id else None
    entitled = with_right_among(today, [row.pathway_id])
    return _request(row, entry, answers, entitled, today)


def _with_owed(row: Capacity, owed: Owed, today: date, day: date | None) -> allocation.Capacity:
    overdue, weeks = owed.get((row.organisation_code, row.treatment_function), (0, 0.0))
    found = capacity_of(row, today, day)
    return replace(found, own_overdue=overdue, own_longest_weeks=weeks)


def owed_to_own(pairs: Iterable[tuple[str, str]], today: date) -> Owed:
    """By provider and specialty: patients past the date of their priority, and the longest wait.

    The receiver's own list: a place for others must do its own patients no harm.
    """
    wanted = frozenset(each for each in pairs if each[1])
    waiting = ListEntry.objects.filter(
        state=State.WAITING,
        organisation_code__in={provider for provider, _ in wanted},
        treatment_function__in={function for _, function in wanted},
    ).order_by()
    by = ("organisation_code", "treatment_function")
    longest = waiting.values_list(*by).annotate(first=Min("clock_start"))
    late = waiting.filter(_past_priority(today)).values_list(*by).annotate(number=Count("pk"))
    overdue = {(provider, function): number for provider, function, number in late}
    return {
        (provider, function): (overdue.get((provider, function), 0), _weeks(first, today))
        for provider, function, first in longest
        if (provider, function) in wanted
    }


def _past_priority(today: date) -> Q:
    """Those whose code asked for treatment by a day that has passed."""
    found = Q(pk=None)
    for code, interval in review_intervals_on(today).items():
        if code not in SOON:
            continue
        name = "procedure_priority" if code.startswith("P") else "diagnostic_priority"
        before = today - timedelta(days=interval.days)
        since = Q(decided_to_admit__lt=before) | Q(decided_to_admit=None, clock_start__lt=before)
        found |= Q(**{name: code}) & since
    return ~Q(procedure_priority="", diagnostic_priority="") & found


def _weeks(first: date | None, today: date) -> float:
    return 0.0 if first is None else (today - first).days / DAYS_A_WEEK


def digest(
    requests: Iterable[allocation.Request], capacities: Iterable[allocation.Capacity], terms: Terms
) -> str:
    """A fingerprint of all that a run reads: the same gives the same matches."""
    told = [asdict(terms), *map(_plain, requests), *map(_plain, capacities)]
    text = json.dumps(told, sort_keys=True, default=_canonical)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def _canonical(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else asdict(value)
