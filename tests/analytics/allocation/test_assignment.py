"""A whole cohort: nobody where they must not be, and for everybody a reason."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analytics.allocation.made import (
    LEEDS,
    TERMS,
    YORK,
    capacities,
    capacity,
    days,
    request,
    requests,
)
from tests.sizes import slow

from clockstop.analytics.allocation import Against, Stage, fit
from clockstop.analytics.allocation.assignment import Beside, Outcome, assign

SCOPE = {Against.STAGE, Against.FUNCTION, Against.PROCEDURE, Against.TEST}
OWN = {Against.CANCER, Against.REVIEW_OVERDUE}


@st.composite
def cohorts(draw, batches=False):
    """Some of anything, and some that fit each other."""
    asked = [draw(requests(f"r{at}")) for at in range(draw(st.integers(0, 4)))]
    asked += [
        request(
            f"s{at}",
            priority=draw(st.sampled_from(["", "P2"])),
            waiting_since=days(-draw(st.sampled_from([100, 300, 400]))),
            weeks_left=draw(st.sampled_from([6, 20])),
            home=draw(st.sampled_from([LEEDS, YORK])),
            deprivation_decile=draw(st.sampled_from([1, 3, 9])),
            review_by=draw(st.sampled_from([None, None, None, days(-1)])),
        )
        for at in range(draw(st.integers(0, 5)))
    ]
    offered = [draw(capacities(f"c{at}")) for at in range(draw(st.integers(0, 3)))]
    offered += [
        capacity(
            f"d{at}",
            places=draw(st.integers(0, 3)),
            weeks_until=draw(st.sampled_from([4, 8])),
            at=draw(st.sampled_from([LEEDS, YORK])),
            minimum_batch=draw(st.integers(1, 3)) if batches else 1,
        )
        for at in range(draw(st.integers(0, 3)))
    ]
    return asked, offered


def served(assignment, asked):
    order = sorted({(one.urgency(TERMS.on), -one.days_waited(TERMS.on)) for one in asked})
    places = assignment.places
    return [
        sum(
            one.id in places
            for one in asked
            if (one.urgency(TERMS.on), -one.days_waited(TERMS.on)) == each
        )
        for each in order
    ]


@settings(slow(60))
@given(cohorts(batches=True))
def test_nobody_is_where_they_must_not_be(cohort):
    asked, offered = cohort
    assignment = assign(asked, offered, TERMS)
    asks, offers = ({each.id: each for each in side} for side in cohort)
    places = assignment.places
    for mine, theirs in places.items():
        assert fit(asks[mine], offers[theirs], TERMS).is_fit
        assert not asks[mine].is_cancer
        assert asks[mine].stage is not Stage.CANCER
        assert asks[mine].review_by is None or asks[mine].review_by >= TERMS.on
    for one in offered:
        senders = [asks[mine].provider for mine, theirs in places.items() if theirs == one.id]
        assert len(senders) <= one.free
        assert all(senders.count(each) >= one.minimum_batch for each in senders)


@settings(slow(60))
@given(cohorts(batches=True), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_decides_nothing(cohort, chance):
    asked, offered = (list(side) for side in cohort)
    assignment = assign(asked, offered, TERMS)
    random.Random(chance.random()).shuffle(asked)
    chance.shuffle(offered)
    other = assign(asked, offered, TERMS)
    assert other.places == assignment.places
    assert other.table().equals(assignment.table())
    assert other.worth() == assignment.worth()


@settings(slow(60))
@given(cohorts())
def test_whoever_gets_no_place_is_told_why(cohort):
    asked, offered = cohort
    assignment = assign(asked, offered, TERMS)
    for one in asked:
        fits = [fit(one, each, TERMS) for each in offered]
        some = any(each.is_fit for each in fits)
        outcome = assignment.outcome(one.id)
        if outcome is Outcome.PLACED:
            assert one.id in assignment.places
        elif one.held_at:
            assert outcome is Outcome.HELD
        elif some:
            assert outcome is Outcome.ALL_TAKEN
            explained = assignment.explain(one.id)
            assert {each.why for each in explained.alternatives} == {Beside.TAKEN}
        elif outcome is Outcome.NOTHING_FITS:
            offering = [each for each in fits if not SCOPE & {r.code for r in each.against}]
            fewest = min((len(each.against) for each in offering), default=0)
            closest = {e.binding.code for e in offering if len(e.against) == fewest}
            assert assignment.binding(one.id) in (closest or OWN)
        else:
            assert outcome is Outcome.NOBODY_OFFERS
            assert all(SCOPE & {reason.code for reason in each.against} for each in fits)


@settings(slow(60))
@given(cohorts())
def test_whoever_has_a_place_of_theirs_comes_no_later(cohort):
    asked, offered = cohort
    assignment = assign(asked, offered, TERMS)
    coming = {one.id: (one.urgency(TERMS.on), -one.days_waited(TERMS.on)) for one in asked}
    for one in asked:
        if assignment.outcome(one.id) is Outcome.ALL_TAKEN:
            theirs = {each.fit.capacity for each in assignment.explain(one.id).alternatives}
            holders = [mine for mine, place in assignment.places.items() if place in theirs]
            assert all(coming[mine] <= coming[one.id] for mine in holders)


@settings(slow(60))
@given(cohorts(), st.data())
def test_one_more_place_leaves_nobody_earlier_worse_off(cohort, data):
    asked, offered = cohort
    if not offered:
        return
    before = served(assign(asked, offered, TERMS), asked)
    at = data.draw(st.integers(0, len(offered) - 1))
    offered[at] = replace(offered[at], places=offered[at].places + 1)
    after = served(assign(asked, offered, TERMS), asked)
    assert after >= before


def test_a_small_cohort_from_end_to_end():
    asked = [
        request("long", waiting_since=days(-740)),
        request("overdue", priority="P2", due_by=days(-3), waiting_since=days(-60)),
        request("late", waiting_since=days(-300), deprivation_decile=9),
        request("poor", waiting_since=days(-300), deprivation_decile=2),
        request("cancer", is_cancer=True),
        request("held", held_at="elsewhere"),
        request("big", bmi=45),
        request("eye", function="C_130"),
    ]
    offered = [
        capacity("soon", places=2, highest_bmi=40, weeks_until=3),
        capacity("later", places=1, highest_bmi=40, weeks_until=9),
    ]
    assignment = assign(asked, offered, TERMS)
    assert assignment.is_proven
    assert set(assignment.places) == {"overdue", "long", "poor"}
    assert assignment.outcome("late") is Outcome.ALL_TAKEN
    assert assignment.outcome("held") is Outcome.HELD
    assert assignment.outcome("eye") is Outcome.NOBODY_OFFERS
    assert assignment.binding("big") is Against.BMI
    assert assignment.binding("cancer") is Against.CANCER
    assert [(each.capacity, each.urgency, each.days) for each in assignment.worth()] == [
        ("later", 7, 300),
        ("soon", 7, 300),
    ]
    fifths = assignment.fairness().rows()
    assert [row[:3] for row in fifths] == [(1, 1, 1), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 1, 0)]
    row = next(row for row in assignment.table().rows(named=True) if row["request"] == "big")
    assert row["outcome"] == "nothing_fits"
    assert (row["binding"], row["closest"], row["capacity"]) == ("bmi", "later", None)


def test_places_that_fit_too_say_why_they_are_not_proposed():
    offered = [
        capacity("best", weeks_until=3),
        capacity("late", weeks_until=5),
        capacity("far", weeks_until=3, at=LEEDS),
        capacity("same", weeks_until=3),
    ]
    assignment = assign([request(home=YORK)], offered, TERMS)
    explained = assignment.explain("r1")
    assert explained.chosen.capacity == "best"
    said = {each.fit.capacity: each.words for each in explained.alternatives}
    assert said == {"late": "2 weeks later", "far": "22 miles further", "same": "no better"}


def test_a_batch_that_is_not_reached_is_named():
    assignment = assign([request()], [capacity(minimum_batch=2)], TERMS)
    assert assignment.outcome("r1") is Outcome.BATCH_NOT_REACHED
    assert [each.why for each in assignment.explain("r1").alternatives] == [Beside.BATCH]


def test_ids_that_come_twice_are_all_named():
    with pytest.raises(ValueError, match="request ids: found a, b again, expected each once"):
        assign([request(each) for each in "abba"], [], TERMS)


def test_nobody_and_nothing():
    assert assign([], [], TERMS).places == {}
    assert assign([request()], [], TERMS).outcome("r1") is Outcome.NOBODY_OFFERS
    assert assign([], [capacity()], TERMS).table().is_empty()
