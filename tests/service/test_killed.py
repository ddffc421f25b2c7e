"""The site is killed while people write: what was answered is kept, and nothing is half written."""

import json
import os
import subprocess
import sys
import time
from random import Random

import httpx
import pytest
from django.db import connection
from tests.service.entering import Somebody, Tally
from tests.service.running import RunningSite
from tests.service.stores import ROOT, a_store

pytestmark = pytest.mark.django_db
PEOPLE, PATHWAYS = 4, 12
SOAK = os.environ.get("CLOCKSTOP_SOAK")


@pytest.fixture(scope="module")
def store(tmp_path_factory, empty):
    """The environment of processes on a store of their own."""
    with a_store(tmp_path_factory.mktemp("killed"), empty) as env:
        yield env


@pytest.fixture(scope="module")
def prepared(store):
    """Cookies of somebody who may record events, and the pathways to record them in."""
    return told(store, "prepare", PATHWAYS)


@pytest.fixture(scope="module")
def running(store):
    site = RunningSite(store)
    yield site
    site.kill()


@pytest.fixture
def site(running):
    """The site, started where the test before has killed it."""
    running.start()
    return running


def told(store, *arguments):
    command = [sys.executable, "-m", "tests.service.entering", *map(str, arguments)]
    done = subprocess.run(command, env=store, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def burst(store, site, prepared, writes, kills, seed):
    """So many writes by several people, with so many kills among them."""
    random, tally = Random(seed), Tally(writes)
    people = [
        Somebody(site.url, prepared["cookies"], prepared["pathways"], tally, seed + number)
        for number in range(PEOPLE)
    ]
    for person in people:
        person.start()
    for after in sorted(random.sample(range(1, writes), kills)):
        while len(tally.acknowledged) < after and not tally.is_done:
            time.sleep(0.005)
        time.sleep(random.random() / 10)
        site.kill()
        holds(store, tally)
        site.start()
    for person in people:
        person.join(timeout=600)
    site.kill()
    assert tally.troubles == []
    return tally


def holds(store, tally):
    """Nothing that was answered is missing, and all that is there is whole."""
    acknowledged = list(tally.acknowledged)
    kept = told(store, "kept")
    entered = kept["submissions"]
    assert set(acknowledged) <= set(entered)
    assert len(entered) == len(set(entered))
    assert kept["faults"] == []
    assert kept["entries"] >= len(entered)
    return len(entered)


def check(store, site, prepared, writes, kills, seed):
    tally = burst(store, site, prepared, writes, kills, seed)
    entered = holds(store, tally)
    sys.stdout.write(
        f"{connection.vendor}: {kills} kills, {len(tally.acknowledged)} writes answered, "
        f"{entered} in the store, {tally.sent_again} sent again, 0 lost, 0 half written\n"
    )
    assert len(tally.acknowledged) >= writes


def test_a_session_holds_whichever_worker_answers(site, prepared):
    page = f"{site.url}/pathways/{prepared['pathways'][0]}/"
    for _ in range(20):
        assert httpx.get(page, cookies=prepared["cookies"]).status_code == 200
    assert httpx.get(page).status_code == 302


def test_nothing_answered_is_lost_when_the_site_is_killed(store, site, prepared):
    check(store, site, prepared, writes=30, kills=1, seed=1)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="set CLOCKSTOP_SOAK=1 for 1,000 writes and 10 kills, twice")
@pytest.mark.parametrize("seed", [2, 3])
def test_a_thousand_writes_and_many_kills(store, site, prepared, seed):
    check(store, site, prepared, writes=1_000, kills=10, seed=seed)
