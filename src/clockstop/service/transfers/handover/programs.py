"""Programs at the door of mutual aid: their token, what they send, and every refusal as FHIR."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts import tokens
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.accounts.tokens import Scope
from clockstop.service.fhir.answering import NotAnsweredError, answer
from clockstop.service.fhir.building import Json, bundle, found, instant
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.fhir.outcome import Issue, outcome
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.transfers.actions.moving.answering import AnswersRefusedError
from clockstop.service.transfers.actions.once import KeyTakenError

P = ParamSpec("P")
Program = Callable[Concatenate[HttpRequest, Actor, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
PAGE, LARGEST = 50, 200
_LARGEST = 1_000_000
_KEY = re.compile(r"[A-Za-z0-9.-]{1,64}")  # an id of FHIR
# As BaRS names the errors of whoever receives a message.
_CODES = "https://fhir.nhs.uk/Codesystem/http-error-codes"
_NAMES = {
    400: "REC_BAD_REQUEST",
    401: "REC_UNAUTHORIZED",
    403: "REC_FORBIDDEN",
    404: "REC_NOT_FOUND",
    409: "REC_CONFLICT",
    422: "REC_UNPROCESSABLE_ENTITY",
    423: "REC_CONFLICT",
}
_ECHOED = ("X-Request-Id", "X-Correlation-Id")
_RULE = "business-rule"
_PLAIN: Mapping[type[Exception], tuple[int, str, str]] = {
    ObjectDoesNotExist: (
        404,
        "not-found",
        "You see no such request or offer",
    ),
    StaleError: (409, "conflict", "Somebody has changed it since: read it again"),
    KeyTakenError: (409, "duplicate", "A message of this id was taken, and said something else"),
    BusyError: (423, "lock-error", "Try again"),
    OperationalError: (423, "lock-error", "Try again"),
}
Filters = Mapping[str, Callable[[str], Q]]  # by the names of search parameters
Told = Iterable[tuple[str, str]]  # the FHIR type of an issue, and the words


def for_programs(scope: Scope) -> Callable[[Program[P]], View[P]]:
    """Let programs in that hold a token of a provider with the scope; answer every refusal."""

    def guard(view: Program[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                response = view(request, _holder(request, scope), *args, **kwargs)
            except Exception as error:
                refused = _refused(error)
                if refused is None:
                    raise
                response = refused
            for name in _ECHOED:
                if _is_key(request.headers.get(name, "")):
                    response[name] = request.headers[name]
            return response

        return cast(View[P], guarded)

    return guard


def _refused(error: Exception) -> HttpResponse | None:
    """Every reason at once; None for what is no refusal."""
    match error:
        case NotAnsweredError():
            return _refuse(error.status, ((error.kind, each) for each in error.words))
        case FaultyError():
            return _refuse(400, ((each.wrong.value, each.words) for each in error.faults))
        case StepRefusedError():
            return _refuse(422, ((_RULE, each.words) for each in error.refusals))
        case AnswersRefusedError():
            found = (each for _, refusals in error.refused for each in refusals)
            return _refuse(422, ((_RULE, each.words) for each in found))
    plain = (told for kind, told in _PLAIN.items() if isinstance(error, kind))
    return next((_refuse(status, [(kind, words)]) for status, kind, words in plain), None)


def _refuse(status: int, told: Told) -> HttpResponse:
    issues = [Issue(kind, _CODES, _NAMES[status], "", words) for kind, words in told]
    return answer(outcome(issues, {"lastUpdated": instant(timezone.now())}), status)


def _holder(request: HttpRequest, scope: Scope) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held = tokens.holder_of(token.strip()) if scheme.lower() == "bearer" and token else None
    if held is None:
        raise NotAnsweredError(401, "login", ["Send a token that holds"])
    actor, scopes = held
    if scope not in scopes or actor.role not in PROVIDING or not actor.organisation_code:
        words = f"The token is of no provider, or has no scope {scope}"
        raise NotAnsweredError(403, "forbidden", [words])
    return actor


def message_in(request: HttpRequest) -> tuple[str, Json]:
    """The message that was sent, with its key. Raises NotAnsweredError."""
    try:
        text = request.body
        told: Any = json.loads(text) if len(text) <= _LARGEST else None
    except (ValueError, RecursionError, RequestDataTooBig):
        told = None
    is_message = isinstance(told, dict) and told.get("resourceType") == "Bundle"
    if not is_message or told.get("type") != "message":
        raise NotAnsweredError(400, "structure", ["Send a Bundle of type message, as JSON"])
    whole: Json = told
    if _holds_null(whole):
        raise NotAnsweredError(400, "value", ["It holds a character that no text has"])
    key = whole.get("id")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        words = "Bundle.id: expected up to 64 letters, digits, hyphens and dots"
        raise NotAnsweredError(400, "required", [words])
    return key, whole


def _holds_null(told: Any) -> bool:
    """Whether a text has a character that stores cannot keep: null, or half of a pair."""
    text = json.dumps(told, ensure_ascii=False)
    return "\\u0000" in text or any("\ud800" <= each <= "\udfff" for each in text)


def searched(asked: QueryDict, filters: Filters, rows: Any) -> tuple[Any, int, UUID | None]:
    """The rows that are asked for, how many of them, and after which key.

    Raises FaultyError with all that is wrong with the parameters.
    """
    count, after, faults = PAGE, None, list[Fault]()
    for name in asked:
        text = str(asked[name])
        try:
            if name == "_count":
                count = _count(text)
            elif name == "_after":
                after = key_of(text)
            elif name == "_lastUpdated":
                rows = rows.filter(changed_at__gte=_since(text))
            elif name in filters:
                rows = rows.filter(filters[name](text))
            else:
                known = ", ".join(("_count", "_after", "_lastUpdated", *filters))
                words = f"is no search parameter here, expected one of {known}"
                faults.append(Fault(Wrong.UNEXPECTED, f"{name[:40]}: {words}"))
        except ValueError as error:
            faults.append(Fault(Wrong.VALUE, f"{name}: {error}"))
    if faults:
        raise FaultyError(faults)
    return rows, count, after


def page_of(
    request: HttpRequest,
    found_rows: tuple[Any, int, UUID | None],
    build: Callable[[Any], Json],
) -> HttpResponse:
    """A page of them by key, so that none is skipped or comes twice, with a link to the next."""
    rows, count, after = found_rows
    rest = rows.filter(pk__gt=after) if after else rows
    held = list(rest.order_by("pk")[: count + 1])
    link = request.build_absolute_uri()
    base = link.partition("?")[0]
    entries = [found(f"{base}/{each.pk}", build(each)) for each in held[:count]]
    kind = base.rpartition("/")[2].lower()
    made = bundle(f"{kind}s", entries, timezone.now(), link, total=rows.count())
    if len(held) > count:
        onward = request.GET.copy()
        onward["_after"], onward["_count"] = str(held[count - 1].pk), str(count)
        made["link"].append({"relation": "next", "url": f"{base}?{onward.urlencode()}"})
    return answer(made)


def key_of(text: str) -> UUID:
    """A key, with or without its kind before it. Raises ValueError."""
    try:
        return UUID(text.rpartition("/")[2])
    except ValueError:
        raise ValueError("expected a key") from None


def one_of(text: str, known: Mapping[str, Any] | Iterable[str]) -> str:
    """A code, with or without its system before it. Raises ValueError."""
    code, codes = text.rpartition("|")[2], list(known)
    if code not in codes:
        raise ValueError(f"expected one of {', '.join(codes)}")
    return code


def plain(text: str) -> str:
    """A value, with or without its system before it. Raises ValueError."""
    if "\x00" in text:
        raise ValueError("holds a character that no text has")
    return text.rpartition("|")[2]


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LARGEST:
        raise ValueError(f"expected a number from 1 to {LARGEST}")
    return int(text)


def _since(text: str) -> Any:
    words = "expected a moment like ge2026-03-27T09:00:00Z"
    try:
        moment = parse_datetime(text.removeprefix("ge").replace(" ", "+"))
    except ValueError:
        raise ValueError(words) from None
    if not text.startswith("ge") or moment is None or moment.tzinfo is None:
        raise ValueError(words)
    return moment


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
