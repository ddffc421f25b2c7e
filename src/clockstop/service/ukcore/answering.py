"""Reading one resource, searching for some, and saying what is here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from clockstop.service.accounts import tokens
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.tokens import Scope
from clockstop.service.audit.models import NATIONAL
from clockstop.service.audit.recording import record
from clockstop.service.fhir.answering import NotAnsweredError, answer, refuse
from clockstop.service.fhir.building import Json, bundle, found
from clockstop.service.fhir.capability import statement
from clockstop.service.fhir.faults import Fault, FaultyError, Wrong
from clockstop.service.ui.limits import limited
from clockstop.service.ukcore.kinds import KINDS, Kind, Parameter

PAGE, LARGEST = 20, 100
_COUNT, _AFTER = "_count", "_after"
_KEPT = 500  # characters of a search in the audit
_REPEATED = 10  # how often a parameter may come: more is no search


@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """The CapabilityStatement."""
    return answer(capability(_base(request)))


@require_safe
@limited("fhir")
def read(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One resource, by its key; another's is as if it were not there."""
    try:
        of, actor = _asked(request, kind)
        row = of.rows(actor).filter(pk=of.key(key)).first()
        if row is None:
            return refuse(_not_there(kind))
        if actor and not of.is_open:
            _note(of, row, actor)
        return answer(of.build(row))
    except FaultyError:
        return refuse(_not_there(kind))
    except NotAnsweredError as error:
        return refuse(error)


@require_safe
@limited("fhir")
def search(request: HttpRequest, kind: str) -> HttpResponse:
    """A page of resources, by what stands in the address: nothing that names a person."""
    return _searched(request, kind, request.GET, is_private=False)


@csrf_exempt
@require_POST
@limited("fhir")
def search_by_form(request: HttpRequest, kind: str) -> HttpResponse:
    """The same by a form, where a patient may be named."""
    return _searched(request, kind, request.POST, is_private=True)


def _not_there(kind: str) -> NotAnsweredError:
    return NotAnsweredError(404, "not-found", [f"There is no such {kind}"])


def capability(base: str) -> Json:
    """What this server can do: made of the same table that it searches by."""
    rest: Json = {"resource": [_capability(each) for each in KINDS.values()]}
    return statement(base, "Records of Clockstop as UK Core", "2026-11-22", rest)


def _capability(kind: Kind) -> Json:
    by_key = {"name": "_id", "type": "token", "documentation": "The key of the resource"}
    return {
        "type": kind.name,
        "supportedProfile": [f"https://fhir.hl7.org.uk/StructureDefinition/UKCore-{kind.name}"],
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "searchParam": [
            by_key,
            *(
                {"name": name, "type": each.type, "documentation": _words(each)}
                for name, each in kind.parameters.items()
            ),
        ],
    }


def _words(parameter: Parameter) -> str:
    return f"{parameter.words} (by POST to _search alone)" if parameter.private else parameter.words


def _asked(request: HttpRequest, name: str) -> tuple[Kind, Actor | None]:
    kind = KINDS.get(name)
    if kind is None:
        raise NotAnsweredError(404, "not-supported", [f"{name[:40]} is not served here"])
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held = tokens.holder_of(token) if scheme == "Bearer" and token else None
    if held is None:
        if kind.is_open and not token:
            return kind, None
        raise NotAnsweredError(401, "login", ["Send a token that holds"])
    if Scope.FHIR_READ not in held[1]:
        raise NotAnsweredError(403, "forbidden", [f"The token has no scope {Scope.FHIR_READ}"])
    return kind, held[0]


def _searched(
    request: HttpRequest, name: str, asked: QueryDict, *, is_private: bool
) -> HttpResponse:
    try:
        kind, actor = _asked(request, name)
        wanted, count, after = _read(kind, asked, is_private=is_private)
        rows = kind.rows(actor).filter(wanted)
        page = _page(request, kind, rows, count, after, None if is_private else asked)
        if actor and not kind.is_open:
            _note_search(kind, asked, len(page["entry"]), actor)
        return answer(page)
    except FaultyError as error:
        words = [each.words for each in error.faults]
        return refuse(NotAnsweredError(400, "invalid", words))
    except NotAnsweredError as error:
        return refuse(error)


