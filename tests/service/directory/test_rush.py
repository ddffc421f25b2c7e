"""However many try to book one slot at once, on either store: one gets it."""

import json
import os
import subprocess
import sys

import pytest
from tests.service.stores import ROOT

pytestmark = pytest.mark.django_db
PEOPLE = 64
PATIENCE = 3_600  # seconds: a thousand slots take a busy machine a quarter of an hour
SOAK = os.environ.get("CLOCKSTOP_SOAK")


def started(store, rushing, *arguments):
    command = [sys.executable, "-m", rushing, *map(str, arguments)]
    return subprocess.Popen(command, env=store, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def told(process):
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return json.loads(said)


def check(store, slots, processes=2, rushing="tests.service.directory.rushing", people=PEOPLE):
    """So many processes with a share of the people each, at the same slots."""
    ids = told(started(store, rushing, "prepare", slots))
    share = people // processes
    rushes = [started(store, rushing, "rush", *ids, share) for _ in range(processes)]
    outcomes = [told(each) for each in rushes]
    for slot in map(str, ids):
        assert {kind for each in outcomes for kind in each[slot]} <= {"won", "taken"}
        assert sum(each[slot].get("won", 0) for each in outcomes) == 1
        assert sum(sum(each[slot].values()) for each in outcomes) == people


def test_one_of_sixty_four_gets_the_slot(store):
    check(store, slots=3)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 1,000 slots")
def test_one_of_sixty_four_gets_each_of_a_thousand_slots(store):
    check(store, slots=1_000)
