"""``clockstop wlmds``: the weekly Waiting List Minimum Data Set, checked and made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, overload
from zoneinfo import ZoneInfo

import typer

from clockstop.interfaces.cli.keys import KeyFile, pseudonym_key
from clockstop.interfaces.cli.output import FAILED, err, out, plain_errors, to_json

if TYPE_CHECKING:
    from clockstop.analytics.records.reading import Extract
    from clockstop.analytics.wlmds.report import Report

FAULTS, RECORDS = "faults.csv", "record-faults.csv"
_OF_RECORDS = ("file", "row", "column", "found", "expected", "pathway")
_KINDS = ("csv", "parquet")
_SUNDAY = 7
_WEEK = "The Sunday that ends the week, as 2026-11-15"
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

app = typer.Typer(help="The weekly Waiting List Minimum Data Set.", no_args_is_help=True)


@app.command()
@plain_errors
def check(
    files: Annotated[list[Path], typer.Argument(help="The folder of a submission, or its files.")],
    *,
    provider: Annotated[
        str | None, typer.Option(metavar="CODE", help="Who sends it; else that of most rows.")
    ] = None,
    week: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help=f"{_WEEK}; else that of most rows.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV file to write every fault to.")
    ] = None,
    json: Json = False,
) -> None:
    """List every fault of a submission, and how to mend it. Exit status 1 if there are errors."""
    from clockstop.analytics.wlmds.report import faults_csv, report_on, submitted

    found = report_on(submitted(files), provider=provider, week_ending=_sunday(week))
    if report:
        _write(report, faults_csv(found.faults))
    _tell(found, report, json=json)


@app.command()
@plain_errors
def build(
    records: Annotated[
        Path, typer.Argument(help="A folder or a zip of people, pathways and events.")
    ],
    *,
    provider: Annotated[str, typer.Option(metavar="CODE", help="Whose submission it is.")],
    week: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help=f"{_WEEK}.")],
    to: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where to write; made if need be.")
    ],
    key_file: KeyFile = None,
    kind: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "csv",
    json: Json = False,
) -> None:
    """Make the six tables of a week, and list their faults. Exit status 1 if there are errors."""
    from clockstop.analytics.wlmds.report import faults_csv, report_of
    from clockstop.analytics.wlmds.writing import write_submission

    if kind not in _KINDS:
        raise ValueError(f"no format {kind!r}; there are {', '.join(_KINDS)}")
    day, key = _sunday(week), pseudonym_key(key_file)
    extract = _extract(records)
    tables = _tables(extract, provider, day, key)
    found = report_of(tables, provider=provider, week_ending=day, left_out=extract.refused)
    written = write_submission(to, tables, kind=kind)
    _write(to / FAULTS, faults_csv(found.faults))
    _write(to / RECORDS, extract.faults.select(_OF_RECORDS).write_csv().encode())
    if not json:
        for file in written:
            out.print(f"Written: {file}", markup=False)
    _tell(found, to / FAULTS, json=json)


@app.command()
@plain_errors
def receive(
    files: Annotated[list[Path], typer.Argument(help="The folder of a submission, or its files.")],
    *,
    into: Annotated[
        Path, typer.Option("--into", metavar="FOLDER", help="Where submissions are kept.")
    ],
    provider: Annotated[
        str | None, typer.Option(metavar="CODE", help="Who sends it; else what its rows say.")
    ] = None,
    week: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help=f"{_WEEK}; else what its rows say.")
    ] = None,
    with_errors: Annotated[
        bool, typer.Option("--with-errors", help="Keep it though rows are wrong, if all was read.")
    ] = False,
) -> None:
    """Keep a provider's submission: the last one of a week counts. One with errors is refused."""
    from clockstop.analytics.wlmds.collection import SubmissionRefusedError
    from clockstop.analytics.wlmds.collection import receive as keep
    from clockstop.analytics.wlmds.log import LogRefusedError
    from clockstop.analytics.wlmds.report import submitted

    now = datetime.now(tz=ZoneInfo("Europe/London")).replace(tzinfo=None, microsecond=0)
    try:
        entry = keep(
            into,
            submitted(files),
            received_at=now,
            provider=provider,
            week_ending=_sunday(week),
            with_errors=with_errors,
        )
    except SubmissionRefusedError as error:
        _print(error.report, None)
        err.print("Nothing was kept.", style="red")
        raise typer.Exit(FAILED) from error
    except LogRefusedError as error:
        _refuse([str(error)], error)
    (row,) = entry.iter_rows(named=True)
    more = ", a correction" if row["corrected"] else ""
    late = ", late" if row["late"] else ""
    out.print(
        f"{row['provider_code']}, week to {row['week_ending_date']}: "
        f"file {row['sequence']}{more}{late}. It counts from now on.",
        markup=False,
    )


