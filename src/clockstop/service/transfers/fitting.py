"""Whether a request and a capacity fit, judged by the one rule of boards, offers and matching.

The rule is ``analytics.allocation.fit``; here the rows of the store become what it reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from clockstop.analytics import allocation
from clockstop.analytics.allocation import Against, Fit, Reason, Stage, Terms
from clockstop.core.rulebook.allocation import DAYS_A_WEEK
from clockstop.core.types import Point
from clockstop.service.tracking.intervals import review_intervals_on
from clockstop.service.transfers.facts import weeks_ahead
from clockstop.service.transfers.models import AidRequest, Capacity
from clockstop.service.transfers.models.aid import Kind

_URGENT_CODES = frozenset("1234")
# What is asked for beside the codes of needs, of a test.
CONTRAST, SEDATION = "contrast", "sedation"

# No override lifts these: the law of the place in the queue, safety, or there is nothing to give.
HARD = frozenset(
    {
        Against.CANCER,
        Against.REVIEW_OVERDUE,
        Against.EXPIRED,
        Against.WINDOW_OVER,
        Against.FULL,
        Against.SAME_PROVIDER,
        Against.WISHES,
    }
)
# What a receiver can and cannot treat: asked again when the patient accepts, and at the check.
RECEIVERS_OWN = frozenset(
    {
        Against.STAGE,
        Against.FUNCTION,
        Against.PROCEDURE,
        Against.TEST,
        Against.AGE,
        Against.SEX,
        Against.BMI,
        Against.ASA,
        Against.CRITICAL_CARE,
        Against.COMORBIDITY,
        Against.ANAESTHETIC,
        Against.STAY,
        Against.NEEDS,
    }
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A request held against a capacity: ``hard`` forbids, ``warnings`` somebody may override."""

    fit: Fit
    forbidden: frozenset[Against] = HARD

    @property
    def hard(self) -> tuple[Reason, ...]:
        """Reasons that nobody can lift."""
        return tuple(each for each in self.fit.against if each.code in self.forbidden)

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """Reasons in spite of which an offer can be made, by somebody who says why."""
        return tuple(each for each in self.fit.against if each.code not in self.forbidden)

    @property
    def of_the_receiver(self) -> tuple[Reason, ...]:
        """Those that are about whom the receiver can treat."""
        return tuple(each for each in self.fit.against if each.code in RECEIVERS_OWN)


def judged(
    request: AidRequest,
    capacity: Capacity,
    today: date,
    *,
    one_by_one: bool = False,
    day: date | None = None,
    asked: allocation.Request | None = None,
    place: allocation.Capacity | None = None,
) -> Judged:
    """All that stands for and against. ``one_by_one``: between clinicians, as cancer asks for.

    Weeks gained are the wait that is left here, of somebody who has waited as long, less the weeks
    until ``day``, the day that is offered. Where there is none yet it is the first that the
    receiver can give: whoever is transferred keeps the clock and is treated on the day that is
    offered, not after the wait of those who join there.

    ``asked`` and ``place`` say more than the rows, as the hub knows it: who was asked before, and
    what a receiver owes its own. That only warns; a wish for one provider alone forbids others.
    """
    found = allocation.fit(
        asked or request_of(request, today),
        place or capacity_of(capacity, today, day),
        Terms.of(today),
    )
    forbidden = HARD if request.asked_provider else HARD - {Against.WISHES}
    if not one_by_one:
        return Judged(found, forbidden)
    against = tuple(each for each in found.against if each.code is not Against.CANCER)
    return Judged(
        Fit(
            found.request,
            found.capacity,
            against,
            found.speaks_for,
            found.miles,
            found.weeks_gained,
        ),
        forbidden,
    )


