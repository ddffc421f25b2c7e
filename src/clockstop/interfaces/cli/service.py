"""What commands on the store share: Django set up, and plain words where the store is not ready."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from clockstop.interfaces.cli.output import plain_errors

P = ParamSpec("P")
R = TypeVar("R")

SETTINGS = "clockstop.interfaces.config.settings.base"
MIGRATE = "run: clockstop database migrate"


class StoreNotReadyError(OSError):
    """The store is missing, out of reach, or not as this version of Clockstop needs it."""


def django_set_up() -> None:
    """Load the service as a deployment would: the user's own settings, else the base ones.

    The store is the one of CLOCKSTOP_DATABASE, else the file in CLOCKSTOP_HOME, so that a command
    works on the demo's store once CLOCKSTOP_HOME names the demo's home.
    """
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if not apps.ready:
        django.setup()


def on_the_store(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command with Django set up and the store ready, or end in one line and status 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with reaching_the_store():
            must_be_ready()
            return command(*args, **kwargs)

    return plain_errors(wrapped)


@contextmanager
def reaching_the_store() -> Iterator[None]:
    """Set Django up; raise StoreNotReadyError where the store does not answer as it should."""
    django_set_up()
    from django.db import Error

    try:
        yield
    except Error as error:
        said = str(error).strip().partition("\n")[0]
        raise StoreNotReadyError(f"the store at {place()} cannot be used: {said}") from error


def must_be_ready() -> None:
    """Raise StoreNotReadyError unless the store is there with every migration applied."""
    if missing():
        raise StoreNotReadyError(f"there is no store at {place()}; {MIGRATE}")
    waiting = len(unapplied())
    if waiting:
        noun = "migration" if waiting == 1 else "migrations"
        raise StoreNotReadyError(f"the store at {place()} lacks {waiting} {noun}; {MIGRATE}")


def place() -> str:
    """Where the store is, without the password."""
    from django.db import connection

    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(settings["NAME"])
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"{connection.vendor}://{settings['HOST'] or 'localhost'}{port}/{settings['NAME']}"


def missing() -> bool:
    """Whether the store is a file that is not there; asking SQLite would make an empty one."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    in_memory = name == ":memory:" or name.startswith("file:")
    return connection.vendor == "sqlite" and not in_memory and not Path(name).exists()


def unapplied() -> tuple[str, ...]:
    """The migrations that the store lacks, in the order in which they would be applied."""
    from clockstop.service.ui.health import unapplied as found

    return found()
