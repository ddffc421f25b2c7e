"""The tables of mutual aid: what is in them leads on, all else is refused with its reason."""

from itertools import product

import pytest

from clockstop.core.state_tables import NOT_FROM_HERE, NOT_YOURS
from clockstop.service.transfers import states

MACHINES = {
    "patient requests": (states.patient_requests(), states.Asked, states.ASKED_ENDED),
    "requests for help": (states.aid_requests(), states.Aid, states.AID_ENDED),
    "offers": (
        states.offers(),
        states.OfferState,
        frozenset(states.OfferState) - states.OFFER_LIVE,
    ),
    "capacity": (states.capacities(), states.CapacityState, {"WITHDRAWN", "EXPIRED"}),
}
PARTIES = [each.value for each in states.Party]
each_machine = pytest.mark.parametrize("machine", MACHINES)


@each_machine
def test_every_pair_of_action_and_state_is_as_the_table_says(machine):
    table, known, _ = MACHINES[machine]
    for row, state in product(table.rows.values(), ["", *known]):
        codes = [each.code for each in table.against(row.action, state, PARTIES)]
        assert codes == ([] if state in (row.starts or ("",)) else [NOT_FROM_HERE])


@each_machine
def test_others_than_the_table_names_are_refused(machine):
    table, _, _ = MACHINES[machine]
    for row in table.rows.values():
        assert set(row.by) <= set(PARTIES)
        others = set(PARTIES) - set(row.by)
        state = next(iter(row.starts), "")
        assert [each.code for each in table.against(row.action, state, others)] == [NOT_YOURS]


@each_machine
def test_every_state_is_reached_and_only_ends_lead_nowhere(machine):
    table, known, ended = MACHINES[machine]
    assert table.reachable() == set(known)
    for state in known:
        leads = {each.action for each in table.actions_from(state, PARTIES)}
        assert bool(leads - {"resume"}) is (state not in ended)  # which undoes a mistaken end


@each_machine
def test_every_row_has_its_source(machine):
    assert all(row.source and row.label for row in MACHINES[machine][0].rows.values())


@pytest.mark.parametrize("machine", ["patient requests", "requests for help"])
def test_a_death_ends_whatever_has_not_ended(machine):
    table, known, ended = MACHINES[machine]
    assert set(table.rows["close_died"].starts) == set(known) - set(ended)
