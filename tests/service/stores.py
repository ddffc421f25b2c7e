"""Stores of a test's own, for processes of their own: of the kind that the run is on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connection

ROOT = Path(__file__).parents[2]
SETTINGS = "clockstop.interfaces.config.settings.demo"
NO_POSTGRESQL = (
    "no PostgreSQL answers at {}: install it (Debian: apt-get install postgresql), or name one whose "
    "role may make databases in CLOCKSTOP_TEST_DATABASE"
)


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def why_no_store() -> str:
    """Why the run has no store: it is to be on a PostgreSQL that is not there; else empty."""
    if not on_postgresql():
        return ""
    try:
        with _server() as server:
            role = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            (may,) = server.execute(role).fetchone()
    except psycopg.OperationalError:
        may = False
    return "" if may else NO_POSTGRESQL.format(connection.settings_dict["HOST"] or "localhost")


@contextmanager
def a_store(folder: Path, empty: Path | str) -> Iterator[dict[str, str]]:
    """The environment of processes on a copy of the empty store, which is gone afterwards."""
    if on_postgresql():
        with a_database(str(empty)) as name:
            yield environment(_address(name), folder)
    else:
        file = shutil.copy(empty, folder / "service.sqlite3")
        yield environment(f"sqlite:///{file}", folder)


@contextmanager
def a_database(like: str) -> Iterator[str]:
    """The name of a copy of a database in which nobody is at work; it is gone afterwards."""
    name = f"clockstop_{uuid4().hex}"
    with _server() as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    try:
        yield name
    finally:
        with _server() as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def environment(address: str, home: Path) -> dict[str, str]:
    """That of a process on the store."""
    named = {
        "CLOCKSTOP_DATABASE": address,
        "CLOCKSTOP_HOME": str(home),
        "CLOCKSTOP_SECRET_KEY": "one for all processes of a test",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }
    return os.environ | named


def clockstop(*arguments: object, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return _run([Path(sys.executable).with_name("clockstop"), *arguments], env)


def django(*arguments: object, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A command of Django's in a process of its own."""
    return _run([sys.executable, "-m", "django", *arguments], env)


def _run(command: list[object], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = list(map(str, command))
    return subprocess.run(
        words, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )


def _server() -> psycopg.Connection:
    return psycopg.connect(_address("postgres"), autocommit=True, connect_timeout=5)


def _address(name: str) -> str:
    """The test database's server, as the run's settings name it, and a database on it."""
    settings = connection.settings_dict
    password = f":{settings['PASSWORD']}" if settings["PASSWORD"] else ""
    user = f"{settings['USER']}{password}@" if settings["USER"] else ""
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{user}{settings['HOST'] or 'localhost'}{port}/{name}"
