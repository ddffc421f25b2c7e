"""The states of a return, and what leads from one to another, as data. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a version of a return stands; the value is what rows hold."""

    DRAFT = "draft"
    CHECKED = "checked"
    SIGNED_OFF = "signed_off"
    SENT_BACK = "sent_back"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The state as people say it."""
        return _LABELS[self]


_LABELS = {
    State.DRAFT: "Has errors",
    State.CHECKED: "Ready to sign off",
    State.SIGNED_OFF: "Signed off",
    State.SENT_BACK: "Sent back",
    State.ACCEPTED: "Accepted",
    State.SUPERSEDED: "Replaced",
    State.REJECTED: "Rejected",
}
# What counts as the organisation's word for the period, until a later version is signed off.
COUNTS = frozenset({State.SIGNED_OFF, State.ACCEPTED, State.SENT_BACK})
# Versions that nobody has put their name to: the next one made takes their place.
UNSIGNED = frozenset({State.DRAFT, State.CHECKED})


class Step(StrEnum):
    """What moves a return on."""

    CHECK = "check"
    REJECT = "reject"
    SIGN_OFF = "sign_off"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    SUPERSEDE = "supersede"


@dataclass(frozen=True, slots=True)
class Transition:
    """A step from a state to another, and who takes it."""

    step: Step
    source: State
    target: State
    by: str


TRANSITIONS = (
    Transition(Step.CHECK, State.DRAFT, State.CHECKED, "the checks find no error"),
    Transition(Step.REJECT, State.DRAFT, State.REJECTED, "a file that was sent cannot be used"),
    Transition(Step.SIGN_OFF, State.CHECKED, State.SIGNED_OFF, "the provider"),
    Transition(Step.ACCEPT, State.SIGNED_OFF, State.ACCEPTED, "the commissioner"),
    Transition(Step.SEND_BACK, State.SIGNED_OFF, State.SENT_BACK, "the commissioner"),
    Transition(Step.SUPERSEDE, State.DRAFT, State.SUPERSEDED, "a later version is made"),
    Transition(Step.SUPERSEDE, State.CHECKED, State.SUPERSEDED, "a later version is made"),
    Transition(Step.SUPERSEDE, State.SIGNED_OFF, State.SUPERSEDED, "a later one is signed off"),
    Transition(Step.SUPERSEDE, State.ACCEPTED, State.SUPERSEDED, "a later one is signed off"),
    Transition(Step.SUPERSEDE, State.SENT_BACK, State.SUPERSEDED, "a later one is signed off"),
)
_TARGETS: Mapping[tuple[State, Step], State] = {
    (each.source, each.step): each.target for each in TRANSITIONS
}


class NotPossibleError(ValueError):
    """A step that a return in its state does not take."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(f"a return that is {state.value} cannot {step.value}")
        self.state, self.step = state, step


def after(state: State, step: Step) -> State:
    """The state that a step leads to. Raises NotPossibleError."""
    try:
        return _TARGETS[state, step]
    except KeyError:
        raise NotPossibleError(state, step) from None


def allows(state: State, step: Step) -> bool:
    """Whether a return in the state takes the step."""
    return (state, step) in _TARGETS
