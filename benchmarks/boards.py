"""The hub's board with 50,000 live requests under load, and the matching of one ICB.

On SQLite, and on the PostgreSQL of CLOCKSTOP_TEST_DATABASE where that is set.

python -m benchmarks.boards fill     requests and capacity in the store of the environment
python -m benchmarks.boards session  a hub coordinator as a cookie, and the pages of the board
python -m benchmarks.boards match    seconds of a run of the matcher: the second, the first compiles
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import django

from benchmarks import load, stores

REQUESTS, CAPACITIES, OPEN = 50_000, 800, 5_000  # OPEN are matched, in one ICB
RATE, SECONDS = 20, 30
ICB, MATCHED = "QBE", "QBM"
_BATCH, _PROVIDERS = 2_000, 40
_STATES = ("OPEN",) * 6 + ("OFFERED", "WITH_PATIENT", "ACCEPTED", "TRANSFERRING")
_FUNCTIONS = ("C_110", "C_120", "C_130", "C_100", "C_502", "C_301")


def measured(
    home: Path, scratch: Path, command: str, server: stores.Server
) -> Iterator[tuple[str, list[float], float]]:
    """For each store: its name, the seconds that pages took under the stream, and a match took."""
    for name, address in stores.each_store(scratch):
        with address as found:
            env = {"CLOCKSTOP_DATABASE": found, "CLOCKSTOP_HOME": str(home), **stores.KEY}
            stores.called([command, "database", "migrate"], env)
            stores.called([sys.executable, "-m", "benchmarks.boards", "fill"], env)
            stores.settled(found)
            told = stores.called([sys.executable, "-m", "benchmarks.boards", "session"], env)
            asked = [("GET", path, None, {"Cookie": cookie}) for path, cookie in json.loads(told)]
            with server(home, env) as host:
                load.stream(host, len(asked), 2, asked)
                times = load.stream(host, RATE, SECONDS, asked)
            match = stores.called([sys.executable, "-m", "benchmarks.boards", "match"], env)
            yield name, times, float(match)


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


def session() -> list[tuple[str, str]]:
    """Every tab of the board, some of its filters and a page far back, with a hub's cookie."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore

    from benchmarks.menu import signed_in
    from clockstop.service.accounts.roles import Role
    from clockstop.service.transfers.hub import lists

    store = SessionStore()
    store.update(signed_in(Role.ICB_HUB, "", ICB))
    store.save()
    shown = [
        *lists.TABS,
        "open&priority=2",
        "open&late=yes",
        "open&specialty=C_110",
        "open&page=900",
    ]
    cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
    return [(f"/mutual-aid/hub/?show={each}", cookie) for each in shown]


def match() -> float:
    """Seconds of the second run of the matcher for one ICB: the first compiles."""
    from clockstop.service.audit.recording import SYSTEM
    from clockstop.service.transfers.actions import matching

    matching.run(MATCHED, SYSTEM)
    start = time.perf_counter()
    matching.run(MATCHED, SYSTEM)
    return time.perf_counter() - start


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "fill":
        fill()
    else:
        sys.stdout.write(json.dumps({"session": session, "match": match}[sys.argv[1]]()))
