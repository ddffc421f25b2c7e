"""The kernel says of every pathway what the readable engine says, row by row."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.clocks.compared import assert_same
from tests.analytics.clocks.plausible import bare, pathway_by_chance
from tests.analytics.clocks.test_events_table import as_entered
from tests.analytics.clocks.test_in_step import WITHOUT_EFFECT
from tests.core.rtt.drawn import DAYS, FIRST, any_events
from tests.core.rtt.specs import ALL

from clockstop.core.rtt.events import ReferralReceived
from clockstop.core.rtt.folding.handlers import HANDLERS
from clockstop.core.rtt.policy import DEFAULT, Policy, choice_types

COMMON = [
    "referral_received",
    "ubrn_converted",
    "slot_issue_listed",
    "attendance",
    "administrative_outcome",
    "admission",
    "admission_outcome",
    "decision_to_admit",
    "decision_to_treat",
    "did_not_attend",
    "rebook_requested",
    "another_appointment_decided",
    "discharged_to_gp",
    "cancellation",
    "date_offered",
    "offer_declined",
    "monitoring_started",
    "monitoring_reviewed",
    "patient_goes_ahead",
    "transfer_sent",
    "transfer_received",
    "treatment_started",
    "planned_listed",
    "planned_removed",
]


def _choices(kind):
    if kind is bool:
        return st.booleans()
    return st.integers(0, 120) if kind is int else st.sampled_from(kind)


POLICIES = st.just(DEFAULT) | st.builds(
    Policy, **{name: st.none() | _choices(kind) for name, kind in choice_types().items()}
)
AS_OF = st.none() | DAYS


def pathways(**drawn):
    return st.lists(any_events(**drawn).map(as_entered).filter(bool), min_size=1, max_size=12)


@settings(deadline=None)
@given(pathways(), POLICIES, AS_OF)
def test_any_events(drawn, policy, as_of):
    assert_same(drawn, policy=policy, as_of=as_of, rows=40)


@settings(deadline=None)
@given(pathways(corrected=True), POLICIES, AS_OF)
def test_any_events_corrected(drawn, policy, as_of):
    assert_same(drawn, policy=policy, as_of=as_of)


@settings(deadline=None)
@given(pathways(corrected=True, kinds=COMMON, most=40), POLICIES, AS_OF)
def test_long_pathways_of_common_events(drawn, policy, as_of):
    assert_same(drawn, policy=policy, as_of=as_of)


SPECS = [spec for module in ALL for spec in module.SPECS]


def _asked(spec):
    return spec.policy, spec.pathway.as_of


def test_every_worked_situation():
    for policy, as_of in {_asked(spec) for spec in SPECS}:
        alike = [spec.pathway.events for spec in SPECS if _asked(spec) == (policy, as_of)]
        assert_same(alike, policy=policy, as_of=as_of)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in HANDLERS if kind.kind not in WITHOUT_EFFECT],
    ids=lambda kind: kind.kind,
)
def test_a_core_that_passes_over_a_kind_is_found_out(kind, monkeypatch):
    with_it = [
        spec.pathway.events
        for spec in SPECS
        if any(type(event) is kind for event in spec.pathway.events)
    ]
    alone = bare(kind, {"id": "e1", "day": FIRST}, "e9")
    after_referral = (ReferralReceived(id="e1", day=FIRST), replace(alone, id="e2"))
    monkeypatch.setitem(HANDLERS, kind, lambda state, event, _: state.keep(event, "none-noted"))
    with pytest.raises(AssertionError, match=rf'differ for\n(?s:.*)"{kind.kind}"'):
        assert_same([*with_it, (alone,), after_referral])


def _sample(size):
    chance = random.Random(1948)
    found = assert_same([pathway_by_chance(chance) for _ in range(size)])
    assert found.by_hand <= size // 100
    periods = found.periods
    assert periods["number"].max() > 3
    assert periods["ending"].n_unique() > 8


def test_plausible_pathways_of_a_small_list():
    _sample(1500)


@pytest.mark.soak
def test_plausible_pathways_of_a_long_list():
    _sample(100_000)
