"""The store at full size: an ICB's first load, a night's changes, and its pages under load.

Each on SQLite, and on the PostgreSQL of CLOCKSTOP_TEST_DATABASE where that is set.

python -m benchmarks.stores session
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from benchmarks import care, imports, load
from benchmarks.measure import Run

ICBS = (("QHM", 0.56), ("QYG", 0.5))  # about 300,000 pathways, and 200,000 more
RATE, SECONDS, PEERS = 20, 30, 300
DATABASE = "clockstop_bench"
PAGES = {
    "the list, with eight filters in turn": (
        "/tracking/",
        "/tracking/?over=52",
        "/tracking/?specialty=C_110&page=3",
        "/tracking/?event=none",
        "/tracking/?sort=wait",
        "/tracking/?priority=2&over=18",
        "/tracking/?breach=52&by=2027-03-31",
        "/tracking/?cancer=yes",
    ),
    "worklists": ("/tracking/worklists/",),
}
KEY = {"CLOCKSTOP_SECRET_KEY": "one for all processes of a run, so that a session holds in each"}
Server = Callable[[Path, dict[str, str]], AbstractContextManager[str]]


def measured(home: Path, scratch: Path, command: str, server: Server) -> Iterator[tuple[str, dict]]:
    """For each store: its name, and what was measured on it."""
    extracts = [_made(home, scratch / icb, command, icb, scale) for icb, scale in ICBS]
    night = scratch / "night"
    imports.changed(extracts[0], night, imports.CHANGED)
    for name, address in each_store(scratch):
        with address as found:
            env = {"CLOCKSTOP_DATABASE": found, "CLOCKSTOP_HOME": str(home), **KEY}
            called([command, "database", "migrate"], env)
            runs = {
                "first load of an ICB": _imported(command, extracts[0], env),
                "a night's changes": _imported(command, night, env),
            }
            peers = called([sys.executable, "-m", "benchmarks.imports", "peers", str(PEERS)], env)
            _imported(command, extracts[1], env)
            called([sys.executable, "-m", "benchmarks.care", "fill"], env)
            settled(found)
            cookie = called([sys.executable, "-m", "benchmarks.stores", "session"], env).strip()
            asked = json.loads(called([sys.executable, "-m", "benchmarks.care", "session"], env))
            with care.nhs_login(scratch) as login, server(home, env | login.env) as host:
                times = {what: _streamed(host, cookie, each) for what, each in PAGES.items()}
                own = care.streamed(host, asked, login)
            yield name, {"runs": runs, "peers": peers, "times": times, "care": own}


def _streamed(host: str, cookie: str, pages: tuple[str, ...]) -> list[float]:
    asked = [("GET", page, None, {"Cookie": cookie}) for page in pages]
    load.stream(host, len(pages), 2, asked)
    return load.stream(host, RATE, SECONDS, asked)


def _made(home: Path, folder: Path, command: str, icb: str, scale: float) -> Path:
    made = [command, "data", "synthetic-patients", str(folder), "--icb", icb]
    called([*made, "--scale", str(scale)], {"CLOCKSTOP_HOME": str(home)})
    return folder


def called(command: list[str], env: dict[str, str]) -> str:
    """What a command prints, on the store of ``env``."""
    demo = {"DJANGO_SETTINGS_MODULE": "clockstop.interfaces.config.settings.demo"}
    done = subprocess.run(
        command, check=True, env=os.environ | demo | env, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _imported(command: str, folder: Path, env: dict[str, str]) -> tuple[Run, dict]:
    start = time.perf_counter()
    told = called([command, "pas", "import", str(folder), "--provider", "all", "--json"], env)
    (made,) = json.loads(told)["imports"]
    return Run(time.perf_counter() - start, None), made


def each_store(scratch: Path) -> Iterator[tuple[str, AbstractContextManager[str]]]:
    """The name of each kind of store, with an empty one of it."""
    yield "SQLite", _file(scratch / "bench.sqlite3")
    server = os.environ.get("CLOCKSTOP_TEST_DATABASE")
    if server:
        yield "PostgreSQL", _database(server)


@contextmanager
def _file(file: Path) -> Iterator[str]:
    yield f"sqlite:///{file}"
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()


@contextmanager
def _database(server: str) -> Iterator[str]:
    import psycopg

    parts = urlsplit(server)
    admin = urlunsplit(parts._replace(path="/postgres"))
    drop = f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(f"CREATE DATABASE {DATABASE}")
        try:
            yield urlunsplit(parts._replace(path=f"/{DATABASE}"))
        finally:
            connection.execute(drop)


def settled(address: str) -> None:
    """What PostgreSQL does by itself within minutes of a load: its tables in order, all on disk."""
    if address.startswith("sqlite"):
        return
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def session() -> str:
    """The cookie of a waiting-list manager at the provider with the longest list."""
    import django

    django.setup()
    from datetime import timedelta
    from importlib import import_module

    from django.conf import settings
    from django.db.models import Count
    from django.utils import timezone

    from clockstop.service.accounts.models import Membership, Person
    from clockstop.service.accounts.roles import Role
    from clockstop.service.tracking.models import ListEntry

    held = ListEntry.objects.values("organisation_code", "icb_code").annotate(n=Count("pk"))
    most = held.order_by("-n")[0]
    now = timezone.now()
    member = Membership.objects.create(
        person=Person.objects.create(name="A manager"),
        organisation_code=most["organisation_code"],
        icb_code=most["icb_code"],
        role=Role.WAITING_LIST_MANAGER,
        starts=now.date() - timedelta(days=1),
        granted_by="system",
    )
    kept = import_module(settings.SESSION_ENGINE).SessionStore()
    kept.update(
        {
            "person": str(member.person.pk),
            "role": member.role.value,
            "membership": str(member.pk),
            "signed_in_at": now.timestamp(),
            "seen_at": now.timestamp(),
        }
    )
    kept.save()
    return f"{settings.SESSION_COOKIE_NAME}={kept.session_key}"


if __name__ == "__main__":
    print(session())
