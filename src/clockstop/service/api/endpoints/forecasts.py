"""What is to come: forecasts, and waits ahead."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from clockstop.analytics.forecast.book import NotWorkedOutError, Said
from clockstop.analytics.forecast.expected.waits import ExpectedWait
from clockstop.analytics.forecast.quantiles import MEASURES, QUANTILES, name
from clockstop.analytics.monitoring.areas import Area, AreaKind, Basis
from clockstop.core.codes import ENGLAND
from clockstop.core.types import Sector
from clockstop.service.api.endpoints.register import area_of, endpoint
from clockstop.service.api.parameters import (
    CodeNamed,
    ExpectedWaitAsked,
    ForecastAsked,
    ForecastKind,
    ForecastKindNamed,
    FunctionNamed,
    ProviderNamed,
)
from clockstop.service.api.problems import not_found
from clockstop.service.api.schemas.forecasts import (
    AccuracyItem,
    ExpectedWaitDetail,
    ForecastDetail,
    ForecastFigure,
    ForecastMonth,
    ForecastNote,
    ForecastTarget,
    RangeOfWeeks,
    WeeksWithin,
)
from clockstop.service.compare.book import current_waits
from clockstop.service.dashboards.book import current_figures, current_forecasts
from clockstop.service.dashboards.outlook import at_providers, is_listed, outlook_of
from clockstop.service.dashboards.subject import Subject
from clockstop.service.dashboards.topics import forecast as pages

router = Router(tags=["What is to come"])


@endpoint(
    router,
    "/forecasts/{kind}/{code}",
    ForecastDetail,
    example="/forecasts/icb/QWO?function=C_110",
    paged=False,
    is_forecast=True,
)
def forecast(
    request: HttpRequest,  # noqa: ARG001
    kind: ForecastKindNamed,
    code: CodeNamed,
    asked: Query[ForecastAsked],
) -> ForecastDetail:
    """See where a list is heading.

    For each month to come the quantiles of each figure, the chance of each target, and what to know
    of it. Forecasts are made from the lists of providers: regions, ICBs and sectors are those of
    their providers. Where there is no forecast, `reason` says why.
    """
    is_sector = kind is ForecastKind.SECTOR
    found = _of_sector(code, asked) if is_sector else _of_area(AreaKind(kind), code, asked)
    return ForecastDetail(
        kind=kind,
        code=code,
        function=asked.function,
        origin=str(current_forecasts().origin),
        synthetic=current_figures().synthetic,
        **found,
    )


def _of_area(kind: AreaKind, code: str, asked: ForecastAsked) -> dict[str, Any]:
    subject = _subject(area_of(current_figures(), kind, code), asked.function)
    outlook = outlook_of(subject)
    targets = current_forecasts().targets(str(kind), code) if outlook.said else ()
    return {
        "name": subject.name,
        "reason": None if outlook.said else pages.why_none(subject, outlook.counted),
        "months": _months(outlook.said),
        "targets": [_target(row) for row in targets if row["function"] == asked.function],
        "notes": _notes(subject),
    }


def _of_sector(code: str, asked: ForecastAsked) -> dict[str, Any]:
    """A sector of England; one without a list has no forecast."""
    if code not in set(Sector):
        raise not_found(f"No sector {code}; there are {', '.join(Sector)}.")
    said = current_forecasts().forecast(str(ForecastKind.SECTOR), code, asked.function)
    said = said if said and is_listed(said) else None
    england = area_of(current_figures(), AreaKind.ENGLAND, ENGLAND)
    return {
        "name": Sector(code).label,
        "reason": None if said else "Nobody is on such a list of this sector.",
        "months": _months(said),
        "targets": [],
        "notes": _notes(_subject(england, asked.function)),
    }


def _subject(area: Area, function: str) -> Subject:
    return Subject(current_figures(), area, Basis.PROVIDER, function)


def _months(said: Said | None) -> list[ForecastMonth]:
    return [
        ForecastMonth(month=row["month"], figures=[_figure(row, each) for each in MEASURES])
        for row in (said.rows if said else ())
    ]


def _figure(row: Mapping[str, Any], measure: str) -> ForecastFigure:
    quantiles = {name(each): row[f"{measure}_{name(each)}"] for each in QUANTILES}
    return ForecastFigure(measure=measure, **quantiles)


def _target(row: Mapping[str, Any]) -> ForecastTarget:
    return ForecastTarget.model_validate({**row, "target": row["id"]})


def _notes(subject: Subject) -> list[ForecastNote]:
    return [
        ForecastNote(provider=note.provider or None, text=note.text)
        for note in pages.notes_on(subject)
    ]


@endpoint(
    router,
    "/expected-waits/{provider}/{function}",
    ExpectedWaitDetail,
    example="/expected-waits/RR8/C_110?waited=20",
    paged=False,
    is_forecast=True,
)
def expected_wait(
    request: HttpRequest,  # noqa: ARG001
    provider: ProviderNamed,
    function: FunctionNamed,
    asked: Query[ExpectedWaitAsked],
) -> ExpectedWaitDetail:
    """See how long somebody still waits.

    In how many more weeks the waits of people at a provider, who have waited as long, have ended.
    Where that cannot be told, `reasons` says why.
    """
    waits = current_waits()
    if waits is None:
        raise NotWorkedOutError("no waits ahead have been worked out: clockstop forecast build")
    subject = _subject(area_of(current_figures(), AreaKind.PROVIDER, provider), function)
    found = waits.expected(provider, function, asked.waited)
    told = _wait(found) if found else _no_wait(subject)
    return ExpectedWaitDetail(
        provider=provider,
        name=subject.name,
        sector=subject.area.sector,
        function=function,
        origin=str(waits.facts.origin),
        waited=asked.waited,
        accuracy=[AccuracyItem.model_validate(each) for each in waits.facts.accuracy],
        synthetic=subject.book.synthetic,
        **told,
    )


def _wait(found: ExpectedWait) -> dict[str, Any]:
    ends = found.range_weeks
    return {
        "waiting": found.waiting,
        "within": {kind: WeeksWithin(**asdict(each)) for kind, each in found.within.items()},
        "reasons": dict(found.reasons),
        "range_weeks": RangeOfWeeks(at_least=ends[0], at_most=ends[1]) if ends else None,
        "ends_without_treatment": found.ends_without_treatment,
        "borrowed": found.borrowed,
    }


def _no_wait(subject: Subject) -> dict[str, Any]:
    """A list that nobody is on, or that is not known any more."""
    return {
        "waiting": 0,
        "within": {},
        "reasons": {"all": pages.why_none(subject, at_providers(subject))},
        "range_weeks": None,
        "ends_without_treatment": None,
        "borrowed": None,
    }
