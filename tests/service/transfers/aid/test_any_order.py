"""Whatever anybody tries, in any order: no place is given twice, nobody is lost or waits anew."""

import os
from contextlib import contextmanager

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.transfers.aid.any_order import ACTS, World, gone_afterwards

from clockstop.service.audit.verifying import verify
from clockstop.service.transfers.states import Aid

SOAK = os.environ.get("CLOCKSTOP_SOAK")
NUMBER = st.integers(0, 7)
TRY = st.tuples(
    st.just("attempt"), st.sampled_from(ACTS), NUMBER, st.integers(0, 4), st.integers(0, 3)
)
LIKELY = st.tuples(st.just("likely"), NUMBER, st.integers(0, 40))
ONWARD = st.tuples(st.just("onward"), NUMBER, st.integers(1, 8))
TIME = st.tuples(st.just("wait"), st.integers(1, 12))
TRIES = LIKELY | LIKELY | ONWARD | TRY | TRY | TIME


@contextmanager
def a_world():
    now = timezone.now().replace(hour=12)
    with gone_afterwards(), time_machine.travel(now, tick=False) as clock:
        yield World(clock)
        assert verify().faults == ()


def run(tries):
    with a_world() as world:
        follow(world, tries)


def follow(world, tries):
    for name, *told in tries:
        getattr(world, name)(*told)


@pytest.mark.django_db
@settings(max_examples=4)
@given(st.lists(TRIES, min_size=4, max_size=10))
def test_whatever_anybody_tries_holds_together(tries):
    run(tries)


# The requests by their number in the world: one and another of a patient, one with a test beside
# it, that test, and a test that a practice asked for.
ONE, OTHER, BESIDE, TEST, DIRECT = range(5)
SENDER, MANAGER, RECEIVER, THIRD = range(4)
WALK = (
    # There, treated, a mistake, ended otherwise, a mistake, and back.
    ("onward", ONE, 6),
    ("onward", ONE, 1),
    ("attempt", "mistake", ONE, RECEIVER, 0),
    ("attempt", "end", ONE, RECEIVER, 0),
    ("attempt", "mistake", ONE, RECEIVER, 0),
    ("attempt", "return_patient", ONE, RECEIVER, 0),
    ("attempt", "ask_again", ONE, SENDER, 0),
    # Tests go there and their results come back, one of them read.
    ("onward", TEST, 7),
    ("onward", TEST, 1),
    ("onward", DIRECT, 7),
    # Under suspicion nobody moves in a batch; the patient stays, or nobody answers in time.
    ("onward", BESIDE, 1),
    ("attempt", "suspect", BESIDE, SENDER, 0),
    ("attempt", "widen", BESIDE, SENDER, 0),
    ("attempt", "suspect", BESIDE, SENDER, 0),
    ("onward", BESIDE, 1),
    ("onward", BESIDE, 1),
    ("attempt", "decline_and_close", BESIDE, MANAGER, 0),
    ("attempt", "ask_again", BESIDE, SENDER, 0),
    ("attempt", "treat", BESIDE, SENDER, 0),
    ("attempt", "tick", BESIDE, SENDER, 0),
    ("attempt", "submit", OTHER, MANAGER, 0),
    ("wait", 40),
    ("attempt", "withdraw", OTHER, MANAGER, 0),
    ("attempt", "ask_again", OTHER, SENDER, 0),
    ("attempt", "die", ONE, SENDER, 0),
    ("attempt", "mistake", ONE, SENDER, 0),
)


@pytest.mark.django_db
def test_every_state_is_reached_by_what_people_do():
    with a_world() as world:
        follow(world, WALK)
        assert world.seen == set(Aid)


# A patient who is treated elsewhere and tested elsewhere: whoever still has a part goes on seeing.
BOTH = {
    "tested and treated by one": (
        ("onward", TEST, 7),
        ("onward", BESIDE, 5),
        ("onward", BESIDE, 1),
    ),
    "moved while another tests": (
        ("onward", TEST, 6),
        ("onward", BESIDE, 5),
        ("onward", BESIDE, 1),
    ),
    "tested by who cannot treat": (
        ("onward", TEST, 5),
        ("onward", BESIDE, 1),
        ("onward", BESIDE, 3),
        ("attempt", "fail_check", BESIDE, THIRD, 0),
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", BOTH)
def test_a_test_beside_a_treatment_takes_nobody_out_of_sight(name):
    with a_world() as world:
        follow(world, (*BOTH[name], ("onward", TEST, 1), ("onward", TEST, 1)))


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for long histories")
@settings(max_examples=1_000)
@given(st.lists(TRIES, min_size=10, max_size=40))
def test_whatever_anybody_tries_holds_together_for_long(tries):
    run(tries)
