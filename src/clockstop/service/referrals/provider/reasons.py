"""The reasons that steps carry, in words."""

from clockstop.core.codes.ers import ErsList, ers_codes

_LISTS = (
    ErsList.APPOINTMENT_CANCELLATION,
    ErsList.REFERRAL_CANCELLATION,
    ErsList.NON_ATTENDANCE,
)
_DEFERRED = {
    "NO_SLOTS_AT_SERVICE": "The service had no free appointment",
    "SLOT_NOT_AVAILABLE": "The appointment had just gone",
    "BOOKING_ATTEMPT_PROBLEM": "The booking system did not answer",
}


def reason_named(code: str) -> str:
    """A reason of the e-RS lists, or for deferring, in words; nothing for what says nothing more.

    Codes such as ACCEPT_REFER_BOOK_LATER only repeat the step that they stand with.
    """
    for which in _LISTS:
        if code in ers_codes(which):
            return ers_codes(which)[code].display
    return _DEFERRED.get(code, "")
