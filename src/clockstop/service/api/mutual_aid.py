"""Mutual aid for programs: requests, capacity, offers and the steps between, by a token.

The same actions as the pages. A token has the scope ``transfers:write`` and acts for a member of
staff of a provider. Requests of others are shown under their reference, as on the board.
"""

from collections.abc import Callable, Iterator
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Router, Schema, Status
from ninja.security import HttpBearer
from pydantic import ConfigDict, Field, create_model, field_validator

from clockstop.core.state_tables import StepRefusedError
from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import PROVIDING
from clockstop.service.accounts.tokens import Scope, holder_of
from clockstop.service.api import problems
from clockstop.service.api.schemas.problems import Problem, WrongParameter
from clockstop.service.pathways.models import Pathway
from clockstop.service.referrals.actions.stepping import BusyError, StaleError
from clockstop.service.transfers import fields
from clockstop.service.transfers.access import patient_of
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.models import AidRequest, Capacity, Offer
from clockstop.service.transfers.states import Aid

_TYPES: dict[str, Any] = {
    "number": int,
    "pounds": int,
    "day": date,
    "flag": bool,
    "codes": tuple[str, ...],
}
MOST = 100
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="How many to leave out")]


class Token(HttpBearer):
    """A token of a member of staff of a provider, with the scope."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002
        """The actor, or none. ``request.auth`` keeps it."""
        held = holder_of(token)
        if held is None or Scope.TRANSFERS not in held[1] or held[0].role not in PROVIDING:
            return None
        return held[0]


class Strict(Schema):
    """Nothing that is not known is taken, and no text that a store cannot keep."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        if any("\x00" in each for each in _texts(value)):
            raise ValueError("holds a character that no text has")
        return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from value


def _model(name: str, asked: tuple[fields.Field, ...], **more: Any) -> type[Schema]:
    told: dict[str, Any] = {each.name: _typed(each) for each in asked}
    made: type[Schema] = create_model(name, __base__=Strict, **(more | told))
    return made


def _typed(field: fields.Field) -> tuple[Any, Any]:
    kind: Any = _TYPES.get(field.kind, str)
    if field.choices:
        kind = Literal[tuple(value for value, _ in field.choices)]
        kind = tuple[kind, ...] if field.kind == "codes" else kind
    words = "Price in pence" if field.kind == "pounds" else f"{field.label}. {field.hint}".strip()
    return (
        (kind, Field(description=words))
        if field.needed
        else (
            kind | None,
            Field(None, description=words),
        )
    )


Minutes = Annotated[
    int | None,
    Field(ge=0, le=1_000, description="Minutes that it took staff, if they say so"),
]
RequestIn = _model(
    "RequestIn",
    fields.NEEDS,
    minutes=(Minutes, None),
    pathway_identifier=(str, Field(max_length=20)),
    pathway_issuer=(str, Field(max_length=6)),
)
TestIn = _model("TestIn", fields.DIRECT_TEST, minutes=(Minutes, None))
CapacityIn = _model("CapacityIn", fields.CAPACITY, minutes=(Minutes, None))


class AidOut(Schema):
    """A request for help. Nothing here says who the patient is."""

    id: UUID
    reference: str
    version: int
    state: str
    kind: str
    treatment_function: str
    diagnostic_test: str
    procedure: str
    stage: str
    priority: str
    waiting_since: date
    needed_by: date | None
    is_cancer: bool
    national: bool
    age: int
    sex: str
    asa: int | None
    bmi: int | None
    distance: int | None
    needs: list[str]
    organisation_code: str
    receiver_code: str
    expires_on: date | None


class CapacityOut(Schema):
    """Posted capacity; ``left`` are the places that nobody holds."""

    id: UUID
    version: int
    state: str
    organisation_code: str
    kind: str
    treatment_function: str
    diagnostic_tests: list[str]
    procedures: list[str]
    team: str
    places: int
    left: int
    first_date: date
    last_date: date
    expires_on: date


class WithdrawalIn(Strict):
    """Why capacity is withdrawn, of the version that was read."""

    version: int = Field(ge=0)
    reason: str
    comment: str = Field("", max_length=2_000)
    minutes: Minutes = None


class OfferIn(Strict):
    """A place for a request: of posted capacity, or, without one, made for it alone."""

    capacity: UUID | None = None
    day: date
    team: str = Field("", max_length=100)
    override: str = Field("", max_length=500, description="Why in spite of a warning")
    version: int | None = None
    minutes: Minutes = None


