"""The kernel says of every pathway what the readable engine says, row by row."""

import random
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.clocks.compared import assert_same
from tests.analytics.clocks.plausible import bare, pathway_by_chance
from tests.analytics.clocks.test_events_table import as_entered
from tests.analytics.clocks.test_in_step import WITHOUT_EFFECT
from tests.core.rtt.drawn import DAYS, FIRST, any_events
from tests.core.rtt.specs import ALL
from tests.sizes import slow

from clockstop.analytics.clocks.deriving import derive_periods
from clockstop.analytics.clocks.events_table import columns, table
from clockstop.core.rtt.events import (
    ReferralReceived,
    SlotIssueListed,
    TransferReceived,
    UbrnConverted,
)
from clockstop.core.rtt.folding.handlers import HANDLERS
from clockstop.core.rtt.policy import DEFAULT, Policy, choice_types
from clockstop.core.rtt.reading import written

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


@slow()
@given(pathways(), POLICIES, AS_OF)
def test_any_events(drawn, policy, as_of):
    assert_same(drawn, policy=policy, as_of=as_of, rows=40)


@slow()
@given(pathways(corrected=True), POLICIES, AS_OF)
def test_any_events_corrected(drawn, policy, as_of):
    assert_same(drawn, policy=policy, as_of=as_of)


@slow()
@given(pathways(corrected=True, kinds=COMMON, most=40), POLICIES, AS_OF)
def test_long_pathways_of_common_events(drawn, policy, as_of):
    assert_same(drawn, policy=policy, as_of=as_of)


TOGETHER = {
    "planned care": "planned_listed planned_removed attendance admission treatment_started death",
    "starts passed on": "referral_received transfer_received attendance treatment_started",
    "offers": "referral_received date_offered offer_declined monitoring_started patient_goes_ahead",
}


def _in_one_week(events):
    """The same events with all their days near each other, so that many are equal."""
    return tuple(
        replace(
            event,
            **{
                name: FIRST + (value - FIRST) % timedelta(days=7)
                for name, value in vars(event).items()
                if isinstance(value, date)
            },
        )
        for event in events
    )


@pytest.mark.hypothesis
@pytest.mark.parametrize("kinds", TOGETHER.values(), ids=list(TOGETHER))
def test_kinds_that_bear_on_each_other_in_one_week(kinds):
    @slow()
    @given(pathways(kinds=tuple(kinds.split()), most=20), AS_OF)
    def compared(drawn, as_of):
        assert_same([_in_one_week(events) for events in drawn], as_of=as_of)

    compared()


NAMES = st.sampled_from(
    ["000012345678", "0000-1234 5678", "000087654321", "0" * 12 + "12345678", "x" + "0" * 19, "A"]
)
PADDED = st.builds(str.zfill, NAMES.map(lambda name: name.replace("-", "")), st.just(20))
IDENTIFIED = st.one_of(
    st.builds(UbrnConverted, id=st.just(""), day=DAYS, ubrn=NAMES, linked_to=st.none() | NAMES),
    st.builds(SlotIssueListed, id=st.just(""), day=DAYS, ubrn=NAMES),
    st.builds(
        TransferReceived,
        id=st.just(""),
        day=DAYS,
        pathway_id=st.none() | PADDED | NAMES.map(lambda name: name.ljust(20, "0")),
        issuer=st.sampled_from(["X09", "RAA", None]),
    ),
)


@slow()
@given(st.lists(st.lists(IDENTIFIED, min_size=1, max_size=6), min_size=1, max_size=8))
def test_pathway_identifiers(drawn):
    named = [
        tuple(replace(event, id=f"e{at}") for at, event in enumerate(events, start=1))
        for events in drawn
    ]
    assert_same(named)


def test_a_padded_booking_reference_is_read_by_hand_in_its_place():
    booked = UbrnConverted(id="e1", day=FIRST, ubrn="000012345678")
    padded = TransferReceived(
        id="e2", day=FIRST, pathway_id="1" + "000012345678".zfill(19), issuer="X09"
    )
    same = replace(padded, pathway_id="000012345678".zfill(20))
    other = replace(padded, issuer="RAA")
    found = assert_same([(booked, each) for each in (same, padded, other, same)])
    assert found.by_hand == 1
    assert found.periods["pathway"].to_list() == [0, 1, 2, 3]
    assert found.findings.rows() == [(2, 2, "pathway_id_changed", FIRST)]


@slow()
@given(pathways(corrected=True))
def test_a_field_left_out_has_the_default_of_its_kind(drawn):
    rows = [
        {"pathway": key, "number": number, **written(event)}
        for key, events in enumerate(drawn)
        for number, event in enumerate(events, start=1)
    ]
    days = {name for name, kind in columns().items() if kind == pl.Date()}
    read = [
        {name: date.fromisoformat(each) if name in days else each for name, each in row.items()}
        for row in rows
    ]
    sparse = pl.DataFrame(
        [{name: row.get(name) for name in columns()} for row in read], schema=dict(columns())
    )
    assert derive_periods(sparse).equals(derive_periods(table(enumerate(drawn))))


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