@app.command()
@plain_errors
def latest(
    kept: Annotated[Path, typer.Argument(help="The folder that submissions are kept in.")],
    *,
    to: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where to write; made if need be.")
    ],
    kind: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "csv",
) -> None:
    """Write the rows that count, of all providers and weeks, and name the weeks missing."""
    from clockstop.analytics.wlmds.collection import current_of, states
    from clockstop.analytics.wlmds.log import LogRefusedError
    from clockstop.analytics.wlmds.writing import write_submission

    if kind not in _KINDS:
        raise ValueError(f"no format {kind!r}; there are {', '.join(_KINDS)}")
    try:
        tables = current_of(kept)
    except LogRefusedError as error:
        _refuse([str(error)], error)
    for file in write_submission(to, tables, kind=kind):
        out.print(f"Written: {file}", markup=False)
    for row in states(kept).iter_rows(named=True):
        if row["state"] != "received":
            who = f"{row['provider_code']}, week to {row['week_ending_date']}"
            out.print(f"[yellow]{row['state']}[/] {who}")


def _extract(records: Path) -> Extract:
    from clockstop.analytics.records.faults import ExtractRefusedError, words
    from clockstop.analytics.records.reading import read_extract

    today = datetime.now().astimezone().date()
    try:
        return read_extract(records, provider=None, day=today)
    except ExtractRefusedError as error:
        _refuse(words(error.faults), error)


def _tables(extract: Extract, provider: str, day: date, key: bytes) -> Mapping[str, Any]:
    from clockstop.analytics.clocks.checks import EventsRefusedError
    from clockstop.analytics.records.faults import words
    from clockstop.analytics.wlmds.building import build_submission

    held = extract.pathways["provider"].unique().sort().to_list()
    if not held and extract.refused:
        _refuse(words(extract.faults))
    if provider not in held:
        raise ValueError(f"no pathways of {provider!r}; there are those of {', '.join(held)}")
    try:
        return build_submission(
            extract.people,
            extract.pathways,
            extract.events,
            provider=provider,
            week_ending=day,
            key=key,
            created=datetime.now(tz=ZoneInfo("Europe/London")).replace(tzinfo=None, microsecond=0),
        )
    except EventsRefusedError as error:
        _refuse((f"events: {each}" for each in error.problems), error)


def _refuse(problems: Iterable[str], error: Exception | None = None) -> NoReturn:
    for problem in problems:
        err.print(problem, markup=False, style="red")
    raise typer.Exit(FAILED) from error


def _tell(found: Report, report: Path | None, *, json: bool) -> None:
    """Show the report; an error in it is a failure of the command."""
    if json:
        typer.echo(to_json(found.as_dict()), nl=False)
    else:
        _print(found, report)
    if found.errors or found.left_out:
        raise typer.Exit(FAILED)


def _print(found: Report, report: Path | None) -> None:
    from clockstop.analytics.wlmds.tables import TITLES

    for name, rows in found.rows.items():
        out.print(f"{TITLES[name]}: {_counted(rows, 'row')}", markup=False)
    for each in found.broken():
        style = "red" if each.rule.severity == "error" else "yellow"
        out.print()
        out.print(f"[{style}]{each.rule.severity}[/] {each.count:,} × ", end="")
        out.print(f"{each.rule.wrong} ({each.rule.id})", markup=False)
        for place in each.places:
            out.print(f"  {place}", markup=False)
        if each.count > len(each.places):
            out.print(f"  and {each.count - len(each.places):,} more")
        out.print(f"  {each.rule.mend}", markup=False, style="dim")
    out.print()
    if found.left_out:
        left_out = _counted(found.left_out, "pathway")
        out.print(f"{left_out} left out, as their records are wrong: {RECORDS} says why.")
    elif not found.errors and not found.warnings:
        out.print("[green]No faults found.[/]")
        return
    errors, warnings = _counted(found.errors, "error"), _counted(found.warnings, "warning")
    more = f" All of them, row by row: {report}" if report else ""
    out.print(f"{errors}, {warnings}.{more}", markup=False)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@overload
def _sunday(text: str) -> date: ...
@overload
def _sunday(text: None) -> None: ...
def _sunday(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").astimezone().date()
    except ValueError:
        raise ValueError(f"{text!r} is not a day; write it as 2026-11-15") from None
    if day.isoweekday() != _SUNDAY:
        raise ValueError(f"{day} is a {day:%A}; a week ends on a Sunday")
    return day


def _write(to: Path, content: bytes) -> None:
    """Whole or not at all."""
    part = to.with_name(f".{to.name}.part")
    try:
        part.write_bytes(content)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
