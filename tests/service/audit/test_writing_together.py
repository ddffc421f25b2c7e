"""Processes that write to the audit at the same moment: no number is missing or given twice."""

import json
import subprocess
import sys
from collections import Counter

import pytest
from tests.service.stores import ROOT, clockstop

pytestmark = pytest.mark.django_db
WRITERS = 3


def all_write(store, chains):
    """Start one writer for each list of chains, all at once; how long each chain is afterwards."""
    command = [sys.executable, "-m", "tests.service.audit.writer"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen([*command, *each], env=store, cwd=ROOT, **pipes) for each in chains]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=120)
    assert [writer.returncode for writer in writers] == [0] * len(writers)
    read = clockstop("audit", "verify", "--json", env=store)
    assert read.returncode == 0, read.stdout
    return Counter({code: end["length"] for code, end in json.loads(read.stdout)["ends"].items()})


def test_to_one_chain_to_their_own_and_to_new_ones(store):
    new = [f"N{number}" for number in range(20)]  # each chain's first entry is a race
    chains = [[*new, *["QAA", f"Q{writer}"] * 15] for writer in range(WRITERS)]
    assert all_write(store, chains) == Counter(code for each in chains for code in each)
