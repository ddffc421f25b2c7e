"""Reading the courses of requests from their step rows, grouped in one way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from clockstop.core.types import Sector
from clockstop.service.pathways.names import organisations_named
from clockstop.service.pathways.presenters.wording import specialty
from clockstop.service.pathways.protections import age_on
from clockstop.service.referrals.choice_figures.reading import Period, area_named
from clockstop.service.registry.models import Organisation
from clockstop.service.tracking.groups import AGES, NOT_KNOWN, deprivation_name, ethnic_name
from clockstop.service.transfers.measures.courses import Course, StepTaken, minutes_of
from clockstop.service.transfers.models import (
    AidRequest,
    AidStep,
    Offer,
    PatientRequest,
    PatientRequestStep,
)
from clockstop.service.transfers.models.aid import Kind
from clockstop.service.transfers.states import OfferState

_DECILES_A_FIFTH = 2


class By(StrEnum):
    """How requests are grouped."""

    ICB = "icb"
    SPECIALTY = "specialty"
    PROVIDER = "provider"
    DEPRIVATION = "deprivation"
    AGE = "age"
    ETHNICITY = "ethnicity"

    @property
    def label(self) -> str:
        """As the choice is worded."""
        return _LABELS[self]


_LABELS = {
    By.ICB: "ICB",
    By.SPECIALTY: "Specialty",
    By.PROVIDER: "Provider where they waited",
    By.DEPRIVATION: "Deprivation",
    By.AGE: "Age",
    By.ETHNICITY: "Ethnic category",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose courses: begun in a period, of one ICB if one is named, grouped in one way."""

    period: Period
    by: By
    icb_code: str = ""

    def of(self, rows: Any) -> Any:
        """The requests of the scope."""
        found = rows.filter(**self.period.within("created_at"))
        return found.filter(icb_code=self.icb_code) if self.icb_code else found

    def groups(
        self, icb: str, function: str, provider: str, person: Mapping[str, Any]
    ) -> Mapping[str, str]:
        """The groups of a request, as codes, in every way of grouping."""
        decile = person["decile"]
        return {
            By.ICB: icb,
            By.SPECIALTY: function,
            By.PROVIDER: provider,
            By.DEPRIVATION: f"q{-(-decile // _DECILES_A_FIFTH)}" if decile else NOT_KNOWN,
            By.AGE: _age_band(age_on(person["born"], self.period.last)),
            By.ETHNICITY: person["ethnic"],
        }


def patients_courses(scope: Scope) -> Iterator[Course]:
    """Those of patients' own requests, with what became of the help that was asked for."""
    rows = scope.of(PatientRequest.objects.all())
    steps = _steps(PatientRequestStep, rows, scope.period)
    aid = _aid_of(rows, scope.period)
    columns = ("pk", "icb_code", "treatment_function", "organisation_code", "created_at")
    for pk, icb, function, provider, made, *person in rows.values_list(*columns, *_PERSON):
        helped = aid.get(pk, _NO_AID)
        asked = next((each.at for each in steps[pk] if each.action == "ask"), made)
        groups = scope.groups(icb, function, provider, _person(person))
        yield Course(
            group=groups[scope.by],
            steps=sorted([*steps[pk], *helped.steps], key=lambda each: each.at),
            asked_at=asked,
            weeks_here=helped.weeks_here,
            miles=helped.miles,
            flow=helped.flow,
            function=function,
            beside=helped.beside,
            groups=groups,
        )


def providers_courses(scope: Scope, kind: Kind) -> Iterator[Course]:
    """Those of help that providers asked for of themselves, for treatment or for a test."""
    rows = scope.of(AidRequest.objects.filter(patient_request=None, kind=kind))
    helped = _helped(rows, scope.period)
    columns = ("pk", "icb_code", "treatment_function", "organisation_code", "created_at")
    for pk, icb, function, provider, made, *person in rows.values_list(*columns, *_PERSON):
        groups = scope.groups(icb, function, provider, _person(person))
        yield Course(
            group=groups[scope.by],
            steps=helped[pk].steps,
            asked_at=made,
            weeks_here=helped[pk].weeks_here,
            miles=helped[pk].miles,
            flow=helped[pk].flow,
            function=function,
            groups=groups,
        )


