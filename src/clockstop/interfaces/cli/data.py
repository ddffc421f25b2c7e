"""``clockstop data``: bring files into the lake, see what it holds, go back to a revision."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from clockstop.interfaces.cli.output import FAILED, lake, out, plain_errors, progress_bar, to_json
from clockstop.interfaces.cli.patients import synthetic_patients
from clockstop.interfaces.cli.synthetic import synthetic

if TYPE_CHECKING:
    from clockstop.analytics.published.ingest import FileResult, IngestReport
    from clockstop.analytics.published.lake import Lake
    from clockstop.analytics.published.status import LakeStatus, MonthStatus

app = typer.Typer(help="The lake of published data.", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
app.command()(synthetic)
app.command()(synthetic_patients)
SHOWN = 20  # problems of a file that the terminal shows; --json gives them all


@app.command()
@plain_errors
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders and zips, in any mix.")],
    *,
    json: JsonOption = False,
) -> None:
    """Check files and take them into the lake: all of them, or none."""
    report, months = ingested(paths)
    if json:
        typer.echo(to_json(as_data(report, months)), nl=False)
    else:
        show_report(report, months)
    if not report.committed:
        raise typer.Exit(FAILED)


def ingested(paths: list[Path]) -> tuple[IngestReport, list[MonthStatus]]:
    """Ingest under a progress bar; the report, and the months of the lake that it changed."""
    from clockstop.analytics.published.ingest import ingest as run
    from clockstop.analytics.published.status import month_statuses

    target = lake()
    with progress_bar() as progress:
        bar = progress.add_task("Reading", total=None)

        def step(result: FileResult, total: int) -> None:
            progress.update(bar, total=total, advance=1, description=_short(result.file))

        report = run(paths, target, step)
    changed = {f.key for f in report.changed if f.data_set == "rtt"}
    months = [m for m in month_statuses(target) if report.committed and m.month in changed]
    return report, months


def _short(file: str) -> str:
    return file if len(file) <= 40 else f"…{file[-39:]}"  # noqa: PLR2004


def as_data(report: IngestReport, months: list[MonthStatus]) -> dict[str, Any]:
    return {
        "committed": report.committed,
        "files": [asdict(file) for file in report.files],
        "months": [{"month": m.month, "notes": m.notes} for m in months],
    }


def show_report(report: IngestReport, months: list[MonthStatus]) -> None:
    for file in report.files:
        if file.problems:
            _show_problems(file)
    for month in months:
        for note in month.notes:
            out.print(f"[yellow]note[/] {month.month}: {escape(note)}")
    counts = Counter(file.outcome.value for file in report.files)
    skipped = [file.file for file in report.files if file.outcome == "skipped"]
    if skipped:
        out.print(f"[dim]skipped[/], of no known layout: {escape(', '.join(skipped))}")
    summary = ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "no files"
    if report.committed:
        out.print(f"[green]Done[/]: {summary}.")
    else:
        out.print(f"[red]Nothing was changed[/]: {summary}.")


def _show_problems(file: FileResult) -> None:
    refused = file.outcome == "refused"
    colour, word = ("red", "refused") if refused else ("yellow", "warnings")
    kinds = Counter(problem.kind for problem in file.problems)
    words = ", ".join(f"{count} × {kind}" for kind, count in kinds.items())
    out.print(f"[{colour}]{word}[/] {escape(file.file)}: {words}")
    told = file.problems if refused else [p for p in file.problems if p.kind == "revision"]
    for problem in told[:SHOWN]:
        out.print(f"  {problem}", markup=False)
    if refused and len(file.problems) > SHOWN:
        out.print(f"  … and {len(file.problems) - SHOWN:,} more (--json lists them)")


@app.command()
@plain_errors
def status(
    *,
    revisions: Annotated[
        bool, typer.Option("--revisions", help="List every file, replaced ones too.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Data sets, months, rows, revisions, sources, and submitters missing in a month."""
    from clockstop.analytics.published.status import lake_status

    found = lake_status(lake())
    if json:
        typer.echo(to_json(_status_as_data(found)), nl=False)
        return
    out.print(f"Lake: {found.home}", markup=False)
    out.print(_revisions(found) if revisions else _data_sets(found))
    if found.months:
        out.print(_months(found))
    for note in found.notes:
        out.print(note, markup=False)


