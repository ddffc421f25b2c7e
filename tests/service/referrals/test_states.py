"""The table of states: what is in it leads on, everything else is refused with its reason."""

from itertools import product

import pytest

from clockstop.service.referrals.states import (
    ENDED,
    Party,
    State,
    actions_from,
    against,
    transitions,
)

TABLE = transitions()


@pytest.mark.parametrize("action", TABLE)
def test_what_the_table_has_is_allowed_to_those_it_names(action):
    for state, party in product(TABLE[action].starts or (None,), TABLE[action].by):
        assert against(action, state, [party]) == ()


@pytest.mark.parametrize(("action", "state"), list(product(TABLE, [None, *State])))
def test_what_the_table_has_not_is_refused_with_its_reason(action, state):
    starts = TABLE[action].starts
    if (state in starts) if starts else (state is None):
        return
    (refusal,) = against(action, state, Party)
    assert refusal.code == "INVALID_REQUEST_STATE"
    assert TABLE[action].label in refusal.words
    assert (state.label.lower() if state else "not there yet") in refusal.words


@pytest.mark.parametrize("action", TABLE)
def test_others_than_the_table_names_are_refused(action):
    others = set(Party) - set(TABLE[action].by)
    state = next(iter(TABLE[action].starts), None)
    assert [each.code for each in against(action, state, others)] == ["NO_RELATIONSHIP"]


def test_every_state_can_be_reached():
    reached, grown = set(), True
    while grown:
        before = len(reached)
        for each in TABLE.values():
            if not each.starts or reached & set(each.starts):
                reached.add(each.to)
        grown = len(reached) > before
    assert reached == set(State)


def test_nothing_leads_out_of_an_end_and_something_out_of_everything_else():
    for state in State:
        assert bool(actions_from(state, Party)) is (state not in ENDED)
