"""``clockstop``: the command line. Heavy imports stay inside the commands."""

from __future__ import annotations

import typer

from clockstop.interfaces.cli import data, site, waits

app = typer.Typer(
    help="Elective care recovery for England's NHS: who waits, where, and how long.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(data.app, name="data")
app.add_typer(waits.app, name="waits")
app.command("demo")(site.demo)
app.command("serve")(site.serve)


def main() -> None:
    """Run the command line."""
    app()
