"""The addresses that a load balancer asks."""

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

_HEADERS = {"Cache-Control": "no-store"}
_seen_migrated: list[bool] = []


def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether the process answers; the store is not asked."""
    return HttpResponse("ok", content_type="text/plain", headers=_HEADERS)


def readyz(_request: HttpRequest) -> HttpResponse:
    """Whether people can sign in and write: the store answers and is as this version needs it."""
    try:
        ready = _answers() and _is_migrated()
    except (DatabaseError, InterfaceError):
        ready = False
    words, status = ("ok", 200) if ready else ("the store is not ready", 503)
    return HttpResponse(words, content_type="text/plain", headers=_HEADERS, status=status)


def unapplied() -> tuple[str, ...]:
    """The migrations that the store lacks, in the order in which they would be applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{each.app_label} {each.name}" for each, _ in plan)


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _is_migrated() -> bool:
    """Worked out until it is so; a store loses no migration while the site runs."""
    if not _seen_migrated and not unapplied():
        _seen_migrated.append(True)
    return bool(_seen_migrated)
