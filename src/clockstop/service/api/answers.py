"""How an answer goes out: as JSON, with its tag, and page by page."""

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from hashlib import sha256
from importlib.metadata import version
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from pydantic import BaseModel

from clockstop.service.api.parameters import Paging
from clockstop.service.api.schemas.base import Page
from clockstop.service.dashboards.book import current_version, forecasts_version

FRESH_SECONDS = 300
_Page = TypeVar("_Page", bound=Page[Any])
View = Callable[..., BaseModel]


def published(view: View, *, is_forecast: bool = False) -> Callable[..., HttpResponse]:
    """What the view returns as JSON; 304 if the caller has it.

    It rests on the lake alone, and a forecast on what is kept of forecasts too.
    """

    @wraps(view)
    def answer(request: HttpRequest, **asked: Any) -> HttpResponse:
        tag = tag_of(request, forecasts_version() if is_forecast else "")
        if has_already(request, tag):
            return tagged(HttpResponseNotModified(), tag)
        body = view(request, **asked)
        response = HttpResponse(body.model_dump_json(exclude_unset=True), "application/json")
        if isinstance(body, Page) and body.next:
            response["Link"] = f'<{body.next}>; rel="next"'
        return tagged(response, tag)

    return answer


def page(kind: type[_Page], asked: Paging, request: HttpRequest, **fields: Any) -> _Page:
    """The page asked for; ``fields`` are its items, their total, and what else the kind has."""
    end = asked.offset + asked.limit
    return kind.model_construct(
        limit=asked.limit,
        offset=asked.offset,
        next=_address(request, end) if end < fields["total"] else None,
        **fields,
    )


def page_of(
    kind: type[_Page],
    asked: Paging,
    request: HttpRequest,
    found: Sequence[Any],
    make: Callable[[Any], BaseModel],
    **fields: Any,
) -> _Page:
    """The page asked for of everything that was found, each item made only if it is on it."""
    items = [make(each) for each in found[asked.offset : asked.offset + asked.limit]]
    return page(kind, asked, request, items=items, total=len(found), **fields)


def tag_of(request: HttpRequest, kept: str = "") -> str:
    """A strong tag: the same address gives the same bytes while lake and release stand.

    ``kept`` is what else the answer rests on.
    """
    rests_on = f"{current_version()} {kept} {_release()} {request.get_full_path()}"
    return f'"{sha256(rests_on.encode()).hexdigest()[:32]}"'


def has_already(request: HttpRequest, tag: str) -> bool:
    """Whether the caller names the tag as one that it holds."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return tag in (each.removeprefix("W/") for each in held)


def tagged(response: HttpResponse, tag: str) -> HttpResponse:
    """The response with its tag, for anybody to keep for a while."""
    response["ETag"] = tag
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def _address(request: HttpRequest, offset: int) -> str:
    query = request.GET.copy()
    query["offset"] = str(offset)
    return f"{request.path}?{query.urlencode()}"


@lru_cache(maxsize=1)
def _release() -> str:
    return version("clockstop")
