"""The API itself, version 1, and the document that describes it."""

from functools import lru_cache
from typing import Any

from ninja import NinjaAPI

from clockstop.service.api import problems
from clockstop.service.api.endpoints import areas, figures, forecasts, lists

_DESCRIPTION = (
    "The waiting times that NHS England publishes, as figures by area, specialty and month, and "
    "what is likely to come of them. Everything is public, only to be read, and needs no key."
)
api = NinjaAPI(
    title="Clockstop",
    version="1",
    description=_DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api_v1",
)
problems.install(api)
for router in (areas.router, figures.router, forecasts.router, lists.router):
    api.add_router("", router)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return problems.described(api.get_openapi_schema())
