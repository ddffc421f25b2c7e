"""``clockstop``: the command line. Heavy imports stay inside the commands."""

from __future__ import annotations

from typing import Annotated

import typer

from clockstop import __version__
from clockstop.interfaces.cli import (
    accounts,
    aggregator,
    audit,
    choice,
    clock,
    data,
    database,
    directory,
    extract,
    fetch,
    forecast,
    messages,
    mutual_aid,
    pas,
    portal,
    records,
    registry,
    returns,
    simulate,
    site,
    tokens,
    waits,
    wlmds,
)

app = typer.Typer(
    help="Elective care recovery for England's NHS: who waits, where, and how long.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
data.app.command("fetch")(fetch.fetch)
app.add_typer(data.app, name="data")
app.add_typer(waits.app, name="waits")
app.add_typer(forecast.app, name="forecast")
app.add_typer(clock.app, name="clock")
app.add_typer(database.app, name="database")
app.add_typer(audit.app, name="audit")
app.add_typer(accounts.app, name="accounts")
app.add_typer(tokens.app, name="api")
app.add_typer(registry.app, name="registry")
app.add_typer(directory.app, name="directory")
app.add_typer(choice.app, name="choice")
app.add_typer(mutual_aid.app, name="mutual-aid")
app.add_typer(simulate.app, name="simulate")
app.add_typer(extract.app, name="extract")
app.add_typer(records.app, name="records")
app.add_typer(pas.app, name="pas")
app.add_typer(returns.app, name="returns")
app.add_typer(wlmds.app, name="wlmds")
app.add_typer(messages.app, name="messages")
app.add_typer(portal.app, name="portal")
app.add_typer(aggregator.app, name="aggregator")
app.command("demo")(site.demo)
app.command("serve")(site.serve)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"clockstop {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Take the options that come before any command."""


def main() -> None:
    """Run the command line."""
    app()
