"""The reason that goes with a state, in the system of codes that it is of."""

from __future__ import annotations

from clockstop.core.codes.ers import ErsList, ers_codes
from clockstop.service.ers import systems
from clockstop.service.fhir.building import Json, coding
from clockstop.service.referrals.states import State

_REVIEW_REASONS = {"NO_SLOTS_AT_SERVICE", "SLOT_NOT_AVAILABLE", "BOOKING_ATTEMPT_PROBLEM", "TRIAGE"}
_OUTCOMES = {
    "ACCEPT_REFER_BOOK_LATER": "Accept/Refer, Book Later",
    "RETURN_TO_REFERRER_WITH_ADVICE": "Return to Referrer With Advice",
    "CANCEL_APPOINTMENT_ACTION_LATER": "Cancel Appointment Action Later",
    "PROVIDER_CONVERTED_ADVICE_AND_GUIDANCE_ADMIN_TO_REFER": (
        "Provider Converted Advice and Guidance, Admin to Refer"
    ),
}
_LISTS = {
    State.CANCELLED_REFERRAL: (systems.REFERRAL_CANCELLATION, ErsList.REFERRAL_CANCELLATION),
    State.DID_NOT_ATTEND: (systems.NON_ATTENDANCE, ErsList.NON_ATTENDANCE),
}
_OTHERWISE = (systems.CANCELLATION, ErsList.APPOINTMENT_CANCELLATION)


def reason_coding(code: str, state: State, base: str) -> Json | None:
    """The coding of a reason; none where there is none, as beside a booking."""
    if not code:
        return None
    if code in _REVIEW_REASONS:
        return coding(systems.REVIEW_REASON, code)
    if code in _OUTCOMES:
        return coding(systems.REVIEW_OUTCOME, code, _OUTCOMES[code])
    system, which = _LISTS.get(state, _OTHERWISE)
    known = ers_codes(which).get(code)
    return coding(base + system, code, known.display if known else "")
