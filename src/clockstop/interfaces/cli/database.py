"""``clockstop database``: the store of what people write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from clockstop.interfaces.cli.output import FAILED, out, plain_errors, to_json
from clockstop.interfaces.cli.service import (
    MIGRATE,
    missing,
    on_the_store,
    place,
    reaching_the_store,
    unapplied,
)

app = typer.Typer(
    help="The store of what people write: a file, or a PostgreSQL database.", no_args_is_help=True
)


@app.command()
@plain_errors
def migrate() -> None:
    """Make the store, or bring it to what this version needs; run it again and nothing happens."""
    with reaching_the_store():
        done = migrated()
    for name in done:
        out.print(f"applied {name}", markup=False)
    out.print(f"the store at {place()} is ready", markup=False)


def migrated() -> tuple[str, ...]:
    """Apply what is lacking, and make the folder of a new file; what was applied."""
    from django.core.management import call_command

    if missing():
        Path(place()).parent.mkdir(parents=True, exist_ok=True)
    waiting = unapplied()
    if waiting:
        call_command("migrate", interactive=False, verbosity=0)
    return waiting


@app.command("mend-starts")
@on_the_store
def mend_starts(
    *, json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Start the clocks of deferred referrals where their referrers said, once after an upgrade.

    An earlier version began them on the day of deferral. Each is corrected by an entry that leaves
    the wrong one to be seen; run it again and nothing happens.
    """
    from clockstop.service.referrals.actions.mending import mend_deferred_starts

    number = mend_deferred_starts()
    if json:
        typer.echo(to_json({"mended": number}), nl=False)
    else:
        out.print(f"mended: {number:,}")


@app.command()
@plain_errors
def status(*, json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show which store it is, the migrations it lacks, and how it keeps what is written."""
    with reaching_the_store():
        if missing():
            found: dict[str, Any] = {"store": place(), "exists": False}
        else:
            found = {"store": place(), "exists": True, "unapplied": unapplied()} | _keeping()
    if json:
        typer.echo(to_json(found), nl=False)
    else:
        _show(found)
    if not found["exists"] or found["unapplied"]:
        raise typer.Exit(FAILED)


def _show(found: dict[str, Any]) -> None:
    out.print(f"store: {found['store']}", markup=False)
    if not found["exists"]:
        out.print(f"it is not there; {MIGRATE}", markup=False)
        return
    for name, value in list(found.items())[3:]:
        out.print(f"{name.replace('_', ' ')}: {value}", markup=False)
    for name in found["unapplied"]:
        out.print(f"lacks: {name}", markup=False)
    waiting = found["unapplied"]
    out.print(MIGRATE if waiting else "every migration is applied", markup=False)


def _keeping() -> dict[str, str]:
    """What decides whether an answered write outlives a crash of the machine."""
    from django.db import connection

    if connection.vendor == "postgresql":
        asked = {name: f"SHOW {name}" for name in ("server_version", "fsync", "synchronous_commit")}
    else:
        asked = {name: f"PRAGMA {name}" for name in ("journal_mode", "synchronous", "foreign_keys")}
    with connection.cursor() as cursor:
        return {name: _in_words(name, _one(cursor, question)) for name, question in asked.items()}


def _one(cursor: Any, question: str) -> object:
    cursor.execute(question)
    return cursor.fetchone()[0]


_WORDS = {
    "synchronous": {0: "off", 1: "normal", 2: "full", 3: "extra"},
    "foreign_keys": {0: "off", 1: "on"},
}


def _in_words(name: str, value: object) -> str:
    return str(_WORDS.get(name, {}).get(value, value))  # type: ignore[call-overload]
