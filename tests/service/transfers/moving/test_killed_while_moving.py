"""Whoever moves patients is killed without warning: nobody is on two lists, or on none."""

import json
import os
import subprocess
import sys
import time
from random import Random

import pytest
from tests.service.stores import ROOT

pytestmark = pytest.mark.django_db
SOAK = os.environ.get("CLOCKSTOP_SOAK")
MOVER = [sys.executable, "-m", "tests.service.transfers.moving.mover"]


def told(store, act, given):
    command = [*MOVER, act, json.dumps(given)]
    done = subprocess.run(command, env=store, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def killed_after(store, keys, seconds):
    """Let a process move them, and kill it some time after it has begun."""
    command = [*MOVER, "move", json.dumps(keys)]
    with subprocess.Popen(command, env=store, cwd=ROOT, stdout=subprocess.PIPE) as mover:
        assert mover.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        mover.kill()


def holds_throughout(store, patients, kills, seed):
    keys, random = told(store, "prepare", patients), Random(seed)
    for _ in range(kills):
        killed_after(store, keys, random.random())
        assert told(store, "found", keys)["faults"] == []
    told(store, "move", keys)
    after = told(store, "found", keys)
    assert after["faults"] == []
    assert sorted(after["states"]) == ["RETURNED"] * (patients // 2) + ["TRANSFERRED"] * (
        patients - patients // 2
    )


def test_a_mover_that_is_killed_leaves_each_patient_on_one_list(store):
    holds_throughout(store, patients=2, kills=1, seed=1)


@pytest.mark.soak
@pytest.mark.skipif(
    not SOAK, reason="set CLOCKSTOP_SOAK=1 for 60 patients and 30 kills, three times"
)
@pytest.mark.parametrize("seed", range(3))
def test_however_often_it_is_killed(store, seed):
    holds_throughout(store, patients=60, kills=30, seed=seed)