class OfferOut(Schema):
    """A held place."""

    id: UUID
    state: str
    organisation_code: str
    day: date | None
    team: str
    held_until: date


class Step(Strict):
    """A step of a request by its action, as the table of states names it."""

    action: Literal[
        "record_consent",
        "sign_clinical",
        "sign_social",
        "submit",
        "widen",
        "refuse",
        "send_to_patient",
        "choose",
        "decline_all",
        "decline_and_close",
        "pass_check",
        "fail_check",
        "reopen",
        "close_treated",
        "withdraw",
    ]
    version: int
    reason: str = ""
    comment: str = Field("", max_length=2_000)
    offer: UUID | None = None
    distance: int | None = None
    acting_for: UUID | None = Field(None, description="The clinician whose decision it is")
    minutes: Minutes = None


class _Described(NinjaAPI):
    """Its document names the media type of errors."""

    def get_openapi_schema(self, **asked: Any) -> Any:
        return problems.described(super().get_openapi_schema(**asked))


api = _Described(
    title="Clockstop mutual aid",
    version="1",
    description=__doc__,
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="mutual_aid_api",
    auth=Token(),
)
problems.install(api)
router = Router(tags=["Mutual aid"])
_ERRORS: dict[Any, Any] = dict.fromkeys((400, 401, 404, 409, 423, 429), Problem)


@api.exception_handler(StepRefusedError)
def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    wrong = [
        WrongParameter(parameter=each.field or each.code, detail=each.words)
        for each in error.refusals
    ]
    return problems.problem_response(HTTPStatus.BAD_REQUEST, str(error), wrong)


@api.exception_handler(StaleError)
def _stale(_request: HttpRequest, error: Any) -> HttpResponse:
    return problems.problem_response(HTTPStatus.CONFLICT, str(error))


@api.exception_handler(BusyError)
def _busy(_request: HttpRequest, _error: Any) -> HttpResponse:
    detail = "Somebody else is changing it at this moment: try again."
    return problems.problem_response(HTTPStatus.LOCKED, detail)


