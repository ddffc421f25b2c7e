"""The hub's board with 50,000 live requests, and the matching of one ICB.

On SQLite, and on the PostgreSQL of CLOCKSTOP_TEST_DATABASE where that is set.

python -m benchmarks.boards fill     requests and capacity in the store of the environment
python -m benchmarks.boards time     seconds of each page of the hub, and of a run of the matcher
python -m benchmarks.boards CLOCKSTOP  both, in stores of its own, by that command
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import django

from benchmarks import stores

REQUESTS, CAPACITIES, OPEN = 50_000, 800, 5_000  # OPEN are matched, in one ICB
ICB, MATCHED = "QBE", "QBM"
_BATCH, _TIMES, _PROVIDERS = 2_000, 40, 40
_STATES = ("OPEN",) * 6 + ("OFFERED", "WITH_PATIENT", "ACCEPTED", "TRANSFERRING")
_FUNCTIONS = ("C_110", "C_120", "C_130", "C_100", "C_502", "C_301")


def measured(scratch: Path, command: str) -> dict[str, dict[str, float]]:
    """For each store: seconds within which 95 of 100 pages came, and the second run took."""
    found = {}
    for name, address in stores.each_store(scratch):
        with address as store:
            env = {"CLOCKSTOP_DATABASE": store, "CLOCKSTOP_HOME": str(scratch / "home")}
            stores.called([command, "database", "migrate"], env)
            stores.called([sys.executable, "-m", "benchmarks.boards", "fill"], env)
            stores.settled(store)
            told = stores.called([sys.executable, "-m", "benchmarks.boards", "time"], env)
            found[name] = json.loads(told.splitlines()[-1])
    return found


def fill(requests: int = REQUESTS, capacities: int = CAPACITIES, seed: int = 7) -> None:
    """Made-up requests of two ICBs, on no pathway, and capacity of their providers."""
    from django.utils import timezone

    from clockstop.service.pathways.models import Patient
    from clockstop.service.transfers.models import AidRequest, Capacity

    rng, today = Random(seed), timezone.localdate()
    for icb, number, states in ((ICB, requests, _STATES), (MATCHED, OPEN, ("OPEN",))):
        patient = Patient.objects.create(
            icb_code=icb,
            nhs_number="9990000018" if icb == ICB else "9990000026",
            given_name="A",
            family_name="Patient",
            birth_date=date(1960, 1, 1),
            sex="2",
        )
        rows = (_request(rng, icb, at, rng.choice(states), patient, today) for at in range(number))
        AidRequest.objects.bulk_create(rows, batch_size=_BATCH)
    Capacity.objects.bulk_create(_capacity(rng, today) for _ in range(capacities))


def _request(rng: Random, icb: str, at: int, state: str, patient: Any, today: date) -> Any:
    from django.utils import timezone

    from clockstop.service.transfers.models import AidRequest

    now = timezone.now()
    return AidRequest(
        icb_code=icb,
        reference=f"{icb}-{at:08d}",
        state=state,
        state_since=now,
        patient=patient,
        kind="diagnostic",
        organisation_code=f"B{rng.randrange(_PROVIDERS):04d}",
        treatment_function=rng.choice(_FUNCTIONS),
        stage=rng.choice(("first_outpatient", "admitted")),
        priority=rng.choice(("", "", "P2", "P3", "P4")),
        priority_reviewed=today,
        waiting_since=today - timedelta(days=rng.randrange(60, 600)),
        age=rng.randrange(18, 90),
        sex="2",
        bmi=rng.randrange(18, 45),
        distance=rng.choice((50, 100, None)),
        latitude=53.8 + rng.uniform(-0.5, 0.5),
        longitude=-1.5 + rng.uniform(-0.5, 0.5),
        weeks_here=rng.randrange(20, 60),
        due=today + timedelta(days=rng.randrange(-5, 28)),
        created_at=now,
        changed_at=now,
    )


def _capacity(rng: Random, today: date) -> Any:
    from django.utils import timezone

    from clockstop.service.transfers.models import Capacity

    now = timezone.now()
    return Capacity(
        icb_code=MATCHED,
        organisation_code=f"B{rng.randrange(_PROVIDERS):04d}",
        treatment_function=rng.choice(_FUNCTIONS),
        team="Team",
        places=rng.randrange(1, 12),
        first_date=today + timedelta(days=rng.randrange(7, 60)),
        last_date=today + timedelta(days=120),
        expires_on=today + timedelta(days=60),
        latitude=53.8 + rng.uniform(-0.5, 0.5),
        longitude=-1.5 + rng.uniform(-0.5, 0.5),
        max_bmi=rng.choice((None, 35, 40)),
        price_basis="block",
        posted_at=now,
        posted_by="benchmark",
        changed_at=now,
    )


def timed() -> dict[str, float]:
    """Seconds within which 95 of 100 pages came, and of the second run: the first compiles."""
    from clockstop.service.audit.recording import SYSTEM
    from clockstop.service.transfers.actions import matching
    from clockstop.service.transfers.hub import lists

    client = _client()
    pages = [f"/mutual-aid/hub/?show={tab}" for tab in lists.TABS]
    pages += ["/mutual-aid/hub/?show=open&priority=2", "/mutual-aid/hub/?show=open&late=yes"]
    found = {page: quantiles(_seconds(client, page), n=20)[-1] for page in pages}
    matching.run(MATCHED, SYSTEM)
    start = time.perf_counter()
    made = matching.run(MATCHED, SYSTEM)
    found[f"match {made.requests} with {made.capacities}"] = time.perf_counter() - start
    return found


def _seconds(client: Any, page: str) -> list[float]:
    took = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        answer = client.get(page)
        took.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{page}: {answer.status_code}")
    return took[1:]


def _client() -> Any:
    """The hub of the ICB, signed in."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import Client

    from benchmarks.menu import signed_in
    from clockstop.service.accounts.roles import Role

    store = SessionStore()
    store.update(signed_in(Role.ICB_HUB, "", ICB))
    store.save()
    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = str(store.session_key)
    return client


if __name__ == "__main__":
    if sys.argv[1:] in (["fill"], ["time"]):
        django.setup()
        print(json.dumps(timed())) if sys.argv[1] == "time" else fill()
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measured(Path(folder), sys.argv[1]), indent=2))
