"""A005: a referral as it stands. Finding one by its booking reference, for the other operations."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet

from clockstop.service.ers.errors import ErsError, refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.resources import referrals
from clockstop.service.referrals.access import open_referral
from clockstop.service.referrals.models import Advice, Referral


@operation("A005")
def retrieve(call: Call, ubrn: str, version: str = "") -> Answer:
    """The current version; an earlier one is not to be had, as with the national service."""
    found = open_referral(actor=call.actor, referral_id=key_of(call, ubrn))
    if version and version != str(found.version):
        raise ErsError(status=HTTPStatus.NOT_FOUND)
    return answer(call, found)


def key_of(call: Call, ubrn: str) -> UUID:
    """The key of a referral that the caller sees. Raises Referral.DoesNotExist, and ErsError.

    The latter where the booking reference is that of a request for advice, which they see.
    """
    rows: QuerySet[Referral] = Referral.objects.visible_to(call.actor).filter(ubrn=ubrn)
    key = rows.values_list("pk", flat=True).first()
    if key is not None:
        return UUID(str(key))
    if Advice.objects.visible_to(call.actor).filter(ubrn=ubrn).exists():
        raise refuse("INVALID_REQUEST_TYPE", "This is a request for advice, no referral")
    raise Referral.DoesNotExist


def answer(call: Call, referral: Referral, status: int = HTTPStatus.OK) -> Answer:
    """A referral as it goes out after a change, or because somebody asked."""
    return Answer(
        referrals.resource(referral, call.actor, call.base), status, version=referral.version
    )
