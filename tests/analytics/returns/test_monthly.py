"""The return says of every pathway what the rules for one patient say."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.clocks.test_events_table import as_entered
from tests.analytics.clocks.test_kernel import COMMON, POLICIES
from tests.analytics.returns.compared import assert_same_of_each
from tests.core.rtt.drawn import any_events

from clockstop.core.types import Month

MONTHS = st.sampled_from([Month(2024, 1).plus(number) for number in range(15)])
MOVES = [
    "referral_received",
    "transfer_sent",
    "transfer_received",
    "attendance",
    "decision_to_admit",
    "admission",
    "admission_outcome",
    "commissioner_recorded",
]


def pathways(**drawn):
    return st.lists(any_events(**drawn).map(as_entered).filter(bool), min_size=1, max_size=10)


@settings(deadline=None, max_examples=60)
@given(pathways(), POLICIES, MONTHS)
def test_any_events(drawn, policy, month):
    assert_same_of_each(drawn, month, policy=policy, rows=40)


@settings(deadline=None, max_examples=60)
@given(pathways(corrected=True, kinds=COMMON, most=20), POLICIES, MONTHS)
def test_common_events_corrected(drawn, policy, month):
    assert_same_of_each(drawn, month, policy=policy)


@settings(deadline=None, max_examples=60)
@given(pathways(kinds=MOVES, most=16), MONTHS)
def test_patients_who_move(drawn, month):
    assert_same_of_each(drawn, month)
