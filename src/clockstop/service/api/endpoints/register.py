"""How an endpoint is registered: for GET and HEAD, with every answer that it can give."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from ninja import Router
from pydantic import BaseModel

from clockstop.analytics.monitoring.areas import Area, AreaKind
from clockstop.analytics.monitoring.book import MonitoringBook
from clockstop.service.api.answers import View, published
from clockstop.service.api.problems import not_found
from clockstop.service.api.schemas.problems import Problem

_View = TypeVar("_View", bound=View)
_TAG = {
    "description": "Send it back as `If-None-Match`: 304 says that nothing has changed.",
    "schema": {"type": "string"},
}
_KEEP = {"description": "How long the answer may be kept.", "schema": {"type": "string"}}
_NEXT = {
    "description": 'The address of the next page, with `rel="next"`; absent on the last.',
    "schema": {"type": "string"},
}
_ASKED_TAG: dict[str, Any] = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The `ETag` of an answer that you hold.",
    "required": False,
    "schema": {"type": "string"},
}


def endpoint(
    router: Router,
    path: str,
    response: type[BaseModel],
    *,
    example: str,
    paged: bool = True,
    is_forecast: bool = False,
) -> Callable[[_View], _View]:
    """Register a view under a path. ``example`` is an address to try, without ``/api/v1``."""
    tags = {"ETag": _TAG, "Cache-Control": _KEEP}
    answers: dict[int, Any] = {
        HTTPStatus.OK.value: {"headers": tags | ({"Link": _NEXT} if paged else {})},
        HTTPStatus.NOT_MODIFIED.value: {"headers": tags},
    }
    extra = {"parameters": [_ASKED_TAG], "responses": answers, "x-example": example}
    problems = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE)
    shapes = {200: response, 304: None} | {status.value: Problem for status in problems}

    def register(view: _View) -> _View:
        answer = published(view, is_forecast=is_forecast)
        summary, _, words = (view.__doc__ or "").partition("\n\n")
        router.get(
            path,
            response=shapes,
            summary=summary.rstrip("."),
            description=" ".join(words.split()) or summary,
            operation_id=view.__name__,
            openapi_extra=extra,
        )(answer)
        router.api_operation(["HEAD"], path, include_in_schema=False)(answer)
        return view

    return register


def area_of(book: MonitoringBook, kind: AreaKind, code: str) -> Area:
    """The area of that kind and code. Raises ProblemError (404) if it has no figures."""
    try:
        return book.area(kind, code)
    except KeyError as error:
        raise not_found(f"No {kind} of the code {code} has any figures.") from error
