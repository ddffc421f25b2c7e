"""The machines of mutual aid, each a table beside this file. Pure.

A patient's request to be treated elsewhere (PIDMAS), a provider's request for help (DMAS), an
offer of one place to one request, and the capacity that offers are made from.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from clockstop.core.state_tables import StateTable, read_states


class Party(StrEnum):
    """Who takes a step, towards one request."""

    PATIENT = "patient"  # or a carer
    PROVIDER = "provider"  # where the patient waits, of a patient's request
    SENDER = "sender"  # where the patient waits, of a request for help
    RECEIVER = "receiver"  # another provider
    HUB = "hub"  # of the ICB
    SYSTEM = "system"  # a rule, the clock, or another machine's step


class Asked(StrEnum):
    """Where a patient's request stands."""

    ELIGIBLE = "ELIGIBLE"
    INVITED = "INVITED"
    REQUESTED = "REQUESTED"
    OPTED_TO_STAY = "OPTED_TO_STAY"
    SUITABLE = "SUITABLE"
    NOT_SUITABLE = "NOT_SUITABLE"
    ICB_SEARCH = "ICB_SEARCH"
    DMAS_NATIONAL = "DMAS_NATIONAL"
    CHOOSING = "CHOOSING"
    PROVIDER_ASKED = "PROVIDER_ASKED"
    OFFER_TO_PATIENT = "OFFER_TO_PATIENT"
    TRANSFER = "TRANSFER"
    NO_ALTERNATIVE = "NO_ALTERNATIVE"
    CLOSED_MOVED = "CLOSED_MOVED"
    CLOSED_WITHDRAWN = "CLOSED_WITHDRAWN"
    CLOSED_DATED = "CLOSED_DATED"
    CLOSED_TREATED = "CLOSED_TREATED"
    CLOSED_DIED = "CLOSED_DIED"

    @property
    def label(self) -> str:
        """The state as staff read it."""
        return _ASKED[self]


_ASKED: dict[str, str] = {
    Asked.ELIGIBLE: "Eligible, not invited yet",
    Asked.INVITED: "Invited",
    Asked.REQUESTED: "Asked: to be reviewed",
    Asked.OPTED_TO_STAY: "Stays with the hospital",
    Asked.SUITABLE: "Suitable: to be searched for",
    Asked.NOT_SUITABLE: "Not suitable to move",
    Asked.ICB_SEARCH: "Searched for by the ICB",
    Asked.DMAS_NATIONAL: "Searched for in the whole country",
    Asked.CHOOSING: "Patient is choosing a provider",
    Asked.PROVIDER_ASKED: "Chosen provider was asked",
    Asked.OFFER_TO_PATIENT: "Offered to the patient",
    Asked.TRANSFER: "Accepted: being transferred",
    Asked.NO_ALTERNATIVE: "Nothing was found",
    Asked.CLOSED_MOVED: "Moved",
    Asked.CLOSED_WITHDRAWN: "No longer wanted",
    Asked.CLOSED_DATED: "Has a date with the hospital",
    Asked.CLOSED_TREATED: "Treated or no longer waiting",
    Asked.CLOSED_DIED: "The patient has died",
}
ASKED_ENDED = frozenset(
    {
        Asked.OPTED_TO_STAY,
        Asked.NOT_SUITABLE,
        Asked.NO_ALTERNATIVE,
        Asked.CLOSED_MOVED,
        Asked.CLOSED_WITHDRAWN,
        Asked.CLOSED_DATED,
        Asked.CLOSED_TREATED,
        Asked.CLOSED_DIED,
    }
)