def _status_as_data(found: LakeStatus) -> dict[str, Any]:
    data = asdict(found)
    for data_set in data["data_sets"]:
        data_set["keys"] = [{"key": key, **entry} for key, entry in data_set["keys"].items()]
    return data


def _data_sets(found: LakeStatus) -> Table:
    """A row for each data set held; ``Kept`` counts the revisions that were replaced."""
    table = _folding("Data set", "Holds", "Rows", "Warnings", "Kept", "Ingested", "Source")
    for data_set in found.data_sets:
        entries = data_set.keys
        if not entries:
            continue
        current = [entry.current for entry in entries.values()]
        table.add_row(
            data_set.name,
            _span(sorted(entries)),
            f"{sum(each.rows for each in current):,}",
            f"{sum(each.warnings for each in current):,}",
            str(sum(len(entry.revisions) - 1 for entry in entries.values())),
            max(each.ingested_at for each in current)[:10],
            escape(data_set.source.split(", Open Government", 1)[0]),
        )
    return table


def _folding(*columns: str) -> Table:
    """Folded, never cut: what a narrow terminal shows can be given to restore."""
    return Table(*(Column(name, overflow="fold") for name in columns))


def _span(keys: list[str]) -> str:
    """The keys of a data set: the first and the last month, others by name."""
    are_months = all(key[:2].isdigit() for key in keys)
    if are_months and len(keys) > 2:  # noqa: PLR2004 - two can be named
        return f"{keys[0]} to {keys[-1]} ({len(keys)})"
    return ", ".join(keys)


def _revisions(found: LakeStatus) -> Table:
    """A row for each file held."""
    table = _folding("Data set", "Key", "Rows", "Warnings", "Revision", "Ingested", "From")
    for data_set in found.data_sets:
        for key, entry in data_set.keys.items():
            for revision in reversed(entry.revisions):
                is_current = revision.id == entry.current_id
                table.add_row(
                    data_set.name if is_current else "",
                    key if is_current else "  (kept)",
                    f"{revision.rows:,}",
                    f"{revision.warnings:,}",
                    revision.id[:12],
                    revision.ingested_at[:16].replace("T", " "),
                    escape(revision.source),
                    style=None if is_current else "dim",
                )
    return table


def _months(found: LakeStatus) -> Table:
    table = Table("Month", "Pathways", "Published", "Missing", "Of note")
    for month in found.months:
        table.add_row(
            month.month,
            f"{month.incomplete_pathways:,}",
            "–" if month.published is None else f"{month.published:,}",
            str(len(month.missing)),
            escape("\n".join(month.notes)),
        )
    return table


@app.command()
@plain_errors
def prepare() -> None:
    """Work out the figures of months that are new, so that the first visitor does not wait.

    The site does so itself when it starts; after an ingest into a running site, do it beforehand.
    """
    prepared(lake())


def prepared(lake: Lake) -> None:
    """Work out the figures of a lake's new months under a progress bar."""
    from clockstop.analytics.monitoring.store import summaries
    from clockstop.analytics.published.pathways import NoDataError

    with suppress(NoDataError), progress_bar() as progress:
        bar = progress.add_task("Preparing", total=None)
        summaries(lake, lambda done, of: progress.update(bar, total=of, completed=done))


@app.command()
@plain_errors
def restore(
    data_set: Annotated[str, typer.Argument(help="The data set, as data status names it.")],
    key: Annotated[str, typer.Argument(help="The month, or other key.")],
    revision: Annotated[str, typer.Argument(help="The start of the revision to go back to.")],
) -> None:
    """Make a kept revision the current one again."""
    from clockstop.analytics.published.ingest import restore as run

    restored = run(lake(), data_set, key, revision)
    line = f"{data_set} {key} is now revision {restored.id[:12]}, from {restored.source}."
    out.print(line, markup=False)