@dataclass(frozen=True, slots=True)
class _Helped:
    """What a request for help says of itself."""

    steps: tuple[StepTaken, ...] = ()
    weeks_here: float | None = None
    miles: float | None = None
    flow: str = ""
    beside: int = 0


_NO_AID = _Helped()
_PERSON = ("patient__deprivation_decile", "patient__birth_date", "patient__ethnic_category")


def _person(values: Iterable[Any]) -> dict[str, Any]:
    return dict(zip(("decile", "born", "ethnic"), values, strict=True))


def _aid_of(rows: Any, period: Period) -> dict[Any, _Helped]:
    """By the patient's request. The latest request for help tells of the place; all of steps.

    Its steps that mirror the patient's own are left out, so that none counts twice; the minutes
    that staff noted with them are kept.
    """
    held = AidRequest.objects.filter(patient_request__in=rows.values("pk")).order_by("created_at")
    helped, found = _helped(held, period), dict[Any, _Helped]()
    for pk, whose in held.values_list("pk", "patient_request"):
        before = found.get(whose, _NO_AID)
        now = helped[pk]
        own = [each for each in now.steps if each.action in _AIDS_OWN]
        mirrors = [each for each in now.steps if each.action not in _AIDS_OWN]
        found[whose] = _Helped(
            (*before.steps, *own),
            now.weeks_here,
            now.miles,
            now.flow,
            before.beside + minutes_of(mirrors),
        )
    return found


# Of the steps of a request for help, those that its patient's request has no step of its own for.
_AIDS_OWN = frozenset(
    {
        "complete",
        "refuse",
        "refuse_beside",
        "fail_check",
        "return_patient",
        "pass_check",
        "decline_all",
        "decline_and_close",
    }
)


def _helped(rows: Any, period: Period) -> dict[Any, _Helped]:
    steps = _steps(AidStep, rows, period)
    taken = Offer.objects.filter(request__in=rows.values("pk"), state=OfferState.TAKEN)
    miles = dict(taken.values_list("request", "miles"))
    sectors = dict(Organisation.objects.values_list("code", "sector"))
    found = {}
    told = ("pk", "weeks_here", "organisation_code", "receiver_code")
    for pk, weeks, sender, receiver in rows.values_list(*told):
        done = {each.action for each in steps[pk]}
        moved, accepted = "receive" in done, "choose" in done
        ways = f"{_side(sectors.get(sender, ''))} {_side(sectors.get(receiver, ''))}"
        found[pk] = _Helped(
            tuple(steps[pk]),
            weeks,
            miles.get(pk) if accepted else None,
            ways if moved else "",
        )
    return found


def _steps(of: Any, rows: Any, period: Period) -> defaultdict[Any, list[StepTaken]]:
    """The steps of requests, by their keys, as they were known on the last day of a period."""
    found: defaultdict[Any, list[StepTaken]] = defaultdict(list)
    held = of.objects.filter(request__in=rows.values("pk"), **period.within("at"))
    columns = ("request", "action", "at", "reason", "minutes")
    for key, *told in held.order_by("version").values_list(*columns).iterator():
        taken = StepTaken(*told)
        if taken.action == "resume":  # what ended it was entered by mistake
            found[key] = [each for each in found[key] if each.action not in _ENDS]
        found[key].append(taken)
    return found


_ENDS = frozenset({"complete", "end_untreated"})


def _side(sector: str) -> str:
    return "is" if sector == Sector.INDEPENDENT else "nhs"


def _age_band(age: int) -> str:
    return next(key for key, band in AGES.items() if band.oldest is None or age <= band.oldest)


def named(groups: Iterable[str], by: By) -> dict[str, str]:
    """The groups in words, in the order in which they are told."""
    codes = sorted(set(groups))
    if by is By.AGE:
        return {key: band.name for key, band in AGES.items() if key in codes}
    if by is By.DEPRIVATION:
        return {code: deprivation_name(code) for code in codes}
    told = {code: _words(code, by) for code in codes}
    if by is By.PROVIDER:
        told |= {code: name for code, name in organisations_named(codes).items() if name}
    return dict(sorted(told.items(), key=lambda each: (each[1], each[0])))


def _words(code: str, by: By) -> str:
    match by:
        case By.ICB:
            return area_named(code)
        case By.SPECIALTY:
            return specialty(code)
        case By.ETHNICITY:
            return ethnic_name(code)
        case _:
            return code