class Aid(StrEnum):
    """Where a request for help stands."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    OFFERED = "OFFERED"
    WITH_PATIENT = "WITH_PATIENT"
    ACCEPTED = "ACCEPTED"
    TRANSFERRING = "TRANSFERRING"
    TRANSFERRED = "TRANSFERRED"
    RESULTED = "RESULTED"
    COMPLETED = "COMPLETED"
    RETURNED = "RETURNED"
    EXPIRED = "EXPIRED"
    CLOSED_PATIENT_DECLINED = "CLOSED_PATIENT_DECLINED"
    CLOSED_WITHDRAWN = "CLOSED_WITHDRAWN"
    CLOSED_TREATED = "CLOSED_TREATED"
    CLOSED_DIED = "CLOSED_DIED"

    @property
    def label(self) -> str:
        """The state as staff read it."""
        return _AID[self]


_AID: dict[str, str] = {
    Aid.DRAFT: "Draft",
    Aid.OPEN: "Open",
    Aid.OFFERED: "Offered",
    Aid.WITH_PATIENT: "With the patient",
    Aid.ACCEPTED: "Accepted: to be checked",
    Aid.TRANSFERRING: "Being transferred",
    Aid.TRANSFERRED: "Transferred",
    Aid.RESULTED: "Result to be read",
    Aid.COMPLETED: "Completed",
    Aid.RETURNED: "Returned",
    Aid.EXPIRED: "Expired without an offer",
    Aid.CLOSED_PATIENT_DECLINED: "Patient declined and stays",
    Aid.CLOSED_WITHDRAWN: "Withdrawn",
    Aid.CLOSED_TREATED: "Treated by the hospital itself",
    Aid.CLOSED_DIED: "The patient has died",
}
AID_ENDED = frozenset(
    {
        Aid.COMPLETED,
        Aid.RETURNED,
        Aid.CLOSED_PATIENT_DECLINED,
        Aid.CLOSED_WITHDRAWN,
        Aid.CLOSED_TREATED,
        Aid.CLOSED_DIED,
    }
)
# The patient has accepted and has not moved yet: no other acceptance may stand beside it.
AID_TAKEN = frozenset({Aid.ACCEPTED, Aid.TRANSFERRING})
# The patient has moved, so that the receiver has their record.
AID_MOVED = frozenset({Aid.TRANSFERRED, Aid.RESULTED, Aid.COMPLETED, Aid.RETURNED})


class OfferState(StrEnum):
    """Where one place that is held for one request stands."""

    HELD = "HELD"
    TAKEN = "TAKEN"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"

    @property
    def label(self) -> str:
        """The state as staff read it."""
        return _OFFER[self]


_OFFER: dict[str, str] = {
    OfferState.HELD: "Held",
    OfferState.TAKEN: "Taken",
    OfferState.RELEASED: "Not taken",
    OfferState.EXPIRED: "Hold ran out",
    OfferState.WITHDRAWN: "Withdrawn",
}
OFFER_LIVE = frozenset({OfferState.HELD, OfferState.TAKEN})


class CapacityState(StrEnum):
    """Where posted capacity stands."""

    POSTED = "POSTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"

    @property
    def label(self) -> str:
        """The state as staff read it."""
        return _CAPACITY[self]


_CAPACITY: dict[str, str] = {
    CapacityState.POSTED: "Posted",
    CapacityState.WITHDRAWN: "Withdrawn",
    CapacityState.EXPIRED: "Ran out",
}


@cache
def patient_requests() -> StateTable:
    """The machine of a patient's request (§6.4 of the national services notes)."""
    return read_states(__package__, "patient_requests.csv", _ASKED)


@cache
def aid_requests() -> StateTable:
    """The machine of a request for help (§6.2 of the national services notes)."""
    return read_states(__package__, "aid_requests.csv", _AID)


@cache
def offers() -> StateTable:
    """The machine of an offer of one place (§6.2 of the national services notes)."""
    return read_states(__package__, "offers.csv", _OFFER)


@cache
def capacities() -> StateTable:
    """The machine of posted capacity (§6.2 of the national services notes)."""
    return read_states(__package__, "capacities.csv", _CAPACITY)
