"""Applications that call with nobody at the screen: what they may call, how, and how often.

Source: the OpenAPI document of the e-Referral Service API, "Access modes" and what each operation
says of application-restricted access.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from http import HTTPStatus

from django.http import HttpRequest
from django.utils import timezone

from clockstop.core import rulebook
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.applications import count_use
from clockstop.service.ers.errors import ErsError, forbidden, refuse
from clockstop.service.ers.operations import FUNCTIONS, Function, Operation

_ODS, _FUNCTION = "NHSD-End-User-Organisation-ODS", "NHSD-eRS-Business-Function"
_ON_BEHALF = "NHSD-eRS-On-Behalf-Of-User-ID"
# Elsewhere the document allows neither header in this mode; of these it requires both of everybody.
HEADERS_TAKEN = frozenset({"A028", "A029", "A036"})


def function_of(
    row: Operation, request: HttpRequest, actor: Actor, scopes: frozenset[str]
) -> Function:
    """The business function for which an application stands. Raises ErsError if it may not call."""
    function, *_ = FUNCTIONS[actor.role]
    if function not in row.unattended:
        raise forbidden(row, "No application of this side calls this operation unattended")
    if row.writes and f"ers:unattended:{row.code}" not in scopes:
        raise forbidden(row, "The token was not given this operation by name")
    allowed = (
        {_ODS: actor.organisation_code, _FUNCTION: function} if row.code in HEADERS_TAKEN else {}
    )
    for name in (_ODS, _FUNCTION, _ON_BEHALF):
        if name in request.headers and request.headers[name] != allowed.get(name):
            raise forbidden(row, f"{name} is not allowed, or not the application's")
    return function


def count_worklist(actor: Actor, list_type: str, service: int | None) -> None:
    """Count a fetch of a service's list on this day. Raises ErsError without one, or beyond two."""
    if service is None:
        raise refuse("MISSING_VALUE", "'service' is missing: an application asks for one service")
    now = timezone.localtime()
    most = rulebook.on(now.date())["ers_unattended_worklists"].value
    what = f"A008 {list_type} {service}"
    if not count_use(application=actor.person, what=what, day=now.date(), most=most):
        raise ErsError(status=HTTPStatus.TOO_MANY_REQUESTS, wait=_until_tomorrow(now))


def _until_tomorrow(now: datetime) -> int:
    tomorrow = now.date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), timezone.get_current_timezone())
    return int((midnight - now).total_seconds()) + 1
