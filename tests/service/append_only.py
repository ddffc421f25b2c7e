"""Tests that really commit end in a flush of all tables, which append-only tables refuse."""

from django.db import connection

from clockstop.service.audit.append_only import install, remove

_unlocked: set[str] = set()


def tables() -> list[str]:
    """The tables that are append-only now."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT event_object_table, trigger_name FROM information_schema.triggers"
            )
        named = cursor.fetchall()
    return sorted({table for table, name in named if name == f"{table}_no_update"})


def unlock_for_the_flush() -> None:
    """Let a test that committed be cleared away; one that did not is rolled back instead."""
    if connection.in_atomic_block:
        return
    for table in tables():
        remove(connection.schema_editor(), table)
        _unlocked.add(table)


def lock_again() -> None:
    """Make append-only what a test before this one left unlocked."""
    for table in _unlocked - set(tables()) if _unlocked else ():
        install(connection.schema_editor(), table)
    if not connection.in_atomic_block:
        _unlocked.clear()
