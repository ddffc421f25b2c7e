"""A013, A014, A022, A028, A036: what becomes of a referral at its provider; and ending it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from clockstop.service.ers import systems
from clockstop.service.ers.endpoints import asking, referrals
from clockstop.service.ers.endpoints.creating import updated
from clockstop.service.ers.endpoints.files import attached
from clockstop.service.ers.errors import forbidden, refuse
from clockstop.service.ers.gate import Answer, Call, operation
from clockstop.service.ers.resources.criteria import PRIORITIES
from clockstop.service.fhir.parameters import Named, read
from clockstop.service.referrals import actions
from clockstop.service.referrals.models import Referral

_IN_PAS = Named("appointmentCancelledInPAS", "valueBoolean")
_REJECTED = (
    Named("rejectionReason", "valueCoding", systems.CANCELLATION, required=True),
    Named("rejectionComments", "valueString"),
    _IN_PAS,
)
_LATER = (
    Named("comments", "valueString", required=True),
    Named("priority", "valueCoding", systems.PRIORITY, PRIORITIES),
    Named("providerAttachmentFile", "resource", many=True),
    _IN_PAS,
)
_BOOK_LATER, _ADVICE = "ACCEPT_REFER_BOOK_LATER", "RETURN_TO_REFERRER_WITH_ADVICE"
_REVIEWED = (
    Named("reviewOutcome", "valueCoding", systems.REVIEW_OUTCOME, required=True),
    Named("reviewComments", "valueString"),
    Named("reviewPriority", "valueCoding", systems.PRIORITY, PRIORITIES),
    Named("reviewAttachmentFile", "resource", many=True),
)
_ENDED = (
    Named("cancellationReason", "valueCoding", systems.REFERRAL_CANCELLATION, required=True),
    Named("cancellationComments", "valueString"),
)


@operation("A013")
def accept(call: Call, ubrn: str) -> Answer:
    """A booked referral was reviewed and its appointment stands."""
    try:
        changed = actions.accept(
            actor=call.actor,
            referral_id=referrals.key_of(call, ubrn),
            acting_for=call.acting_for,
            version=call.version,
        )
    except actions.StepRefusedError as error:
        if any(each.field == "acting_for" for each in error.refusals):  # it lists no code for this
            words = "NHSD-eRS-On-Behalf-Of-User-ID must be a clinician of the organisation"
            raise forbidden(call.operation, words) from error
        raise
    return referrals.answer(call, changed)


@operation("A014")
def reject(call: Call, ubrn: str) -> Answer:
    """A booked referral goes back with a reason."""
    told = read(call.body, systems.profile("RejectReferral-Parameters"), _REJECTED)
    changed = actions.reject(
        actor=call.actor,
        referral_id=referrals.key_of(call, ubrn),
        reason=told["rejectionReason"],
        comment=told.get("rejectionComments", ""),
        in_pas=told.get("appointmentCancelledInPAS"),
        acting_for=call.acting_for,
        version=call.version,
    )
    return referrals.answer(call, changed)


@operation("A022")
@transaction.atomic
def cancel_action_later(call: Call, ubrn: str) -> Answer:
    """The provider cancels an appointment and will book another."""
    told = read(call.body, systems.profile("cancelAppointmentActionLater-Parameters"), _LATER)
    key = referrals.key_of(call, ubrn)
    changed = actions.cancel_action_later(
        actor=call.actor,
        referral_id=key,
        comment=told["comments"],
        in_pas=told.get("appointmentCancelledInPAS"),
        priority=asking.priority(told.get("priority")),
        acting_for=call.acting_for,
        version=call.version,
    )
    return referrals.answer(call, attached(call, changed, told.get("providerAttachmentFile", [])))


@operation("A028")
@transaction.atomic
def record_review_outcome(call: Call, ubrn: str) -> Answer:
    """A referral sent for triage, or deferred, is taken on or returned with advice."""
    told = read(call.body, systems.profile("RecordReviewOutcome-Parameters"), _REVIEWED)
    changed = _reviewed(call, ubrn, told)
    return referrals.answer(call, attached(call, changed, told.get("reviewAttachmentFile", [])))


def _reviewed(call: Call, ubrn: str, told: dict[str, Any]) -> Referral:
    outcome, said = told["reviewOutcome"], told.get("reviewPriority")
    if outcome not in {_BOOK_LATER, _ADVICE}:
        raise refuse("INVALID_CODE", "'reviewOutcome' is no outcome of a review")
    if said and outcome == _ADVICE:
        raise refuse("PRIORITY_NOT_CURRENT", "'reviewPriority' does not go with this outcome")
    more = {"priority": asking.priority(said)} if outcome == _BOOK_LATER else {}
    act = actions.accept_book_later if outcome == _BOOK_LATER else actions.return_with_advice
    return act(
        actor=call.actor,
        referral_id=referrals.key_of(call, ubrn),
        comment=told.get("reviewComments", ""),
        acting_for=call.acting_for,
        version=call.version,
        **more,
    )


@operation("A036")
def cancel(call: Call, ubrn: str) -> Answer:
    """The referral ends, and its appointment with it."""
    told = read(call.body, systems.profile("CancelReferral-Request-Parameters"), _ENDED)
    changed = actions.cancel_referral(
        actor=call.actor,
        referral_id=referrals.key_of(call, ubrn),
        reason=told["cancellationReason"],
        comment=told.get("cancellationComments", ""),
        version=call.version,
    )
    return updated(call, changed, "CancelReferral")
