"""Why a service is not on the menu: the same rules that the menu filters by, told one by one."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

from clockstop.core.geography.distance import miles_between
from clockstop.core.types import Point
from clockstop.service.directory.catalogue import suitable_for
from clockstop.service.directory.criteria import Criteria
from clockstop.service.directory.models import HealthcareService
from clockstop.service.directory.policies import suitability


@dataclass(frozen=True, slots=True)
class NotShown:
    """A published service that the menu leaves out, and all the reasons."""

    name: str
    provider: str
    miles: float | None
    reasons: tuple[str, ...]


def not_shown(
    criteria: Criteria, place: Point | None, within: float | None, *, provider: str = ""
) -> list[NotShown]:
    """Those of the same specialty or test, the nearest first; of providers named so, if asked."""
    held = HealthcareService.objects.published().filter(
        treatment_function=criteria.treatment_function, diagnostic_test=criteria.diagnostic_test
    )
    if provider:
        held = held.filter(organisation__name__icontains=provider)
    if within is None or place is None:
        held = held.exclude(pk__in=[each.pk for each in suitable_for(criteria)])
    rows = held.select_related("organisation").prefetch_related("clinicians")
    found = [each for row in rows if (each := _told(row, criteria, place, within)).reasons]
    return sorted(found, key=lambda each: (inf if each.miles is None else each.miles, each.name))


def _told(service: Any, criteria: Criteria, place: Point | None, within: float | None) -> NotShown:
    named = [each.user_id for each in service.clinicians.all()]
    reasons = [each.words for each in suitability(service, criteria, named)]
    miles = None
    if place is not None and service.latitude is not None and service.longitude is not None:
        miles = miles_between(place, Point(service.latitude, service.longitude))
    if miles is not None and within is not None and miles > within:
        reasons.append(f"It is farther than {within:g} miles")
    return NotShown(service.name, service.organisation.name, miles, tuple(reasons))
