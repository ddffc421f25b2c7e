"""``clockstop data fetch``: bring the originals from the site that publishes them."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from clockstop.interfaces.cli.data import JsonOption, as_data, ingested, show_report
from clockstop.interfaces.cli.output import FAILED, out, plain_errors, progress_bar, to_json

if TYPE_CHECKING:
    from clockstop.analytics.published.fetchers.fetching import FetchReport, MonthResult
    from clockstop.analytics.published.fetchers.manners import Manners
    from clockstop.core.types import Month


@plain_errors
def fetch(
    data_set: Annotated[str, typer.Argument(help="The data set, as data status names it: rtt.")],
    *,
    first: Annotated[str, typer.Option("--from", metavar="MONTH", help="The first month.")],
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="MONTH", help="The last month; else the last published."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to; else originals/rtt in CLOCKSTOP_HOME."),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="CLOCKSTOP_FETCH_ADDRESS",
            help="Where the pages lie (CLOCKSTOP_FETCH_ADDRESS); else the official site.",
        ),
    ] = None,
    about: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="CLOCKSTOP_FETCH_ABOUT",
            help="A page on who asks, named to the site (CLOCKSTOP_FETCH_ABOUT).",
        ),
    ] = None,
    pause: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Seconds between requests.")
    ] = 1.0,
    ingest: Annotated[
        bool, typer.Option("--ingest", help="Then take what was fetched into the lake.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Download the published files of some months: whole, checked, and only what is new."""
    from clockstop.analytics.published.home import default_home

    folder = into or default_home() / "originals" / data_set
    report = _fetched(data_set, _months(first, last), folder, address, _manners(about, pause))
    taken = ingested(report.files) if ingest and report.complete else None
    if json:
        said = _as_data(folder, report)
        typer.echo(to_json(said | ({"ingested": as_data(*taken)} if taken else {})), nl=False)
    else:
        _show(folder, report, is_ingest_left_out=ingest and taken is None)
        if taken:
            show_report(*taken)
    if not report.complete or (taken and not taken[0].committed):
        raise typer.Exit(FAILED)


def _months(first: str, last: str | None) -> list[Month]:
    from clockstop.analytics.published.fetchers.fetching import months_between
    from clockstop.core.rulebook.releases import latest_release
    from clockstop.core.types import Month

    today = datetime.now(UTC).date()
    until = Month.parse(last) if last else latest_release(today)
    if until.census > today:
        raise ValueError(f"{until} is not over: nothing of it is published")
    return months_between(Month.parse(first), until)


def _manners(about: str | None, pause: float) -> Manners:
    from clockstop.analytics.published.fetchers.manners import Manners, user_agent

    return Manners(agent=user_agent(about), pause=pause)


def _fetched(
    data_set: str, months: list[Month], folder: Path, address: str | None, manners: Manners
) -> FetchReport:
    from clockstop.analytics.published.fetchers import fetcher_of
    from clockstop.analytics.published.fetchers.run import fetch as run

    with progress_bar() as progress:
        bar = progress.add_task("Fetching", total=len(months))

        def step(result: MonthResult, total: int) -> None:
            progress.update(bar, total=total, advance=1, description=result.month)

        return run(
            fetcher_of(data_set), months, folder, address=address, manners=manners, progress=step
        )


def _as_data(folder: Path, report: FetchReport) -> dict[str, Any]:
    return {"complete": report.complete, "folder": str(folder), **asdict(report)}


def _show(folder: Path, report: FetchReport, *, is_ingest_left_out: bool) -> None:
    for month in report.months:
        if month.replaces and month.file:
            names = f"{month.file.name} beside {month.replaces.name}"
            out.print(f"[yellow]revised[/] {month.month}: {escape(names)}")
        for problem in month.problems:
            out.print(f"[red]refused[/] {month.month}: {escape(str(problem))}")
    for problem in report.problems:
        out.print(f"[red]refused[/] {escape(str(problem))}")
    counts = Counter(month.outcome.value for month in report.months)
    summary = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    if report.problems:
        out.print("[red]Nothing was fetched[/]: first every page must read as expected.")
    else:
        head = "[green]Done[/]" if report.complete else "[red]Not all is there[/]"
        out.print(f"{head}: {summary}, in {escape(str(folder))}.")
    if is_ingest_left_out:
        out.print("Nothing was ingested: that is done once all the months are there.")
