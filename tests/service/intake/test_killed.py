"""An import that is killed in the middle leaves what was; run again, it brings all in."""

import json
import signal
import subprocess
import sys

import pytest
from tests.service.intake.extracts import REFERRED, SEEN, events, pathway, person, write
from tests.service.stores import ROOT, a_store, clockstop, environment

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
from clockstop.service.intake.models import Import
from clockstop.service.pathways.models import Pathway, PathwayEvent, Patient
from clockstop.service.tracking.models import ListEntry
models = (Patient, Pathway, PathwayEvent, ListEntry, Import)
sys.stdout.write(json.dumps([each.objects.count() for each in models]))
"""


def counted(env):
    command = [sys.executable, "-c", COUNTED]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_an_import_that_is_killed_leaves_what_was(tmp_path):
    keys = range(1, PATHWAYS + 1)
    told = [each for key in keys for each in events(key, REFERRED, SEEN)]
    folder = write(tmp_path / "night", [*map(person, keys)], [*map(pathway, keys)], told)
    with a_store(tmp_path) as address:
        env = environment(address, tmp_path)
        assert clockstop("database", "migrate", env=env).returncode == 0
        command = [sys.executable, "-c", KILLED, str(folder)]
        killed = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert counted(env) == [0, 0, 0, 0, 0]
        done = clockstop("pas", "import", str(folder), "--provider", "RAA", "--json", env=env)
        assert done.returncode == 0, done.stderr
        (made,) = json.loads(done.stdout)["imports"]
        assert (made["status"], made["pathways"], made["events"]) == ("done", 20, 40)
        assert counted(env) == [20, 20, 40, 20, 1]
        listed = clockstop("pas", "imports", "--json", env=env)
        assert [each["id"] for each in json.loads(listed.stdout)] == [made["id"]]
        assert clockstop("audit", "verify", env=env).returncode == 0
        assert "0 rows" in clockstop("pas", "refresh", env=env).stdout
        report = tmp_path / "faults.csv"
        (folder / "people.csv").write_text("person\n")
        args = ("pas", "import", str(folder), "--provider", "RAA", "--report", str(report))
        refused = clockstop(*args, env=env)
        assert refused.returncode == 1
        assert "Nothing was brought in" in refused.stdout
        assert report.read_text().startswith("file,row,column,found,expected\n")
