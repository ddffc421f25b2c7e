"""The return says of every pathway what the rules for one patient say."""

import random
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.clocks.test_events_table import as_entered
from tests.analytics.clocks.test_kernel import COMMON, POLICIES, SPECS
from tests.analytics.returns.compared import assert_same, assert_same_of_each
from tests.analytics.returns.dressed import dressed_by_chance
from tests.analytics.synthetic.patients.conftest import made
from tests.core.rtt.drawn import any_events
from tests.core.rtt.spec import Spec

from clockstop.analytics.clocks import events_table
from clockstop.analytics.clocks.checks import EventsRefusedError
from clockstop.analytics.returns.monthly import monthly_return
from clockstop.core.rtt.policy import DEFAULT, DnaStop, Policy
from clockstop.core.types import Month

SEPTEMBER = Month(2025, 9)
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


def events(*texts):
    """A table of pathways, each written as in the worked situations."""
    specs = [Spec(paragraph="", title="", events=text) for text in texts]
    return events_table.table(enumerate(spec.pathway.events for spec in specs))


def returned(*texts, month=SEPTEMBER):
    table = events(*texts)
    return monthly_return(table.select("pathway").unique(), table, month)


ALIKE = {
    "any": (pathways(), POLICIES),
    "common, corrected": (pathways(corrected=True, kinds=COMMON, most=20), POLICIES),
    "who move": (pathways(kinds=MOVES, most=16), st.just(DEFAULT)),
}


@pytest.mark.parametrize("alike", ALIKE)
def test_any_events(alike):
    drawn, policies = ALIKE[alike]

    @settings(deadline=None, max_examples=5)
    @given(drawn, policies, MONTHS)
    def compared(drawn, policy, month):
        assert_same_of_each(drawn, month, policy=policy, rows=40)

    compared()


def _sample(size, seeds):
    """Lists by chance; what they show must include all that a return can show."""
    seen = dict.fromkeys(("counts", "left_out", "unfiled", "revisions", "to_revise"), 0)
    by_hand = 0
    for seed in seeds:
        chance = random.Random(seed)
        drawn = [dressed_by_chance(chance) for _ in range(size)]
        policy = Policy(dna_discharge_stop=DnaStop.MISSED_APPOINTMENT) if seed % 3 else DEFAULT
        month = Month(2024, 2).plus(seed % 14)
        found = assert_same_of_each(drawn, month, policy=policy, rows=200)
        seen = {name: count + len(getattr(found, name)) for name, count in seen.items()}
        by_hand += found.by_hand
    assert min(seen.values()) > 0, seen
    assert by_hand > 0


def test_plausible_pathways():
    _sample(60, (9, 16, 34))


@pytest.mark.soak
def test_many_plausible_pathways():
    _sample(60, range(300))


def test_every_worked_situation():
    for month in (Month(2025, 1), Month(2025, 6)):
        assert_same_of_each([spec.pathway.events for spec in SPECS], month)


def test_synthetic_patients_with_faults_now_and_later(small_with_faults):
    keys = small_with_faults.select("pathway").unique().sort("pathway").gather_every(7)
    sample = small_with_faults.join(keys, on="pathway", how="semi", maintain_order="left")
    assert_same(sample, SEPTEMBER, rows=300)
    assert_same(sample, Month(2025, 8))


@pytest.fixture(scope="module")
def small_with_faults(small_lake, tmp_path_factory):
    folder = tmp_path_factory.mktemp("faulty")
    return made(folder, small_lake, faults=0.3).events


MOVED = """
2025-09-01 referral_received provider=RAA treatment_function=110
2025-09-01 commissioner_recorded practice=15F
2025-09-10 transfer_sent provider=RAA to=RBB
2025-09-11 transfer_received provider=RBB original_start=2025-09-01
{then}
"""


def test_a_transfer_counts_in_neither_completed_nor_new_periods():
    found = returned(MOVED.format(then="")).counts
    assert found.select("provider", "part").rows() == [("RAA", "Part_3"), ("RBB", "Part_2")]


