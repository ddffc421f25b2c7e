"""``clockstop returns``: the monthly RTT return from patients' records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from clockstop.interfaces.cli.output import FAILED, err, lake, out, plain_errors, to_json

if TYPE_CHECKING:
    from clockstop.analytics.returns.files import Made
    from clockstop.analytics.returns.summary import Summary

_NUMBERS = ("Patients", "Start not known", "Periods", "Lines", "Counted", "Should be")
_SHOWN = 12  # of the months to revise: the latest
app = typer.Typer(help="Returns to NHS England, made from patients' records.", no_args_is_help=True)


@app.callback()
def returns() -> None:
    """Returns to NHS England, made from patients' records."""


@app.command()
@plain_errors
def rtt(
    folder: Annotated[
        Path, typer.Argument(help="The records: pathways.parquet and events/*.parquet.")
    ],
    *,
    month: Annotated[str, typer.Option(help="As 2025-09.")],
    to: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where to write; made if need be.")
    ],
    provider: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only the return of this provider.")
    ] = None,
    previous: Annotated[
        str | None,
        typer.Option(
            metavar="MONTH|FILE", help="The month before, to compare with: of the lake, or a file."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make the monthly return, say what is not in it and why, and run NHS England's checks."""
    from clockstop.analytics.clocks.checks import EventsRefusedError
    from clockstop.analytics.returns.files import make_return
    from clockstop.core.types import Month

    try:
        made = make_return(
            folder, Month.parse(month), to, provider=provider, previous=previous, lake=lake()
        )
    except EventsRefusedError as error:
        for problem in error.problems:
            err.print(f"{folder}: events: {problem}", markup=False, style="red")
        raise typer.Exit(FAILED) from error
    if json:
        files = [str(file) for file in made.files]
        typer.echo(to_json({**made.summary.as_dict(), "files": files}), nl=False)
    else:
        _print(made)


def _print(made: Made) -> None:
    from clockstop.analytics.returns.report import counted

    found = made.summary
    heads = ("Part", "Patients", "Start not known")
    _table(f"RTT return, {found.month.label}", heads, list(counted(found)))
    _table("Left out", ("Reason", "Periods"), [row[1:] for row in found.left_out])
    _table("No room in the return", ("Reason", "Lines"), [row[1:] for row in found.unfiled])
    columns = ("Month", "Provider", "Part", "Counted", "Should be")
    _table("Earlier months to revise", columns, found.to_revise[-_SHOWN:])
    if len(found.to_revise) > _SHOWN:
        more = len(found.to_revise) - _SHOWN
        out.print(f"{more:,} more, of earlier months: to-revise.csv has all.")
    _table("For other providers to return", ("Provider", "Lines"), list(found.others.items()))
    _print_findings(found)
    if found.silent:
        out.print(f"{found.silent:,} pathways have no events and count nowhere.")
    for file in made.files:
        out.print(f"Written: {file}", markup=False)


def _print_findings(found: Summary) -> None:
    if not found.findings:
        out.print("[green]NHS England's checks found nothing to look into.[/]")
    for finding in found.findings:
        part = f", {finding.part}" if finding.part else ""
        out.print(f"To look into: {finding.provider}{part}: {finding.words}.", markup=False)
        out.print(f"  {finding.check.todo}.", markup=False, style="dim")
    if found.not_asked:
        listed = ", ".join(found.not_asked)
        out.print(f"Not asked, for want of something to compare with: {listed}.", markup=False)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left")
    for column in columns:
        is_number = column in _NUMBERS
        table.add_column(column, justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*map(_text, row))
    out.print(table)


def _text(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "not known" if value is None else str(value)
