"""What leads from one state of a return to another: every pair of state and step."""

import pytest

from clockstop.service.returns.states import (
    COUNTS,
    TRANSITIONS,
    UNSIGNED,
    NotPossibleError,
    State,
    Step,
    after,
    allows,
)

LEADS = {
    (State.DRAFT, Step.CHECK): State.CHECKED,
    (State.DRAFT, Step.REJECT): State.REJECTED,
    (State.DRAFT, Step.SUPERSEDE): State.SUPERSEDED,
    (State.CHECKED, Step.SIGN_OFF): State.SIGNED_OFF,
    (State.CHECKED, Step.SUPERSEDE): State.SUPERSEDED,
    (State.SIGNED_OFF, Step.ACCEPT): State.ACCEPTED,
    (State.SIGNED_OFF, Step.SEND_BACK): State.SENT_BACK,
    (State.SIGNED_OFF, Step.SUPERSEDE): State.SUPERSEDED,
    (State.ACCEPTED, Step.SUPERSEDE): State.SUPERSEDED,
    (State.SENT_BACK, Step.SUPERSEDE): State.SUPERSEDED,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_every_step_from_every_state(state, step):
    assert allows(state, step) is ((state, step) in LEADS)
    if (state, step) in LEADS:
        assert after(state, step) is LEADS[state, step]
    else:
        with pytest.raises(NotPossibleError):
            after(state, step)


def test_nothing_leads_on_from_what_was_rejected_or_replaced():
    assert {each.source for each in TRANSITIONS} == set(State) - {State.REJECTED, State.SUPERSEDED}


def test_what_counts_was_signed_off_and_can_be_replaced():
    assert not COUNTS & UNSIGNED
    assert all(allows(state, Step.SUPERSEDE) for state in COUNTS | UNSIGNED)
    assert all(state.label for state in State)
