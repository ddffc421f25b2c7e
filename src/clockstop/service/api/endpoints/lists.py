"""What the figures are about: measures, targets, treatment functions, months."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from clockstop.analytics.lists.measures import MEASURES, Measure
from clockstop.analytics.monitoring.summaries import COLUMNS
from clockstop.core.codes import ALL_FUNCTIONS, OLDER_FUNCTIONS, treatment_functions
from clockstop.core.rulebook.targets import Target, targets
from clockstop.core.types import Month, TreatmentFunction
from clockstop.service.api.answers import page_of
from clockstop.service.api.endpoints.register import endpoint
from clockstop.service.api.parameters import Paging, TargetsAsked
from clockstop.service.api.schemas.base import month_text
from clockstop.service.api.schemas.lists import (
    FunctionItem,
    FunctionsPage,
    MeasureItem,
    MeasuresPage,
    MonthItem,
    MonthsPage,
    TargetItem,
    TargetsPage,
)
from clockstop.service.dashboards.book import current_figures

router = Router(tags=["What the figures are about"])


@endpoint(router, "/measures", MeasuresPage, example="/measures")
def measures(request: HttpRequest, asked: Query[Paging]) -> MeasuresPage:
    """See what each measure counts."""
    return page_of(MeasuresPage, asked, request, [*MEASURES.values()], _measure)


def _measure(measure: Measure) -> MeasureItem:
    names = ("key", "name", "numerator", "denominator", "unit", "source", "caveat")
    return MeasureItem(
        **{name: getattr(measure, name) for name in names}, in_figures=measure.key in COLUMNS
    )


@endpoint(router, "/targets", TargetsPage, example="/targets?in_force_on=2025-09-30&kind=icb")
def every_target(request: HttpRequest, asked: Query[TargetsAsked]) -> TargetsPage:
    """See the national targets.

    All of them, those that were replaced too, with their dates, what replaced them, and where
    sources disagree.
    """
    found = [target for target in targets().values() if _is_asked(target, asked)]
    return page_of(TargetsPage, asked, request, found, _target)


def _is_asked(target: Target, asked: TargetsAsked) -> bool:
    is_in_force = asked.in_force_on is None or target.is_in_force(asked.in_force_on)
    return is_in_force and (asked.kind is None or asked.kind in target.applies_to)


def _target(target: Target) -> TargetItem:
    after = (each.id for each in targets().values() if each.supersedes == target.id)
    values: dict[str, Any] = {name: getattr(target, name) for name in target.__slots__}
    values |= {
        "applies_to": sorted(target.applies_to),
        "baseline": month_text(target.baseline),
        "conflicts_with": [*target.conflicts_with],
        "superseded_by": next(after, None),
    }
    return TargetItem(**values)


@endpoint(router, "/functions", FunctionsPage, example="/functions")
def functions(request: HttpRequest, asked: Query[Paging]) -> FunctionsPage:
    """See the treatment functions."""
    found: list[tuple[str, TreatmentFunction]] = [
        *(("function", each) for each in treatment_functions()),
        ("total", ALL_FUNCTIONS),
        *(("older", each) for each in OLDER_FUNCTIONS),
    ]
    return page_of(FunctionsPage, asked, request, found, _function)


def _function(kind_and_function: tuple[Any, TreatmentFunction]) -> FunctionItem:
    kind, function = kind_and_function
    names = ("code", "name", "official_name", "description")
    return FunctionItem(kind=kind, **{name: getattr(function, name) for name in names})


@endpoint(router, "/months", MonthsPage, example="/months")
def months(request: HttpRequest, asked: Query[Paging]) -> MonthsPage:
    """See which months have been read in."""
    book = current_figures()
    return page_of(MonthsPage, asked, request, [*book.months], _month, synthetic=book.synthetic)


def _month(month: Month) -> MonthItem:
    return MonthItem(month=str(month), label=month.label, census=month.census)
