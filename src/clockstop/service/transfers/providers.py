"""Where a patient could go instead: the providers of the single menu, with waits and distance."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from clockstop.core.types import Point
from clockstop.service.directory.criteria import Criteria
from clockstop.service.pathways.models import Patient
from clockstop.service.referrals.criteria import for_patient
from clockstop.service.referrals.figures import NOT_KNOWN, Waits, wait_ahead, waits_of
from clockstop.service.referrals.menu import Sort, menu
from clockstop.service.registry.names import name_of
from clockstop.service.transfers.facts import weeks_waited
from clockstop.service.transfers.models import PatientRequest
from clockstop.service.transfers.places import middle_of


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A provider that treats such patients: weeks within which 8 in 10 are, and miles from home."""

    code: str
    name: str
    site: str
    is_independent: bool
    miles: float | None
    weeks: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What to expect: weeks where the patient waits, and elsewhere, the shortest wait first.

    ``here`` are the weeks that are left for people who have waited as long as the patient; unless
    ``as_long``, which the tables cannot always tell, those of people who join now. Elsewhere they
    are always of people who join: a place that is offered has a day of its own.
    """

    here: float | None
    elsewhere: tuple[Elsewhere, ...]
    as_long: bool = False

    @property
    def told(self) -> dict[str, object]:
        """What is kept of it beside a request."""
        places = [(each.code, each.weeks, each.miles) for each in self.elsewhere]
        return {"here": self.here, "as_long": self.as_long, "elsewhere": places}


def estimate_for(request: PatientRequest, most: int = 5) -> Estimate:
    """From the tables that the public pages and the single menu have; no promise."""
    places = providers_for(request)[:most]
    provider, function = request.organisation_code, request.treatment_function
    since, today = request.clock_start, timezone.localdate()
    ahead = wait_ahead(provider, function, weeks_waited(since, today)) if since else None
    if ahead is not None:
        return Estimate(ahead.p80, places, as_long=True)
    return Estimate(_weeks(waits_of(function).get(provider, NOT_KNOWN)), places)


def providers_for(request: PatientRequest) -> tuple[Elsewhere, ...]:
    """Every other provider with a service that suits the patient, the shortest wait first."""
    wanted = Criteria(treatment_function=request.treatment_function)
    criteria = for_patient(wanted, request.patient, timezone.localdate())
    lines = menu(criteria, place=home_of(request.patient), sort=Sort.TREATMENT).one_each()
    return tuple(
        Elsewhere(
            each.provider,
            each.provider_name,
            each.site,
            each.is_independent,
            each.miles,
            _weeks(each.waits),
        )
        for each in lines
        if each.provider != request.organisation_code
    )


def home_of(patient: Patient) -> Point | None:
    """The middle of the district of the home; of a sensitive record nothing."""
    return None if patient.sensitive or not patient.postcode else middle_of(patient.postcode)


def name_of_provider(code: str) -> str:
    """As patients read it."""
    return name_of([code])[code]


def _weeks(waits: Waits) -> float | None:
    return waits.expected_most
