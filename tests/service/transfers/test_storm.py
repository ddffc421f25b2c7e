"""Workers accept against the same offers and are killed: no place twice, nobody lost."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection
from tests.service.stores import ROOT

pytestmark = pytest.mark.django_db
SOAK = os.environ.get("CLOCKSTOP_SOAK")
PATIENCE = 1_200


def check(store, workers, seconds):
    command = [sys.executable, "-m", "tests.service.transfers.storming", str(workers), str(seconds)]
    done = subprocess.run(
        command, env=store, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    sys.stdout.write(f"{connection.vendor}: {told}\n")
    assert told["faults"] == []
    assert "deadlock detected" not in told["outcomes"]  # everybody locks in the same order
    assert told["kills"] > 0
    assert {"offered", "told", "accepted"} <= told["outcomes"].keys()


def test_workers_who_are_killed_leave_everything_whole(store):
    check(store, workers=4, seconds=5)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 32 workers, 60 seconds")
def test_thirty_two_workers_for_a_minute(store):
    check(store, workers=32, seconds=60)