def request_of(row: AidRequest, today: date, **more: Any) -> allocation.Request:
    """A request as the rule reads it; ``more`` is known of it besides, or better."""
    asked = frozenset({row.asked_provider} - {""})
    known = {"review_by": review_by(row, today), "miles": row.distance} | more
    return allocation.Request(
        id=str(row.pk),
        provider=row.organisation_code,
        stage=Stage(row.stage),
        waiting_since=row.waiting_since,
        function=row.treatment_function,
        procedure=row.procedure,
        test=row.diagnostic_test,
        priority=_priority(row.priority),
        due_by=row.needed_by,
        is_cancer=row.is_cancer,
        age=row.age,
        sex=row.sex,
        asa=row.asa,
        bmi=row.bmi,
        comorbidities=frozenset(row.comorbidities),
        anaesthetic=row.anaesthetic,
        nights=row.expected_stay,
        critical_care=row.critical_care,
        needs=frozenset((*row.needs, *_of_test(row))),
        home=_point(row.latitude, row.longitude),
        wanted=asked,
        weeks_left=weeks_left(row, today),
        deprivation_decile=row.deprivation_decile,
        **known,
    )


def capacity_of(row: Capacity, today: date, day: date | None = None) -> allocation.Capacity:
    """A capacity as the rule reads it, with the places that are left."""
    from_day = day or max(row.first_date, today)
    return allocation.Capacity(
        id=str(row.pk),
        provider=row.organisation_code,
        places=row.left,
        first_date=row.first_date,
        last_date=row.last_date,
        expires_on=row.expires_on,
        weeks_until=max((from_day - today).days, 0) / DAYS_A_WEEK,
        site=row.site,
        at=_point(row.latitude, row.longitude),
        functions=frozenset({row.treatment_function} - {""}),
        procedures=frozenset(row.procedures),
        tests=frozenset(row.diagnostic_tests),
        stages=_stages(row),
        youngest=row.min_age,
        oldest=row.max_age,
        sex=row.sex,
        highest_bmi=row.max_bmi,
        highest_asa=row.max_asa,
        critical_care=row.critical_care,
        excluded=frozenset(row.excluded_comorbidities),
        anaesthetics=frozenset(row.anaesthetics),
        longest_stay=row.longest_stay,
        meets=frozenset((*row.meets_needs, *_of_test(row))),
        minimum_batch=row.minimum_batch,
        price=row.price,
    )


def review_by(row: AidRequest, today: date) -> date | None:
    """The day by which a clinician must look at the priority again, as the request has it."""
    interval = review_intervals_on(today).get(row.priority)
    last = row.priority_reviewed or row.waiting_since
    return last + timedelta(days=interval.days) if interval else None


def weeks_left(row: AidRequest, today: date) -> float | None:
    """Expected here from today: by the tables; else what has not passed of what was on asking."""
    kept = row.weeks_here
    if kept is not None:
        kept = max(kept - (today - row.created_at.date()).days / DAYS_A_WEEK, 0)
    provider, function = row.organisation_code, row.treatment_function
    return weeks_ahead(provider, function, row.waiting_since, today, kept)


def _priority(code: str) -> str:
    """P1A to P4 as the rule writes them; those put off (P5, P6) have no rank there."""
    return code[:2] + code[2:].lower() if code and code[1:2] in _URGENT_CODES else ""


def _of_test(row: AidRequest | Capacity) -> tuple[str, ...]:
    named = ((CONTRAST, row.contrast), (SEDATION, row.sedation))
    return tuple(name for name, is_so in named if is_so)


def _stages(row: Capacity) -> frozenset[Stage]:
    """Where none are named: all of treatment, or tests alone."""
    if row.stages:
        return frozenset(Stage(each) for each in row.stages)
    if row.kind == Kind.DIAGNOSTIC:
        return frozenset({Stage.DIAGNOSTIC})
    return frozenset({Stage.FIRST_OUTPATIENT, Stage.ADMITTED, Stage.CANCER})


def _point(latitude: float | None, longitude: float | None) -> Point | None:
    return None if latitude is None or longitude is None else Point(latitude, longitude)