@api.exception_handler(ObjectDoesNotExist)
def _absent(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problems.problem_response(HTTPStatus.NOT_FOUND, "There is nothing with this key.")


def _actor(request: HttpRequest) -> Actor:
    held: Any = request
    actor: Actor = held.auth
    return actor


@router.get("/requests", response={200: list[AidOut], **_ERRORS})
def requests(request: HttpRequest, state: Aid | None = None, offset: Offset = 0) -> Any:
    """Requests that the token's provider may see: its own, and those on its board."""
    rows = AidRequest.objects.visible_to(_actor(request))
    rows = rows.filter(state=state) if state else rows
    return rows.order_by("waiting_since", "pk")[offset : offset + MOST]


@router.post("/requests", response={201: AidOut, **_ERRORS})
def make_request(request: HttpRequest, asked: RequestIn) -> Any:  # type: ignore[valid-type]
    """Draft a request for a pathway of the provider's own list."""
    given: dict[str, Any] = asked.dict(exclude_none=True)  # type: ignore[attr-defined]
    actor = _actor(request)
    pathway = Pathway.objects.visible_to(actor).get(
        identifier=given.pop("pathway_identifier"), issuer=given.pop("pathway_issuer")
    )
    minutes = given.pop("minutes", None)
    needs = aid.Needs(**given)
    made = aid.create(actor=actor, pathway_id=pathway.pk, needs=needs, minutes=minutes)
    return Status(201, made)


@router.post("/tests", response={201: AidOut, **_ERRORS})
def make_test(request: HttpRequest, asked: TestIn) -> Any:  # type: ignore[valid-type]
    """Draft a request for a direct-access test: on no pathway, with a diagnostic wait of its own.

    From then on it is a request like the others, of the kind ``diagnostic``.
    """
    given: dict[str, Any] = asked.dict(exclude_none=True)  # type: ignore[attr-defined]
    actor = _actor(request)
    patient = patient_of(actor, given.pop("nhs_number"))
    beside = {"waiting_since": given.pop("waiting_since"), "minutes": given.pop("minutes", None)}
    needs = aid.Needs(**given)
    return Status(201, aid.create_direct(actor=actor, patient_id=patient.pk, needs=needs, **beside))


@router.get("/requests/{uuid:aid_id}", response={200: AidOut, **_ERRORS})
def one_request(request: HttpRequest, aid_id: UUID) -> Any:
    """One of them."""
    return AidRequest.objects.visible_to(_actor(request)).get(pk=aid_id)


@router.get("/requests/{uuid:aid_id}/offers", response={200: list[OfferOut], **_ERRORS})
def offers(request: HttpRequest, aid_id: UUID) -> Any:
    """Its offers: all to the sender, to another provider its own."""
    actor = _actor(request)
    held = AidRequest.objects.visible_to(actor).get(pk=aid_id)
    rows = Offer.objects.visible_to(actor).filter(request=held)
    if held.organisation_code != actor.organisation_code:
        rows = rows.filter(organisation_code=actor.organisation_code)
    return list(rows)


@router.post("/requests/{uuid:aid_id}/offers", response={201: OfferOut, **_ERRORS})
def make_offer(request: HttpRequest, aid_id: UUID, asked: OfferIn) -> Any:
    """Hold a place for a request."""
    terms = aid.Terms(day=asked.day, team=asked.team, override=asked.override)
    return Status(
        201,
        aid.offer(
            actor=_actor(request),
            request_id=aid_id,
            terms=terms,
            capacity_id=asked.capacity,
            version=asked.version,
            minutes=asked.minutes,
        ),
    )


@router.post("/requests/{uuid:aid_id}/transitions", response={200: AidOut, **_ERRORS})
def step(request: HttpRequest, aid_id: UUID, asked: Step) -> Any:
    """Take a step. ``version`` is the one that was read: another is refused with 409."""
    call, asks = _STEPS[asked.action]
    given: dict[str, Any] = {name: getattr(asked, name) for name in asks}
    if "offer" in given:
        given["offer_id"] = given.pop("offer")
        if given["offer_id"] is None:
            raise problems.wrong_parameter("offer", "Name the offer that the patient takes")
    return call(
        actor=_actor(request),
        request_id=aid_id,
        version=asked.version,
        minutes=asked.minutes,
        **given,
    )


@router.get("/capacity", response={200: list[CapacityOut], **_ERRORS})
def capacity(request: HttpRequest, offset: Offset = 0) -> Any:
    """The provider's own capacity, and what all others have posted."""
    rows = Capacity.objects.visible_to(_actor(request)).order_by("first_date", "pk")
    return rows[offset : offset + MOST]


@router.post("/capacity", response={201: CapacityOut, **_ERRORS})
def post_capacity(request: HttpRequest, asked: CapacityIn) -> Any:  # type: ignore[valid-type]
    """Post capacity of the provider."""
    given: dict[str, Any] = asked.dict(exclude_none=True)  # type: ignore[attr-defined]
    minutes = given.pop("minutes", None)
    posting = aid.Posting(**given)
    return Status(201, aid.post(actor=_actor(request), posting=posting, minutes=minutes))


@router.post("/capacity/{uuid:capacity_id}/withdrawal", response={200: CapacityOut, **_ERRORS})
def withdraw_capacity(request: HttpRequest, capacity_id: UUID, asked: WithdrawalIn) -> Any:
    """Give no more places: what is only held is free at once, what patients took stays theirs."""
    return aid.withdraw_at_once(actor=_actor(request), capacity_id=capacity_id, **asked.dict())


def _consented(**told: Any) -> AidRequest:
    return aid.record_consent(**told, agrees=True)


def _stays(**told: Any) -> AidRequest:
    return aid.decline_all(**told, close=True)


_WHY = ("reason", "comment")
_STEPS: dict[str, tuple[Callable[..., AidRequest], tuple[str, ...]]] = {
    "record_consent": (_consented, ("distance",)),
    "sign_clinical": (aid.sign_clinical, ("acting_for",)),
    "sign_social": (aid.sign_social, ()),
    "submit": (aid.submit, ()),
    "widen": (aid.widen, ()),
    "refuse": (aid.refuse, _WHY),
    "send_to_patient": (aid.send_to_patient, ()),
    "choose": (aid.choose, ("offer",)),
    "decline_all": (aid.decline_all, _WHY),
    "decline_and_close": (_stays, _WHY),
    "pass_check": (aid.pass_check, ("acting_for",)),
    "fail_check": (aid.fail_check, (*_WHY, "acting_for")),
    "reopen": (aid.reopen, ()),
    "close_treated": (aid.close_treated, ()),
    "withdraw": (aid.withdraw, _WHY),
}
api.add_router("", router)
