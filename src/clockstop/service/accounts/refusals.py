"""Why somebody could not be signed in: a code for the audit, plain words for them. Pure."""

from enum import StrEnum


class Why(StrEnum):
    """The code of a refusal. It says what was wrong and nothing about anybody."""

    CANCELLED = "cancelled"
    STATE = "state"
    UNREACHABLE = "unreachable"
    LATE = "late"
    ANSWER = "answer"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NONCE = "nonce"
    SUBJECT = "subject"
    LEVEL = "level"
    NHS_NUMBER = "nhs_number"
    NUMBER_TAKEN = "number_taken"
    NUMBER_CHANGED = "number_changed"
    UNKNOWN = "unknown"
    NO_ROLE = "no_role"


_NO_ANSWER = "The sign-in service does not answer at the moment. Try again later."
_AGAIN = "Go back and start to sign in again."
_NOT_PROVEN = (
    "The sign-in service gave an answer that we could not trust, so we did not use it. "
    "Start again. If it happens again, tell the people who run this site."
)
_OTHER_ACCOUNT = (
    "Your NHS number belongs to another account on this site. We never join accounts by ourselves. "
    "Sign in the way you did before, or ask the people who run this site to look into it."
)
WORDS: dict[Why, str] = {
    Why.CANCELLED: "You left the sign-in service before it said who you are. " + _AGAIN,
    Why.STATE: "This sign-in was used already, or was started too long ago. " + _AGAIN,
    Why.UNREACHABLE: _NO_ANSWER,
    Why.LATE: _NO_ANSWER,
    Why.LEVEL: (
        "The sign-in service has not proven who you are to the level that this site needs. "
        "Prove your identity fully there, then sign in again."
    ),
    Why.NHS_NUMBER: (
        "The sign-in service gave us no valid NHS number for you, so we cannot find your record."
    ),
    Why.NUMBER_TAKEN: _OTHER_ACCOUNT,
    Why.NUMBER_CHANGED: (
        "Your NHS number is not the one that you had when you last signed in. "
        "Ask the people who run this site to look into it."
    ),
    Why.UNKNOWN: "We know who you are, but nobody has given you a role here yet.",
    Why.NO_ROLE: "You have no role here today that goes with how you signed in.",
}


class RefusedError(Exception):
    """Somebody is not signed in. ``user_id`` is what a member of staff may pass on to be let in."""

    def __init__(self, why: Why, *, user_id: str = "") -> None:
        super().__init__(why.value)
        self.why = why
        self.user_id = user_id

    @property
    def words(self) -> str:
        """What to tell them."""
        return WORDS.get(self.why, _NOT_PROVEN)
