"""Whatever anybody tries, in any order: no place is given twice, and nobody's wait moves."""

import os

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.transfers.aid.any_order import ACTS, World, gone_afterwards

from clockstop.service.audit.verifying import verify

SOAK = os.environ.get("CLOCKSTOP_SOAK")
TRY = st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 4), st.integers(0, 1))
LIKELY = st.tuples(st.integers(0, 2), st.integers(0, 40))
TIME = st.integers(1, 12)
TRIES = LIKELY | LIKELY | LIKELY | LIKELY | TRY | TIME


def run(tries):
    now = timezone.now().replace(hour=12)
    with gone_afterwards(), time_machine.travel(now, tick=False) as clock:
        world = World(clock)
        for each in tries:
            if isinstance(each, int):
                world.wait(each)
            elif len(each) == 2:
                world.likely(*each)
            else:
                world.attempt(*each)
        assert verify().faults == ()


@pytest.mark.django_db
@settings(max_examples=8)
@given(st.lists(TRIES, min_size=10, max_size=20))
def test_whatever_anybody_tries_holds_together(tries):
    run(tries)


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for long histories")
@settings(max_examples=1_000)
@given(st.lists(TRIES, min_size=20, max_size=80))
def test_whatever_anybody_tries_holds_together_for_long(tries):
    run(tries)
