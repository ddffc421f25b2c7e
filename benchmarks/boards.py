"""The hub's pages with 50,000 live requests of as many patients under load, and one ICB's matching.

On SQLite, and on the PostgreSQL of CLOCKSTOP_TEST_DATABASE where that is set.

python -m benchmarks.boards fill     patients, their lists, requests and capacity
python -m benchmarks.boards session  hub coordinators as cookies, and their pages
python -m benchmarks.boards match    seconds of a run of the matcher: the second, the first compiles
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

import django

from benchmarks import load, stores

REQUESTS, CAPACITIES, OPEN = 50_000, 800, 5_000  # OPEN are matched, in one ICB
RATE, SECONDS = 20, 30
ICB, MATCHED = "QBE", "QBM"
_BATCH, _PROVIDERS, _NATIONAL = 2_000, 40, 0.3
_STATES = ("OPEN",) * 6 + ("OFFERED", "WITH_PATIENT", "ACCEPTED", "TRANSFERRING")
_FUNCTIONS = ("C_110", "C_120", "C_130", "C_100", "C_502", "C_301")
_CODES = ("", "", "P2", "P3", "P4")
BOARD, POOL, PROPOSED = "the board", "the national pool", "proposed places"
Times = Mapping[str, list[float]]


def measured(
    home: Path, scratch: Path, command: str, server: stores.Server
) -> Iterator[tuple[str, Times, float]]:
    """For each store: its name, the seconds that pages took under streams, and a match took."""
    for name, address in stores.each_store(scratch):
        with address as found:
            env = {"CLOCKSTOP_DATABASE": found, "CLOCKSTOP_HOME": str(home), **stores.KEY}
            stores.called([command, "database", "migrate"], env)
            stores.called([sys.executable, "-m", "benchmarks.boards", "fill"], env)
            stores.settled(found)
            match = stores.called([sys.executable, "-m", "benchmarks.boards", "match"], env)
            stores.settled(found)
            told = stores.called([sys.executable, "-m", "benchmarks.boards", "session"], env)
            with server(home, env) as host:
                times = {what: _streamed(host, asked) for what, asked in json.loads(told).items()}
            yield name, times, float(match)


def _streamed(host: str, asked: list[tuple[str, str]]) -> list[float]:
    pages: list[load.Request] = [("GET", path, None, {"Cookie": each}) for path, each in asked]
    load.stream(host, len(pages), 2, pages)
    return load.stream(host, RATE, SECONDS, pages)


def fill(requests: int = REQUESTS, capacities: int = CAPACITIES, seed: int = 7) -> None:
    """Made-up patients who wait in two ICBs, a request for each, capacity of their providers."""
    from django.utils import timezone

    from clockstop.service.registry.models import Kind, Organisation
    from clockstop.service.transfers.models import Capacity

    rng, today = Random(seed), timezone.localdate()
    Organisation.objects.bulk_create(
        Organisation(
            code=_provider(number),
            name=f"Bench Trust {number}",
            kind=Kind.PROVIDER,
            icb_code=MATCHED,
            sector="nhs_trust",
        )
        for number in range(2 * _PROVIDERS)
    )
    people = count(1)
    for icb, number, states in ((ICB, requests, _STATES), (MATCHED, OPEN, ("OPEN",))):
        for start in range(0, number, _BATCH):
            some = list(islice(people, min(_BATCH, number - start)))
            _waiting(rng, icb, some, states, today)
    Capacity.objects.bulk_create(_capacity(rng, today) for _ in range(capacities))


def _waiting(rng: Random, icb: str, people: list[int], states: Sequence[str], today: date) -> None:
    """Patients, the pathway that each waits on, its row on the list, and its request."""
    from clockstop.service.pathways.models import Pathway, Patient
    from clockstop.service.tracking.models import ListEntry
    from clockstop.service.transfers.models import AidRequest

    patients = Patient.objects.bulk_create(_patient(rng, icb, each) for each in people)
    pathways = Pathway.objects.bulk_create(
        Pathway(
            icb_code=icb,
            patient=patient,
            identifier=f"{number:020d}",
            issuer="BENCH",
            organisation_code=_provider(rng.randrange(_PROVIDERS)),
            treatment_function=rng.choice(_FUNCTIONS),
        )
        for number, patient in zip(people, patients, strict=True)
    )
    entries = ListEntry.objects.bulk_create(_entry(rng, each, today) for each in pathways)
    AidRequest.objects.bulk_create(
        _request(rng, number, rng.choice(states), entry)
        for number, entry in zip(people, entries, strict=True)
    )


def _provider(number: int) -> str:
    return f"B{number:04d}"


def _patient(rng: Random, icb: str, number: int) -> Any:
    from clockstop.service.pathways.models import Patient

    return Patient(
        icb_code=icb,
        given_name="A",
        family_name=f"Patient {number}",
        birth_date=date(rng.randrange(1935, 2006), 1, 1),
        sex=rng.choice("12"),
        deprivation_decile=rng.randrange(1, 11),
    )


def _entry(rng: Random, pathway: Any, today: date) -> Any:
    """Who has a code of priority had it reviewed lately, or is overdue for a review."""
    from clockstop.service.tracking.models import ListEntry, State

    code = rng.choice(_CODES)
    return ListEntry(
        pathway=pathway,
        icb_code=pathway.icb_code,
        organisation_code=pathway.organisation_code,
        state=State.WAITING,
        clock_start=today - timedelta(days=rng.randrange(60, 600)),
        treatment_function=pathway.treatment_function,
        priority="1",
        procedure_priority=code,
        priority_reviewed=today - timedelta(days=rng.randrange(20)) if code else None,
        birth_date=pathway.patient.birth_date,
        sex=pathway.patient.sex,
        deprivation_decile=pathway.patient.deprivation_decile,
    )


def _request(rng: Random, number: int, state: str, entry: Any) -> Any:
    from django.utils import timezone

    from clockstop.service.transfers.models import AidRequest

    now, today, pathway = timezone.now(), timezone.localdate(), entry.pathway
    return AidRequest(
        icb_code=pathway.icb_code,
        reference=f"MA-{number:08d}",
        state=state,
        state_since=now,
        pathway=pathway,
        patient=pathway.patient,
        organisation_code=pathway.organisation_code,
        treatment_function=pathway.treatment_function,
        stage=rng.choice(("first_outpatient", "admitted")),
        priority=entry.procedure_priority,
        priority_reviewed=entry.priority_reviewed,
        waiting_since=entry.clock_start,
        age=today.year - entry.birth_date.year,
        sex=entry.sex,
        deprivation_decile=entry.deprivation_decile,
        bmi=rng.randrange(18, 45),
        distance=rng.choice((50, 100, None)),
        national=rng.random() < _NATIONAL,
        latitude=53.8 + rng.uniform(-0.5, 0.5),
        longitude=-1.5 + rng.uniform(-0.5, 0.5),
        weeks_here=rng.randrange(20, 60),
        due=today + timedelta(days=rng.randrange(-5, 28)),
        expires_on=today + timedelta(days=28),
        created_at=now,
        changed_at=now,
    )


def _capacity(rng: Random, today: date) -> Any:
    from django.utils import timezone

    from clockstop.service.transfers.models import Capacity

    now = timezone.now()
    return Capacity(
        icb_code=MATCHED,
        organisation_code=_provider(_PROVIDERS + rng.randrange(_PROVIDERS)),  # owe nobody there
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


def session() -> dict[str, list[tuple[str, str]]]:
    """By what is shown, pages with the cookie of a hub's coordinator who asks for them.

    Every tab of the board, some filters, and pages far back; the pool likewise; what was proposed
    to the ICB that was matched, and for whom nothing was found.
    """
    from clockstop.service.transfers.hub import lists

    mine, matched = _cookie(ICB), _cookie(MATCHED)
    cuts = ("priority=2", "late=yes", "specialty=C_110", "distance=50", "page=300")
    board = [*(f"show={tab}" for tab in lists.TABS), *(f"show=open&{each}" for each in cuts)]
    proposed = ("", "page=60", "show=not", "show=not&page=20")
    return {
        BOARD: [(f"/mutual-aid/hub/?{each}", mine) for each in board],
        POOL: [(f"/mutual-aid/hub/national/?{each}", mine) for each in ("", *cuts)],
        PROPOSED: [(f"/mutual-aid/hub/places/?{each}", matched) for each in proposed],
    }


def _cookie(icb: str) -> str:
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore

    from benchmarks.menu import signed_in
    from clockstop.service.accounts.roles import Role

    store = SessionStore()
    store.update(signed_in(Role.ICB_HUB, "", icb))
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def match() -> float:
    """Seconds of the second run of the matcher for one ICB, as in a worker of the site.

    The first compiles.
    """
    from clockstop.service.audit.recording import SYSTEM
    from clockstop.service.transfers.actions import matching

    matching.run(MATCHED, SYSTEM)
    gc.collect()
    gc.freeze()
    start = time.perf_counter()
    matching.run(MATCHED, SYSTEM)
    return time.perf_counter() - start


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "fill":
        fill()
    else:
        sys.stdout.write(json.dumps({"session": session, "match": match}[sys.argv[1]]()))