def _read(kind: Kind, asked: QueryDict, *, is_private: bool) -> tuple[Q, int, Any]:
    """What is asked for, how many, after which key. Raises FaultyError with all faults."""
    faults: list[Fault] = []
    wanted, count, after = Q(), PAGE, None
    for name in asked:
        for text in asked.getlist(name)[:_REPEATED]:
            try:
                if name == _COUNT:
                    count = _count(text)
                elif name == _AFTER:
                    after = kind.key(text)
                else:
                    wanted &= _filter(kind, name, text, is_private=is_private)
            except FaultyError as error:
                faults += [Fault(each.wrong, f"{name[:40]}: {each.words}") for each in error.faults]
    if faults:
        raise FaultyError(faults)
    return wanted, count, after


def _filter(kind: Kind, name: str, text: str, *, is_private: bool) -> Q:
    """One parameter; values between commas are alternatives."""
    if name == "_id":
        return Q(pk__in=[kind.key(each) for each in text.split(",")])
    parameter = kind.parameters.get(name)
    if parameter is None:
        raise FaultyError([Fault(Wrong.UNEXPECTED, "is no search parameter here")])
    if parameter.private and not is_private:
        words = "send it by POST to _search, so that no address holds it"
        raise FaultyError([Fault(Wrong.UNEXPECTED, words)])
    if "\x00" in text:
        raise FaultyError([Fault(Wrong.VALUE, "holds a character that no text has")])
    found_by = Q()
    for each in text.split(","):
        found_by |= parameter.filter(each)
    return found_by


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= LARGEST:
        raise FaultyError([Fault(Wrong.VALUE, f"must be from 1 to {LARGEST}")])
    return int(text)


def _page(
    request: HttpRequest, kind: Kind, rows: Any, count: int, after: Any, asked: QueryDict | None
) -> Json:
    """Rows by key, those after the last one of the page before: none is skipped or comes twice.

    A search by a form has no link onward, since an address must not hold it: send the form again
    with the key of its last entry as ``_after``.
    """
    total = rows.count()
    rest = rows.filter(pk__gt=after) if after is not None else rows
    held = list(rest.order_by("pk")[: count + 1])
    shown = held[:count]
    base = _base(request)
    entries = [_entry(base, kind, row) for row in shown]
    made = bundle(
        str(timezone.now().timestamp()), entries, timezone.now(), _link(base, kind, asked)
    )
    if len(held) > count and asked is not None:
        asked = asked.copy()
        asked[_AFTER], asked[_COUNT] = str(shown[-1].pk), str(count)
        made["link"].append({"relation": "next", "url": _link(base, kind, asked)})
    return made | {"total": total}


def _entry(base: str, kind: Kind, row: Any) -> Json:
    resource = kind.build(row)
    return found(f"{base}{kind.name}/{resource['id']}", resource)


def _link(base: str, kind: Kind, asked: QueryDict | None) -> str:
    query = f"?{asked.urlencode()}" if asked else ""
    return f"{base}{kind.name}{query}"


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("ukcore_metadata")).removesuffix("metadata")


@transaction.atomic
def _note(kind: Kind, row: Any, actor: Actor) -> None:
    """A record that a program opened is audited like one that a person opened."""
    icb = getattr(row, "icb_code", "") or actor.icb_code
    record("read by a program", actor.for_audit, icb_code=icb, subject=(kind.name, row.pk))


@transaction.atomic
def _note_search(kind: Kind, asked: QueryDict, told: int, actor: Actor) -> None:
    """One entry for a page of results, before it is told; also where nothing was found."""
    record(
        "searched by a program",
        actor.for_audit,
        icb_code=actor.icb_code or NATIONAL,
        subject=(kind.name, ""),
        detail={"asked": _asked_for(kind, asked), "told": told},
    )


def _asked_for(kind: Kind, asked: QueryDict) -> str:
    """The search as the audit keeps it: of what could name a person, not what was looked for."""
    private = {name for name, each in kind.parameters.items() if each.private}
    shown = {name: [""] if name in private else texts for name, texts in asked.lists()}
    return urlencode(shown, doseq=True)[:_KEPT]
