"""Where one request could go: what fits, best first; what does not, with the reason that binds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from clockstop.analytics import allocation
from clockstop.analytics.allocation import Against, Fit, Terms
from clockstop.analytics.allocation.rank import score
from clockstop.core.types import Point
from clockstop.service.accounts.actor import Actor
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.matching.answers import Noes, answers_of, in_words
from clockstop.service.transfers.matching.reading import asked_by, with_owed
from clockstop.service.transfers.matching.telling import said
from clockstop.service.transfers.models import AidRequest, Capacity
from clockstop.service.ui.figures import day as day_in_words

MOST = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A capacity held against one request. ``number`` is its mark on the map, from 1."""

    number: int
    pk: str
    provider: str
    site: str
    team: str
    left: int
    first: str
    miles: str
    speaks_for: tuple[str, ...]
    against: tuple[str, ...]
    is_independent: bool
    point: Point | None


@dataclass(frozen=True, slots=True)
class Places:
    """The first of those that fit and of those that do not; how many there are of each."""

    fitting: list[Place]
    others: list[Place]
    fits: int
    fails: int


def places_for(actor: Actor, request: AidRequest, today: date, *, near: bool) -> Places:
    """Every posted capacity of what is asked for, judged. ``near``: distances may be shown.

    Cancer is shown in no order of ours: by the provider's name, for clinicians to ring.
    """
    rows = _posted(actor, request, today)
    terms = Terms.of(today)
    answers = answers_of(request)
    asking = asked_by(request, answers, today)
    is_own = actor.icb_code == request.icb_code
    noes = in_words({request.pk: answers}, with_comments=is_own)[str(request.pk)]
    found = [
        (row, _judged(asking, each, terms, is_cancer=request.is_cancer))
        for row, each in zip(rows, with_owed(rows, today), strict=True)
    ]
    fitting = [(row, by) for row, by in found if by.is_fit]
    others = [(row, by) for row, by in found if not by.is_fit]
    names = name_of({row.organisation_code for row in rows})
    if request.is_cancer:
        fitting.sort(key=lambda pair: (names[pair[0].organisation_code], pair[1].capacity))
    else:
        fitting.sort(key=lambda pair: (-score(pair[1], terms), pair[1].miles or 0, pair[0].pk))
    others.sort(key=lambda pair: (len(pair[1].against), pair[1].miles or 0, pair[0].pk))
    shown = [
        _place(number, row, by, names[row.organisation_code], noes, near=near)
        for number, (row, by) in enumerate([*fitting[:MOST], *others[:MOST]], 1)
    ]
    cut = min(len(fitting), MOST)
    return Places(shown[:cut], shown[cut:], len(fitting), len(others))


def _posted(actor: Actor, request: AidRequest, today: date) -> Sequence[Capacity]:
    rows: Any = (
        Capacity.objects.visible_to(actor).with_places().filter(for_request=None, kind=request.kind)
    )
    rows = rows.filter(treatment_function__in=["", request.treatment_function])
    return list(rows.filter(expires_on__gte=today, last_date__gte=today).order_by("pk"))


def _judged(
    asking: allocation.Request, capacity: allocation.Capacity, terms: Terms, *, is_cancer: bool
) -> Fit:
    found = allocation.fit(asking, capacity, terms)
    if not is_cancer:
        return found
    kept = tuple(each for each in found.against if each.code is not Against.CANCER)
    return replace(found, against=kept)


def _place(number: int, row: Capacity, by: Fit, provider: str, noes: Noes, *, near: bool) -> Place:
    return Place(
        number,
        str(row.pk),
        provider,
        row.site_name or row.site,
        row.team,
        row.left,
        day_in_words(row.first_date),
        f"{by.miles:.0f} miles" if near and by.miles is not None else "",
        said(by.speaks_for),
        said(by.against, noes),
        row.is_independent,
        Point(row.latitude, row.longitude)
        if near and row.latitude is not None and row.longitude is not None
        else None,
    )
