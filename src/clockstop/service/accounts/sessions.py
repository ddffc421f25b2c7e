"""Signing in and out, and who a request comes from."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clockstop.core.types import NhsNumber
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.models import Delegation, Membership, Person
from clockstop.service.accounts.roles import PUBLIC, Role
from clockstop.service.audit.recording import record

_PERSON, _MEMBERSHIP, _ROLE = "person", "membership", "role"
_SIGNED_IN, _SEEN = "signed_in_at", "seen_at"
_KEPT = "_clockstop_actor"
_ENDED = "_clockstop_ended"
_EVERY = timedelta(minutes=1)  # how often being seen is written down


class Ended(StrEnum):
    """Why a session was ended."""

    AWAY = "away"
    LONG = "long"


def sign_in(
    request: HttpRequest,
    person: Person,
    *,
    role: Role,
    membership: Membership | None = None,
    since: float | None = None,
) -> Actor:
    """Begin a session in one role, under a new session key. Raises ValueError if it cannot be.

    ``since`` is when they signed in, for somebody who changes role: that makes no session younger.
    """
    request.session.flush()
    request.session.cycle_key()
    now = datetime.now(UTC).timestamp()
    request.session.update(
        {_PERSON: str(person.pk), _ROLE: role.value, _SIGNED_IN: since or now, _SEEN: now}
    )
    if membership:
        request.session[_MEMBERSHIP] = str(membership.pk)
    setattr(request, _KEPT, None)
    actor = _read(request)
    if actor is None:
        request.session.flush()
        raise ValueError("there is no such role for this person today")
    setattr(request, _KEPT, actor)
    with transaction.atomic():
        record("signed in", actor.for_audit)
    return actor


def sign_out(request: HttpRequest, because: Ended | None = None) -> None:
    """End the session, if there is one."""
    actor = actor_of(request)
    if actor:
        with transaction.atomic():
            record("signed out", actor.for_audit, detail={"because": because} if because else None)
    request.session.flush()
    setattr(request, _KEPT, None)


def actor_of(request: HttpRequest) -> Actor | None:
    """Who the request comes from; None for anybody who has not signed in.

    The role is looked up anew for each request, so that one that was ended is gone at once. A
    visitor without a session costs no question to the store.
    """
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, _read(request))
    kept: Actor | None = getattr(request, _KEPT)
    return kept


def signed_in_at(request: HttpRequest) -> float:
    """When the one who is signed in did so, as a timestamp."""
    return float(request.session[_SIGNED_IN])


def ended(request: HttpRequest) -> Ended | None:
    """Why the session that this request came with was ended just now, if it was."""
    why: Ended | None = getattr(request, _ENDED, None)
    return why


def _read(request: HttpRequest) -> Actor | None:
    session = getattr(request, "session", None)
    if session is None or session.session_key is None or _PERSON not in session:
        return None
    key, role = UUID(session[_PERSON]), Role(session[_ROLE])
    if role not in PUBLIC:
        return _staff(key, session.get(_MEMBERSHIP))
    person = Person.objects.filter(pk=key).first()
    if person is None:
        return None
    return _patient(person) if role is Role.PATIENT else _carer(person)


def _patient(person: Person) -> Actor | None:
    if not person.nhs_number:
        return None
    people = (NhsNumber(person.nhs_number),)
    return Actor(person=person.pk, name=person.name, role=Role.PATIENT, people=people)


def _carer(person: Person) -> Actor | None:
    held = Delegation.objects.on(timezone.localdate()).filter(carer=person)
    people = tuple(NhsNumber(number) for number in held.values_list("nhs_number", flat=True))
    if not people:
        return None
    return Actor(person=person.pk, name=person.name, role=Role.CARER, people=people)


def _staff(person: UUID, membership: str | None) -> Actor | None:
    held = Membership.objects.on(timezone.localdate()).filter(person=person, pk=membership)
    found: Membership | None = held.select_related("person").first()
    return found.as_actor() if found else None


def open_for(request: HttpRequest, name: str, key: UUID, lasts: timedelta) -> None:
    """Let this browser at one record for a while, under a name; with or without an account."""
    request.session[name] = [str(key), (timezone.now() + lasts).timestamp()]


def opened_as(request: HttpRequest, name: str) -> UUID | None:
    """The record that was opened under a name, while that lasts."""
    key, until = request.session.get(name) or ("", 0.0)
    return UUID(key) if until > timezone.now().timestamp() else None


class SessionLimits:
    """Ends a session that was idle too long, or is too old."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and _PERSON in request.session:
            _hold(request)
        response = self.get_response(request)
        if getattr(request, _KEPT, None):  # their name is in the head of the page
            response["Cache-Control"] = "no-store"
        return response


def _hold(request: HttpRequest) -> None:
    now = datetime.now(UTC)
    since, seen = (datetime.fromtimestamp(request.session[key], UTC) for key in (_SIGNED_IN, _SEEN))
    if now - seen > settings.CLOCKSTOP_SESSION_IDLE:
        _end(request, Ended.AWAY)
    elif now - since > settings.CLOCKSTOP_SESSION_AGE:
        _end(request, Ended.LONG)
    elif now - seen > _EVERY:
        request.session[_SEEN] = now.timestamp()


def _end(request: HttpRequest, why: Ended) -> None:
    sign_out(request, because=why)
    setattr(request, _ENDED, why)
