"""``clockstop clock``: the RTT clock of one pathway, explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clockstop.interfaces.cli.output import FAILED, err, out, plain_errors, to_json

if TYPE_CHECKING:
    from clockstop.core.rtt.clock import Derivation
    from clockstop.core.rtt.reading import Pathway

_NARROW = {"Start", "Stop", "Days", "Over 18 wk", "Queue from", "Day"}

app = typer.Typer(help="RTT clocks, from the events of a pathway.", no_args_is_help=True)


@app.command()
@plain_errors
def explain(
    file: Annotated[Path, typer.Argument(help="One pathway's events, as JSON.")],
    *,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD", help="The day to look from; else that of the file, else today."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say when the clock of a pathway ran, and which rule decided at each event."""
    from clockstop.core.rtt.clock import derive
    from clockstop.core.rtt.explaining import explain as in_words

    pathway = _read(file)
    day = _day(as_of) or pathway.as_of or datetime.now().astimezone().date()
    found = derive(pathway.events, policy=pathway.policy, as_of=day)
    if json:
        typer.echo(to_json({"pathway": _identifier(pathway), **in_words(found, day)}), nl=False)
    else:
        _print(found, pathway, day)


@app.command("derive")
@plain_errors
def derive_many(
    events: Annotated[
        Path, typer.Argument(help="A Parquet file of the events of many pathways, or a folder.")
    ],
    *,
    to: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The Parquet file to write periods to.")
    ],
    findings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="And one for what needs looking at.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day to look from; else today.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Derive the RTT periods of a whole list, by the rules that explain shows for one pathway."""
    from clockstop.analytics.clocks.checks import EventsRefusedError
    from clockstop.analytics.clocks.files import derive_file

    day = _day(as_of) or datetime.now().astimezone().date()
    try:
        found = derive_file(events, to, findings=findings, as_of=day)
    except EventsRefusedError as error:
        for problem in error.problems:
            err.print(problem, markup=False, style="red")
        raise typer.Exit(FAILED) from error
    counts = {
        "events": found.events,
        "pathways": found.pathways,
        "periods": len(found.periods),
        "findings": len(found.findings),
        "by_hand": found.by_hand,
    }
    if json:
        typer.echo(to_json({**counts, "as_of": day}), nl=False)
    else:
        shown = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())
        out.print(f"[green]Done[/], as of {day}: {shown}.")


@app.command()
def schema() -> None:
    """Print the JSON schema of the file that explain reads."""
    from clockstop.core.rtt.schema import json_schema

    typer.echo(to_json(json_schema()), nl=False)


def _read(file: Path) -> Pathway:
    from clockstop.core.rtt.reading import PathwayRefusedError, read_pathway

    try:
        return read_pathway(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        problems: tuple[str, ...] = (f"not text in UTF-8: {error}",)
    except PathwayRefusedError as error:
        problems = error.problems
    for problem in problems:
        err.print(f"{file}: {problem}", markup=False, style="red")
    raise typer.Exit(FAILED)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").astimezone().date()
    except ValueError:
        raise ValueError(f"{text!r} is not a day; write it as 2025-01-31") from None


def _identifier(pathway: Pathway) -> dict[str, str] | None:
    known = pathway.identifier
    return None if known is None else {"id": known.number, "issuer": known.issuer}


def _print(found: Derivation, pathway: Pathway, day: date) -> None:
    if not found.periods:
        out.print(f"No RTT period up to {day}.")
    _print_periods(found, day)
    _print_steps(found, pathway)
    for finding in found.findings:
        out.print(f"To look at: {finding.event}, {finding.day}: {finding.words}.", markup=False)
    for wait in found.diagnostic_waits:
        out.print(f"Diagnostic wait since {wait.start}, until {wait.end or 'now'}.")
    for each in found.corrections:
        out.print(f"Corrected: {each.wrong.id} by {each.by.id}.", markup=False)
    for event in found.not_yet:
        out.print(f"After {day}, so left out: {event.id}.", markup=False)
    _print_return(found, day)


def _print_return(found: Derivation, day: date) -> None:
    from clockstop.core.rtt.explaining import return_in_words
    from clockstop.core.rtt.reporting import reported

    lines = list(return_in_words(reported(found, day)))
    if lines:
        out.print(f"In the return of {day:%B %Y}, counted up to this day:")
    for line in lines:
        out.print(line, markup=False)


def _print_periods(found: Derivation, day: date) -> None:
    from clockstop.core.rtt.explaining import ending_in_words
    from clockstop.core.rtt.waiting import breach_day, days_waited

    heads = ("Period", "Start", "Stop", "How", "Days", "Over 18 wk", "Queue from")
    rows = [
        (
            str(each.number),
            str(each.start or "not known"),
            str(each.end or ""),
            ending_in_words(each),
            _shown(days_waited(each, day)),
            str(breach_day(each, 18) or "") if each.runs else "",
            str(each.place.since) if each.place else "not known",
        )
        for each in found.periods
    ]
    if rows:
        out.print(f"RTT periods on {day}:")
        _table(heads, rows)


def _print_steps(found: Derivation, pathway: Pathway) -> None:
    kinds = {event.id: event.kind.replace("_", " ") for event in pathway.events}
    heads = ("Day", "Event", "Period", "What it does", "By")
    rows = [
        (
            str(step.day),
            f"{step.event} {kinds[step.event]}",
            _shown(step.period),
            f"{step.rule.effect.value}: {step.rule.text}",
            step.rule.reference,
        )
        for step in found.steps
    ]
    if rows:
        _table(heads, rows)


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, header_style="bold")
    for head in heads:
        table.add_column(head, no_wrap=head in _NARROW)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    out.print(table)
