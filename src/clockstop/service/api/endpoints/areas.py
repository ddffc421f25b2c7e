"""Areas: finding one, and how it stands."""

from django.http import HttpRequest
from ninja import Query, Router

from clockstop.analytics.monitoring.areas import Area, AreaKind, Basis
from clockstop.analytics.monitoring.standing import judged
from clockstop.analytics.monitoring.story import sentences
from clockstop.service.api.answers import page_of
from clockstop.service.api.endpoints.register import area_of, endpoint
from clockstop.service.api.parameters import AreaAsked, AreasAsked, CodeNamed, KindNamed
from clockstop.service.api.schemas.areas import (
    AreaDetail,
    AreaItem,
    AreasPage,
    JudgedTarget,
    items,
)
from clockstop.service.dashboards.areas import matches
from clockstop.service.dashboards.book import current_figures

router = Router(tags=["Areas"])


@endpoint(router, "/areas", AreasPage, example="/areas?kind=icb&q=yorkshire")
def areas(request: HttpRequest, asked: Query[AreasAsked]) -> AreasPage:
    """Find areas.

    England, its regions, integrated care boards (ICBs) and providers that have figures in any
    month.
    """
    book = current_figures()
    found = [area for area in book.areas.values() if _is_asked(area, asked)]
    return page_of(
        AreasPage, asked, request, found, AreaItem.model_validate, synthetic=book.synthetic
    )


def _is_asked(area: Area, asked: AreasAsked) -> bool:
    return (
        asked.kind in (None, area.kind)
        and asked.parent in (None, area.parent)
        and (not asked.q.strip() or matches(area, asked.q))
    )


@endpoint(
    router, "/areas/{kind}/{code}", AreaDetail, example="/areas/icb/QWO?basis=provider", paged=False
)
def area(
    request: HttpRequest,  # noqa: ARG001
    kind: KindNamed,
    code: CodeNamed,
    asked: Query[AreaAsked],
) -> AreaDetail:
    """See how an area stands.

    Its name, the areas next below it, how it stands at the latest census in plain words, and the
    targets in force then, each judged.
    """
    book = current_figures()
    found = area_of(book, kind, code)
    basis = asked.basis if kind in (AreaKind.REGION, AreaKind.ICB) else Basis.PROVIDER
    return AreaDetail(
        **AreaItem.model_validate(found).model_dump(),
        month=str(book.month),
        basis=basis,
        children=items(book.children(found)),
        sentences=[*sentences(book, found, basis)],
        targets=[JudgedTarget.of(each) for each in judged(book, found, basis)],
        synthetic=book.synthetic,
    )
