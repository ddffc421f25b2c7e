"""An end to what the store is asked, so that who calls is answered while they still wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any

from django.db import OperationalError, connection

_STEPS = 10_000  # of SQLite's machine, between two looks at the clock
_MILLISECONDS = 1_000
_TAKES_BACK = ("ROLLBACK", "RELEASE")  # of savepoints: what was begun is always ended


class TooLateError(Exception):
    """The store did not answer in time; what it was asked is cut off."""


@contextmanager
def asked_within(seconds: float) -> Iterator[None]:
    """Ask the store nothing that ends later than so many seconds from now.

    Raises TooLateError from the question that comes too late or takes too long. On PostgreSQL that
    holds for waits for locks too; SQLite waits for another writer as long as its settings say.
    """
    ends = monotonic() + seconds
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(_cut_off_at(ends)))
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.connection.set_progress_handler(lambda: monotonic() >= ends, _STEPS)
            stack.callback(connection.connection.set_progress_handler, None, 0)
        else:
            stack.callback(_limit_no_more)
        yield


def _cut_off_at(ends: float) -> Callable[..., Any]:
    def ask(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(_TAKES_BACK):
            return execute(sql, params, many, context)
        left = ends - monotonic()
        if left <= 0:
            raise TooLateError
        if connection.vendor == "postgresql":
            _limit(left)
        try:
            return execute(sql, params, many, context)
        except OperationalError as error:
            if monotonic() >= ends:
                raise TooLateError from error
            raise

    return ask


def _limit(seconds: float) -> None:
    """For the next statement; never before the end, as 0 is no limit."""
    _set(f"SET statement_timeout = {int(seconds * _MILLISECONDS) + 1}")


def _limit_no_more() -> None:
    _set("RESET statement_timeout")


def _set(sql: str) -> None:
    """Not in a transaction that failed: with it goes what was set in it."""
    held = connection.connection
    if held is not None and held.info.transaction_status.name != "INERROR":
        held.execute(sql)
