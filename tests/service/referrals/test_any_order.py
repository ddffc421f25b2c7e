"""Whatever anybody tries, in any order: refused tries change nothing, and the rest hold together."""

import os

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.referrals.any_order import ACTS, REASONS, World, gone_afterwards

from clockstop.service.audit.verifying import verify

SOAK = os.environ.get("CLOCKSTOP_SOAK")
TRY = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, 1),
    st.integers(0, 5),
    st.integers(0, 3),
    st.integers(0, 8),
    st.sampled_from(REASONS),
    st.booleans(),
)
LIKELY = st.tuples(st.integers(0, 1), st.integers(0, 60), st.booleans())
TIME = st.integers(1, 12)


def run(tries):
    now = timezone.now().replace(hour=12)
    with gone_afterwards(), time_machine.travel(now, tick=False) as clock:
        world = World(clock)
        for each in tries:
            if isinstance(each, int):
                world.wait(each)
            elif len(each) == 3:
                world.likely(*each)
            else:
                world.attempt(*each)
        assert verify().faults == ()


@pytest.mark.django_db
@settings(max_examples=30)
@given(st.lists(LIKELY | LIKELY | LIKELY | TRY | TIME, min_size=10, max_size=25))
def test_whatever_anybody_tries_holds_together(tries):
    run(tries)


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for long histories")
@settings(max_examples=1_500)
@given(st.lists(LIKELY | LIKELY | LIKELY | TRY | TIME, min_size=20, max_size=80))
def test_whatever_anybody_tries_holds_together_for_long(tries):
    run(tries)
