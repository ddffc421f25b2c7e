"""What an act calls: answers as they were typed become arguments of the actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from clockstop.core.codes.iptamds import elements
from clockstop.core.state_tables import Refusal, StepRefusedError
from clockstop.service.transfers import fields
from clockstop.service.transfers.actions import aid
from clockstop.service.transfers.fields import Field
from clockstop.service.transfers.models import Capacity

Given = Mapping[str, str]
Call = Callable[[dict[str, Any], Given], object]
FOR_ONE = "for-this-request"


def change(told: dict[str, Any], given: Given) -> object:
    values, wrong = fields.read(fields.NEEDS, given)
    if wrong:
        raise StepRefusedError(wrong)
    blank = {each.name for each in fields.NEEDS} - set(values)
    needs: Any = {**values, "cleared": frozenset(blank)}
    return aid.change(**told, needs=aid.Needs(**needs))


def consent(told: dict[str, Any], given: Given) -> object:
    asks = (Field("distance", "How far", "number"), Field("agrees", "Agrees", "flag", needed=True))
    values = _read(asks, given)
    return aid.record_consent(**told, agrees=values["agrees"], distance=values.get("distance"))


def offer(told: dict[str, Any], given: Given) -> object:
    values = _read((Field("day", "Day that is offered", "day", needed=True),), given)
    day = values["day"]
    terms = aid.Terms(
        day=day if isinstance(day, date) else None,
        team=given.get("team", ""),
        override=given.get("override", ""),
    )
    chosen = given.get("capacity", "")
    if chosen != FOR_ONE and key(chosen) is None:
        raise StepRefusedError([Refusal("VALUE_IS_REQUIRED", "Choose the place", "capacity")])
    try:
        return aid.offer(**told, terms=terms, capacity_id=key(chosen))
    except Capacity.DoesNotExist:
        words = "This place is not there any more"
        raise StepRefusedError([Refusal("NO_PLACE", words, "capacity")]) from None


def choose(told: dict[str, Any], given: Given) -> object:
    offer = key(given.get("offer", ""))
    if offer is None:
        raise StepRefusedError([Refusal("VALUE_IS_REQUIRED", "Choose an offer", "offer")])
    return aid.choose(**told, offer_id=offer)


def decline(told: dict[str, Any], given: Given) -> object:
    then = given.get("then", "")
    if then not in {"go_on", "stay"}:
        words = "Say what the patient wants now"
        raise StepRefusedError([Refusal("VALUE_IS_REQUIRED", words, "then")])
    return aid.decline_all(**{**told, **_why(given)}, close=then == "stay")


def reasoned(call: Callable[..., object]) -> Call:
    return lambda told, given: call(**told, **_why(given))


def plain(call: Callable[..., object]) -> Call:
    return lambda told, _given: call(**told)


_AGREED = {"return_to": "return route", "cnst_cover": "statement of CNST cover"}


def pass_check(told: dict[str, Any], given: Given) -> object:
    try:
        return aid.pass_check(**told, override=given.get("override", ""))
    except StepRefusedError as refused:
        raise StepRefusedError(_gathered(refused.refusals)) from None


def _gathered(refusals: Iterable[Refusal]) -> Iterable[Refusal]:
    """What is wrong with the data set, which is the sender's to mend, in one sentence."""
    named = {key: each.label.lower() for key, each in elements().items()} | _AGREED
    found = list(refusals)
    missing = [named[each.field] for each in found if each.field in named]
    if missing:
        words = f"The sender has not completed the data set yet: {', '.join(missing)}"
        yield Refusal("DATA_SET_INCOMPLETE", words)
    yield from (each for each in found if each.field not in named)


def _why(given: Given) -> dict[str, str]:
    return {"reason": given.get("reason", ""), "comment": given.get("comment", "")}


def _read(asks: tuple[Field, ...], given: Given) -> dict[str, Any]:
    values, wrong = fields.read(asks, given)
    if wrong:
        raise StepRefusedError(wrong)
    return values


def key(text: str) -> UUID | None:
    """A key that was sent; none where it is no such thing."""
    try:
        return UUID(text)
    except ValueError:
        return None
