"""Two people who sign off one return at the same moment: one of them does."""

import json
import subprocess
import sys

import pytest
from tests.service.stores import ROOT

pytestmark = pytest.mark.django_db
COMMAND = [sys.executable, "-m", "tests.service.returns.signer"]


def test_one_of_two_signs_off(store):
    key, *members = json.loads(_told("prepare", env=store))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    signers = [
        subprocess.Popen([*COMMAND, key, member], env=store, cwd=ROOT, **pipes)
        for member in members
    ]
    for signer in signers:
        assert signer.stdout.readline() == "ready\n"
    for signer in signers:
        signer.stdin.write("go\n")
        signer.stdin.flush()
    answers = sorted(json.loads(signer.communicate(timeout=60)[0]) for signer in signers)
    assert answers == ["signed", "too late"]
    assert json.loads(_told("decided", env=store)) == 1


def _told(what, env):
    done = subprocess.run(
        [*COMMAND, what], check=False, env=env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
