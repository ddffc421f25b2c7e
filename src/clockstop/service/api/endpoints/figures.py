"""Figures: the rows, and who is missing from them."""

from django.http import HttpRequest
from ninja import Query, Router

from clockstop.analytics.monitoring.query import Query as RowQuery
from clockstop.analytics.monitoring.summaries import COLUMNS
from clockstop.analytics.published.submitters import MissingSubmitter
from clockstop.core.codes import display_name
from clockstop.core.types import Month
from clockstop.service.api.answers import page, page_of
from clockstop.service.api.endpoints.register import area_of, endpoint
from clockstop.service.api.parameters import DiagnosticsAsked, FiguresAsked, MissingAsked
from clockstop.service.api.problems import not_found, wrong_parameter
from clockstop.service.api.schemas.figures import (
    DiagnosticsItem,
    DiagnosticsPage,
    FigureItem,
    FigureRowsPage,
    MissingItem,
    MissingPage,
)
from clockstop.service.dashboards.book import current_figures

router = Router(tags=["Figures"])


@endpoint(
    router,
    "/figures",
    FigureRowsPage,
    example="/figures?kind=icb&code=QWO&basis=commissioner&sector=all&function=C_999"
    "&from_month=2025-04&measures=median_weeks",
)
def figures(request: HttpRequest, asked: Query[FiguresAsked]) -> FigureRowsPage:
    """Read waiting list figures.

    One row for each area, basis, sector of provider, treatment function and month. A group without
    any pathway has no row. A wait in the open last band is null, and its `…_open` is true. An area
    that sent nothing for a month has no row: its waits are unknown, not zero.
    """
    book = current_figures()
    _check_order(asked)
    query = RowQuery(
        kind=asked.kind,
        codes=asked.code,
        basis=asked.basis,
        sectors=asked.sector,
        functions=asked.function,
        first=asked.first,
        last=asked.last,
    )
    measures = [*dict.fromkeys(asked.measures)] or COLUMNS
    total, rows = book.find(query, measures, limit=asked.limit, offset=asked.offset)
    made = [FigureItem.model_validate(row) for row in rows]
    return page(FigureRowsPage, asked, request, items=made, total=total, synthetic=book.synthetic)


@endpoint(router, "/missing", MissingPage, example="/missing?kind=icb&code=QWO&month=2025-09")
def missing(request: HttpRequest, asked: Query[MissingAsked]) -> MissingPage:
    """See who sent nothing.

    The providers of an area that sent no return for a month though they had before. Those whom
    another organisation took over are left out.
    """
    book = current_figures()
    area = area_of(book, asked.kind, asked.code)
    month = Month.parse(asked.month) if asked.month else book.month
    if month not in book.months:
        raise not_found(f"No returns of {month} have been read in.")
    found = book.missing(area, month)
    return page_of(
        MissingPage, asked, request, found, _missing, month=str(month), synthetic=book.synthetic
    )


def _missing(each: MissingSubmitter) -> MissingItem:
    return MissingItem(
        provider=each.provider,
        name=display_name(each.name),
        last_month=str(each.last_month),
        last_size=each.last_size,
    )


@endpoint(
    router,
    "/diagnostics",
    DiagnosticsPage,
    example="/diagnostics?kind=icb&code=QWO&test=TOTAL&from_month=2025-04",
)
def diagnostics(request: HttpRequest, asked: Query[DiagnosticsAsked]) -> DiagnosticsPage:
    """Read waits for diagnostic tests.

    An area's waits for each test (DM01), month by month. An ICB's are those of its own people,
    England's, a region's and a provider's those at providers. Empty if no DM01 return was read in.
    """
    book = current_figures()
    _check_order(asked)
    area = area_of(book, asked.kind, asked.code)
    first, last = asked.first or Month(1, 1), asked.last or Month(9999, 12)
    found = [
        {**row, "kind": area.kind, "code": area.code}
        for month in book.diagnostics.months
        if first <= month <= last
        for test, row in sorted(book.diagnostics.by_test(area, month).items())
        if asked.test in (None, test)
    ]
    return page_of(
        DiagnosticsPage,
        asked,
        request,
        found,
        DiagnosticsItem.model_validate,
        synthetic=book.synthetic,
    )


def _check_order(asked: FiguresAsked | DiagnosticsAsked) -> None:
    if asked.first and asked.last and asked.last < asked.first:
        raise wrong_parameter("to_month", f"{asked.last} is before {asked.first}")
