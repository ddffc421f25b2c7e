"""An import that is killed in the middle leaves what was; run again, it brings all in."""

import json
import signal
import subprocess
import sys

import pytest
from tests.service.intake.extracts import REFERRED, SEEN, events, pathway, person, write
from tests.service.stores import ROOT, clockstop

pytestmark = pytest.mark.django_db
PATHWAYS = 20
# Killed by itself as it writes what no import ends without: its own row.
KILLED = """
import os, signal, sys
import django
django.setup()
from clockstop.service.intake import writing
writing.note = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
from pathlib import Path
from clockstop.service.audit.recording import SYSTEM
from clockstop.service.intake.actions import import_extract
import_extract(SYSTEM, Path(sys.argv[1]), provider="RAA")
"""
COUNTED = """
import django, json, sys
django.setup()
from clockstop.service.audit.verifying import verify
from clockstop.service.intake.models import Import
from clockstop.service.pathways.models import Pathway, PathwayEvent, Patient
from clockstop.service.tracking.models import ListEntry
models = (Patient, Pathway, PathwayEvent, ListEntry, Import)
assert verify().faults == ()
sys.stdout.write(json.dumps([each.objects.count() for each in models]))
"""


def counted(env):
    command = [sys.executable, "-c", COUNTED]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_an_import_that_is_killed_leaves_what_was(tmp_path, store):
    keys = range(1, PATHWAYS + 1)
    told = [each for key in keys for each in events(key, REFERRED, SEEN)]
    folder = write(tmp_path / "night", [*map(person, keys)], [*map(pathway, keys)], told)
    command = [sys.executable, "-c", KILLED, str(folder)]
    killed = subprocess.run(command, env=store, cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert counted(store) == [0, 0, 0, 0, 0]
    done = clockstop("pas", "import", str(folder), "--provider", "RAA", "--json", env=store)
    assert done.returncode == 0, done.stderr
    (made,) = json.loads(done.stdout)["imports"]
    assert (made["status"], made["pathways"], made["events"]) == ("done", 20, 40)
    assert counted(store) == [20, 20, 40, 20, 1]