def test_the_receiver_counts_the_stop_and_the_whole_wait():
    then = "2025-09-29 treatment_started provider=RBB treatment_function=301"
    found = returned(MOVED.format(then=then)).counts
    assert found.select("provider", "function", "part", "band").rows() == [
        ("RAA", "C_301", "Part_3", None),
        ("RBB", "C_301", "Part_1B", 3),
    ]


def test_each_provider_has_its_own_and_what_may_be_its_own():
    sent = MOVED.format(then="")
    nobodys = "2025-09-01 referral_received"
    unknown = "2025-09-01 transfer_received provider=RAA"
    community = "2025-09-01 referral_received provider=RBB service=community_consultant_led"
    every = returned(sent, nobodys, unknown, community)
    ours, theirs = every.only(["RAA"]), every.only(["RBB"])
    assert ours.counts["provider"].to_list() == [None, None, "RAA", "RAA"]
    assert theirs.counts["provider"].to_list() == [None, None, "RBB"]
    assert set(ours.unfiled["pathway"]) == {1, 2}
    assert set(theirs.unfiled["pathway"]) == {1}
    assert (len(ours.left_out), len(theirs.left_out)) == (0, 1)


def test_care_due_on_the_census_day_is_overdue():
    text = "2025-03-03 planned_listed provider=RAA treatment_function=110 due=2025-09-30"
    assert returned(text).counts["part"].to_list() == ["Part_2", "Part_3"]


def test_what_is_known_after_the_census_is_used():
    """An admission that came to nothing in October had not ended the wait in September."""
    came_to_nothing = """
        2025-09-01 referral_received provider=RAA
        2025-09-29 admission
        2025-10-02 admission_outcome admission=e2 result=not_carried_out
        """
    assert "Part_2" in returned(came_to_nothing).counts["part"].to_list()


def test_the_months_to_revise_are_added_up_by_cell():
    late = """
        2025-07-01 referral_received provider=RAA treatment_function=110
        2025-07-01 commissioner_recorded practice=15F
        2025-08-04 treatment_started provider=RAA treatment_function=110 recorded=2025-09-08
        """
    found = returned(late, late)
    assert found.counts.is_empty()
    assert found.left_out.select("rule").to_series().to_list() == ["report-stopped-earlier"] * 2
    cell = ("2025-08", "RAA", "15F", "C_110")
    assert found.to_revise.rows() == [(*cell, "Part_1B", 0, 2), (*cell, "Part_2", 2, 0)]


def test_pathways_without_events_are_told():
    table = events("2025-09-01 referral_received")
    keys = pl.DataFrame({"pathway": [0, 7, 9]})
    found = monthly_return(keys, table, SEPTEMBER)
    assert (found.pathways, found.silent) == (3, 2)


def test_nobody_gives_an_empty_return():
    found = monthly_return(pl.DataFrame({"pathway": [1]}), events(), SEPTEMBER)
    assert (found.counts.is_empty(), found.to_revise.is_empty(), found.silent) == (True, True, 1)


def test_events_of_an_unknown_pathway_are_refused():
    table = events(*["2025-09-01 referral_received"] * 3)
    with pytest.raises(EventsRefusedError, match=r"found 1, expected one of the table .* \(2 such"):
        monthly_return(pl.DataFrame({"pathway": [0]}), table, SEPTEMBER)


def test_all_parts_are_looked_at_before_a_refusal():
    table = events(*["2025-09-01 referral_received"] * 3).with_columns(
        day=pl.when(pl.col("pathway") != 1).then(pl.lit(date(1800, 1, 1))).otherwise("day")
    )
    with pytest.raises(EventsRefusedError) as refusal:
        monthly_return(table.select("pathway"), table, SEPTEMBER, rows=1)
    assert len(refusal.value.problems) == 2


def test_a_table_of_something_else_is_refused():
    with pytest.raises(EventsRefusedError, match="column kind: missing"):
        monthly_return(pl.DataFrame({"pathway": [0]}), pl.DataFrame({"day": [1]}), SEPTEMBER)
